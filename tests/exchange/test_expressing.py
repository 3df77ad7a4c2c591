"""What overrides state: a table of both, and that it is the inverse of making them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.exchange.exporting import statements_of
from checker.exchange.overrides import override_of
from checker.exchange.statements import Stated
from checker.language.model.exchange.fragments import values_of
from checker.language.syntax.parser import compose
from tests.drawing import share
from tests.exchange import shops
from tests.exchange.test_overrides import HEAD

TABLE, _ = compose((Path(__file__).parent / "expressed.yaml").read_text(encoding="utf-8"))
# of notions that say the same, one alone: the override doesn't tell which of them it was
NOTIONS = [
    "country",
    "destination",
    "window_days",
    "used_accepted",
    "remorse_shipping",
    "remorse_shipping_fee",
    "restocking_basis_points",
    "restocking_fee",
    "refund",
    "refund_days",
    "method",
]


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row["name"])
def test_what_an_override_states(row: dict[str, Any]) -> None:
    document = shops.document({**HEAD, **row["override"]})
    assert not shops.resolver().override(document, shops.resolved().policy)[1]
    stated, left = statements_of(document, shops.exchange())
    expected = shops.statements(row["stated"])
    found = {each.notion: (each.value, each.currency) for each in stated.statements}
    assert found == {each.notion: (each.value, each.currency) for each in expected}
    assert [each.at for each in left] == row.get("left", [])
    days = [None if day is None else date.fromisoformat(day) for day in row.get("days", [None] * 2)]
    assert [stated.first, stated.last] == days
    assert stated.name == row.get("title", "")


def test_positions_are_those_of_the_override() -> None:
    text = ["settings:", "  window_days: 30", "  answer_limit: 1d", "otherwise: manual"]
    data, mark = compose("\n".join([*(f"{key}: {value}" for key, value in HEAD.items()), *text]))
    document = replace(shops.document(data), mark=mark)
    stated, left = statements_of(document, shops.exchange())
    (statement,) = stated.statements
    assert (statement.said, statement.position.line) == ("settings.window_days", 6)
    assert [str(each) for each in left] == [
        "shop.yaml:7:3: error: `settings.answer_limit` can't be stated",
        "shop.yaml:8:1: error: `otherwise` can't be stated",
    ]


@st.composite
def stated(draw: st.DrawFn) -> dict[str, Any]:
    """Draw values, which fit the policy, of some of the notions."""
    names = {"country": ("DE", "FR", "BE"), "method": ("mail", "store", "kiosk")}
    limits = {"refund_days": 60, "restocking_basis_points": 2000, "window_days": 3649}
    chosen = draw(st.sets(st.sampled_from(NOTIONS)))
    found: dict[str, Any] = {}
    for notion in NOTIONS:
        if notion in limits:
            value: Any = draw(st.integers(1, limits[notion]))
        elif notion.endswith("_fee"):
            value = f"{draw(st.integers(0, 99))}.{draw(st.integers(10, 99))} EUR"
        else:
            value = draw(shops.values(notion, names.get(notion, ())))
        if notion in chosen:
            found[notion] = value
    return found


@settings(max_examples=share(300))
@given(stated(), st.none() | st.dates(date(1970, 1, 2), date(2199, 12, 30)))
def test_the_inverse_states_the_same(data: dict[str, Any], first: date | None) -> None:
    before = shops.stated(data, first=first, last=first)
    made = override_of(replace(before, name="Returns"), shops.exchange(), "shop")
    assert made.data and not made.problems
    after, left = statements_of(shops.document(made.data), shops.exchange())
    assert not left
    assert (after.first, after.last, after.name) == (first, first, "Returns")
    assert _said(after) == _said(before)


@settings(max_examples=share(300))
@given(st.lists(st.sampled_from(TABLE), min_size=1, max_size=3))
def test_what_is_stated_makes_the_override_again_but_for_what_is_left(rows: list[Any]) -> None:
    data: dict[str, Any] = {**HEAD}
    for row in rows:
        data |= row["override"]
    stated, left = statements_of(shops.document(data), shops.exchange())
    made = override_of(stated, shops.exchange(), "shop")
    assert made.data and not made.problems
    places = {place for each in made.mapped for place in each.places}
    assert places.isdisjoint(each.at for each in left)
    before, after = _meaning(data), _meaning(made.data)
    if not left:
        assert after == before
    again, none_left = statements_of(shops.document(made.data), shops.exchange())
    assert not none_left
    assert _said(again) == _said(stated)


def _meaning(data: dict[str, Any]) -> Any:
    document = shops.document(data)
    override, problems = shops.resolver().override(document, shops.resolved().policy)
    assert override, problems
    scope = {fact: {*(values_of(test) or ())} for fact, test in data.get("scope", {}).items()}
    rules = [(each.id, each.when, each.respond, {*each.cites}) for each in override.rules]
    terms = {name: [row.then for row in rows] for name, rows in override.terms.items()}
    return scope, override.settings, rules, override.otherwise, terms, override.title


def _said(stated: Stated) -> Any:
    return {(each.notion, each.value, each.currency) for each in stated.statements}
