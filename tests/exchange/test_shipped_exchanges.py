"""Every shipped exchange document builds valid overrides from whatever formats state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.exporting import statements_of
from checker.exchange.importing import exchange_of
from checker.exchange.overrides import BuiltOverride, override_of
from checker.exchange.statements import StatedPolicy, Statement
from checker.language.model.exchange.document import Exchange, NotionMapping
from checker.language.model.exchange.notions import NOTIONS
from checker.language.resolve.folders import documents_below
from checker.language.resolve.periods import period
from checker.language.syntax.parser import compose
from checker.language.syntax.problems import Position
from tests.conftest import PROJECT
from tests.drawing import drawing, share
from tests.exchange import shops

POLICY = PROJECT / "policy"
FILES = [
    path
    for path in documents_below(POLICY)
    if "\nkind: exchange\n" in f"\n{path.read_text(encoding='utf-8')}"
]
HERE = Position("page.json", 1, 1)
NUMBERS = {"integer": (1, 14, 30), "money": (0, 499)}


@pytest.fixture(name="exchange", params=FILES, ids=lambda path: str(path.relative_to(POLICY)))
def _exchange(request: pytest.FixtureRequest) -> Exchange:
    data, _ = compose(request.param.read_text(encoding="utf-8"))
    resolver = shops.resolver(POLICY)
    (latest, *_) = resolver.library.versions("policy", data["policy"])
    day = max(shops.DAY, period(latest)[0])
    return exchange_of(resolver, resolver.resolve(data["policy"], day), day)


def test_every_value_becomes_an_override_or_a_note(exchange: Exchange) -> None:
    """Of each notion, some number fits; every other value does."""
    for notion in NOTIONS:
        overrides = [_override(exchange, [each]) for each in _statements(notion, exchange)]
        sound = [override for override in overrides if not override.problems]
        assert sound if _form(notion) in NUMBERS else sound == overrides, notion
        for override in sound:
            assert override.mapped or override.notes
            assert override.data or override.notes


def test_the_statements_of_an_override_build_it_again(exchange: Exchange) -> None:
    """The statements of one notion explain all parts."""
    for notion in exchange.says:
        for statement in _statements(notion, exchange):
            override = _override(exchange, [statement])
            if override.data:
                stated, unstated = statements_of(shops.document(override.data), exchange)
                assert not unstated, notion
                assert override_of(stated, exchange, "shop").data == override.data


@drawing(share(40))
@given(data=st.data())
def test_several_statements_make_a_valid_override_or_say_why_not(
    exchange: Exchange, data: st.DataObject
) -> None:
    """And the statements of the override build it again, unless some part can't be stated."""
    statements = [
        statement for notion in exchange.says for statement in _statements(notion, exchange)
    ]
    drawn = data.draw(st.lists(st.sampled_from(statements), unique_by=lambda each: each.notion))
    override = _override(exchange, drawn)
    assert override.data or override.problems or override.notes
    if override.data:
        stated, unstated = statements_of(shops.document(override.data), exchange)
        rebuilt = override_of(stated, exchange, "shop").data
        assert unstated or rebuilt == override.data


def _form(notion: str) -> str:
    return NOTIONS[notion].form


def _statements(notion: str, exchange: Exchange) -> list[Statement]:
    """Return statements of the notion, in money that the policy understands."""
    mapping = exchange.says.get(notion)
    currency = mapping.currency if mapping else ""
    return [
        Statement(notion, value, f"{notion}: {value}", HERE, currency)
        for value in _values(notion, mapping)
    ]


def _values(notion: str, mapping: NotionMapping | None) -> list[Any]:
    form, values = NOTIONS[notion]
    known = (mapping.known if mapping else None) or ("mail", "store")
    if form == "names":
        return [known, known[:1], ("unheard-of",) if mapping and mapping.known else known]
    if form == "boolean":
        return [True, False]
    return [*(NUMBERS.get(form) or values or (*known, "unheard-of"))]


def _override(exchange: Exchange, statements: list[Statement]) -> BuiltOverride:
    """Return the override of the statements, after checking that its document is valid."""
    stated = StatedPolicy("Returns", "", HERE, tuple(statements))
    built = override_of(stated, exchange, "shop")
    if built.data:
        document = shops.document(built.data)
        resolver = shops.resolver(POLICY)
        override, problems = resolver.override(document, exchange.policy)
        assert override, problems
        assert not problems
    return built


def test_there_are_some() -> None:
    assert len(FILES) >= 2
