"""Rows of findings: the check, why it fails, by which clauses, and the record's facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from checker.audit.intake.typed import SEPARATOR
from checker.audit.returns.deadlines import Deadline
from checker.audit.returns.findings import NO_GROUND, REQUIRED, RecordColumns
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


def finding_rows(records_found: pl.LazyFrame, records: RecordColumns[Any]) -> pl.LazyFrame:
    """Return a row for every finding, with the columns of the results.

    Args:
        records_found: the records that have findings, with the columns of `row_columns`.
        records: the column expressions of the records.
    """
    owed = _ids("entitlement", records.required.owed)
    cites = _ids("cites", records.intake.cites)
    shared = {
        "policy": pl.lit(records.resolved.policy.name),
        "on": _day(pl.col("day")),
        "cites": _joined(cites),
        **{name: _shown(f"fact_{n}", type_) for n, (name, type_) in enumerate(_facts(records))},
    }
    rows = []
    for number, check in enumerate(records.findings):
        because, clauses, taken, limit = _about(check, owed, cites, records)
        columns = {
            "check": pl.lit(check),
            "because": because,
            "clauses": clauses,
            "taken": taken,
            "limit": limit,
        }
        rows.append(records_found.filter(f"finding_{number}").with_columns(**columns, **shared))
    return pl.concat(rows).select(*COLUMNS, *(name for name, _ in _facts(records)))


def _facts(records: RecordColumns[Any]) -> list[tuple[str, ValueType]]:
    """Return the facts' columns in the results, with their types.

    A fact whose name is one of `COLUMNS` gets the prefix `fact_`.
    """
    types = records.resolved.vocabulary.types()
    names_used = {*COLUMNS, *types}
    columns = []
    for name, type_ in types.items():
        column = name
        while column in COLUMNS or (column != name and column in names_used):
            column = f"fact_{column}"
        columns.append((column, type_))
    return columns


def _ids(prefix: str, ids: Iterable[str]) -> dict[str, pl.Expr]:
    """Return the columns of `row_columns` with this prefix, by the ids that they stand for."""
    return {id: pl.col(f"{prefix}_{number}") for number, id in enumerate(ids)}


def _about(
    check: str,
    owed: Mapping[str, pl.Expr],
    cites: Mapping[str, pl.Expr],
    records: RecordColumns[Any],
) -> tuple[pl.Expr, pl.Expr, pl.Expr, pl.Expr]:
    """Return why the check fails, by which clauses, and the minutes taken and allowed."""
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
    number = [deadline.term.name for deadline in records.deadlines].index(name)
    clauses = pl.lit(SEPARATOR.join(_sources_term(records.deadlines[number], records)))
    taken = pl.col(f"taken_{number}") if kind == "late" else none
    limit = "limit" if records.deadlines[number].allowed is None else "allowed"
    return pl.lit(name), clauses, taken, pl.col(f"{limit}_{number}")


def _sources_owed(id: str, records: RecordColumns[Any]) -> Sequence[str]:
    policies = [policy for policy in records.resolved.policies if id in policy.entitlements]
    sources = [source for policy in policies for source in policy.entitlements[id].sources]
    return [*dict.fromkeys(sources)]


def _sources_term(deadline: Deadline[Any], records: RecordColumns[Any]) -> Sequence[str]:
    name = deadline.term.name
    terms = [policy.terms[name] for policy in records.resolved.policies if name in policy.terms]
    sources = [*(source for term in terms for source in term.sources)]
    sources += [source for term in terms for row in term.rows for source in row.sources]
    return [*dict.fromkeys(sources)]


def _joined(holding: Mapping[str, pl.Expr]) -> pl.Expr:
    """Return the names of the columns that are true, joined."""
    if not holding:
        return pl.lit("")
    names = [pl.when(holds).then(pl.lit(name)) for name, holds in holding.items()]
    return pl.concat_str(names, separator=SEPARATOR, ignore_nulls=True)


def _clauses(holding: Mapping[str, pl.Expr], sources: Mapping[str, Sequence[str]]) -> pl.Expr:
    """Return the clauses of the columns that are true, each once, joined."""
    cited = {id: SEPARATOR.join(sources[id]) for id in holding if sources[id]}
    if not cited:
        return pl.lit("")
    texts = [pl.when(holding[id]).then(pl.lit(clauses)) for id, clauses in cited.items()]
    joined = pl.concat_str(texts, separator=SEPARATOR, ignore_nulls=True)
    all_clauses = [clause for clauses in cited.values() for clause in clauses.split(SEPARATOR)]
    if len({*all_clauses}) == len(all_clauses):
        return joined
    return joined.str.split(SEPARATOR).list.unique(maintain_order=True).list.join(SEPARATOR)


def _day(number: pl.Expr) -> pl.Expr:
    """Return a day number as a date."""
    return (number - FIRST_DAY).cast(pl.Int32).cast(pl.Date)


def _shown(column: str, type_: ValueType) -> pl.Expr:
    """Return a fact's column as the results show it."""
    if type_.name == "money":
        return as_decimal(column, 2)
    if type_.name == "date":
        return _day(pl.col(column))
    if type_.name == "datetime":
        return pl.col(column).cast(pl.Datetime("us", "UTC"))
    return pl.col(column)
