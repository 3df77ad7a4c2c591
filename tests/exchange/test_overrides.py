"""Statements become an override: a table of both, and what always holds."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.exchange.names import UsedIds, as_title, id_of, slug
from checker.exchange.overrides import override_of, overrides_of
from checker.exchange.statements import StatedPolicy, Statement, seasons
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.notions import NOTIONS
from checker.language.syntax.parser import compose
from checker.language.syntax.problems import Position
from tests.drawing import share
from tests.exchange import shops

TABLE, _ = compose((Path(__file__).parent / "import_table.yaml").read_text(encoding="utf-8"))
HEAD = {"kind": "override", "id": "shop", "version": "1.0.0", "policy": "shop/rules@1"}
HERE = Position("page.json", 1, 1)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_statements_become_an_override(row: dict[str, Any]) -> None:
    days = {"first": _day(row.get("first")), "last": _day(row.get("last"))}
    stated = shops.stated(row["stated"], **days)
    override = override_of(stated, shops.exchange(), "shop", scope=row.get("scope"))
    notes = [f"{note.position}: {note.text}" for note in override.notes]
    for actual_texts, key in ((notes, "notes"), ([*map(str, override.problems)], "problems")):
        expected_texts = row.get(key, [])
        assert len(actual_texts) == len(expected_texts), actual_texts
        assert all(
            text in actual for text, actual in zip(expected_texts, actual_texts, strict=True)
        ), actual_texts
    expected_data = {**HEAD, **row["override"]} if "override" in row else None
    assert override.data == expected_data
    assert [*(override.data or ())] == [*(expected_data or ())]
    if "mapped" in row:
        mapped = {mapping.statement.notion: [*mapping.part_names] for mapping in override.mapped}
        assert mapped == row["mapped"]


def test_every_statement_is_mapped_or_noted_or_a_problem() -> None:
    for row in TABLE:
        override = override_of(shops.stated(row["stated"]), shops.exchange(), "shop")
        positions = [each.statement.position for each in override.mapped]
        positions += [each.position for each in (*override.notes, *override.problems)]
        assert {each.position for each in override.stated.statements} <= {*positions}, row["name"]


def test_an_unclear_scope_prevents_the_override() -> None:
    unclear = shops.stated({"window_days": 7}, unclear=("country", "label", "no_reason_return"))
    override = override_of(unclear, shops.exchange(), "shop")
    assert override.data is None
    assert [problem.message for problem in override.problems] == [
        "no override is made, as its `country` is not understood"
    ]
    assert override.problems[0].help == "`--scope country=…` says what it is"
    override = override_of(unclear, shops.exchange(), "shop", scope={"country": "DE"})
    assert override.data and override.data["scope"] == {"country": "DE"}


def test_unstated_notions_are_listed() -> None:
    stated = shops.stated({"window_days": 14, "label": "buyer", "refund": "money"})
    override = override_of(stated, shops.exchange(), "shop")
    assert {"country", "defects_only", "remorse_shipping"} < {*override.unstated}
    stated = {"window_days", "label", "refund"}
    set_by_others = {"window_elapsed_days", "returns"}
    without_parts = {"damaged_accepted", "defect_shipping"}
    assert (stated | set_by_others | without_parts).isdisjoint(override.unstated)


def test_two_statements_of_one_notion() -> None:
    once, twice = shops.statements({"window_days": 14}) * 2
    override = override_of(
        replace(shops.stated({}), statements=(once, twice)), shops.exchange(), "s"
    )
    assert override.data and override.data["settings"] == {"window_days": 14}
    contradicting = replace(twice, value=30, source_text="days: 30")
    override = override_of(
        replace(override.stated, statements=(once, contradicting)), shops.exchange(), "s"
    )
    assert override.data is None
    assert "`days: 30` does not go with `window_days: 14`" in str(override.problems[0])


def test_seasons_are_versions_of_one_id() -> None:
    base = replace(shops.stated({"window_days": 14}), name="Retouren (DE)", at="/0")
    winter = replace(
        shops.stated({"window_days": 90}),
        at="/0/seasons/0",
        first=date(2026, 11, 1),
        last=date(2027, 1, 31),
    )
    summer = replace(winter, first=date(2026, 7, 1), last=date(2026, 7, 31))
    same_name = replace(base)  # of another part of the page, with the same name
    overrides = overrides_of(
        [*seasons(base, [winter, summer]), same_name], shops.exchange(), "shop"
    )
    data_of_versions = [(override.data or {}) for override in overrides]
    assert [(data["id"], data["version"]) for data in data_of_versions] == [
        *(("retouren-de", f"1.{minor}.0") for minor in range(5)),
        ("retouren-de-2", "1.0.0"),
    ]
    assert [data.get("effective") for data in data_of_versions] == [
        {"until": "2026-07-01"},
        {"from": "2026-07-01", "until": "2026-08-01"},
        {"from": "2026-08-01", "until": "2026-11-01"},
        {"from": "2026-11-01", "until": "2027-02-01"},
        {"from": "2027-02-01"},
        None,
    ]
    assert [data["settings"]["window_days"] for data in data_of_versions] == [
        14,
        90,
        14,
        90,
        14,
        14,
    ]


def test_a_season_without_an_override_takes_no_version() -> None:
    base = shops.stated({"window_days": 14})
    invalid = shops.stated({"window_days": 5000}, first=date(2026, 7, 1), last=date(2026, 7, 31))
    overrides = overrides_of(seasons(base, [invalid]), shops.exchange(), "sellers/one")
    assert [
        override.data and (override.data["id"], override.data["version"]) for override in overrides
    ] == [
        ("sellers/one", "1.0.0"),
        None,
        ("sellers/one", "1.1.0"),
    ]


@pytest.mark.parametrize(
    ("name", "id"),
    [
        ("Standard Returns!", "standard-returns"),
        ("Rückgabe — 30 Tage", "ruckgabe-30-tage"),
        ("七天无理由退货", "default"),
        ("七天 (7 days)", "7-days"),
        ("", "default"),
        ("--", "default"),
        ("\ud800", "default"),
        ("x" * 300, "x" * 80),
    ],
)
def test_ids_are_made_of_names(name: str, id: str) -> None:
    assert id_of(name, "default", {}) == id


@given(st.lists(st.text(max_size=8) | st.sampled_from(["a", "a 2", "A", "a-2"])))
def test_ids_are_unique_and_ids(names: list[str]) -> None:
    used: UsedIds = {}
    ids = [id_of(name, "shop", used) for name in names]
    assert len({*ids}) == len(ids) == len(used)
    assert all(slug(id) == id for id in ids)


def test_many_policies_of_one_name_take_no_time() -> None:
    used: UsedIds = {}
    start = time.process_time()
    ids = [id_of("Returns", "shop", used) for _ in range(30_000)]
    assert ids[:2] + ids[-1:] == ["returns", "returns-2", "returns-30000"]
    assert time.process_time() - start < 5


@given(st.text(st.characters(exclude_categories=[])))
def test_a_title_is_read_back(name: str) -> None:
    stated = replace(shops.stated({}), name=name)
    data = override_of(stated, shops.exchange(), "shop").data
    assert data and data.get("title", "") == as_title(name)
    text = yaml_text(data)
    assert compose(text.encode().decode())[0] == data


@st.composite
def stated(draw: st.DrawFn) -> StatedPolicy:
    """Draw statements of any notions, some notions twice."""
    notions = draw(st.lists(st.sampled_from([*NOTIONS]), max_size=8))
    names = ("DE", "FR", "US", "FOOD", "TOYS", "ALL", "EBAY_DE", "mail", "keep", "domestic")
    statements = []
    for number, notion in enumerate(notions, 1):
        value = draw(shops.values(notion, names))
        currency = draw(st.sampled_from(["", "EUR", "USD"]))
        position = Position("page.json", number, 1)
        statements.append(Statement(notion, value, f"{notion}: {value}", position, currency))
    days = st.none() | st.dates()
    return StatedPolicy("", "", HERE, tuple(statements), first=draw(days), last=draw(days))


@settings(max_examples=share(400))
@given(stated())
def test_an_override_is_valid_or_there_is_a_reason(stated: StatedPolicy) -> None:
    override = override_of(stated, shops.exchange(), "shop")
    positions = [each.statement.position for each in override.mapped]
    positions += [each.position for each in (*override.notes, *override.problems)]
    assert {each.position for each in stated.statements} <= {*positions}
    if override.data is None:
        assert override.problems or override.notes
        return
    assert not override.problems
    document = shops.document(compose(yaml_text(override.data))[0])
    assert document.data == override.data
    _, problems = shops.resolver().override(document, shops.resolved().policy)
    assert not problems
    assert not shops.resolver().shape(document)[1]
