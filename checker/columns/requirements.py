"""What policies require, as column expressions for any number of cases at once.

The steps are those of `checker.evaluate.compile_policy`, in the same order; each step is a layer of
columns.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic

from checker.columns.base import Columns, E, Layer, is_false, is_true
from checker.columns.conditions import Conditions, named_layers
from checker.evaluate.requirement import ConfiguredPolicy
from checker.language.model.conditions import ALWAYS, GroundHolds
from checker.language.model.terms import Term
from checker.language.model.verdicts import Verdict

NOT_APPLICABLE = 1 << 62  # the rank of a term that does not apply: worse than every value


@dataclass(slots=True)
class RequirementColumns(Generic[E]):
    """The layers to compute, and the columns of the result.

    Attributes:
        engine: the operations of the engine.
        layers: columns to compute, layer by layer.
        must: whether the verdict is `must_accept`, never NULL.
        unsure: whether the verdict is `unknown`, never NULL.
        refusable: whether a ground of the first policy holds, NULL where unknown.
        otherwise: the first policy's verdict without an entitlement and without a ground.
        owed: by the id of an entitlement, whether it is owed; NULL where unknown.
        grounds: by the id of a ground of the first policy, whether it holds; NULL where unknown.
        ranks: each term's value as `Term.rank` gives it, NULL where it is unknown or the term does
            not apply.
        not_applicable: for each term that may not apply, whether it certainly does not; never NULL.
        terms: the terms of `ranks`, by name.
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
    not_applicable: dict[str, E] = field(default_factory=dict)
    terms: dict[str, Term] = field(default_factory=dict)

    def verdict(self) -> E:
        """Return the verdict as text."""
        value = self.engine.value
        rows = [
            (self.must, value(Verdict.MUST_ACCEPT.value)),
            (self.unsure, value(Verdict.UNKNOWN.value)),
            (self.refusable, value(Verdict.MAY_REJECT.value)),
        ]
        return self.engine.first_match(rows, value(self.otherwise.value))

    def keep(self, columns: Layer[E]) -> None:
        """Add a layer of columns, which later layers may use; an empty one is left out."""
        if columns:
            self.layers.append(columns)


def requirement_columns(
    engine: Columns[E],
    policies: Sequence[ConfiguredPolicy],
    facts: Mapping[str, E],
    prefix: str = "policy",
    least: Mapping[str, E] | None = None,
) -> RequirementColumns[E]:
    """Return what the policies together require of cases (docs/language.md, sections 4.2 to 4.4).

    Args:
        engine: the operations of the engine.
        policies: the policies that bind the seller; the grounds and the verdict without an
            entitlement come from the first one.
        facts: each fact's column.
        prefix: how the names of the computed columns begin.
        least: the lowest value of facts whose column is the highest one (`Conditions.least`).
    """
    result = RequirementColumns(engine, otherwise=policies[0].policy.otherwise)
    policy_columns = [
        _PolicyColumns(result, configured, facts, f"{prefix}{n}_", least or {})
        for n, configured in enumerate(policies)
    ]
    for depth in range(max(len(columns.named) for columns in policy_columns)):
        result.keep(_merged(columns.layer(depth) for columns in policy_columns))
    result.keep(_merged(columns.rules() for columns in policy_columns))
    result.keep(_merged(columns.outcomes() for columns in policy_columns))
    result.keep(_merged(columns.verdicts() for columns in policy_columns))
    _verdict(result, policy_columns, prefix)
    _owed(result, policy_columns)
    own = policy_columns[0]
    result.grounds = {id: own.conditions.holds(GroundHolds(id)) for id in own.policy.grounds}
    _ranks(result, policy_columns, prefix)
    return result


def _merged(layers: Iterable[Layer[E]]) -> Layer[E]:
    """Return the columns of several policies as one layer."""
    return {name: column for layer in layers for name, column in layer.items()}


