"""Audits of returns find the same with every engine, record by record.

What they find is what docs/language.md, section 8 says.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import polars as pl
import pytest

from checker.audit.connections import connect
from checker.audit.connections.urls import parse_source
from checker.audit.files.scan import scan
from checker.audit.returns import Audit, ReturnsRequest, ReturnsTable, audit_returns
from checker.audit.returns.polars_table import PolarsTable
from checker.audit.returns.sql_table import SqlTable
from checker.audit.returns.summary import returns_summary
from checker.audit.returns.window import read_as_of
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver
from tests import reference
from tests.audit import plain_records as plain
from tests.audit.returns_documents import record, resolved, write_documents
from tests.drawing import print_counts

TODAY = date(2024, 10, 1).toordinal()
AS_OF = ["2024-09-20", "2024-09-25T12:00:00+08:00", "2024-10-04", "2024-11-30"]
Rows = list[dict[str, Any]]
Engine = Callable[[Path], AbstractContextManager[ReturnsTable]]


def resolver(folder: Path) -> Resolver:
    library = Library()
    library.add_root(Root(write_documents(folder)))
    return Resolver(library)


def written(rows: Rows, folder: Path) -> Path:
    """Write the records as a file of texts; cites are joined."""
    columns = [*{name: None for row in rows for name in row}]
    cells = {
        name: [_cell(row.get(name)) for row in rows] for name in ["id", *columns] if name != "id"
    }
    frame = pl.DataFrame({"id": [str(n) for n in range(len(rows))], **cells},
                         schema_overrides=dict.fromkeys(cells, pl.String))  # fmt: skip
    path = folder / "returns.parquet"
    frame.write_parquet(path)
    return path


def _cell(value: Any) -> str | None:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return "|".join(value)
    return None if value is None else str(value)


@contextmanager
def by_polars(path: Path) -> Iterator[ReturnsTable]:
    yield PolarsTable(scan(str(path)))


@contextmanager
def by_duckdb(path: Path) -> Iterator[ReturnsTable]:
    import duckdb

    file = path.with_suffix(".db")
    with duckdb.connect(str(file)) as database:
        database.execute("CREATE TABLE returns AS SELECT * FROM read_parquet($1)", [str(path)])
    with closing(connect(parse_source(f"duckdb:///{file}?table=returns"))) as connection:
        yield SqlTable(connection)


def on_postgres(server: Any) -> Engine:
    """Return what judges by a PostgreSQL server."""

    @contextmanager
    def judge(path: Path) -> Iterator[ReturnsTable]:
        frame = pl.read_parquet(path)
        columns = ", ".join(f'"{name}" text' for name in frame.columns)
        with server.connect() as database, database.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS handled")
            cursor.execute(f"CREATE TABLE handled ({columns})")
            placeholders = ", ".join(["%s"] * frame.width)
            cursor.executemany(f"INSERT INTO handled VALUES ({placeholders})", frame.rows())
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PGPASSWORD", server.password)
            opened = connect(parse_source(server.url("handled")))
        with closing(opened) as connection:
            yield SqlTable(connection)

    return judge


def on_spark(url: str) -> Engine:
    """Return what judges by a Spark cluster, or by Spark Connect."""

    @contextmanager
    def judge(path: Path) -> Iterator[ReturnsTable]:
        with closing(connect(parse_source(f"{url}?path={path}"))) as connection:
            yield SqlTable(connection)

    return judge


@pytest.fixture(
    scope="module",
    params=[
        "polars",
        "duckdb",
        "postgres",
        pytest.param("spark", marks=pytest.mark.slow),
        pytest.param("connect-spark", marks=pytest.mark.slow),
    ],
)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Give each engine."""
    if request.param == "postgres":
        return on_postgres(request.getfixturevalue("postgres"))
    if request.param == "spark":
        request.getfixturevalue("spark_session")
        return on_spark(request.getfixturevalue("spark_cluster").url)
    if request.param == "connect-spark":
        return on_spark(request.getfixturevalue("spark_connect").url)
    return {"polars": by_polars, "duckdb": by_duckdb}[request.param]


def audited(rows: Rows, as_of: str, folder: Path, engine: Engine) -> tuple[Audit, Path]:
    parts = folder / "parts"
    parts.mkdir()
    request = ReturnsRequest("platform", read_as_of(as_of), TODAY)
    with engine(written(rows, folder)) as table:
        return audit_returns(table, resolver(folder), request, parts), parts


