"""Decisions by column expressions, as `decide` prints them; and the engines that compute them.

Each case becomes a row of constants, and its decision becomes one text. So one query decides the
cases of many policies.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl
from sqlglot import exp

from checker.columns import polars_engine, sql_engine
from checker.columns.base import Columns
from checker.columns.polars_engine import PolarsColumns
from checker.columns.requirements import RequirementColumns, requirement_columns
from checker.columns.sql_engine import SqlColumns
from checker.evaluate.decider import Decider
from checker.evaluate.requirement import with_defaults
from checker.language.model.types import Value, ValueType
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy
from tests.columns.response_columns import AnswerColumns, answer_columns, answer_findings

Run = Callable[[exp.Expression], list[tuple[Any, ...]]]
Request = tuple[Decider, Sequence[Facts]]
_KINDS: dict[str, type] = {"boolean": bool, "enum": str}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Plan:
    """The layers to compute, and the text that states a decision, with the labels of its parts."""

    layers: list[Any]
    text: Any
    labels: list[tuple[str, str]]


def plan(engine: Columns[Any], decider: Decider) -> Plan:
    facts = {
        name: engine.column(f"fact_{n}") for n, name in enumerate(decider.resolved.vocabulary.facts)
    }
    required = requirement_columns(
        engine, [with_defaults(p) for p in decider.resolved.policies], facts
    )
    answer = answer_columns(required, decider.override, facts) if decider.override else None
    parts = dict(_parts(engine, required, answer))
    texts = [engine.joined([part, engine.value(";")]) for part in parts.values()]
    return Plan(required.layers, engine.joined(texts), [*parts])


def _parts(
    engine: Columns[Any], required: RequirementColumns[Any], answer: AnswerColumns[Any] | None
) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield the parts of a decision: its key, the name in it, and a text."""

    def whether(holds: Any) -> Any:
        return engine.first_match([(holds, engine.value("1"))], engine.value("0"))

    def number(rank: Any, nothing: Any) -> Any:
        rows = [] if nothing is None else [(nothing, engine.value("/"))]
        rows.append((engine.is_absent(rank), engine.value("-")))
        return engine.first_match(rows, engine.text(rank))

    yield ("verdict", ""), required.verdict()
    yield from ((("entitlements", id), whether(owed)) for id, owed in required.owed.items())
    yield from ((("grounds", id), whether(holds)) for id, holds in required.grounds.items())
    yield from (
        (("terms", name), number(rank, required.not_applicable.get(name)))
        for name, rank in required.ranks.items()
    )
    if answer:
        yield ("response", ""), answer.response
        absent = engine.is_absent(answer.rule)
        yield ("rule", ""), engine.first_match([(absent, engine.value("-"))], answer.rule)
        yield from ((("cites", id), whether(cited)) for id, cited in answer.cites.items())
        yield from (
            (("seller_terms", name), number(rank, answer.not_applicable.get(name)))
            for name, rank in answer.ranks.items()
        )
        for check, fails in answer_findings(required, answer).items():
            yield ("findings", check), whether(fails)


def read(labels: Sequence[tuple[str, str]], text: str, decider: Decider) -> dict[str, Any]:
    """Return the decision that a text states, as `decide` prints it, without names and `needs`."""
    decision: dict[str, Any] = {"entitlements": [], "grounds": [], "terms": {}}
    decision |= {"response": None, "rule": None, "cites": [], "seller_terms": None, "findings": []}
    if decider.override:
        decision["seller_terms"] = {}
    terms = {n: t for p in reversed(decider.resolved.policies) for n, t in p.terms.items()}
    for (key, name), part in zip(labels, text.split(";"), strict=False):
        if key in ("terms", "seller_terms"):
            if part != "/":
                decision[key][name] = None if part == "-" else _shown(terms[name], int(part))
        elif name:
            decision[key] += [name] if part == "1" else []
        else:
            decision[key] = None if part == "-" else part
    return {
        key: sorted(value) if isinstance(value, list) else value for key, value in decision.items()
    }


def _shown(term: Any, rank: int) -> Any:
    if term.type.name == "choice":
        return term.type.values[rank]
    return term.type.show(rank if term.better == "lower" else -rank)


def expected(decider: Decider, facts: Facts) -> dict[str, Any]:
    """Return what the compiled backend decides, in the same form."""
    decision = decider.decide(facts).as_json("case")
    return {k: v for k, v in decision.items() if k not in ("case", "policy", "override", "needs")}


def column_value(value: Value | None) -> Any:
    """Return the value of a fact in a column."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return value


def kind(type_: ValueType) -> type:
    return _KINDS.get(type_.name, int)


def by_polars(requests: Sequence[Request]) -> Iterator[list[dict[str, Any]]]:
    """Yield the decisions of each policy's cases, by Polars."""
    types = {bool: pl.Boolean, int: pl.Int64, str: pl.String}
    for decider, cases in requests:
        facts = decider.resolved.vocabulary.facts.values()
        columns = {
            f"fact_{n}": pl.Series(
                [column_value(c[fact.name]) for c in cases], dtype=types[kind(fact.type)]
            )
            for n, fact in enumerate(facts)
        }
        query_plan = plan(PolarsColumns(), decider)
        frame = polars_engine.with_layers(pl.LazyFrame(columns), query_plan.layers)
        texts = frame.select(text=query_plan.text).collect()["text"]
        yield [read(query_plan.labels, text, decider) for text in texts]


def by_sql(requests: Sequence[Request], dialect: str, run: Run) -> Iterator[list[dict[str, Any]]]:
    """Yield the decisions of each policy's cases, by one query of a database."""
    plans = [plan(SqlColumns(dialect), decider) for decider, _ in requests]
    queries = [
        _query(number, query_plan, request, dialect)
        for number, (query_plan, request) in enumerate(zip(plans, requests, strict=True))
        if request[1]
    ]
    rows = sorted(run(exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]))
    for number, (query_plan, (decider, _)) in enumerate(zip(plans, requests, strict=True)):
        yield [
            read(query_plan.labels, text, decider)
            for resolved, _, text in rows
            if resolved == number
        ]


def _query(number: int, query_plan: Plan, request: Request, dialect: str) -> exp.Select:
    engine, (decider, cases) = SqlColumns(dialect), request
    rows = [_row(index, case, decider.resolved, engine) for index, case in enumerate(cases)]
    table = exp.union(*rows, distinct=False) if len(rows) > 1 else rows[0]
    outputs = {
        "world": engine.value(number),
        "index": engine.column("index"),
        "text": query_plan.text,
    }
    return sql_engine.layered_query(table.subquery("t"), query_plan.layers, dialect, outputs)


def _row(index: int, case: Facts, resolved: ResolvedPolicy, engine: SqlColumns) -> exp.Select:
    columns = {"index": engine.value(index)}
    for n, (name, fact) in enumerate(resolved.vocabulary.facts.items()):
        value = column_value(case[name])
        constant = engine.absent(kind(fact.type)) if value is None else engine.value(value)
        columns[f"fact_{n}"] = constant
    return exp.select(*(exp.alias_(tree, name, quoted=True) for name, tree in columns.items()))
