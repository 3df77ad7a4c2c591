"""Online return policies in JSON: one, a list, or the answer to a request for all of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.google.messages import json_name
from checker.exchange.google.policy import CONTENT_FIELDS, DEFAULT_LABEL, FIELDS
from checker.exchange.google.windows import Season, in_seasons, read_season
from checker.exchange.positioned_data import Data, Path, pointer, read_data
from checker.exchange.statements import NOT_UNDERSTOOD, Note, Read, Stated, not_understood
from checker.language.syntax.problems import Finding

_SEASONS = "seasonalOverrides"
_LISTS = {"onlineReturnPolicies": False, "returnPolicies": True}  # whether of the Content API


def read(raw: bytes, file: str) -> Read:
    """Return the return policies that a file states, each with what was not understood of it."""
    data = read_data(raw, file)
    if isinstance(data, Finding):
        return Read(problems=(data,))
    stated: list[Stated] = []
    problems: list[Finding] = []
    for page, path in _pages(data):
        found = _policies(page, path)
        problems += _more(data, page, path)
        if found is None:
            problems.append(_no_policy(data, path))
        for value, place, content in found or ():
            stated += _stated(data, value, place, content)
    return Read(tuple(stated), problems=tuple(problems))


def _pages(data: Data) -> Iterator[tuple[Any, Path]]:
    """Yield what may be a policy, or an answer with several."""
    if isinstance(data.value, list):
        yield from ((value, (number,)) for number, value in enumerate(data.value))
    else:
        yield data.value, ()


def _policies(page: Any, path: Path) -> list[tuple[Any, Path, bool]] | None:
    """Return a page's policies, and whether they are the Content API's; None if it has none."""
    names = _names(page)
    for name, content in _LISTS.items():
        items = page[names[name]] if name in names else None
        if isinstance(items, list):
            within = (*path, names[name])
            return [(each, (*within, number), content) for number, each in enumerate(items)]
    if not names.keys() & {*FIELDS, *CONTENT_FIELDS, _SEASONS}:
        return None
    content = "returnReasonCategoryInfo" in names
    newer = {*FIELDS, _SEASONS} - {*CONTENT_FIELDS}
    return [(page, path, content and newer.isdisjoint(names))]


def _names(value: Any) -> dict[str, str]:
    """Return how a message writes its fields, by their JSON names."""
    return {json_name(name): name for name in value} if isinstance(value, dict) else {}


def _no_policy(data: Data, path: Path) -> Finding:
    help = "an object with `countries` and `policy`, or a list of them"
    message = "no return policy of Google's Merchant API is here"
    return not_understood(data.position(path), message, pointer(path), help)


def _more(data: Data, page: Any, path: Path) -> Iterator[Finding]:
    """Yield a warning where the answer is one page of several."""
    for name in ("nextPageToken", "next_page_token"):
        if isinstance(page, dict) and page.get(name):
            at = (*path, name)
            message = "the list goes on: there are more return policies than this file has"
            yield Finding(
                data.position(at), message, check=NOT_UNDERSTOOD, at=pointer(at), mild=True
            )


def _stated(data: Data, value: Any, path: Path, content: bool) -> list[Stated]:
    """Return what a policy states, in each of its seasons and between them."""
    fields, found = Fields(data, path), list[Season]()

    def seasonal(fields: Fields, value: Any, path: Path) -> None:
        each = (read_season(fields, *item) for item in fields.items(value, path))
        found.extend(season for season in each if season)

    table = CONTENT_FIELDS if content else {**FIELDS, _SEASONS: seasonal}
    fields.take(value, path, table, json_name)
    if not content:
        _reasons(fields)
    statements, notes = tuple(fields.statements), tuple(fields.notes)
    base = Stated(
        _called(value),
        pointer(path),
        data.position(path),
        statements,
        notes,
        unclear=tuple(fields.unclear),
    )
    return in_seasons(base, found, fields)


def _called(value: Any) -> str:
    """Return the label that people gave a policy; ids and `default` are Google's."""
    label = value.get(_names(value).get("label", "")) if isinstance(value, dict) else None
    label = label.strip() if isinstance(label, str) else ""
    return "" if label == DEFAULT_LABEL else label


def _reasons(fields: Fields) -> None:
    """Say for which returns the one fee is: for defects, where nothing else can be returned."""
    if any(each.notion == "defects_only" and each.value for each in fields.statements):
        fields.statements = [
            replace(each, notion=each.notion.replace("remorse_shipping", "defect_shipping"))
            for each in fields.statements
        ]
    for each in fields.statements:
        if each.notion == "remorse_shipping":
            text = f"`{each.said}` does not tell reasons apart; read as of returns without a defect"
            fields.notes.append(Note(text, each.position))
