"""Rows of settings judged: what they fail, told apart so that one case shows each failure.

A limit that is broken is a failure for certain; a proof of one seller gives the case that shows it,
and the case is then tried on all the others that break the same limits.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.replay import Mismatch
from checker.audit.settings.limits import Limit, Limits, Place, failed_by_default, limits_of
from checker.audit.settings.outcome import Failure
from checker.audit.settings.plan import SELLER, SettingsPlan, broken_columns
from checker.audit.settings.scopes import Scope
from checker.audit.settings.shown import shows
from checker.columns.base import Conditions
from checker.evaluate.compile_policy import compile_policies
from checker.evaluate.requirement import Decide, governed
from checker.language.model.conditions import Condition, Includes, OneOf, core_tests_in
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, parse_document

UNDECIDED: Place = ("undecided", "")  # what no engine comes to an end with


@dataclass(slots=True)
class Judge:
    """Judges frames of rows that a plan has read.

    `found` and `failures` are what it came to; a frame of `found` has the places of failures.
    """

    plan: SettingsPlan[pl.Expr]
    resolved: ResolvedPolicy
    resolver: Resolver
    engines: Engines
    limits: Limits
    failures: list[Failure] = field(default_factory=list)
    found: list[pl.DataFrame] = field(default_factory=list)
    by_default: set[Place] = field(init=False)
    _required: Decide = field(init=False)

    def __post_init__(self) -> None:
        self._required = compile_policies([governed(each) for each in self.resolved.policies])
        self.by_default = failed_by_default(self.engines.required(self.resolved), self.limits)

    def columns(self) -> list[str]:
        """Return the columns that settings stand in."""
        found = (each for each in self.plan.columns.values())
        return [c for each in found for c in ([each] if isinstance(each, str) else each.values())]

    def invalid(self, rows: pl.DataFrame) -> None:
        """Note the settings that are errors by themselves."""
        for column, (at, words) in self.plan.invalid.items():
            self._note(rows.filter(column), "invalid-settings", at, words)

    def unscoped(self, rows: pl.DataFrame) -> None:
        """Judge rows that answer in every case."""
        self._judge(rows, self.limits, self.plan.broken, None)

    def scoped(self, rows: pl.DataFrame, scope: Scope) -> None:
        """Judge rows that answer in one scope only.

        Only what the settings fail in every case, or the policy by itself, may fail under a scope.
        """
        perhaps = self.by_default | {
            limit.place
            for column, limit in self.plan.broken.items()
            if rows.get_column(column).any()
        }
        if not perhaps or rows.is_empty():
            return
        condition = self._override({}, scope)[1]
        limits = limits_of(self.engines.required(self.resolved), condition, perhaps)
        every = [limit for each in limits.by_place.values() for limit in each]
        plan = self.plan
        rows = rows.drop(plan.broken.keys())
        columns, broken = broken_columns(plan.engine, plan.settings, self.resolved.policy, every)
        self._judge(_with(rows, columns), limits, broken, scope)

    def _judge(
        self, rows: pl.DataFrame, limits: Limits, broken: Mapping[str, Limit], scope: Scope | None
    ) -> None:
        unproved: dict[Place, pl.Expr] = {}
        for place in limits.by_place:
            mine = {column: each for column, each in broken.items() if each.place == place}
            fails = pl.any_horizontal(*mine) if mine else pl.lit(False)
            for words, group in _by_words(rows.filter(fails), mine):
                self._alike(group, place, words, mine, scope)
            if place in limits.open:
                unproved[place] = ~fails
        if unproved:
            self._one_by_one(rows, unproved, scope)

    def _alike(
        self,
        group: pl.DataFrame,
        place: Place,
        words: str,
        mine: Mapping[str, Limit],
        scope: Scope | None,
    ) -> None:
        """Note rows that break the same limits, those together that one case shows to fail."""
        condition = self._override({}, scope)[1]
        left = group.with_columns(x_far=self._distance(mine))
        while not left.is_empty():
            # the nearest to the limit is proved first: its case shows that the farther ones fail
            row = left.row(left.get_column("x_far").arg_min() or 0, named=True)
            facts = self._case(row, place, scope)
            if facts is None:
                self._note(left, *place, words)
                return
            left = _with(left, {"x_shown": self._shows(place, facts, condition)})
            if not left.filter(row=row["row"]).item(0, "x_shown"):
                raise Mismatch(f"internal error: {place} of {self._stated(row)} is not shown")
            self._note(left.filter("x_shown"), *place, words, facts, row[SELLER])
            left = left.filter(~pl.col("x_shown"))

    def _shows(self, place: Place, facts: Facts, scope: Condition | None) -> pl.Expr:
        """Return where the case shows that the check fails."""
        required = self._required(facts)
        plan = self.plan
        return shows(
            plan.engine, place, facts, required, self.resolved.policy, plan.settings, scope
        )

    def _distance(self, mine: Mapping[str, Limit]) -> pl.Expr:
        """Return how far settings are from the limits that they break."""
        names = self.resolved.policy.names
        read = Conditions(self.plan.engine, names, {}, self.plan.settings)
        far = [pl.lit(0.0)]
        for column, limit in mine.items():
            for test in core_tests_in(limit.condition, names):
                if not isinstance(test, Includes | OneOf) and test.type.ordered:
                    apart = read.operand(test.left) - read.operand(test.right)
                    far.append(pl.when(column).then(apart.cast(pl.Float64).abs()).otherwise(0.0))
        return pl.sum_horizontal(far)

    def _case(self, row: Mapping[str, Any], place: Place, scope: Scope | None) -> Facts | None:
        """Return the plainest case that shows the failure, None where no engine finds it."""
        try:
            failed = self._failed(row, scope)
        except NotDecided:
            return None
        if place not in failed:
            raise Mismatch(f"internal error: {place} of {self._stated(row)} is not proved")
        return failed[place]

    def _one_by_one(
        self, rows: pl.DataFrame, unproved: Mapping[Place, pl.Expr], scope: Scope | None
    ) -> None:
        """Prove each distinct settings that break no limit of the checks, which may fail yet."""
        flags = {f"u_{n}": where for n, where in enumerate(unproved.values())}
        names = [*self.columns(), *flags]
        rows = rows.with_columns(**flags).filter(pl.any_horizontal(*flags))
        texts = rows.unique(names, keep="first", maintain_order=True).with_row_index("x_text")
        rows = rows.join(texts.select("x_text", *names), on=names)
        failing: dict[tuple[Place, str], list[int]] = {}
        cases: dict[tuple[Place, str], Facts | None] = {}
        for row in texts.iter_rows(named=True):
            asked = {place for place, flag in zip(unproved, flags, strict=True) if row[flag]}
            for place, facts in self._open_ones(row, asked, scope).items():
                key = place, repr(facts)
                failing.setdefault(key, []).append(row["x_text"])
                cases[key] = facts
        for key, numbers in failing.items():
            same = rows.filter(pl.col("x_text").is_in(numbers))
            self._note(same, *key[0], None, cases[key])

    def _open_ones(
        self, row: Mapping[str, Any], asked: Container[Place], scope: Scope | None
    ) -> dict[Place, Facts | None]:
        """Return which of the checks asked for a seller with the settings of the row fails."""
        try:
            failed = self._failed(row, scope)
        except NotDecided:
            return {UNDECIDED: None}
        return {place: facts for place, facts in failed.items() if place in asked}

    def _failed(self, row: Mapping[str, Any], scope: Scope | None) -> dict[Place, Facts | None]:
        """Return what a seller with the settings of the row fails, with the case of each."""
        document, _ = self._override(self._stated(row), scope)
        failures = self.engines.failures(document, self.resolved, self.resolver)
        return {(each.check, each.at): each.facts for each in failures}

    def _override(
        self, settings: Mapping[str, Any], scope: Scope | None
    ) -> tuple[Document, Condition | None]:
        """Return the override that a row stands for, and its scope as a condition."""
        data: dict[str, Any] = {"kind": "override", "id": "seller", "version": "1.0.0"}
        data["policy"] = self.resolved.policy.name
        data |= {"settings": settings} if settings else {}
        data |= {"scope": scope.data(self.resolved.vocabulary)} if scope else {}
        document, problems = parse_document(json.dumps(data).encode(), "a row")
        assert document is not None, problems
        return document, self.resolver.override_of(document, self.resolved).scope

    def _stated(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of a row that are not the default, as an override states them."""
        stated = {}
        for name, columns in self.plan.columns.items():
            parameter = self.resolved.policy.parameters[name]
            value = row[columns] if isinstance(columns, str) else _members(row, columns)
            if value != parameter.default:
                stated[name] = parameter.type.show(value)
        return stated

    def _note(
        self,
        rows: pl.DataFrame,
        check: str,
        at: str,
        limit: str | None,
        facts: Facts | None = None,
        example: str | None = None,
    ) -> None:
        if rows.is_empty():
            return
        case = None if facts is None else show_facts(facts, self.resolved.vocabulary)
        place = pl.lit(len(self.failures), pl.Int64)
        self.failures.append(Failure(check, at, limit, case, example or rows.item(0, SELLER)))
        self.found.append(rows.select("row", pl.col(SELLER).alias("seller"), place.alias("place")))


def _with(rows: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return the rows with more columns, which may well be made of constants alone."""
    # the engine in memory takes some expressions of constants for columns of one row
    return rows.lazy().with_columns(**columns).collect(engine="streaming")


def _members(row: Mapping[str, Any], columns: Mapping[str, str]) -> frozenset[str]:
    return frozenset(member for member, column in columns.items() if row[column])


def _by_words(
    rows: pl.DataFrame, limits: Mapping[str, Limit]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the rows that break the same limits, with their words."""
    if rows.is_empty():
        return
    words = [pl.when(column).then(pl.lit(each.words)) for column, each in limits.items()]
    joined = pl.concat_str(words, separator=" ; ", ignore_nulls=True)
    parts = rows.with_columns(x_words=joined).partition_by("x_words", maintain_order=True)
    for part in parts:
        yield part.item(0, "x_words"), part
