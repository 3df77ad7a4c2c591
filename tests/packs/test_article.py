"""Every statement of the article about flash purchases is a clause, in the order of the article."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.commands import checker
from tests.conftest import PROJECT

SOURCE = yaml.safe_load(
    (PROJECT / "policy/sources/kuaishou/flash-purchase-article.yaml").read_text(encoding="utf-8")
)
CLAUSES: dict[str, dict[str, Any]] = SOURCE["clauses"]
SENTENCES: dict[int, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("article.yaml").read_text(encoding="utf-8")
)
FIRST_HALF, ALL = 41, 79


def test_every_sentence_is_there_once() -> None:
    assert [*SENTENCES] == [*range(1, ALL + 1)]
    digests = [each["digest"] for each in SENTENCES.values()]
    assert len({*digests}) == ALL
    assert all(re.fullmatch("[0-9a-f]{8}", each) for each in digests)


def test_every_sentence_has_a_clause_of_its_half() -> None:
    for number, sentence in SENTENCES.items():
        half = "A" if number <= FIRST_HALF else "B"
        assert sentence["clauses"], number
        assert all(id.startswith(half) and id in CLAUSES for id in sentence["clauses"]), number


def test_clauses_stand_in_the_order_of_the_sentences() -> None:
    stated = dict.fromkeys(id for each in SENTENCES.values() for id in each["clauses"])
    assert [*stated] == [*CLAUSES]


@pytest.mark.parametrize("id", CLAUSES)
def test_what_is_not_encoded_says_why(id: str) -> None:
    clause = CLAUSES[id]
    assert clause["status"] in ("encoded", "advice", "superseded")
    assert ("why" in clause) == (clause["status"] != "encoded")
    assert {*clause["gist"]} == {"en", "zh"}


def test_what_is_encoded_is_cited_by_a_rule(in_project: None) -> None:
    lines = checker("trace", "--root", "policy", "--format", "json").out.splitlines()
    rules = {each["clause"]: each["rules"] for each in map(json.loads, lines)}
    for id, clause in CLAUSES.items():
        cited = rules[f"kuaishou/flash-purchase-article#{id}"]
        assert bool(cited) == (clause["status"] == "encoded"), id


def test_a_sheet_mask_is_no_face_mask() -> None:
    assert "sheet masks" in CLAUSES["B13"]["gist"]["en"]
    assert "面膜" in CLAUSES["B13"]["gist"]["zh"]
    assert "口罩" not in str(SOURCE)
