"""The example of refunds in their own table shows what its page says."""

from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest

from checker.exchange.kuaishou.codes import REASONS, REQUESTS
from checker.language.syntax.parser import compose
from tests.conftest import PROJECT
from tests.docs.test_audit_examples import cells, commands, run, summary_of

EXAMPLE = PROJECT / "examples" / "8-refunds-in-place"
PAGE = EXAMPLE / "README.md"
EXCHANGE = PROJECT / "policy" / "exchange" / "kuaishou" / "flash-purchase.yaml"


def test_the_audit_finds_what_the_page_says(in_project: None, tmp_path: Path) -> None:
    make, audit, import_ = commands(PAGE, tmp_path)
    assert [run(make).status, run(audit).status] == [0, 2]
    assert summary_of(tmp_path / "refunds")["rows"] == {"read": 10, "accepted": 8, "refused": 2}
    found = pl.read_parquet(tmp_path / "refunds" / "findings.parquet")
    said = {check: cases.split(", ") for check, cases in cells(PAGE, "| check | refunds |")}
    by_check = found.sort("case").group_by("check").agg("case").rows()
    assert said == dict(by_check)
    refused = pl.read_parquet(tmp_path / "refunds" / "refused.parquet")
    assert sorted(refused["case"]) == ["3008", "3009"]
    assert run(import_).status == 1


def test_imported_refunds_are_the_same_records(in_project: None, tmp_path: Path) -> None:
    _, audit, import_ = commands(PAGE, tmp_path)
    assert run(import_).status == 1
    lines = (tmp_path / "records" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["id"] for line in lines] == ["3001", "3002", "3003", "3004", "3010"]
    audit[3] = str(tmp_path / "records" / "records.jsonl")
    place = audit.index("--columns")
    assert run([*audit[:place], *audit[place + 2 :]]).status == 1
    found = pl.read_parquet(tmp_path / "refunds" / "findings.parquet")
    assert [*found.select("check", "case").sort("case").rows()] == [
        ("late:review_within", "3002"),
        ("overdue:review_within", "3003"),
    ]


@pytest.mark.parametrize(("name", "codes"), [("request_type", REQUESTS), ("reason", REASONS)])
def test_the_codes_are_those_of_the_reader(name: str, codes: dict[int, str]) -> None:
    columns, _ = compose((EXAMPLE / "columns.yaml").read_text(encoding="utf-8"))
    exchange, _ = compose(EXCHANGE.read_text(encoding="utf-8"))
    known = exchange["records"][name].get("values", {})
    expected = {str(code): known.get(word, word) for code, word in codes.items() if word}
    assert columns["columns"][name]["values"] == expected
