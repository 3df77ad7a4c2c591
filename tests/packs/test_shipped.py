"""Every document that ships passes, and the packs say what their sources say."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.evaluate.decider import Decider
from checker.language.model.schema import SCHEMAS, schema_text, validator
from checker.language.resolve.folders import documents_below
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from tests.commands import checker
from tests.conftest import PROJECT

# What the vocabulary promises to other people's cases.
ENUMS = {
    "request_type": "return_refund refund_only exchange repair reship",
    "reason": "no_reason quality_defect not_as_described wrong_item missing_parts "
    "damaged_in_transit other before_delivery parcel_refused not_sent never_arrived "
    "found_substandard",
    "exclusion": "none made_to_order perishable digital_content periodical unsuitable_by_nature",
    "damage_cause": "none buyer transit manufacturing",
    "negotiation": "none agreed failed",
}
OTHERS = (
    "defect_confirmed delivered_on completed_on requested_on days_since_delivery "
    "days_since_completion category exclusion_confirmed single_use opened seal_broken used "
    "activated installed altered packaging_complete accessories_complete labels_intact "
    "gifts_returned swapped legal_dispute order_amount requested_at decided_at approved_at "
    "return_address_given_at goods_received_at refunded_at completed_at rejected_at closed_at "
    "complained_at complaint_answered_at "
    # since version 2
    "inspected order_completed days_since_delivery_at_least days_since_completion_at_least "
    "personal_data_left swap_consented free_shipping_lost complaint_resolved_at"
)


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    library = Library()
    library.add_root(Root(PROJECT / "policy"))
    return Resolver(library)


@pytest.fixture(scope="module", params=["kuaishou/flash-purchase@2", "cn/consumer-returns@2"])
def resolved(request: pytest.FixtureRequest, resolver: Resolver) -> ResolvedPolicy:
    return resolver.resolve(request.param, date(2025, 6, 2).toordinal())


def test_every_document_passes(in_project: None) -> None:
    result = checker("check", "--strict")
    assert result.status == 0, result.out
    assert ", 0 errors, 0 warnings" in result.out


def test_no_case_is_left_out_that_a_shipped_seller_refuses(in_project: None) -> None:
    result = checker("prove", "--strict")
    assert result.status == 0, result.out
    texts = (each.read_text(encoding="utf-8") for each in documents_below(PROJECT / "policy"))
    proved = sum(bool(re.search("^kind: (policy|override)$", each, re.M)) for each in texts)
    assert result.out.count(": holds against ") == proved >= 5


def test_drawn_cases_show_nothing_either(in_project: None) -> None:
    result = checker("test", "policy/sellers", "--examples", 300)
    assert result.status == 0, result.out


def test_the_examples_are_valid(in_project: None) -> None:
    result = checker("validate", "--strict", "examples")
    assert result.status == 0, result.out


def test_every_document_names_its_schema() -> None:
    folders = (PROJECT / "policy", PROJECT / "examples")
    for path in (each for folder in folders for each in documents_below(folder)):
        first = path.read_text(encoding="utf-8").splitlines()[0]
        mark, _, name = first.partition("$schema=")
        assert mark == "# yaml-language-server: ", path
        kind = (path.parent / name).resolve()
        assert kind.is_file(), f"{path}: {name}"
        assert f"kind: {kind.name.partition('.')[0]}\n" in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_a_schema(name: str) -> None:
    schema = json.loads(schema_text(name))
    assert schema["$id"] == f"{name}.schema.json"
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    built = validator(name)
    built.check_schema(schema)
    if name not in ("common", "condition"):
        assert not built.is_valid({"colour": "red"})


def test_the_vocabulary_has_the_names_that_cases_use(resolved: ResolvedPolicy) -> None:
    facts = resolved.vocabulary.facts
    for name, values in ENUMS.items():
        assert " ".join(facts[name].type.values) == values
    assert {*OTHERS.split()} | {*ENUMS} == {*facts}


def test_a_case_that_states_everything_is_never_unknown(resolved: ResolvedPolicy) -> None:
    decider, chance = Decider(resolved), random.Random(20250602)
    tested = 0
    while tested < 3000:
        facts = _drawn(resolved, chance)
        if decider.broken_invariants(facts):
            continue
        decision = decider.decide(facts)
        assert decision.required.verdict != "unknown"
        assert not decision.needs
        assert None not in decision.required.terms.values()
        tested += 1


def _drawn(resolved: ResolvedPolicy, chance: random.Random) -> dict[str, Any]:
    """Return facts drawn at random, without dates and events."""
    facts: dict[str, Any] = dict.fromkeys(resolved.vocabulary.facts)
    for name, fact in resolved.vocabulary.facts.items():
        if fact.type.name == "boolean":
            facts[name] = chance.random() < 0.5
        elif fact.type.name == "enum":
            facts[name] = chance.choice(fact.type.values)
        elif fact.type.range and fact.type.name != "date":
            facts[name] = chance.randint(0, 12)
    return facts


def test_the_platform_never_refuses_what_the_law_grants(resolver: Resolver) -> None:
    day = date(2025, 6, 2).toordinal()
    resolved = resolver.resolve("kuaishou/flash-purchase@2", day)
    own = Decider(ResolvedPolicy(resolved.policy, (), resolved.calendars))
    law = Decider(resolver.resolve("cn/consumer-returns@2", day))
    chance, owed = random.Random(7), 0
    while owed < 3000:
        facts = _drawn(resolved, chance)
        if law.broken_invariants(facts):
            continue
        if law.decide(facts).required.verdict == "must_accept":
            owed += 1
            assert own.decide(facts).required.verdict == "must_accept"


def test_the_calendar_has_every_year_it_covers(resolver: Resolver) -> None:
    (document,) = resolver.library.versions("calendar", "cn/holidays")
    calendar, problems = resolver.calendar(document)
    assert calendar and not problems
    for year in range(calendar.years[0], calendar.years[1] + 1):
        for month, day in ((1, 1), (5, 1), (10, 1)):
            assert date(year, month, day).toordinal() in calendar.holidays
        assert sum(date.fromordinal(each).year == year for each in calendar.holidays) >= 20


def test_trace_shows_every_clause(in_project: None) -> None:
    result = checker("trace", "--format", "json")
    clauses = [json.loads(line) for line in result.out.splitlines()]
    assert result.status == 0
    assert {"encoded", "advice", "superseded"} == {each["status"] for each in clauses}
    for each in clauses:
        assert bool(each["rules"]) == (each["status"] == "encoded") or _superseded(each)
    text = checker("trace")
    assert "kuaishou/flash-purchase entitlements.no-reason-return" in text.out.replace("@2.0.0", "")
    assert "no rule cites it" not in text.out


def _superseded(clause: dict[str, Any]) -> bool:
    """Whether only an example that takes it at its word cites the clause."""
    return clause["status"] == "superseded" and all(
        rule["document"].startswith("examples/") for rule in clause["rules"]
    )


def test_a_clause_that_no_rule_cites_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "s.yaml").write_text(
        "kind: source\nid: text\nclauses:\n"
        "  a1: {gist: something, status: encoded}\n  a2: {gist: more, status: advice}\n"
    )
    result = checker("validate", "--root", tmp_path)
    assert result.status == 1
    assert "s.yaml:4:3: error: no rule cites the clause `a1` [uncited-clause]" in result.out
    assert "a2" not in result.out
