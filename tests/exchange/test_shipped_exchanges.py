"""Every exchange document that ships makes valid overrides of whatever formats state."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.exporting import statements_of
from checker.exchange.importing import exchange_of
from checker.exchange.overrides import Made, override_of
from checker.exchange.statements import Stated, Statement
from checker.language.model.exchange.document import Entry, Exchange
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


def test_every_value_makes_an_override_or_is_kept_as_a_note(exchange: Exchange) -> None:
    """Of each notion, some number fits; every other value does."""
    for notion in NOTIONS:
        made = [_made(exchange, [each]) for each in _statements(notion, exchange)]
        fits = [each for each in made if not each.problems]
        assert fits if _form(notion) in NUMBERS else fits == made, notion
        for each in fits:
            assert each.mapped or each.notes
            assert each.data or each.notes


def test_what_an_override_states_makes_it_again(exchange: Exchange) -> None:
    """Of one notion alone, nothing is left."""
    for notion in exchange.says:
        for statement in _statements(notion, exchange):
            made = _made(exchange, [statement])
            if made.data:
                stated, left = statements_of(shops.document(made.data), exchange)
                assert not left, notion
                assert override_of(stated, exchange, "shop").data == made.data


@drawing(share(40))
@given(data=st.data())
def test_several_statements_make_a_valid_override_or_say_why_not(
    exchange: Exchange, data: st.DataObject
) -> None:
    """And what they make can be stated again."""
    every = [each for notion in exchange.says for each in _statements(notion, exchange)]
    chosen = data.draw(st.lists(st.sampled_from(every), unique_by=lambda each: each.notion))
    made = _made(exchange, chosen)
    assert made.data or made.problems or made.notes
    if made.data:
        stated, left = statements_of(shops.document(made.data), exchange)
        again = override_of(stated, exchange, "shop").data
        assert left or again == made.data


def _form(notion: str) -> str:
    return NOTIONS[notion][0]


def _statements(notion: str, exchange: Exchange) -> list[Statement]:
    """Return statements of the notion, in money that the policy understands."""
    entry = exchange.says.get(notion)
    currency = entry.currency if entry else ""
    return [
        Statement(notion, value, f"{notion}: {value}", HERE, currency)
        for value in _values(notion, entry)
    ]


def _values(notion: str, entry: Entry | None) -> list[Any]:
    form, values = NOTIONS[notion]
    known = (entry.known if entry else None) or ("mail", "store")
    if form == "names":
        return [known, known[:1], ("unheard-of",) if entry and entry.known else known]
    if form == "boolean":
        return [True, False]
    return [*(NUMBERS.get(form) or values or (*known, "unheard-of"))]


def _made(exchange: Exchange, statements: list[Statement]) -> Made:
    """Return what is made of them, which a file with it would be validated as."""
    stated = Stated("Returns", "", HERE, tuple(statements))
    made = override_of(stated, exchange, "shop")
    if made.data:
        document = shops.document(made.data)
        resolver = shops.resolver(POLICY)
        override, problems = resolver.override(document, exchange.policy)
        assert override, problems
        assert not problems
    return made


def test_there_are_some() -> None:
    assert len(FILES) >= 2
