"""Tables are taken in as cases are admitted one by one: conformance suite, and what tables add."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checker.audit.files.column_types import kind_of
from checker.audit.intake.columns_file import read_columns_file
from checker.audit.intake.typed_rows import Intake, intake
from checker.evaluate.decider import Decider
from checker.language.resolve.facts import BadCase
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import UsageError
from checker.language.syntax.scalars import scalar_text
from tests.audit.engines import ENGINES, Engine
from tests.columns.column_engines import column_value
from tests.test_conformance import groups, world_of
from tests.worlds import decider

HINT = re.compile(  # tables give none
    r"; (did you mean `[^`]*`\?|write (its unit, like )?`[^`]*`( or `[^`]*`)?)"
)


def taken_in(
    engine: Engine, table: pl.DataFrame, resolved: ResolvedPolicy, columns: Path | None = None
) -> list[dict[str, Any]]:
    """Return what is taken in of each row: facts, what the seller did, and why it is refused."""
    kinds = {name: kind_of(dtype) for name, dtype in table.schema.items()}
    file = read_columns_file(columns) if columns else None
    taken: Intake[Any] = intake(engine.columns, kinds, file, resolved)
    outputs = {f"fact{n}": column for n, column in enumerate(taken.facts.values())}
    outputs |= {"case": taken.case, "seller": taken.seller, "response": taken.response}
    outputs |= {f"cite{n}": column for n, column in enumerate(taken.cites.values())}
    reason = engine.columns.first_match([(taken.refused, taken.reason)], engine.columns.absent(str))
    outputs |= {"cited": taken.cited, "refused": taken.refused, "reason": reason}
    outputs["doubt"] = engine.columns.first_match(taken.unpublished, engine.columns.absent(str))
    names = [*taken.facts, "case", "seller", "response", *taken.cites, "cited", "refused", "reason"]
    names += ["doubt"]
    rows = engine.run(table, taken.layers, outputs)
    return [dict(zip(names, row, strict=True)) for row in rows]


def texts(cases: Sequence[Mapping[str, Any]], facts: Sequence[str]) -> pl.DataFrame:
    """Return a table of cells of text; a column that no case states is left out."""
    columns = {"seller": ["shop"] * len(cases), "response": ["pending"] * len(cases)}
    for name in facts:
        if any(case.get(name) is not None for case in cases):
            columns[name] = [cell(case.get(name)) for case in cases]
    return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


def cell(data: Any) -> str | None:
    return None if data is None else scalar_text(data)


def conformance() -> Iterator[tuple[Decider, list[dict[str, Any]]]]:
    """Yield the suite's cases, of all groups that have their vocabulary in common."""
    cases_by_policy: dict[str, tuple[Decider, list[dict[str, Any]]]] = {}
    for _, file, group in groups():
        if "tests" in group:
            documents = world_of(file, group)
            key = json.dumps([documents.vocabulary, documents.calendars], default=str)
            if key not in cases_by_policy:
                cases_by_policy[key] = decider(documents), []
            read, cases = cases_by_policy[key]
            stated = [test["facts"] for test in group["tests"]]
            cases += [
                case for case in stated if case.keys() <= read.resolved.vocabulary.facts.keys()
            ]
    yield from cases_by_policy.values()


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_case_of_the_conformance_suite(engine: Engine) -> None:
    refused = unsettled = 0
    for case_decider, cases in conformance():
        rows = taken_in(
            engine, texts(cases, [*case_decider.resolved.vocabulary.facts]), case_decider.resolved
        )
        for case, row in zip(cases, rows, strict=True):
            stated = {name: cell(data) for name, data in case.items()}
            if row["doubt"] and not row["refused"]:
                # the count may be several: what is unknown then is refused with the findings
                unsettled += 1
                assert "not 20" in row["doubt"]
                continue
            try:
                facts = case_decider.admit(stated, text=True)
            except BadCase as error:
                assert row["reason"] == HINT.sub("", str(error)), case
                refused += 1
                continue
            assert not row["refused"], (case, row["reason"])
            assert {name: row[name] for name in facts} == {
                name: column_value(value) for name, value in facts.items()
            }
    assert refused > 60
    assert unsettled > 5


VOCABULARY = {
    "facts": {
        "used": {"type": "boolean"},
        "category": {"type": "enum", "values": ["cosmetics", "food"]},
        "amount": {"type": "money", "currency": "CNY", "range": ["0.00", "1000.00"]},
        "requested_at": {"type": "datetime"},
        "delivered_at": {"type": "datetime"},
        "days": {"type": "integer", "range": [0, 30]},
    },
    "as_of": "requested_at",
}
POLICY = {
    "grounds": {"worn": {"when": {"used": True}}, "late": {"when": {"days": {"more_than": 7}}}}
}