def expected(rows: Rows, as_of: str) -> tuple[Counter[tuple[str, str]], dict[str, Any], set[str]]:
    """Findings by case, metrics by seller, and the cases refused (docs/language.md, section 8)."""
    policy, findings, refused = resolved(), Counter[tuple[str, str]](), set[str]()
    end = plain.end_of(as_of, policy)
    sellers: dict[str, list[Any]] = {}
    for number, row in enumerate(rows):
        try:
            judged = plain.judge(policy, row, end)
        except reference.Refused:
            refused.add(str(number))
            continue
        findings.update((str(number), check) for check in judged.findings)
        requested = reference.value("datetime", row["requested_at"])
        records = sellers.setdefault(row["seller"], [])
        if end - reference.timedelta(days=30) < requested <= end:
            records.append((row, judged))
    metrics = {seller: plain.metrics(records) for seller, records in sellers.items()}
    for values in metrics.values():
        values["rung"] = plain.rung(policy.policy["standards"], values)
    return findings, metrics, refused


def compare(rows: Rows, as_of: str, folder: Path, engine: Engine) -> Counter[str]:
    audit, _ = audited(rows, as_of, folder, engine)
    expected_findings, metrics, refused = expected(rows, as_of)
    findings = audit.findings.collect()
    assert Counter(findings.select("case", "check").iter_rows()) == expected_findings
    assert {*audit.refused.collect()["case"]} == refused
    assert audit.outcome.rows_read == len(rows)
    sellers = {row["seller"]: row for row in audit.sellers.iter_rows(named=True)}
    assert sellers.keys() == metrics.keys()
    for seller, values in metrics.items():
        assert {name: sellers[seller][name] for name in values} == values
    checks = Counter(check for _, check in expected_findings.elements())
    return checks + Counter(refused=len(refused))


