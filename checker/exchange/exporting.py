"""The inverse of `overrides`: what an override states, as statements of notions.

The fragments of the exchange document are patterns. A fragment whose parts the override has states
its notion, if it explains a part that no other fragment has explained before. No notion states the
parts that remain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, NamedTuple

from checker.exchange.names import as_title
from checker.exchange.overrides import override_of
from checker.exchange.patterns import PatternMismatch, match_pattern
from checker.exchange.statements import NOT_EXPRESSED, StatedPolicy, Statement, Value
from checker.language.model.exchange.document import Exchange, NotionMapping
from checker.language.model.exchange.fragments import Fragment, PartPath, parts, values_of
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.periods import period
from checker.language.syntax.documents import Document, Path
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding

Parts = dict[PartPath, Any]


class _Pattern(NamedTuple):
    """The parts of a fragment, and the value that it states; None for the value of `<stated>`."""

    mapping: NotionMapping
    parts: Parts
    value: Value | None


def statements_of(
    document: Document, exchange: Exchange
) -> tuple[StatedPolicy, tuple[Finding, ...]]:
    """Return what an override without errors states, and a problem for each part it can't state.

    The `at` of a problem is the path in the override, such as `rules.small-orders`.
    """
    override_parts = parts(document.data)
    unexplained = {*override_parts}
    statements: dict[str, Statement] = {}
    for pattern in _patterns(exchange, override_parts):
        notion = pattern.mapping.notion
        if notion in statements or unexplained.isdisjoint(pattern.parts):
            continue
        try:
            value = match_pattern(notion, pattern.parts, override_parts)
        except PatternMismatch:
            continue
        value = value if pattern.value is None else pattern.value
        path = next(iter(pattern.parts))
        statements[notion] = _statement(pattern.mapping, value, path, document)
        unexplained -= pattern.parts.keys()
    ordered = [statements[notion] for notion in exchange.says if notion in statements]
    stated = _stated_policy(document, ordered)
    paths = [path for path in override_parts if path in unexplained]
    return stated, tuple(_unstated(document, stated, exchange, paths))


def _patterns(exchange: Exchange, override_parts: Parts) -> list[_Pattern]:
    """Return the patterns, those with most parts first, and of these those without `<stated>`."""
    patterns: list[_Pattern] = []
    for mapping in exchange.says.values():
        if not mapping.values:
            patterns.append(_Pattern(mapping, parts(mapping.fragment), None))
        elif mapping.form == "names":
            fragments = mapping.values.items()
            names = tuple(name for name, fragment in fragments if _is_in(fragment, override_parts))
            if names:
                patterns.append(_Pattern(mapping, parts(mapping.fragment_of(names)), names))
        else:
            for text, fragment in mapping.values.items():
                value = text == "true" if mapping.form == "boolean" else text
                patterns.append(_Pattern(mapping, parts(fragment), value))
    patterns = [pattern for pattern in patterns if pattern.parts]
    return sorted(patterns, key=lambda pattern: (-len(pattern.parts), pattern.value is None))


def _is_in(fragment: Fragment, override_parts: Parts) -> bool:
    """Return whether the override's scope admits the values of a name's fragment."""
    fragment_parts = parts(fragment)
    return bool(fragment_parts) and all(
        {*(values_of(test) or ())} <= {*(values_of(override_parts.get(path)) or ())}
        for path, test in fragment_parts.items()
    )


def _statement(
    mapping: NotionMapping, value: Any, part_path: PartPath, document: Document
) -> Statement:
    position = document.position(_document_path(part_path, document), key=True)
    return Statement(mapping.notion, value, ".".join(part_path), position, mapping.currency)


def _stated_policy(document: Document, statements: Iterable[Statement]) -> StatedPolicy:
    start, end = period(document)
    return StatedPolicy(
        english(document.data.get("title", "")),
        document.id,
        document.position(),
        tuple(statements),
        first=date.fromordinal(start) if start > FIRST_DAY else None,
        last=date.fromordinal(end - 1) if end <= LAST_DAY else None,
    )


def _unstated(
    document: Document, stated: StatedPolicy, exchange: Exchange, unexplained: list[PartPath]
) -> Iterator[Finding]:
    """Yield a problem for each part that the statements would not build again."""
    data = document.data
    lost: list[PartPath] = [(key,) for key in ("note", "accept") if key in data]
    if data.get("title", "") != as_title(stated.name):
        lost.append(("title",))
    for part_path in (*lost, *unexplained):
        at = ".".join(part_path)
        position = document.position(_document_path(part_path, document), key=True)
        yield Finding(position, f"`{at}` can't be stated", check=NOT_EXPRESSED, at=at)
    rebuilt = override_of(stated, exchange, document.id, document.version).data or {}
    explained_rules = [
        rule["id"] for rule in data.get("rules", ()) if ("rules", rule["id"]) not in unexplained
    ]
    if [rule["id"] for rule in rebuilt.get("rules", ())] != explained_rules:
        message = "the order of `rules` can't be stated"
        position = document.position(("rules",), key=True)
        yield Finding(position, message, check=NOT_EXPRESSED, at="rules")


def _document_path(part_path: PartPath, document: Document) -> Path:
    """Return the path of a part in the document, where a rule has its index instead of its id."""
    if part_path[0] != "rules":
        return part_path
    ids = [rule["id"] for rule in document.data["rules"]]
    return ("rules", ids.index(part_path[1]))
