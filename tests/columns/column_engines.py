"""Decisions by column expressions, as `decide` prints them; and the engines that compute them.

Each case becomes a row of constants and its decision one text, so that many worlds can be asked
in one query.
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
Asked = tuple[Decider, Sequence[Facts]]
_KINDS: dict[str, type] = {"boolean": bool, "enum": str}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass
class Plan:
    """What is asked of a world: the layers, and the parts of the text that says a decision."""

    layers: list[Any]
    text: Any
    labels: list[tuple[str, str]]


def plan(engine: Columns[Any], decider: Decider) -> Plan:
    facts = {
        name: engine.column(f"f{n}") for n, name in enumerate(decider.resolved.vocabulary.facts)
    }
    required = requirement_columns(
        engine, [with_defaults(p) for p in decider.resolved.policies], facts
    )
    answer = answer_columns(required, decider.override, facts) if decider.override else None
    parts = dict(_parts(engine, required, answer))
    texts = [engine.joined([each, engine.value(";")]) for each in parts.values()]
    return Plan(required.layers, engine.joined(texts), [*parts])


def _parts(
    engine: Columns[Any], required: RequirementColumns[Any], answer: AnswerColumns[Any] | None
) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield what makes up a decision: a key of the decision, a name in it, and a text."""

    def whether(holds: Any) -> Any:
        return engine.first_match([(holds, engine.value("1"))], engine.value("0"))

    def number(rank: Any) -> Any:
        return engine.first_match([(engine.is_absent(rank), engine.value("-"))], engine.text(rank))

    yield ("verdict", ""), required.verdict()
    yield from ((("entitlements", id), whether(owed)) for id, owed in required.owed.items())
    yield from ((("grounds", id), whether(holds)) for id, holds in required.grounds.items())
    yield from ((("terms", name), number(rank)) for name, rank in required.ranks.items())
    if answer:
        yield ("response", ""), answer.response
        absent = engine.is_absent(answer.rule)
        yield ("rule", ""), engine.first_match([(absent, engine.value("-"))], answer.rule)
        yield from ((("cites", id), whether(cited)) for id, cited in answer.cites.items())
        yield from ((("seller_terms", name), number(rank)) for name, rank in answer.ranks.items())
        for check, fails in answer_findings(required, answer).items():
            yield ("findings", check), whether(fails)


def read(labels: Sequence[tuple[str, str]], text: str, decider: Decider) -> dict[str, Any]:
    """Return the decision that a text says, as `decide` prints it but for names and `needs`."""
    found: dict[str, Any] = {"entitlements": [], "grounds": [], "terms": {}}
    found |= {"response": None, "rule": None, "cites": [], "seller_terms": None, "findings": []}
    if decider.override:
        found["seller_terms"] = {}
    terms = {n: t for p in reversed(decider.resolved.policies) for n, t in p.terms.items()}
    for (key, name), part in zip(labels, text.split(";"), strict=False):
        if key in ("terms", "seller_terms"):
            found[key][name] = None if part == "-" else _shown(terms[name], int(part))
        elif name:
            found[key] += [name] if part == "1" else []
        else:
            found[key] = None if part == "-" else part
    return {key: sorted(each) if isinstance(each, list) else each for key, each in found.items()}


def _shown(term: Any, rank: int) -> Any:
    if term.type.name == "choice":
        return term.type.values[rank]
    return term.type.show(rank if term.better == "lower" else -rank)


def expected(decider: Decider, facts: Facts) -> dict[str, Any]:
    """Return what the compiled reading decides, in the same form."""
    found = decider.decide(facts).as_json("case")
    return {k: v for k, v in found.items() if k not in ("case", "policy", "override", "needs")}


def kept(value: Value | None) -> Any:
    """Return a value of a fact as columns hold it."""
    if isinstance(value, datetime):
        return (value - _EPOCH) // timedelta(microseconds=1)
    return value


def kind(type_: ValueType) -> type:
    return _KINDS.get(type_.name, int)


def by_polars(asked: Sequence[Asked]) -> Iterator[list[dict[str, Any]]]:
    """Yield the decisions of each world's cases, by Polars."""
    types = {bool: pl.Boolean, int: pl.Int64, str: pl.String}
    for decider, cases in asked:
        known = decider.resolved.vocabulary.facts.values()
        columns = {
            f"f{n}": pl.Series([kept(c[fact.name]) for c in cases], dtype=types[kind(fact.type)])
            for n, fact in enumerate(known)
        }
        made = plan(PolarsColumns(), decider)
        frame = polars_engine.with_layers(pl.LazyFrame(columns), made.layers)
        texts = frame.select(text=made.text).collect()["text"]
        yield [read(made.labels, text, decider) for text in texts]


def by_sql(asked: Sequence[Asked], dialect: str, run: Run) -> Iterator[list[dict[str, Any]]]:
    """Yield the decisions of each world's cases, by one query of a database."""
    plans = [plan(SqlColumns(dialect), decider) for decider, _ in asked]
    queries = [
        _query(number, made, each, dialect)
        for number, (made, each) in enumerate(zip(plans, asked, strict=True))
        if each[1]
    ]
    rows = sorted(run(exp.union(*queries, distinct=False) if len(queries) > 1 else queries[0]))
    for number, (made, (decider, _)) in enumerate(zip(plans, asked, strict=True)):
        yield [read(made.labels, text, decider) for resolved, _, text in rows if resolved == number]


def _query(number: int, made: Plan, asked: Asked, dialect: str) -> exp.Select:
    engine, (decider, cases) = SqlColumns(dialect), asked
    rows = [_row(place, case, decider.resolved, engine) for place, case in enumerate(cases)]
    table = exp.union(*rows, distinct=False) if len(rows) > 1 else rows[0]
    outputs = {"world": engine.value(number), "place": engine.column("place"), "text": made.text}
    return sql_engine.layered_query(table.subquery("t"), made.layers, dialect, outputs)


def _row(place: int, case: Facts, resolved: ResolvedPolicy, engine: SqlColumns) -> exp.Select:
    columns = {"place": engine.value(place)}
    for n, (name, fact) in enumerate(resolved.vocabulary.facts.items()):
        value = kept(case[name])
        constant = engine.absent(kind(fact.type)) if value is None else engine.value(value)
        columns[f"f{n}"] = constant
    return exp.select(*(exp.alias_(tree, name, quoted=True) for name, tree in columns.items()))
