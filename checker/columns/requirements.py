"""What policies require as column expressions: `required`, for any number of cases at once.

The same steps as in `required`, in the same order; each step is a layer of columns.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from checker.columns.base import (
    Columns,
    Conditions,
    E,
    Layer,
    all_named,
    is_false,
    is_true,
)
from checker.evaluate.requirement import Governed
from checker.language.model.conditions import ALWAYS, GroundHolds
from checker.language.model.terms import Term
from checker.language.model.verdicts import Verdict


@dataclass(slots=True)
class RequiredColumns(Generic[E]):
    """The layers to compute, and the columns that they leave.

    `must` and `unsure` are true or false: the verdict is `must_accept`, or `unknown`. `owed` says
    of every entitlement's id whether it is owed, `grounds` of the first policy's whether they hold;
    both NULL where unknown. `ranks` are the terms' values by `Term.rank`, NULL where unknown.
    """

    engine: Columns[E]
    layers: list[Layer[E]] = field(default_factory=list)
    must: E = field(init=False)
    unsure: E = field(init=False)
    refusable: E = field(init=False)
    otherwise: Verdict = Verdict.NEGOTIATE
    owed: dict[str, E] = field(default_factory=dict)
    grounds: dict[str, E] = field(default_factory=dict)
    ranks: dict[str, E] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def verdict(self) -> E:
        """Return the verdict as text."""
        value = self.engine.value
        rows = [
            (self.must, value(Verdict.MUST_ACCEPT.value)),
            (self.unsure, value(Verdict.UNKNOWN.value)),
            (self.refusable, value(Verdict.MAY_REJECT.value)),
        ]
        return self.engine.first(rows, value(self.otherwise.value))

    def keep(self, columns: Layer[E]) -> None:
        """Add a layer of columns, which later ones may stand on."""
        if columns:
            self.layers.append(columns)


def required_columns(
    engine: Columns[E], policies: Sequence[Governed], facts: Mapping[str, E], prefix: str = "p"
) -> RequiredColumns[E]:
    """Return what the policies require of cases with `facts`, together.

    The first policy is the one that grounds and the verdict without entitlement come from.
    """
    found = RequiredColumns(engine, otherwise=policies[0].policy.otherwise)
    said = [_Said(found, each, facts, f"{prefix}{n}_") for n, each in enumerate(policies)]
    for depth in range(max(len(each.named) for each in said)):
        found.keep({name: column for each in said for name, column in each.layer(depth).items()})
    found.keep({name: column for each in said for name, column in each.rules().items()})
    found.keep({name: column for each in said for name, column in each.outcomes().items()})
    found.keep({name: column for each in said for name, column in each.verdicts().items()})
    _verdict(found, said, prefix)
    _owed(found, said, prefix)
    found.grounds = {id: said[0].conditions.holds(GroundHolds(id)) for id in said[0].policy.grounds}
    _ranks(found, said, prefix)
    return found


class _Said(Generic[E]):
    """What one policy says: its named conditions, rules, outcome and verdict, layer by layer."""

    def __init__(
        self, found: RequiredColumns[E], governed: Governed, facts: Mapping[str, E], prefix: str
    ) -> None:
        self.engine, self.policy, self.governed = found.engine, governed.policy, governed
        self.prefix = prefix
        names = self.policy.names
        self.conditions = Conditions(self.engine, names, facts, governed.parameters)
        self.named = all_named(names)

    def layer(self, depth: int) -> Layer[E]:
        """Return the grounds and definitions that only name those of layers before."""
        named = self.named[depth] if depth < len(self.named) else []
        columns: Layer[E] = {}
        for place, each in enumerate(named):
            name = f"{self.prefix}n{depth}_{place}"
            columns[name] = self.conditions.holds(self.conditions.names.of(each))
        for name, each in zip(columns, named, strict=True):
            self.conditions.named[each] = self.engine.column(name)
        return columns

    def rules(self) -> Layer[E]:
        """Return whether each entitlement is owed, and each row of a term true."""
        columns: Layer[E] = {}
        for place, each in enumerate(self.policy.entitlements.values()):
            defeated = [self.conditions.holds(GroundHolds(ground)) for ground in each.unless]
            parts = [self.conditions.holds(each.when), *map(self.engine.opposite, defeated)]
            columns[f"{self.prefix}e{place}"] = self.engine.every(parts)
        for place, term in enumerate(self.policy.terms):
            for number, row in enumerate(self.governed.rows[term]):
                if row.when != ALWAYS:
                    column = self.conditions.holds(row.when)
                    columns[f"{self.prefix}r{place}_{number}"] = column
        return columns

    def entitlements(self) -> dict[str, E]:
        return {
            id: self.engine.column(f"{self.prefix}e{place}")
            for place, id in enumerate(self.policy.entitlements)
        }

    def outcomes(self) -> Layer[E]:
        """Return whether anything is owed, whether any ground holds, and the terms' ranks."""
        grounds = [self.conditions.holds(GroundHolds(id)) for id in self.policy.grounds]
        columns = {
            f"{self.prefix}owed": self.engine.some([*self.entitlements().values()]),
            f"{self.prefix}ground": self.engine.some(grounds),
        }
        for place, term in enumerate(self.policy.terms.values()):
            columns[f"{self.prefix}t{place}"] = self._rank(place, term)
        return columns

    def _rank(self, place: int, term: Term) -> E:
        """Return the rank of the term's first row that holds, NULL where one before is unknown."""
        engine, steps = self.engine, list[tuple[E, E]]()
        for number, row in enumerate(self.governed.rows[term.name]):
            rank = engine.value(term.rank(self.governed.value(row)))
            if row.when == ALWAYS:
                return engine.first(steps, rank)
            holds = engine.column(f"{self.prefix}r{place}_{number}")
            steps += [(holds, rank), (engine.is_absent(holds), engine.absent(int))]
        raise AssertionError("the last row of a term has no `when`")

    def rank(self, term: str) -> E:
        return self.engine.column(f"{self.prefix}t{[*self.policy.terms].index(term)}")

    def verdicts(self) -> Layer[E]:
        """Return where this policy's own verdict is `must_accept`, and where it is unknown."""
        engine = self.engine
        owed, ground = (engine.column(f"{self.prefix}{each}") for each in ("owed", "ground"))
        must, nothing = is_true(engine, owed), is_false(engine, owed)
        if self.policy.otherwise is Verdict.MUST_ACCEPT:
            must = engine.some([must, engine.every([nothing, is_false(engine, ground)])])
        doubtful = engine.every([nothing, engine.is_absent(ground)])
        return {
            f"{self.prefix}must": must,
            f"{self.prefix}unsure": engine.some([engine.is_absent(owed), doubtful]),
        }


