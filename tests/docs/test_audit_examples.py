"""The examples of audits show what their pages say, and the page on audits is true."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Sequence
from contextlib import chdir
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from checker.audit.intake.columns_file import read_columns_file
from checker.language.model.schema import validator
from tests.commands import Result, checker
from tests.conftest import PROJECT
from tests.docs.pages import blocks

SETTINGS = PROJECT / "examples" / "5-audit-settings"
RETURNS = PROJECT / "examples" / "6-audit-returns"
PAGE = PROJECT / "docs" / "audits.md"
INVOICES = RETURNS / "data" / "online_retail_ii_2009_2010.parquet"
CHECKS = {
    "late:settled_within": (786, 10),
    "rejected-without-reason": (177, 9),
    "rejected-required-return": (79, 4),
}


def commands(page: Path, build: Path) -> list[list[str]]:
    """Return the commands of a page, which then write to `build`."""
    texts = "\n".join(blocks(page, "sh")).replace("build/", f"{build}/")
    return [shlex.split(line, comments=True) for line in texts.splitlines()]


def run(command: Sequence[str]) -> Result:
    program, *arguments = command
    if program == "checker":
        return checker(*arguments)
    assert program == "python"
    done = subprocess.run([sys.executable, *arguments], check=False, capture_output=True, text=True)
    return Result(done.returncode, done.stdout, done.stderr)


def cells(page: Path, header: str) -> list[list[str]]:
    """Return the rows of the table on a page that has this header, without marks."""
    _, _, rest = page.read_text(encoding="utf-8").partition(f"{header}\n")
    rows = rest.partition("\n\n")[0].splitlines()[1:]
    return [[each.strip().replace("`", "") for each in row.split("|")[1:-1]] for row in rows]


def summary_of(out: Path) -> dict[str, Any]:
    summary: dict[str, Any] = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    validator("audit-summary").validate(summary)
    rows = summary["rows"]
    assert rows["accepted"] + rows["refused"] == rows["read"]
    assert (out / "report.html").stat().st_size > 10_000
    return summary


@pytest.mark.parametrize("page", [SETTINGS, RETURNS, RETURNS / "data"], ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", (page / "README.md").read_text(encoding="utf-8")):
        assert (page / target).exists(), target


def test_the_settings_fail_as_the_page_says(in_project: None, tmp_path: Path) -> None:
    table, folder = commands(SETTINGS / "README.md", tmp_path)
    assert run(table).status == 2
    out = tmp_path / "settings"
    summary = summary_of(out)
    assert (summary["rows"]["read"], summary["rows"]["refused"], summary["sellers"]) == (16, 2, 13)
    found = pl.read_csv(out / "sellers.csv").fill_null("")
    said = cells(SETTINGS / "README.md", "| seller | sets | fails | breaks |")
    shown = [
        [seller, checks.replace("|", ", "), limits.replace("`", "").replace(" ; ", ", ")]
        for seller, checks, limits in found.select("seller", "checks", "limits").iter_rows()
    ]
    assert [[seller, fails, breaks] for seller, _, fails, breaks in said] == shown
    refused = pl.read_csv(out / "refused.csv")
    assert refused["seller"].to_list() == ["two-days-in-words", "five-days"]
    assert run(folder).status == 1
    assert summary_of(tmp_path / "overrides")["sellers"] == 6


@pytest.mark.parametrize(
    ("seller", "facts"),
    [
        ("five-days", {"category": "general", "days_since_completion": 6}),
        ("short-for-food", {"category": "food", "days_since_completion": 6}),
    ],
)
def test_a_counterexample_is_decided_alike(
    in_project: None, tmp_path: Path, seller: str, facts: dict[str, Any]
) -> None:
    run(commands(SETTINGS / "README.md", tmp_path)[0])
    found = pl.read_csv(tmp_path / "settings" / "findings.csv").filter(
        pl.col("seller") == seller, pl.col("check") == "rejects-required-return"
    )
    case = found.item(0, "counterexample")
    assert facts.items() <= json.loads(case).items()
    override = tmp_path / "five-days.yaml"
    override.write_text(
        "kind: override\nid: five-days\nversion: 1.0.0\npolicy: kuaishou/flash-purchase@2\n"
        "settings: {window_days: 5}\n"
    )
    given = ("--override", override, "--format", "json")
    decided = json.loads(checker("decide", "-", *given, stdin=case.encode()).out)
    assert decided["findings"] == ["rejects-required-return"]


def test_the_columns_file_on_the_page_is_one(tmp_path: Path) -> None:
    (text,) = blocks(PAGE, "yaml")
    (tmp_path / "columns.yaml").write_text(text, encoding="utf-8")
    assert len(read_columns_file(tmp_path / "columns.yaml").columns) == 5


@pytest.fixture(scope="module", name="made")
def _made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Run the commands of the example's page, and return the folder that they write to."""
    build = tmp_path_factory.mktemp("returns")
    make, audit = commands(RETURNS / "README.md", build)
    assert [make, audit] == commands(PAGE, build)[2:]
    with chdir(PROJECT):
        assert run(make).status == 0
        assert run(audit).status == 2
    return build