def test_drawn_records(
    engine: Engine, tmp_path_factory: pytest.TempPathFactory, worlds_to_draw: int
) -> None:
    counts: Counter[str] = Counter()

    draw = Random(20240905)
    for number in range(max(2, worlds_to_draw // 100)):
        rows = [record(draw) for _ in range(400)]
        as_of = AS_OF[number % len(AS_OF)]
        counts.update(compare(rows, as_of, tmp_path_factory.mktemp("audit"), engine))
        counts["records"] += len(rows)
    print_counts(counts)
    checks = ["rejected-required-return", "rejected-without-ground", "rejected-without-reason"]
    terms = [f"{kind}:{term}" for kind in ("late", "overdue")
             for term in ("review_within", "refund_within", "send_within")]  # fmt: skip
    assert all(counts[name] for name in [*checks, *terms, "refused"])


@pytest.mark.parametrize("response", ["rejected", "accepted"])
def test_records_that_reach_into_a_year_without_calendar(
    engine: Engine, tmp_path: Path, response: str
) -> None:
    def at(day: int, hour: int = 12) -> str:
        return (datetime(2024, 12, 1, hour) + timedelta(days=day - 1)).isoformat() + "+08:00"

    base = {"seller": "a", "response": response, "kind_of": "toys", "price": "20.00"}
    base |= {"cites": ["too-late"] if response == "rejected" else [], "used": False}
    base |= {"sent_at": None, "reviewed_at": None, "refunded_at": None}
    rows: Rows = [
        {**base, "agreed": agreed, "received_at": at(first), "requested_at": at(first + days)}
        for first in (15, 22, 24, 26, 29, 31, 33)
        for days in (0, 3, 6, 7, 8, 9, 10, 11, 14)
        for agreed in (False, True)
    ]
    rows += [
        {**base, "received_at": at(20), "requested_at": at(21), "reviewed_at": at(reviewed)}
        | ({"refunded_at": at(refunded)} if refunded else {})
        for reviewed in (25, 27, 29, 31)
        for refunded in (None, 28, 30, 31, 32, 33, 34, 36)
        if refunded is None or refunded >= reviewed
    ]
    for number, as_of in enumerate(("2024-12-31", "2025-01-01", "2025-01-20")):
        folder = tmp_path / str(number)
        folder.mkdir()
        found = compare(rows, as_of, folder, engine)
        assert 0 < found["refused"] < len(rows) // 3, found


def test_a_finding_says_why_and_by_which_clause(tmp_path: Path) -> None:
    rows = [
        {"seller": "s", "response": "rejected", "cites": ["too-late"], "days": 5, "price": "9.50",
         "used": False, "requested_at": "2024-09-05T10:00:00+08:00",
         "reviewed_at": "2024-09-08T10:00:30+08:00", "agreed": False, "kind_of": "toys"},
    ]  # fmt: skip
    audit, _ = audited(rows, "2024-09-09", tmp_path, by_polars)
    required, late = audit.findings.collect().sort("check", descending=True).to_dicts()
    assert required["check"] == "rejected-required-return"
    assert required["because"] == "no-reason|seven-days"
    assert required["clauses"] == "rules#B1|act#B1"
    assert required["verdict"] == "must_accept" and required["cites"] == "too-late"
    assert required["price"] == Decimal("9.50") and required["on"] == date(2024, 9, 5)
    assert required["policy"] == "platform@1.0.0" and required["case"] == "0"
    assert late["check"] == "late:review_within" and late["because"] == "review_within"
    assert (late["taken"], late["limit"]) == (72 * 60, 48 * 60)


REVIEWED = {
    "seller": "s",
    "response": "accepted",
    "requested_at": "2024-09-05T10:00:00+08:00",
    "agreed": False,
}


def test_an_end_that_is_stated_beats_what_is_counted(engine: Engine, tmp_path: Path) -> None:
    limit, past = "2024-09-07T10:00:00+08:00", "2024-09-07T10:00:00.000001+08:00"
    early, late = "2024-09-06T00:00:00+08:00", "2024-09-30T00:00:00+08:00"
    rows = [
        {**REVIEWED, "reviewed_at": limit, "due:review_within": early},
        {**REVIEWED, "reviewed_at": past, "due:review_within": late},
        {**REVIEWED, "reviewed_at": limit, "due:review_within": limit},
        {**REVIEWED, "reviewed_at": past, "due:review_within": limit},
        {**REVIEWED, "reviewed_at": past},
        {**REVIEWED, "due:review_within": "2024-09-09T12:00:00+08:00"},
        {**REVIEWED, "due:review_within": "2024-09-09T11:59:59.999999+08:00"},
        {**REVIEWED, "due:review_within": late},
        {**REVIEWED, "due:review_within": "tomorrow"},
        {**REVIEWED, "due:refund_within": early, "refunded_at": late},
    ]
    audit, _ = audited(rows, "2024-09-09T12:00:00+08:00", tmp_path, engine)
    findings = audit.findings.collect().sort("case", "check")
    assert [*findings.select("case", "check", "taken", "limit").iter_rows()] == [
        ("0", "late:review_within", 48 * 60, 14 * 60),
        ("3", "late:review_within", 48 * 60, 48 * 60),
        ("4", "late:review_within", 48 * 60, 48 * 60),
        ("6", "overdue:review_within", None, 97 * 60 + 59),
        ("9", "late:refund_within", None, None),
        ("9", "overdue:review_within", None, 48 * 60),
    ]
    (refused,) = audit.refused.collect().iter_rows(named=True)
    assert refused["case"] == "8"
    assert refused["reason"].startswith("`due:review_within`: found `tomorrow`, expected a date")


def test_what_a_table_has_no_column_for_is_not_overdue(engine: Engine, tmp_path: Path) -> None:
    for event, expected in (({}, []), ({"reviewed_at": None}, ["overdue:review_within"])):
        out = tmp_path / str(len(expected))
        out.mkdir()
        rows = [{**REVIEWED, "used": False, **event}]
        audit, _ = audited(rows, "2024-10-04", out, engine)
        assert audit.findings.collect()["check"].to_list() == expected


def test_the_summary_counts_ends_that_are_stated(engine: Engine, tmp_path: Path) -> None:
    day, noon = "2024-09-06T00:00:00+08:00", "2024-09-06T12:00:00+08:00"
    rows = [
        {**REVIEWED, "reviewed_at": noon},
        {**REVIEWED, "reviewed_at": noon, "due:review_within": day},
        {**REVIEWED, "refunded_at": noon, "due:refund_within": noon},
    ]
    audit, _ = audited(rows, "2024-09-07", tmp_path, engine)
    summary = returns_summary(audit, "the rows", "an engine", resolver(tmp_path))
    terms = {term["term"]: term for term in summary["terms"]}
    refund, review = terms["refund_within"], terms["review_within"]
    assert (refund["met"], refund["limits"], refund["taken"]) == (1, [], [])
    assert (review["met"], review["late"], review["overdue"]) == (1, 1, 1)
    assert review["limits"] == [{"limit": 48 * 60, "deadlines": 2}]
    assert sum(entry["deadlines"] for entry in review["taken"]) == 2
