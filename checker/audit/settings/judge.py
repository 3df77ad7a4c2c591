"""Rows of settings judged: their failures, grouped so that one counterexample shows each group.

A broken limit is a failure for certain. A proof for one seller gives a counterexample, which is
then tried on all other sellers that break the same limits.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.replay import Mismatch
from checker.audit.settings.counterexample import shows_failure
from checker.audit.settings.limits import (
    CheckAt,
    Limits,
    SettingsLimit,
    failed_by_default,
    limits_of,
)
from checker.audit.settings.outcome import SettingsFailure
from checker.audit.settings.plan import SELLER, SettingsPlan, broken_columns
from checker.audit.settings.scopes import RowScope
from checker.columns.conditions import Conditions
from checker.evaluate.compile_policy import compile_policies
from checker.evaluate.requirement import Decide, with_defaults
from checker.language.model.conditions import Condition, Includes, OneOf, core_tests_in
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, parse_document

UNDECIDED: CheckAt = ("undecided", "")  # no engine could decide


@dataclass(slots=True)
class Judge:
    """Judges frames of rows that a plan has read.

    Attributes:
        plan: the columns of the rows.
        resolved: the policy.
        resolver: has the documents.
        engines: the engines that prove.
        limits: the limits for rows without a scope.
        failures: the distinct failures so far.
        row_failures: frames with the rows of failures and the `index` of each in `failures`.
        by_default: the checks that a seller with all defaults fails, or may fail.
    """

    plan: SettingsPlan[pl.Expr]
    resolved: ResolvedPolicy
    resolver: Resolver
    engines: Engines
    limits: Limits
    failures: list[SettingsFailure] = field(default_factory=list)
    row_failures: list[pl.DataFrame] = field(default_factory=list)
    by_default: set[CheckAt] = field(init=False)
    _required: Decide = field(init=False)

    def __post_init__(self) -> None:
        self._required = compile_policies(
            [with_defaults(policy) for policy in self.resolved.policies]
        )
        self.by_default = failed_by_default(self.engines.required(self.resolved), self.limits)

    def columns(self) -> list[str]:
        """Return the columns of the settings."""
        columns: list[str] = []
        for names in self.plan.columns.values():
            columns += [names] if isinstance(names, str) else names.values()
        return columns

    def invalid(self, rows: pl.DataFrame) -> None:
        """Record the settings that are invalid by themselves."""
        for column, (at, text) in self.plan.invalid.items():
            self._note(rows.filter(column), "invalid-settings", at, text)

    def unscoped(self, rows: pl.DataFrame) -> None:
        """Judge rows whose settings decide in every case."""
        self._judge(rows, self.limits, self.plan.broken, None)

    def scoped(self, rows: pl.DataFrame, scope: RowScope) -> None:
        """Judge rows whose settings decide in one scope only.

        Under a scope, only those checks may fail that the settings fail without a scope, or that
        the policy fails by itself.
        """
        perhaps = self.by_default | {
            limit.check_at
            for column, limit in self.plan.broken.items()
            if rows.get_column(column).any()
        }
        if not perhaps or rows.is_empty():
            return
        condition = self._override({}, scope)[1]
        limits = limits_of(self.engines.required(self.resolved), condition, perhaps)
        every = [limit for of_check in limits.by_check.values() for limit in of_check]
        plan = self.plan
        rows = rows.drop(plan.broken.keys())
        columns, broken = broken_columns(plan.engine, plan.settings, self.resolved.policy, every)
        self._judge(_with(rows, columns), limits, broken, scope)

    def _judge(
        self,
        rows: pl.DataFrame,
        limits: Limits,
        broken: Mapping[str, SettingsLimit],
        scope: RowScope | None,
    ) -> None:
        unproved: dict[CheckAt, pl.Expr] = {}
        for check_at in limits.by_check:
            own_limits = {
                column: limit for column, limit in broken.items() if limit.check_at == check_at
            }
            fails = pl.any_horizontal(*own_limits) if own_limits else pl.lit(False)
            for text, group in _by_limit_texts(rows.filter(fails), own_limits):
                self._show_failures(group, check_at, text, own_limits, scope)
            if check_at in limits.open:
                unproved[check_at] = ~fails
        if unproved:
            self._one_by_one(rows, unproved, scope)

    def _show_failures(
        self,
        group: pl.DataFrame,
        check_at: CheckAt,
        text: str,
        own_limits: Mapping[str, SettingsLimit],
        scope: RowScope | None,
    ) -> None:
        """Record rows that break the same limits, in groups with one counterexample each."""
        condition = self._override({}, scope)[1]
        left = group.with_columns(distance=self._distance(own_limits))
        while not left.is_empty():
            # prove the row nearest to the limit: its counterexample holds for the farther ones too
            row = left.row(left.get_column("distance").arg_min() or 0, named=True)
            facts = self._case(row, check_at, scope)
            if facts is None:
                self._note(left, *check_at, text)
                return
            left = _with(left, {"shown": self._shows(check_at, facts, condition)})
            if not left.filter(row=row["row"]).item(0, "shown"):
                raise Mismatch(f"internal error: {check_at} of {self._stated(row)} is not shown")
            self._note(left.filter("shown"), *check_at, text, facts, row[SELLER])
            left = left.filter(~pl.col("shown"))

    def _shows(self, check_at: CheckAt, facts: Facts, scope: Condition | None) -> pl.Expr:
        """Return whether the case shows that the check fails."""
        required = self._required(facts)
        plan = self.plan
        return shows_failure(
            plan.engine, check_at, facts, required, self.resolved.policy, plan.settings, scope
        )

    def _distance(self, own_limits: Mapping[str, SettingsLimit]) -> pl.Expr:
        """Return the distance of the settings from the limits that they break."""
        names = self.resolved.policy.names
        conditions = Conditions(self.plan.engine, names, {}, self.plan.settings)
        far = [pl.lit(0.0)]
        for column, limit in own_limits.items():
            for test in core_tests_in(limit.condition, names):
                if not isinstance(test, Includes | OneOf) and test.type.ordered:
                    apart = conditions.operand(test.left) - conditions.operand(test.right)
                    far.append(pl.when(column).then(apart.cast(pl.Float64).abs()).otherwise(0.0))
        return pl.sum_horizontal(far)

    def _case(
        self, row: Mapping[str, Any], check_at: CheckAt, scope: RowScope | None
    ) -> Facts | None:
        """Return the minimal counterexample of the failure, None where no engine finds one."""
        try:
            failed = self._failed(row, scope)
        except NotDecided:
            return None
        if check_at not in failed:
            raise Mismatch(f"internal error: {check_at} of {self._stated(row)} is not proved")
        return failed[check_at]

    def _one_by_one(
        self, rows: pl.DataFrame, unproved: Mapping[CheckAt, pl.Expr], scope: RowScope | None
    ) -> None:
        """Prove distinct settings one by one that break no limit but may still fail a check."""
        flags = {f"unproved_{n}": fails for n, fails in enumerate(unproved.values())}
        names = [*self.columns(), *flags]
        rows = rows.with_columns(**flags).filter(pl.any_horizontal(*flags))
        texts = rows.unique(names, keep="first", maintain_order=True).with_row_index(
            "settings_number"
        )
        rows = rows.join(texts.select("settings_number", *names), on=names)
        failing: dict[tuple[CheckAt, str], list[int]] = {}
        cases: dict[tuple[CheckAt, str], Facts | None] = {}
        for row in texts.iter_rows(named=True):
            unproved_checks = {
                check_at for check_at, flag in zip(unproved, flags, strict=True) if row[flag]
            }
            for check_at, facts in self._open_ones(row, unproved_checks, scope).items():
                key = check_at, repr(facts)
                failing.setdefault(key, []).append(row["settings_number"])
                cases[key] = facts
        for key, numbers in failing.items():
            same = rows.filter(pl.col("settings_number").is_in(numbers))
            self._note(same, *key[0], None, cases[key])

    def _open_ones(
        self, row: Mapping[str, Any], checks: Container[CheckAt], scope: RowScope | None
    ) -> dict[CheckAt, Facts | None]:
        """Return which of the checks the settings of the row fail, with a counterexample each."""
        try:
            failed = self._failed(row, scope)
        except NotDecided:
            return {UNDECIDED: None}
        return {check_at: facts for check_at, facts in failed.items() if check_at in checks}

    def _failed(
        self, row: Mapping[str, Any], scope: RowScope | None
    ) -> dict[CheckAt, Facts | None]:
        """Return all checks that the settings of the row fail, with a counterexample each."""
        document, _ = self._override(self._stated(row), scope)
        failures = self.engines.failures(document, self.resolved, self.resolver)
        return {(failure.check, failure.at): failure.facts for failure in failures}

    def _override(
        self, settings: Mapping[str, Any], scope: RowScope | None
    ) -> tuple[Document, Condition | None]:
        """Return the override of a row, and its scope as a condition."""
        data: dict[str, Any] = {"kind": "override", "id": "seller", "version": "1.0.0"}
        data["policy"] = self.resolved.policy.name
        data |= {"settings": settings} if settings else {}
        data |= {"scope": scope.data(self.resolved.vocabulary)} if scope else {}
        document, problems = parse_document(json.dumps(data).encode(), "a row")
        assert document is not None, problems
        return document, self.resolver.override_of(document, self.resolved).scope

    def _stated(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Return the settings of a row that are not the default, in the form of an override."""
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
        index = pl.lit(len(self.failures), pl.Int64)
        self.failures.append(
            SettingsFailure(check, at, limit, case, example or rows.item(0, SELLER))
        )
        self.row_failures.append(
            rows.select("row", pl.col(SELLER).alias("seller"), index.alias("index"))
        )


def _with(rows: pl.DataFrame, columns: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """Return the rows with more columns; the expressions may have constants only."""
    # Polars' in-memory engine makes columns of one row from some expressions of constants
    return rows.lazy().with_columns(**columns).collect(engine="streaming")


def _members(row: Mapping[str, Any], columns: Mapping[str, str]) -> frozenset[str]:
    return frozenset(member for member, column in columns.items() if row[column])


def _by_limit_texts(
    rows: pl.DataFrame, limits: Mapping[str, SettingsLimit]
) -> Iterator[tuple[str, pl.DataFrame]]:
    """Yield the groups of rows that break the same limits, with the limits as text."""
    if rows.is_empty():
        return
    texts = [pl.when(column).then(pl.lit(limit.text)) for column, limit in limits.items()]
    joined = pl.concat_str(texts, separator=" ; ", ignore_nulls=True)
    groups = rows.with_columns(limit_texts=joined).partition_by("limit_texts", maintain_order=True)
    for group in groups:
        yield group.item(0, "limit_texts"), group
