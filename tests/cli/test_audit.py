"""`checker audit` at the command line: what is printed, what is written, and the exit status."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import polars as pl
import pytest

from checker.language.model.schema import validator
from tests.audit.returns_documents import PLATFORM, write_documents
from tests.commands import Result, checker

HEADER = "id,seller,response,cites,used,opened,agreed,days,requested_at,"
HEADER += "reviewed_at,refunded_at,sent_at\n"
NO = "false,false,false,3,2024-09-05T10:00:00+08:00"
FINE = f"1,a,accepted,,{NO}" + ",2024-09-06T10:00:00+08:00" * 3 + "\n"
WRONG = f"2,=b,rejected,too-late,{NO}" + ",2024-09-09T10:00:00Z" * 3 + "\n"
BAD = f"3,c,perhaps,,{NO},,,\n"
EARLIEST = "1970-01-01T00:00:00Z"
PACK = "kuaishou/flash-purchase"
BREAKS = ["rejected-required-return", "late:review_within"]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    return write_documents(folder)


def audit(root: Path, rows: str, *more: object) -> Result:
    source = root.parent / "returns.csv"
    source.write_text(HEADER + rows, encoding="utf-8")
    arguments = [source, "--policy", "platform", "--root", root, "--as-of", "2024-09-30", *more]
    return checker("audit", "returns", *arguments)


@pytest.mark.parametrize(
    ("rows", "status"), [(FINE, 0), (FINE + WRONG, 1), (FINE + WRONG + BAD, 2), ("", 0)]
)
def test_the_status_says_what_was_found(root: Path, rows: str, status: int) -> None:
    result = audit(root, rows)
    assert result.status == status, result
    assert f"{rows.count(chr(10))} row" in result.out


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_findings_are_printed_as_json(root: Path, engine: str) -> None:
    result = audit(root, FINE + WRONG, "--format", "json", "--engine", engine)
    found = [json.loads(line) for line in result.out.splitlines()]
    assert [each["check"] for each in found] == BREAKS
    assert {each["case"] for each in found} == {"2"}
    assert found[0]["clauses"] == "rules#B1|act#B1"
    assert found[1]["taken"] == 6240 and found[1]["limit"] == 2880
    assert found[1]["requested_at"] == "2024-09-05T02:00:00+00:00"


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_the_folder_holds_all_that_was_found(root: Path, form: str) -> None:
    out = root.parent / "out"
    audit(root, FINE + WRONG + BAD, "--out", out, "--tables", form)
    tables = {f"{name}.{form}" for name in ("findings", "sellers", "refused")}
    assert {each.name for each in out.iterdir()} == {*tables, "summary.json", "report.html"}
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert not [*validator("audit-summary").iter_errors(summary)]
    assert summary["rows"] == {"read": 3, "accepted": 2, "refused": 1}
    assert summary["metrics"]["wrongful_rejection_rate"] == "1.0000"
    (review,) = (each for each in summary["terms"] if each["term"] == "review_within")
    assert review["late"] == 1 and review["met"] == 1
    digests = {each["name"]: each["sha256"] for each in summary["documents"]}
    documents = ["platform", "law", "returns", "holidays", "market"]
    assert {f"{each}@1.0.0" for each in documents} == digests.keys()
    sellers = out / f"sellers.{form}"
    if form == "csv":
        rows = [*csv.DictReader(sellers.read_text(encoding="utf-8").splitlines())]
        assert rows[0]["seller"] == "'=b"  # no formula for a spreadsheet
    else:
        assert pl.read_parquet(sellers)["seller"].to_list() == ["=b", "a"]


def test_each_record_is_judged_by_the_version_of_its_day(root: Path) -> None:
    first = "effective: {from: 2024-09-01, until: 2024-09-10}\n"
    (root / "platform.yaml").write_text(PLATFORM + first, encoding="utf-8")
    second = PLATFORM.replace("version: 1.0.0", "version: 2.0.0").replace("10, range", "20, range")
    second += "effective: {from: 2024-09-10}\n"
    (root / "second.yaml").write_text(second, encoding="utf-8")
    row = "{n},a,rejected,too-late,false,false,false,15" + ",{day}T10:00:00+08:00" * 4 + "\n"
    days = ["2024-08-31", "2024-09-09", "2024-09-10"]
    rows = "".join(row.format(n=number, day=day) for number, day in enumerate(days))
    result = audit(root, rows, "--out", root.parent / "out")
    found = pl.read_parquet(root.parent / "out" / "findings.parquet")
    assert found.select("case", "check", "policy").rows() == [
        ("2", "rejected-required-return", "platform@2.0.0")
    ]
    refused = pl.read_parquet(root.parent / "out" / "refused.parquet")
    assert refused["case"].to_list() == ["0"]
    assert "no version of the policy `platform` is in force" in refused["reason"][0]
    assert result.status == 2


def test_the_day_can_be_given(root: Path) -> None:
    effective = "effective: {from: 2024-09-10}\n"
    (root / "platform.yaml").write_text(PLATFORM + effective, encoding="utf-8")
    assert audit(root, FINE).status == 2
    assert audit(root, FINE, "--on", "2024-09-10").status == 0


def test_settings_of_sellers(root: Path) -> None:
    source = root.parent / "settings.csv"
    source.write_text("seller,window_days\nfine,12\nshort,5\nfine-too,\n", encoding="utf-8")
    out = root.parent / "out"
    more = ["--policy", PACK, "--out", out, "--on", "2024-09-10"]
    result = checker("audit", "settings", source, *more)
    assert result.status == 1, result
    sellers = pl.read_parquet(out / "sellers.parquet").select("seller", "holds").rows()
    assert sorted(sellers) == [("fine", True), ("fine-too", True), ("short", False)]
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert not [*validator("audit-summary").iter_errors(summary)]
    assert {each["example"] for each in summary["failures"]} == {"short"}
    failure = next(f for f in summary["failures"] if f["check"] == "rejects-required-return")
    assert failure["counterexample"]["days_since_completion"] in (6, 7)


def test_settings_by_a_columns_file(root: Path) -> None:
    source = root.parent / "settings.csv"
    source.write_text("shop,days\nx,long\ny,short\nz,other\n", encoding="utf-8")
    columns = root.parent / "columns.yaml"
    columns.write_text(
        "kind: columns\ncolumns:\n  seller: shop\n"
        "  window_days: {from: days, values: {long: '12', short: '5'}}\n",
        encoding="utf-8",
    )
    more = ["--policy", PACK, "--columns", columns, "--format", "json", "--on", "2024-09-10"]
    result = checker("audit", "settings", source, *more)
    assert result.status == 2
    assert {json.loads(line)["seller"] for line in result.out.splitlines()} == {"y"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["returns", "nowhere.csv", "--policy", "platform"], "no such file"),
        (["returns", "returns.csv"], "no policy is named"),
        (["returns", "mysql://x?table=t", "--policy", "platform"], "no such kind of source"),
        (["returns", "duckdb:///x.db", "--policy", "platform"], "table"),
        (["settings", "nowhere.csv", "--policy", "platform"], "no such file"),
        (["returns", "returns.csv", "--policy", "plattform"], "did you mean `platform`?"),
    ],
)
def test_what_can_not_be_used(arguments: list[str], said: str, root: Path) -> None:
    (root.parent / "returns.csv").write_text(HEADER + FINE, encoding="utf-8")
    named = [str(root.parent / each) if each == "returns.csv" else each for each in arguments]
    result = checker("audit", *named, "--root", root)
    assert (result.status, result.out) == (2, "")
    assert said in result.err


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_a_record_of_the_day_before_the_first_is_counted(root: Path, engine: str) -> None:
    earliest = FINE.replace("1,a", "9,a").replace("2024-09-05T10:00:00+08:00", EARLIEST)
    vocabulary = (root / "vocabulary.yaml").read_text(encoding="utf-8")
    vocabulary = vocabulary.replace("as_of:", "time_zone: America/New_York\nas_of:")
    (root / "vocabulary.yaml").write_text(vocabulary, encoding="utf-8")
    out = root.parent / "out"
    audit(root, FINE + earliest, "--out", out, "--engine", engine)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    assert summary["rows"]["read"] == 2


@pytest.mark.parametrize("cents", ["abc", "999.6", " 500", "9" * 41])
def test_cents_of_settings_are_whole_or_refused(cents: str, root: Path) -> None:
    platform = PLATFORM.replace("parameters:", 'parameters:\n  cap: {type: money, default: "9.00"}')
    (root / "platform.yaml").write_text(platform, encoding="utf-8")
    source, columns = root.parent / "settings.csv", root.parent / "columns.yaml"
    source.write_text(f'seller,cents\nx,"{cents}"\ny,500\n', encoding="utf-8")
    columns.write_text(
        "kind: columns\ncolumns:\n  cap: {from: cents, unit: cents}\n", encoding="utf-8"
    )
    out = root.parent / "out"
    more = ["--policy", "platform", "--root", root, "--columns", columns, "--out", out]
    assert checker("audit", "settings", source, *more).status == 2
    assert pl.read_parquet(out / "refused.parquet")["seller"].to_list() == ["x"]


def test_what_follows_a_scheme_with_one_slash_is_not_shown(root: Path) -> None:
    result = checker("audit", "returns", "postgresql:/u:s3cret@h/db?table=t", "--policy", "p")
    assert result.status == 2 and "s3cret" not in result.err
    assert "`postgresql://`" in result.err