@pytest.mark.slow
def test_the_returns_are_those_of_the_mapping(made: Path) -> None:
    returns = pl.read_parquet(made / "returns.parquet")
    said = cells(RETURNS / "README.md", "| credit | response | lines | of goods |")
    for credit, _, lines, goods in said:
        of = returns if credit == "all" else returns.filter(pl.col("Credit") == credit)
        assert [f"{of.height:,}", f"{of['Goods'].sum():,}"] == [lines, goods], credit
    early = returns.filter(pl.col("Delivered") > pl.col("InvoiceDate"))
    assert early.height == 1537
    assert returns["Line"].n_unique() == returns.height == 10_206
    columns = ["Invoice", "StockCode", "Description", "Quantity", "Price", "Customer ID", "Country"]
    cancelled = pl.read_parquet(INVOICES).filter(pl.col("Invoice").str.starts_with("C"))
    assert_frame_equal(returns.select(columns), cancelled.select(columns))


@pytest.mark.slow
def test_a_sample_is_matched_as_plain_reading_matches_it(made: Path) -> None:
    bought: dict[tuple[int, str], list[tuple[datetime, int, float, str]]] = {}
    lines = pl.read_parquet(INVOICES).with_columns(pl.col("InvoiceDate").str.to_datetime())
    for line in lines.iter_rows(named=True):
        if not line["Invoice"].startswith("C") and line["Price"] > 0:
            one = (line["InvoiceDate"], line["Quantity"], line["Price"], line["Invoice"])
            bought.setdefault((line["Customer ID"], line["StockCode"]), []).append(one)
    rows = pl.read_parquet(made / "returns.parquet").gather_every(7)
    for row in rows.iter_rows(named=True):
        able = [
            each
            for each in bought.get((row["Customer ID"], row["StockCode"]), ())
            if row["Customer ID"] and each[0] <= row["InvoiceDate"]
            and each[1] >= -row["Quantity"] > 0
        ]  # fmt: skip
        covered = [each for each in able if each[2] <= row["Price"]]
        latest = max((each[0] for each in covered or able), default=None)
        assert row["PurchaseDate"] == latest, row
        assert row["Credit"] == ("full" if covered else "part" if able else "unmatched"), row
        assert row["Delivered"] == (latest + timedelta(days=3) if latest else None)


@pytest.mark.slow
def test_the_audit_finds_what_the_page_says(made: Path) -> None:
    summary = summary_of(made / "report")
    assert summary["rows"] == {"read": 10_206, "accepted": 10_204, "refused": 2}
    found = {each["check"]: (each["findings"], each["sellers"]) for each in summary["checks"]}
    assert found == CHECKS
    said = cells(RETURNS / "README.md", "| check | findings | storefronts |")
    assert [(name, (int(one), int(two))) for name, one, two in said] == [*CHECKS.items()]
    refused = pl.read_parquet(made / "report" / "refused.parquet")
    assert refused["case"].to_list() == ["C496350/1", "C513477/1"]
    sellers = pl.read_parquet(made / "report" / "sellers.parquet")
    assert sellers.filter(pl.col("rung").is_not_null()).select(
        "seller", "rung", "requests", "wrongful_rejections"
    ).rows() == [("storefront-united-kingdom", "penalised", 2580, 22)]


