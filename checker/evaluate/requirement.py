"""What policies require of one case, whichever backend decides it: compiled or interpreted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from checker.language.model.conditions import (
    Condition,
    GroundHolds,
    Literal,
    Names,
    ParameterValue,
    facts_in,
)
from checker.language.model.policy import Policy
from checker.language.model.terms import Row
from checker.language.model.types import Value
from checker.language.model.verdicts import Verdict
from checker.language.resolve.facts import Facts


class Reads(NamedTuple):
    """The facts that conditions look at, by result: for `needs` (docs/language.md, section 4).

    With them, the grounds of which it is unknown whether they hold.
    """

    verdict: frozenset[str]
    terms: Mapping[str, frozenset[str]]
    doubtful_grounds: list[str]


class Requirement(NamedTuple):
    """What policies say of a case; `reads` is None where every fact that was asked for is known."""

    verdict: Verdict
    entitlements: list[str]
    grounds: list[str]
    terms: dict[str, Value | None]
    reads: Reads | None = None


@dataclass(frozen=True, slots=True)
class Governed:
    """A policy under given parameters, with the rows that stand for its terms."""

    policy: Policy
    parameters: Mapping[str, Value]
    rows: Mapping[str, Sequence[Row]]

    def value(self, row: Row) -> Any:
        """Return the value that the row gives under the parameters."""
        if isinstance(row.then, Literal):
            return row.then.value
        assert isinstance(row.then, ParameterValue)
        value: Any = self.parameters[row.then.name]
        return value + row.then.plus if row.then.plus else value


def governed(policy: Policy) -> Governed:
    """Return the policy as it stands: defaults, and its own rows."""
    return Governed(
        policy, policy.defaults(), {name: term.rows for name, term in policy.terms.items()}
    )


Decide = Callable[[Facts], Requirement]
First = Callable[[Facts], tuple[int, bool]]


class Backend(NamedTuple):
    """How policies and conditions are read for a case.

    Attributes:
        policies: from policies to the function from facts to what they require together.
        first: from conditions to the function from facts to the position of the first that is not
            false, -1 where all are, and whether it is true, or else unknown.
    """

    policies: Callable[[Sequence[Governed]], Decide]
    first: Callable[[Sequence[Condition], Names, Mapping[str, Value]], First]


def facts_of_conditions(conditions: Iterable[Condition], policy: Policy) -> frozenset[str]:
    """Return the facts that conditions of a policy look at."""
    return frozenset[str]().union(*(facts_in(each, policy.names) for each in conditions))


def facts_read(governed: Governed) -> frozenset[str]:
    """Return every fact that the policy's results may look at."""
    policy = governed.policy
    conditions: list[Condition] = [each.when for each in policy.entitlements.values()]
    conditions += map(GroundHolds, policy.grounds)
    conditions += [row.when for rows in governed.rows.values() for row in rows]
    return facts_of_conditions(conditions, policy)