class _PolicyColumns(Generic[E]):
    """The columns of one policy: named conditions, rules, outcome and verdict, layer by layer."""

    def __init__(
        self,
        result: RequirementColumns[E],
        configured: ConfiguredPolicy,
        facts: Mapping[str, E],
        prefix: str,
        least: Mapping[str, E],
    ) -> None:
        self.engine, self.policy, self.configured = result.engine, configured.policy, configured
        self.prefix = prefix
        names = self.policy.names
        self.conditions = Conditions(self.engine, names, facts, configured.parameters, least=least)
        self.named = named_layers(names)

    def layer(self, depth: int) -> Layer[E]:
        """Return the grounds and definitions that name only those of earlier layers."""
        conditions = self.named[depth] if depth < len(self.named) else []
        columns: Layer[E] = {}
        for index, condition in enumerate(conditions):
            name = f"{self.prefix}condition{depth}_{index}"
            columns[name] = self.conditions.holds(self.conditions.names.of(condition))
        for name, condition in zip(columns, conditions, strict=True):
            self.conditions.named[condition] = self.engine.column(name)
        return columns

    def rules(self) -> Layer[E]:
        """Return whether each entitlement is owed, and whether each row of a term holds."""
        columns: Layer[E] = {}
        for index, entitlement in enumerate(self.policy.entitlements.values()):
            defeated = [self.conditions.holds(GroundHolds(ground)) for ground in entitlement.unless]
            parts = [self.conditions.holds(entitlement.when), *map(self.engine.negation, defeated)]
            columns[f"{self.prefix}entitlement{index}"] = self.engine.every(parts)
        for index, (term, definition) in enumerate(self.policy.terms.items()):
            if definition.when:
                applies = self.conditions.holds(definition.when)
                columns[f"{self.prefix}term{index}_applies"] = applies
            for number, row in enumerate(self.configured.rows[term]):
                if row.when != ALWAYS:
                    column = self.conditions.holds(row.when)
                    columns[f"{self.prefix}term{index}_row{number}"] = column
        return columns

    def entitlements(self) -> dict[str, E]:
        """Return the computed columns of the entitlements, by their ids."""
        return {
            id: self.engine.column(f"{self.prefix}entitlement{index}")
            for index, id in enumerate(self.policy.entitlements)
        }

    def outcomes(self) -> Layer[E]:
        """Return whether anything is owed, whether any ground holds, and the terms' ranks."""
        grounds = [self.conditions.holds(GroundHolds(id)) for id in self.policy.grounds]
        columns = {
            f"{self.prefix}owed": self.engine.some([*self.entitlements().values()]),
            f"{self.prefix}ground": self.engine.some(grounds),
        }
        for index, term in enumerate(self.policy.terms.values()):
            columns[f"{self.prefix}term{index}"] = self._rank(index, term)
        return columns

    def _rank(self, index: int, term: Term) -> E:
        """Return the rank of the term's first row that holds, NULL where an earlier is unknown.

        Where the term does not apply, it is `NOT_APPLICABLE`.
        """
        engine, steps = self.engine, list[tuple[E, E]]()
        if term.when:
            applies = engine.column(f"{self.prefix}term{index}_applies")
            steps.append((engine.negation(applies), engine.value(NOT_APPLICABLE)))
            steps.append((engine.is_absent(applies), engine.absent(int)))
        for number, row in enumerate(self.configured.rows[term.name]):
            rank = engine.value(term.rank(self.configured.value(row)))
            if row.when == ALWAYS:
                return engine.first_match(steps, rank)
            holds = engine.column(f"{self.prefix}term{index}_row{number}")
            steps += [(holds, rank), (engine.is_absent(holds), engine.absent(int))]
        raise AssertionError("the last row of a term has no `when`")

    def rank(self, term: str) -> E:
        """Return the computed column of a term's rank."""
        return self.engine.column(f"{self.prefix}term{[*self.policy.terms].index(term)}")

    def verdicts(self) -> Layer[E]:
        """Return whether this policy's own verdict is `must_accept`, and whether it is unknown."""
        engine = self.engine
        owed, ground = (engine.column(f"{self.prefix}{name}") for name in ("owed", "ground"))
        must, nothing = is_true(engine, owed), is_false(engine, owed)
        if self.policy.otherwise is Verdict.MUST_ACCEPT:
            must = engine.some([must, engine.every([nothing, is_false(engine, ground)])])
        doubtful = engine.every([nothing, engine.is_absent(ground)])
        return {
            f"{self.prefix}must": must,
            f"{self.prefix}unsure": engine.some([engine.is_absent(owed), doubtful]),
        }


def _verdict(
    result: RequirementColumns[E], policy_columns: Sequence[_PolicyColumns[E]], prefix: str
) -> None:
    """Keep the common verdict of all policies, as columns that are never NULL."""
    engine = result.engine
    musts = [engine.column(f"{columns.prefix}must") for columns in policy_columns]
    unsure = [engine.column(f"{columns.prefix}unsure") for columns in policy_columns]
    must = engine.some(musts)
    columns = {
        f"{prefix}_must": must,
        f"{prefix}_unsure": engine.every([engine.some(unsure), engine.negation(must)]),
    }
    result.keep(columns)
    result.must, result.unsure = map(engine.column, columns)
    result.refusable = engine.column(f"{policy_columns[0].prefix}ground")


def _owed(result: RequirementColumns[E], policy_columns: Sequence[_PolicyColumns[E]]) -> None:
    """Merge the entitlements of all policies; an id of several policies counts once."""
    by_id: dict[str, list[E]] = {}
    for columns in policy_columns:
        for id, owed in columns.entitlements().items():
            by_id.setdefault(id, []).append(owed)
    result.owed = {id: result.engine.some(owed) for id, owed in sorted(by_id.items())}


def _ranks(
    result: RequirementColumns[E], policy_columns: Sequence[_PolicyColumns[E]], prefix: str
) -> None:
    """Keep the best rank of every term among the policies that define it."""
    engine, columns = result.engine, dict[str, E]()
    names = {name for definer in policy_columns for name in definer.policy.terms}
    for index, name in enumerate(sorted(names)):
        definers = [definer for definer in policy_columns if name in definer.policy.terms]
        result.terms[name] = definers[0].policy.terms[name]
        best, *rest = (definer.rank(name) for definer in definers)
        for rank in rest:
            # an unknown rank makes the comparison unknown, and the best one with it
            lower = engine.less(rank, best)
            rows = [(lower, rank), (engine.negation(lower), best)]
            best = engine.first_match(rows, engine.absent(int))
        result.ranks[name] = best
        may_not_apply = all(definer.policy.terms[name].when for definer in definers)
        if may_not_apply:
            nothing = is_true(engine, engine.equal(best, engine.value(NOT_APPLICABLE)))
            columns[f"{prefix}_term{index}_not"] = nothing
            result.not_applicable[name] = engine.column(f"{prefix}_term{index}_not")
            best = engine.first_match([(nothing, engine.absent(int))], best)
        if rest or may_not_apply:
            columns[f"{prefix}_term{index}"] = best
            result.ranks[name] = engine.column(f"{prefix}_term{index}")
    result.keep(columns)
