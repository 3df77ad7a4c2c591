"""What policies require of one case: the types that the compiled and interpreted backends share."""

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
    """The facts that conditions look at, by result, for `needs` (docs/language.md, section 4).

    Attributes:
        verdict: the facts read for the verdict.
        terms: the facts read for each term.
        doubtful_grounds: the grounds that are unknown.
    """

    verdict: frozenset[str]
    terms: Mapping[str, frozenset[str]]
    doubtful_grounds: list[str]


class Requirement(NamedTuple):
    """What policies require of a case.

    Attributes:
        verdict: the verdict.
        entitlements: the entitlements that are owed for certain, sorted.
        grounds: the grounds that hold for certain, sorted.
        terms: the value of each term that may apply, None where it is unknown.
        reads: the facts that were read, None where every one of them is known.
    """

    verdict: Verdict
    entitlements: list[str]
    grounds: list[str]
    terms: dict[str, Value | None]
    reads: Reads | None = None


@dataclass(frozen=True, slots=True)
class ConfiguredPolicy:
    """A policy with a value for each parameter, and the rows that decide its terms."""

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


def with_defaults(policy: Policy) -> ConfiguredPolicy:
    """Return the policy with its defaults and its own rows."""
    return ConfiguredPolicy(
        policy, policy.defaults(), {name: term.rows for name, term in policy.terms.items()}
    )


Decide = Callable[[Facts], Requirement]
First = Callable[[Facts], tuple[int, bool]]


class Backend(NamedTuple):
    """A way to evaluate policies and conditions: compiled or interpreted.

    Attributes:
        policies: returns, for policies, the function from facts to what they require together.
        first: returns, for conditions, the function from facts to the first one that is not false:
            its position, -1 where all are false, and whether it is true (or else unknown).
    """

    policies: Callable[[Sequence[ConfiguredPolicy]], Decide]
    first: Callable[[Sequence[Condition], Names, Mapping[str, Value]], First]


def facts_of_conditions(conditions: Iterable[Condition], policy: Policy) -> frozenset[str]:
    """Return the facts that the conditions of a policy depend on."""
    return frozenset[str]().union(*(facts_in(condition, policy.names) for condition in conditions))


def facts_read(configured: ConfiguredPolicy) -> frozenset[str]:
    """Return every fact that the policy's results may depend on."""
    policy = configured.policy
    conditions: list[Condition] = [entitlement.when for entitlement in policy.entitlements.values()]
    conditions += map(GroundHolds, policy.grounds)
    conditions += [row.when for rows in configured.rows.values() for row in rows]
    conditions += [term.when for term in policy.terms.values() if term.when]
    return facts_of_conditions(conditions, policy)
