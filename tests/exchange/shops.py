"""A little policy with its exchange document, and statements made of plain data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from checker.exchange.statements import StatedPolicy, Statement
from checker.language.model.exchange.document import Exchange
from checker.language.model.exchange.notions import NOTIONS
from checker.language.model.types import ValueType
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.problems import Position

SHOP = Path(__file__).parent / "shop"
DAY = date(2026, 3, 2).toordinal()


@cache
def resolver(root: Path = SHOP) -> Resolver:
    library = Library()
    library.add_root(Root(root))
    return Resolver(library)


@cache
def resolved() -> ResolvedPolicy:
    return resolver().resolve("shop/rules@1", DAY)


@cache
def exchange() -> Exchange:
    document = resolver().library.find("exchange", "shop/rules/exchange", DAY)
    return resolver().valid_model(document, resolver().exchange(document, resolved().policy))


def statements(stated: Mapping[str, Any]) -> tuple[Statement, ...]:
    """Return a statement for each notion, on a line of its own: money as `4.99 EUR`."""
    return tuple(
        _statement(notion, value, line) for line, (notion, value) in enumerate(stated.items(), 1)
    )


def _statement(notion: str, value: Any, line: int) -> Statement:
    position, source_text = Position("page.json", line, 1), f"{notion}: {json.dumps(value)}"
    if NOTIONS[notion].form == "money":
        amount, _, currency = value.partition(" ")
        return Statement(notion, _cents(amount), source_text, position, currency)
    return Statement(
        notion, tuple(value) if isinstance(value, list) else value, source_text, position
    )


def _cents(amount: str) -> int:
    cents = ValueType("money").read(amount)
    assert isinstance(cents, int)
    return cents


def stated(data: Mapping[str, Any], **more: Any) -> StatedPolicy:
    return StatedPolicy("", "", Position("page.json", 1, 1), statements(data), **more)


def document(data: Mapping[str, Any]) -> Document:
    """Return an override as a file would hold it; JSON is YAML."""
    text = json.dumps(data, ensure_ascii=False, default=str)
    override, problems = parse_document(text.encode(), "shop.yaml")
    assert override, problems
    return override


def values(notion: str, names: tuple[str, ...] = ("DE", "US")) -> st.SearchStrategy[Any]:
    """Draw what a format may state of the notion; `names` are some that a policy may know."""
    form, choices = NOTIONS[notion]
    if form == "boolean":
        return st.booleans()
    if form in ("integer", "money"):
        return st.sampled_from([0, 1, 7, 14, 30, 365]) | st.integers(0, 10**6)
    if form == "names":
        return st.lists(st.sampled_from(names), min_size=1, unique=True).map(tuple)
    return st.sampled_from(choices or names)