@pytest.fixture(scope="module")
def resolved() -> ResolvedPolicy:
    return decider(world_of({"vocabulary": VOCABULARY}, {"policy": POLICY})).resolved


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MOMENT = datetime(2024, 8, 19, 1, 26, 1, tzinfo=UTC)
FIRST = 31_536_000_000  # 1971-01-01 in milliseconds, the first moment that numbers may give
MICROSECONDS = (MOMENT - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_what_the_seller_did(engine: Engine, resolved: ResolvedPolicy) -> None:
    rows = [
        ("a", "shop", "rejected", "worn|late"),
        ("", "shop", "rejected", ""),
        (None, "shop", "accepted", None),
        ("d", "", "accepted", None),
        ("e", None, "accepted", None),
        ("f", "shop", "refused", None),
        ("g", "shop", None, None),
        ("h", "shop", "rejected", "worn|torn"),
    ]
    table = pl.DataFrame(rows, ["id", "seller", "response", "cites"], orient="row")
    results = taken_in(engine, table, resolved)
    assert [(row["case"], row["worn"], row["late"], row["cited"]) for row in results[:3]] == [
        ("a", True, True, True),
        (None, False, False, False),
        (None, False, False, False),
    ]
    responses = "expected one of `accepted`, `rejected`, `pending`"
    assert [row["reason"] for row in results] == [
        *[None] * 3,
        *["`seller`: found nothing, expected the id of a seller"] * 2,
        f"`response`: found `refused`, {responses}",
        f"`response`: found nothing, {responses}",
        "`cites`: found `worn|torn`, expected members of `worn`, `late`",
    ]
    assert [row["refused"] for row in results] == [row["reason"] is not None for row in results]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_lists_and_numbers(engine: Engine, resolved: ResolvedPolicy) -> None:
    table = pl.DataFrame(
        {
            "id": [7, 8, None],
            "seller": [1.0, 2.0, 2.5],
            "response": ["rejected"] * 3,
            "cites": [["worn"], [], None],
            "used": [True, False, None],
            "amount": [0.29, 1000.01, None],
            "days": [1, 31, None],
            "requested_at": [MOMENT, EPOCH - timedelta(days=1), None],
        },
        schema_overrides={"cites": pl.List(pl.String), "days": pl.Int8},
    )
    rows = taken_in(engine, table, resolved)
    assert [row["case"] for row in rows] == ["7", "8", None]
    assert [row["cited"] for row in rows] == [True, False, False]
    assert (rows[0]["amount"], rows[0]["used"], rows[0]["days"]) == (29, True, 1)
    assert (rows[0]["seller"].removesuffix(".0"), rows[0]["requested_at"]) == ("1", MICROSECONDS)
    assert "fact `amount`: `1000.01` is outside of the range 0.00 to 1000.00" in rows[1]["reason"]
    assert "fact `days`: `31` is outside of the range 0 to 30" in rows[1]["reason"]
    assert "fact `requested_at`: found `1969-12-31`, expected a day" in rows[1]["reason"]
    assert rows[2]["reason"].startswith("`seller`: ")


MAPPED = """\
kind: columns
columns:
  seller: shop_id
  response: {from: status, values: {"A": accepted, "R": rejected}}
  cites: {from: why, values: {"W": worn, "WL": worn|late}}
  category: {from: cat, values: {"1": cosmetics, "2": food}}
  amount: {from: amount_cents, unit: cents}
  requested_at: {from: created, unit: milliseconds}
  delivered_at: {from: signed, time_zone: Asia/Shanghai}
  used: {from: is_used, values: {"Y": true, "N": false}}
ignore: [comment]
"""


@pytest.fixture
def mapping(tmp_path: Path) -> Path:
    path = tmp_path / "columns.yaml"
    path.write_text(MAPPED)
    return path


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("text", [False, True])
def test_a_columns_file_maps_names_units_and_codes(
    engine: Engine, resolved: ResolvedPolicy, mapping: Path, text: bool
) -> None:
    milliseconds = MICROSECONDS // 1000
    table = pl.DataFrame(
        {
            "shop_id": [11, 12, 13, 14],
            "status": ["A", "R", "X", None],
            "why": [None, "WL", "W", "Z"],
            "cat": [1, 2, 3, None],
            "amount_cents": [29, 100_000, 100_001, None],
            "created": [milliseconds, FIRST, 0, None],
            "signed": [datetime(2024, 8, 19, 9, 26, 1), None, datetime(1960, 1, 1), None],
            "is_used": ["Y", "N", "y", ""],
            "comment": ["", "x", "", ""],
        }
    )
    if text:
        table = table.with_columns(pl.col("signed").dt.strftime("%Y-%m-%d %H:%M:%S"))
        table = table.with_columns(pl.all().cast(pl.String))
    rows = taken_in(engine, table, resolved, mapping)
    names = ("seller", "response", "category", "amount", "requested_at", "delivered_at", "used")
    assert [tuple(row[name] for name in names) for row in rows[:2]] == [
        ("11", "accepted", "cosmetics", 29, MICROSECONDS, MICROSECONDS, True),
        ("12", "rejected", "food", 100_000, FIRST * 1_000, None, False),
    ]
    assert [(row["worn"], row["late"], row["cited"]) for row in rows[:2]] == [
        (False, False, False),
        (True, True, True),
    ]
    assert [row["refused"] for row in rows] == [False, False, True, True]
    reason = rows[2]["reason"]
    assert "fact `used`: found `y`, expected one of `Y`, `N`" in reason
    assert "fact `category`: found `3`, expected one of `1`, `2`" in reason
    assert "fact `amount`: `100001` is outside of the range 0 to 100000" in reason
    assert "fact `requested_at`: `0` is outside of the range 31536000000 to" in reason
    values = (
        "`1960-01-01 00:00:00`, expected a date and time"
        if text
        else "`1960-01-01`, expected a day"
    )
    assert f"fact `delivered_at`: found {values}" in reason
    assert "`response`: found `X`, expected one of `A`, `R`" in reason
    assert "`cites`: found `Z`, expected one of `W`, `WL`" in rows[3]["reason"]


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"response": "text"}, "no column `seller`"),
        ({"seller": "text"}, "no column `response`"),
        (
            {"seller": "text", "response": "text", "amont": "text"},
            "unknown column `amont` (did you mean `amount`?); map or ignore it",
        ),
        (
            {"seller": "text", "response": "text", "amount": "boolean"},
            "the column `amount` is of type boolean, expected",
        ),
        (
            {"seller": "text", "response": "text", "requested_at": "timestamp"},
            "the column `requested_at` is of type timestamp without time zone, expected",
        ),
        ({"seller": "date", "response": "text"}, "the column `seller` is of type date"),
        ({"seller": "text", "response": "integer"}, "the column `response` is of type integer"),
    ],
)
def test_a_table_that_can_not_be_used(
    resolved: ResolvedPolicy, columns: dict[str, str], message: str
) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        intake(ENGINES["polars"].columns, columns, None, resolved)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_no_column_picks_the_calendar(engine: Engine) -> None:
    places = [f"p{n}" for n in range(12)]
    derive = {"days_from": "since", "to": "until", "weekends": True}
    derive["roll"] = {"fact": "place", "calendars": dict.fromkeys(places, "rest")}
    facts = {
        "place": {"type": "enum", "values": places},
        "since": {"type": "date"},
        "until": {"type": "date"},
        "days": {"type": "integer", "range": [0, 9], "derive": derive},
    }
    rest = {"id": "rest", "years": [2024, 2024], "holidays": ["2024-05-01"]}
    documents = world_of({"vocabulary": {"facts": facts}}, {"calendars": [rest]})
    days = {"since": ["2024-04-30", "2024-05-09"], "until": ["2024-05-02", "2024-05-03"]}
    table = pl.DataFrame({"seller": ["a", "b"], "response": ["pending"] * 2, **days})
    rows = taken_in(engine, table, decider(documents).resolved)
    assert [(row["place"], row["days"], row["reason"]) for row in rows] == [(None, None, None)] * 2
    placed = table.with_columns(place=pl.Series(["p11", "p3"]))
    rows = taken_in(engine, placed, decider(documents).resolved)
    assert [row["days"] for row in rows] == [1, None]
    assert rows[1]["reason"] == "fact `days`: `until` comes before `since`"


def test_columns_of_the_table_may_have_names_of_ours(
    resolved: ResolvedPolicy, tmp_path: Path
) -> None:
    path = tmp_path / "columns.yaml"
    path.write_text("kind: columns\ncolumns: {amount: fact_5, days: raw_0}\nignore: others\n")
    table = pl.DataFrame(
        {"raw_0": [3], "fact_5": [5], "seller": ["a"], "response": ["pending"], "refused_row": [1]}
    )
    row = taken_in(ENGINES["polars"], table, resolved, path)[0]
    assert (row["amount"], row["days"], row["reason"]) == (500, 3, None)
