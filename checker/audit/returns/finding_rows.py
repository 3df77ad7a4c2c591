"""Findings as rows: what was found of a record, why, by which clause, and the facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from checker.audit.intake.typed import SEPARATOR
from checker.audit.returns.deadlines import Deadline
from checker.audit.returns.findings import NO_GROUND, REQUIRED, Records
from checker.audit.returns.metrics import as_decimal
from checker.language.model.types import FIRST_DAY, ValueType

COLUMNS = (
    "case",
    "seller",
    "on",
    "policy",
    "check",
    "verdict",
    "because",
    "clauses",
    "response",
    "cites",
    "taken",
    "limit",
)


def finding_rows(found: pl.LazyFrame, records: Records[Any]) -> pl.LazyFrame:
    """Return a row for every finding of the records found, as they are written.

    `found` has the columns of `row_columns`.
    """
    owed = _ids("o", records.required.owed)
    cites = _ids("c", records.intake.cites)
    shared = {
        "policy": pl.lit(records.resolved.policy.name),
        "on": _day(pl.col("day")),
        "cites": _joined(cites),
        **{name: _shown(f"f{n}", type_) for n, (name, type_) in enumerate(_facts(records))},
    }
    rows = []
    for place, check in enumerate(records.findings):
        because, clauses, taken, limit = _about(check, owed, cites, records)
        columns = {
            "check": pl.lit(check),
            "because": because,
            "clauses": clauses,
            "taken": taken,
            "limit": limit,
        }
        rows.append(found.filter(f"x{place}").with_columns(**columns, **shared))
    return pl.concat(rows).select(*COLUMNS, *(name for name, _ in _facts(records)))


def _facts(records: Records[Any]) -> list[tuple[str, ValueType]]:
    """Return the facts' columns with their types; a name that is taken has `fact_` before it."""
    types = records.resolved.vocabulary.types()
    taken = {*COLUMNS, *types}
    columns = []
    for name, type_ in types.items():
        column = name
        while column in COLUMNS or (column != name and column in taken):
            column = f"fact_{column}"
        columns.append((column, type_))
    return columns


def _ids(prefix: str, ids: Iterable[str]) -> dict[str, pl.Expr]:
    return {id: pl.col(f"{prefix}{place}") for place, id in enumerate(ids)}


def _about(
    check: str,
    owed: Mapping[str, pl.Expr],
    cites: Mapping[str, pl.Expr],
    records: Records[Any],
) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Return why a check found something, by which clauses, and the minutes taken and allowed."""
    none = pl.lit(None, pl.Int64)
    if check == REQUIRED:
        sources = {id: _sources_owed(id, records) for id in owed}
        return _joined(owed), _clauses(owed, sources), none, none
    if check == NO_GROUND:
        grounds = {id: records.resolved.policy.grounds[id].sources for id in cites}
        return _joined(cites), _clauses(cites, grounds), none, none
    kind, _, name = check.partition(":")
    if not name:
        return pl.lit(""), pl.lit(""), none, none
    place = [each.term.name for each in records.deadlines].index(name)
    clauses = pl.lit(SEPARATOR.join(_sources_term(records.deadlines[place], records)))
    taken = pl.col(f"taken{place}") if kind == "late" else none
    limit = "limit" if records.deadlines[place].allowed is None else "allowed"
    return pl.lit(name), clauses, taken, pl.col(f"{limit}{place}")


def _sources_owed(id: str, records: Records[Any]) -> Sequence[str]:
    policies = [each for each in records.resolved.policies if id in each.entitlements]
    found = [source for each in policies for source in each.entitlements[id].sources]
    return [*dict.fromkeys(found)]


def _sources_term(deadline: Deadline[Any], records: Records[Any]) -> Sequence[str]:
    name = deadline.term.name
    terms = [each.terms[name] for each in records.resolved.policies if name in each.terms]
    found = [*(source for term in terms for source in term.sources)]
    found += [source for term in terms for row in term.rows for source in row.sources]
    return [*dict.fromkeys(found)]


def _joined(holding: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the names of the columns that hold, joined."""
    if not holding:
        return pl.lit("")
    named = [pl.when(holds).then(pl.lit(name)) for name, holds in holding.items()]
    return pl.concat_str(named, separator=SEPARATOR, ignore_nulls=True)


def _clauses(holding: Mapping[str, pl.Expr], sources: Mapping[str, Sequence[str]]) -> pl.Expr:
    """Return the clauses behind what holds, each once, joined."""
    cited = {id: SEPARATOR.join(sources[id]) for id in holding if sources[id]}
    if not cited:
        return pl.lit("")
    named = [pl.when(holding[id]).then(pl.lit(clauses)) for id, clauses in cited.items()]
    joined = pl.concat_str(named, separator=SEPARATOR, ignore_nulls=True)
    each = [clause for clauses in cited.values() for clause in clauses.split(SEPARATOR)]
    if len({*each}) == len(each):
        return joined
    return joined.str.split(SEPARATOR).list.unique(maintain_order=True).list.join(SEPARATOR)


def _day(number: pl.Expr) -> pl.Expr:
    return (number - FIRST_DAY).cast(pl.Int32).cast(pl.Date)


def _shown(column: str, type_: ValueType) -> pl.Expr:
    """Return a fact's column as tables state it."""
    if type_.name == "money":
        return as_decimal(column, 2)
    if type_.name == "date":
        return _day(pl.col(column))
    if type_.name == "datetime":
        return pl.col(column).cast(pl.Datetime("us", "UTC"))
    return pl.col(column)