def _verdict(found: RequiredColumns[E], said: Sequence[_Said[E]], prefix: str) -> None:
    """Keep the verdict of all policies together, as columns that are true or false."""
    engine = found.engine
    musts = [engine.column(f"{each.prefix}must") for each in said]
    unsure = [engine.column(f"{each.prefix}unsure") for each in said]
    must = engine.some(musts)
    columns = {
        f"{prefix}_must": must,
        f"{prefix}_unsure": engine.every([engine.some(unsure), engine.opposite(must)]),
    }
    found.keep(columns)
    found.must, found.unsure = map(engine.column, columns)
    found.refusable = engine.column(f"{said[0].prefix}ground")


def _owed(found: RequiredColumns[E], said: Sequence[_Said[E]], prefix: str) -> None:
    """Put the entitlements of all policies together; an id that several have counts once."""
    parts: dict[str, list[E]] = {}
    for each in said:
        for id, owed in each.entitlements().items():
            parts.setdefault(id, []).append(owed)
    found.owed = {id: found.engine.some(owed) for id, owed in sorted(parts.items())}


def _ranks(found: RequiredColumns[E], said: Sequence[_Said[E]], prefix: str) -> None:
    """Keep the best rank of every term among the policies that define it."""
    engine, columns = found.engine, dict[str, E]()
    for place, name in enumerate(sorted({name for each in said for name in each.policy.terms})):
        definers = [each for each in said if name in each.policy.terms]
        found.terms[name] = definers[0].policy.terms[name]
        best, *others = (each.rank(name) for each in definers)
        for other in others:
            # an unknown rank makes the comparison unknown, and the best one with it
            lower = engine.less(other, best)
            kept = [(lower, other), (engine.opposite(lower), best)]
            best = engine.first(kept, engine.absent(int))
        found.ranks[name] = best
        if others:
            columns[f"{prefix}_t{place}"] = best
            found.ranks[name] = engine.column(f"{prefix}_t{place}")
    found.keep(columns)
