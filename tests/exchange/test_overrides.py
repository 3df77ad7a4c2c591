"""What is stated becomes an override: a table of both, and what always holds."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.exchange.names import Taken, as_title, id_of, slug
from checker.exchange.overrides import override_of, overrides_of
from checker.exchange.statements import Stated, Statement, seasons
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.notions import NOTIONS
from checker.language.syntax.parser import compose
from checker.language.syntax.problems import Position
from tests.drawing import share
from tests.exchange import shops

TABLE, _ = compose((Path(__file__).parent / "made.yaml").read_text(encoding="utf-8"))
HEAD = {"kind": "override", "id": "shop", "version": "1.0.0", "policy": "shop/rules@1"}
HERE = Position("page.json", 1, 1)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_what_is_stated_becomes(row: dict[str, Any]) -> None:
    days = {"first": _day(row.get("first")), "last": _day(row.get("last"))}
    stated = shops.stated(row["stated"], **days)
    made = override_of(stated, shops.exchange(), "shop", scope=row.get("scope"))
    notes = [f"{note.position}: {note.text}" for note in made.notes]
    for found, expected in ((notes, "notes"), ([*map(str, made.problems)], "problems")):
        texts = row.get(expected, [])
        assert len(found) == len(texts), found
        assert all(text in each for text, each in zip(texts, found, strict=True)), found
    expected_data = {**HEAD, **row["override"]} if "override" in row else None
    assert made.data == expected_data
    assert [*(made.data or ())] == [*(expected_data or ())]
    if "mapped" in row:
        mapped = {each.statement.notion: [*each.places] for each in made.mapped}
        assert mapped == row["mapped"]


def test_every_statement_is_mapped_or_noted_or_a_problem() -> None:
    for row in TABLE:
        made = override_of(shops.stated(row["stated"]), shops.exchange(), "shop")
        said = [each.statement.position for each in made.mapped]
        said += [each.position for each in (*made.notes, *made.problems)]
        assert {each.position for each in made.stated.statements} <= {*said}, row["name"]


def test_where_it_is_not_clear_what_is_meant_nobody_is_accused_of_it() -> None:
    unclear = shops.stated({"window_days": 7}, unclear=("country", "label", "no_reason_return"))
    made = override_of(unclear, shops.exchange(), "shop")
    assert made.data is None
    assert [each.message for each in made.problems] == [
        "no override is made, as its `country` is not understood"
    ]
    assert made.problems[0].help == "`--scope country=…` says what it is"
    made = override_of(unclear, shops.exchange(), "shop", scope={"country": "DE"})
    assert made.data and made.data["scope"] == {"country": "DE"}


def test_what_is_not_stated_is_named() -> None:
    stated = shops.stated({"window_days": 14, "label": "buyer", "refund": "money"})
    made = override_of(stated, shops.exchange(), "shop")
    assert {"country", "defects_only", "remorse_shipping"} < {*made.unstated}
    stated = {"window_days", "label", "refund"}
    in_other_words = {"window_elapsed_days", "returns"}
    nothing_follows = {"damaged_accepted", "defect_shipping"}
    assert (stated | in_other_words | nothing_follows).isdisjoint(made.unstated)


def test_two_statements_of_one_notion() -> None:
    once, twice = shops.statements({"window_days": 14}) * 2
    made = override_of(replace(shops.stated({}), statements=(once, twice)), shops.exchange(), "s")
    assert made.data and made.data["settings"] == {"window_days": 14}
    other = replace(twice, value=30, said="days: 30")
    made = override_of(replace(made.stated, statements=(once, other)), shops.exchange(), "s")
    assert made.data is None
    assert "`days: 30` does not go with `window_days: 14`" in str(made.problems[0])


def test_seasons_are_versions_of_one_id() -> None:
    base = replace(shops.stated({"window_days": 14}), name="Retouren (DE)", at="/0")
    winter = replace(
        shops.stated({"window_days": 90}),
        at="/0/seasons/0",
        first=date(2026, 11, 1),
        last=date(2027, 1, 31),
    )
    summer = replace(winter, first=date(2026, 7, 1), last=date(2026, 7, 31))
    other = replace(base)  # of another part of the page, and called alike
    made = overrides_of([*seasons(base, [winter, summer]), other], shops.exchange(), "shop")
    found = [(each.data or {}) for each in made]
    assert [(each["id"], each["version"]) for each in found] == [
        *(("retouren-de", f"1.{minor}.0") for minor in range(5)),
        ("retouren-de-2", "1.0.0"),
    ]
    assert [each.get("effective") for each in found] == [
        {"until": "2026-07-01"},
        {"from": "2026-07-01", "until": "2026-08-01"},
        {"from": "2026-08-01", "until": "2026-11-01"},
        {"from": "2026-11-01", "until": "2027-02-01"},
        {"from": "2027-02-01"},
        None,
    ]
    assert [each["settings"]["window_days"] for each in found] == [14, 90, 14, 90, 14, 14]


def test_a_season_without_an_override_takes_no_version() -> None:
    base = shops.stated({"window_days": 14})
    odd = shops.stated({"window_days": 5000}, first=date(2026, 7, 1), last=date(2026, 7, 31))
    made = overrides_of(seasons(base, [odd]), shops.exchange(), "sellers/one")
    assert [each.data and (each.data["id"], each.data["version"]) for each in made] == [
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
    taken: Taken = {}
    ids = [id_of(name, "shop", taken) for name in names]
    assert len({*ids}) == len(ids) == len(taken)
    assert all(slug(id) == id for id in ids)


def test_many_policies_of_one_name_take_no_time() -> None:
    taken: Taken = {}
    start = time.process_time()
    ids = [id_of("Returns", "shop", taken) for _ in range(30_000)]
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
def stated(draw: st.DrawFn) -> Stated:
    """Draw statements of any notions, of several of them twice."""
    notions = draw(st.lists(st.sampled_from([*NOTIONS]), max_size=8))
    names = ("DE", "FR", "US", "FOOD", "TOYS", "ALL", "EBAY_DE", "mail", "keep", "domestic")
    made = []
    for number, notion in enumerate(notions, 1):
        value = draw(shops.values(notion, names))
        currency = draw(st.sampled_from(["", "EUR", "USD"]))
        position = Position("page.json", number, 1)
        made.append(Statement(notion, value, f"{notion}: {value}", position, currency))
    days = st.none() | st.dates()
    return Stated("", "", HERE, tuple(made), first=draw(days), last=draw(days))


@settings(max_examples=share(400))
@given(stated())
def test_what_is_made_is_valid_or_there_is_a_reason(stated: Stated) -> None:
    made = override_of(stated, shops.exchange(), "shop")
    said = [each.statement.position for each in made.mapped]
    said += [each.position for each in (*made.notes, *made.problems)]
    assert {each.position for each in stated.statements} <= {*said}
    if made.data is None:
        assert made.problems or made.notes
        return
    assert not made.problems
    document = shops.document(compose(yaml_text(made.data))[0])
    assert document.data == made.data
    _, problems = shops.resolver().override(document, shops.resolved().policy)
    assert not problems
    assert not shops.resolver().shape(document)[1]
