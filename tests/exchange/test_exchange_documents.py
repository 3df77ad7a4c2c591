"""Exchange documents: their problems with positions, and which one belongs to a policy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.check.validator import Validator
from checker.exchange.importing import exchange_of
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.notions import NOTIONS
from checker.language.model.schema import schema_text
from checker.language.resolve.library import FileEntry, Library, NotFound
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.parser import compose
from checker.language.syntax.problems import Finding
from tests.exchange import shops

INVALID, _ = compose((Path(__file__).parent / "invalid_documents.yaml").read_text(encoding="utf-8"))


def _data(name: str) -> dict[str, Any]:
    data, _ = compose((shops.SHOP / f"{name}.yaml").read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


def _library(*documents: dict[str, Any]) -> Library:
    library = Library()
    for data in documents:
        kind, id, version = data["kind"], data["id"], data["version"]
        library.add(FileEntry(f"{kind}.yaml", yaml_text(data).encode(), kind, id, version))
    return library


def _problems(exchange: dict[str, Any]) -> tuple[Document, list[Finding]]:
    library = _library(_data("vocabulary"), _data("policy"), exchange)
    document, problems = parse_document(yaml_text(exchange).encode(), "exchange.yaml")
    assert document, problems
    return document, Validator(Resolver(library), shops.DAY).problems(document)


@pytest.mark.parametrize("row", INVALID, ids=lambda row: f"{row['at']}: {row['message']}")
def test_a_problem_has_the_position_of_its_cause(row: dict[str, Any]) -> None:
    document, problems = _problems({**_data("exchange"), **row["change"]})
    assert [problem.at for problem in problems] == [row["at"]], problems
    (problem,) = problems
    assert problem.message.startswith(row["message"])
    assert row.get("help", "") in (problem.help or "")
    assert problem.severity == "error"
    assert _is_at(row["at"].split(".")[-1], problem, document)


def _is_at(step: str, problem: Finding, document: Document) -> bool:
    """Return whether the problem is where the last step of its `at` is, or right below."""
    lines = document.text.splitlines()[: problem.position.line][-2:]
    return problem.position.column > 0 and (step.isdigit() or any(step in line for line in lines))


def test_the_whole_document_has_no_problems() -> None:
    assert _problems(_data("exchange"))[1] == []


def test_other_parts_are_still_checked() -> None:
    says = {"window_dais": {}, "window_days": {"settings": {"window": "<stated>"}}, "returns": 3}
    _, problems = _problems({**_data("exchange"), "says": says, "records": {"x": {"fact": "y"}}})
    assert [problem.at for problem in problems] == [
        "says.window_dais",
        "says.window_days.settings.window",
        "says.returns",
        "records.x.fact",
    ]


def test_a_number_only_has_to_fit_somewhere() -> None:
    policy = _data("policy")
    policy["parameters"]["window_days"] |= {"range": [60, 90], "default": 77}
    policy["parameters"]["refund_limit"] |= {"range": ["40h", "41h"], "default": "40h"}
    says = {
        "window_days": {"settings": {"window_days": "<stated>"}},
        "refund_days": {"settings": {"refund_limit": "<stated>h"}},
    }
    exchange = {**_data("exchange"), "says": says}
    library = _library(_data("vocabulary"), policy, exchange)
    (document,) = [each for each in library.documents if each.kind == "exchange"]
    assert Validator(Resolver(library), shops.DAY).problems(document) == []


def test_the_schema_has_the_notions() -> None:
    says = json.loads(schema_text("exchange"))["properties"]["says"]
    assert [*says["properties"]] == [*NOTIONS]
    assert {*_data("exchange")["says"]} >= {*NOTIONS} - {"defect_shipping_fee", "label"} - {
        "outbound_shipping"
    }


def test_a_policy_finds_its_exchange_document() -> None:
    assert exchange_of(shops.resolver(), shops.resolved(), shops.DAY) is shops.exchange()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"id": "shop/other/exchange"}, "no exchange `shop/rules/exchange`"),
        ({"policy": "shop/rules@1.1.0"}, "is about `shop/rules@1.1.0`, not about"),
        ({"effective": {"from": "2030-01-01"}}, "is in force on 2026-03-02"),
    ],
)
def test_a_policy_without_one(change: dict[str, Any], message: str) -> None:
    policies = [{**_data("policy"), "version": version} for version in ("1.0.0", "1.1.0")]
    library = _library(_data("vocabulary"), *policies, {**_data("exchange"), **change})
    resolver = Resolver(library)
    resolved = resolver.resolve("shop/rules@1.0.0", shops.DAY)
    with pytest.raises(NotFound, match=message):
        exchange_of(resolver, resolved, shops.DAY)
