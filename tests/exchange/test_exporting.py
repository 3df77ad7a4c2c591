"""What overrides state: a table of overrides and statements, and that export inverts import."""

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
from checker.language.model.exchange.fragments import values_of
from checker.language.syntax.parser import compose
from tests.drawing import share
from tests.exchange import shops
from tests.exchange.test_overrides import HEAD

TABLE, _ = compose((Path(__file__).parent / "export_table.yaml").read_text(encoding="utf-8"))
# one of the notions that set the same part: the override does not tell which of them it was
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
    stated, problems = statements_of(document, shops.exchange())
    expected = shops.statements(row["stated"])
    stated_values = {
        statement.notion: (statement.value, statement.currency) for statement in stated.statements
    }
    assert stated_values == {
        statement.notion: (statement.value, statement.currency) for statement in expected
    }
    assert [problem.at for problem in problems] == row.get("left", [])
    days = [None if day is None else date.fromisoformat(day) for day in row.get("days", [None] * 2)]
    assert [stated.first, stated.last] == days
    assert stated.name == row.get("title", "")


def test_positions_are_those_of_the_override() -> None:
    text = ["settings:", "  window_days: 30", "  answer_limit: 1d", "otherwise: manual"]
    data, mark = compose("\n".join([*(f"{key}: {value}" for key, value in HEAD.items()), *text]))
    document = replace(shops.document(data), mark=mark)
    stated, problems = statements_of(document, shops.exchange())
    (statement,) = stated.statements
    assert (statement.source_text, statement.position.line) == ("settings.window_days", 6)
    assert [str(problem) for problem in problems] == [
        "shop.yaml:7:3: error: `settings.answer_limit` can't be stated",
        "shop.yaml:8:1: error: `otherwise` can't be stated",
    ]


@st.composite
def stated(draw: st.DrawFn) -> dict[str, Any]:
    """Draw values, which fit the policy, of some of the notions."""
    names = {"country": ("DE", "FR", "BE"), "method": ("mail", "store", "kiosk")}
    limits = {"refund_days": 60, "restocking_basis_points": 2000, "window_days": 3649}
    drawn_notions = draw(st.sets(st.sampled_from(NOTIONS)))
    values: dict[str, Any] = {}
    for notion in NOTIONS:
        if notion in limits:
            value: Any = draw(st.integers(1, limits[notion]))
        elif notion.endswith("_fee"):
            value = f"{draw(st.integers(0, 99))}.{draw(st.integers(10, 99))} EUR"
        else:
            value = draw(shops.values(notion, names.get(notion, ())))
        if notion in drawn_notions:
            values[notion] = value
    return values


@settings(max_examples=share(300))
@given(stated(), st.none() | st.dates(date(1970, 1, 2), date(2199, 12, 30)))
def test_the_inverse_states_the_same(data: dict[str, Any], first: date | None) -> None:
    before = shops.stated(data, first=first, last=first)
    override = override_of(replace(before, name="Returns"), shops.exchange(), "shop")
    assert override.data and not override.problems
    after, problems = statements_of(shops.document(override.data), shops.exchange())
    assert not problems
    assert (after.first, after.last, after.name) == (first, first, "Returns")
    assert after.values() == before.values()


@settings(max_examples=share(300))
@given(st.lists(st.sampled_from(TABLE), min_size=1, max_size=3))
def test_the_statements_build_the_override_again_but_for_the_problems(rows: list[Any]) -> None:
    data: dict[str, Any] = {**HEAD}
    for row in rows:
        data |= row["override"]
    stated, problems = statements_of(shops.document(data), shops.exchange())
    override = override_of(stated, shops.exchange(), "shop")
    assert override.data and not override.problems
    part_names = {name for each in override.mapped for name in each.part_names}
    assert part_names.isdisjoint(each.at for each in problems)
    before, after = _meaning(data), _meaning(override.data)
    if not problems:
        assert after == before
    stated_again, problems_again = statements_of(shops.document(override.data), shops.exchange())
    assert not problems_again
    assert stated_again.values() == stated.values()


def _meaning(data: dict[str, Any]) -> Any:
    document = shops.document(data)
    override, problems = shops.resolver().override(document, shops.resolved().policy)
    assert override, problems
    scope = {fact: {*(values_of(test) or ())} for fact, test in data.get("scope", {}).items()}
    rules = [(rule.id, rule.when, rule.respond, {*rule.cites}) for rule in override.rules]
    terms = {name: [row.then for row in rows] for name, rows in override.terms.items()}
    return scope, override.settings, rules, override.otherwise, terms, override.title