@pytest.mark.slow
def test_the_findings_are_what_the_returns_come_to(made: Path) -> None:
    """Count what is found from the returns again, by days and prices alone."""
    returns = pl.read_parquet(made / "returns.parquet").filter(
        pl.col("Line").is_in(["C496350/1", "C513477/1"]).not_(), pl.col("Delivered").is_not_null()
    )
    day = (pl.col("InvoiceDate").dt.date() - pl.col("Delivered").dt.date()).dt.total_days()
    part = pl.col("Price") < pl.col("PricePaid")
    owed = part & (day <= 14) & pl.col("Goods")
    again = returns.select(late=(day > 60).sum(), part=part.sum(), owed=owed.sum())
    assert again.row(0) == tuple(count for count, _ in CHECKS.values())


@pytest.mark.slow
@pytest.mark.parametrize("source", ["file", "database"])
def test_duckdb_gives_the_same(in_project: None, made: Path, tmp_path: Path, source: str) -> None:
    _, audit = commands(RETURNS / "README.md", made)
    parquet, out = made / "returns.parquet", str(tmp_path / "report")
    changed = {str(made / "report"): out}
    if source == "database":
        with duckdb.connect(str(tmp_path / "shop.db")) as database:
            database.execute("CREATE TABLE returns AS FROM read_parquet($1)", [str(parquet)])
        changed[str(parquet)] = f"duckdb:///{tmp_path}/shop.db?table=returns"
    more = ["--engine", "duckdb"] if source == "file" else []
    assert run([*(changed.get(each, each) for each in audit), *more]).status == 2
    tables = [("findings", ["case", "check"]), ("sellers", None), ("refused", None)]
    for name, order in tables:
        both = [pl.read_parquet(Path(at) / f"{name}.parquet") for at in (made / "report", out)]
        one, other = (each.sort(order) for each in both) if order else both
        assert_frame_equal(one, other)
    one, other = summary_of(made / "report"), summary_of(Path(out))
    assert other.pop("engine") == "duckdb" != one.pop("engine")
    assert one.pop("source") != other.pop("source") or source == "file"
    assert one == other


@pytest.mark.slow
def test_cases_by_hand(made: Path) -> None:
    findings = pl.read_parquet(made / "report" / "findings.parquet")

    def found(case: str, check: str) -> dict[str, Any]:
        rows = findings.filter(pl.col("case") == case, pl.col("check") == check)
        return rows.row(0, named=True) if rows.height else {}

    cabinet = found("C516883/1", "rejected-required-return")
    assert cabinet["on"] == date(2010, 7, 23)
    assert cabinet["days_since_delivery"] == 23 - 16
    assert (str(cabinet["price_paid"]), str(cabinet["price_credited"])) == ("295.00", "88.50")
    assert (cabinet["verdict"], cabinet["because"]) == ("must_accept", "full-credit")
    assert not found("C516883/1", "late:settled_within")

    papers = "C536164/43"
    assert not found(papers, "rejected-required-return")
    late = found(papers, "late:settled_within")
    # an hour more, as summer time ended in between
    taken = datetime(2010, 11, 30, 12, 9) - datetime(2010, 7, 7, 13, 10) + timedelta(hours=1)
    assert (late["taken"], late["limit"]) == (taken // timedelta(minutes=1), 60 * 24 * 60)
    assert late["days_since_delivery"] == (date(2010, 11, 30) - date(2010, 7, 7)).days == 146
    assert found(papers, "rejected-without-reason")["verdict"] == "may_reject"
