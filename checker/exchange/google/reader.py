"""Reads online return policies in JSON: one, a list, or the answer to a request for all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.google.messages import json_name
from checker.exchange.google.policy import CONTENT_FIELDS, DEFAULT_LABEL, FIELDS
from checker.exchange.google.windows import Season, in_seasons, read_season
from checker.exchange.positioned_data import Data, Path, pointer, read_data
from checker.exchange.statements import (
    NOT_UNDERSTOOD,
    Note,
    ReadDocument,
    StatedPolicy,
    not_understood,
)
from checker.language.syntax.problems import Finding

_SEASONS = "seasonalOverrides"
_LISTS = {"onlineReturnPolicies": False, "returnPolicies": True}  # whether of the Content API


def read(raw: bytes, file: str) -> ReadDocument:
    """Return the return policies that a file states, and the problems with them."""
    data = read_data(raw, file)
    if isinstance(data, Finding):
        return ReadDocument(problems=(data,))
    stated: list[StatedPolicy] = []
    problems: list[Finding] = []
    for page, page_path in _pages(data):
        policies = _policies(page, page_path)
        problems += _problems_of_pages(data, page, page_path)
        if policies is None:
            problems.append(_no_policy(data, page_path))
        for value, path, is_content in policies or ():
            stated += _stated_versions(data, value, path, is_content)
    return ReadDocument(tuple(stated), problems=tuple(problems))


def _pages(data: Data) -> Iterator[tuple[Any, Path]]:
    """Yield what may be a policy, or an answer with several."""
    if isinstance(data.value, list):
        yield from ((value, (index,)) for index, value in enumerate(data.value))
    else:
        yield data.value, ()


def _policies(page: Any, path: Path) -> list[tuple[Any, Path, bool]] | None:
    """Return a page's policies, and whether they are of the Content API; None if it has none."""
    names = _names_in_document(page)
    for name, is_content in _LISTS.items():
        items = page[names[name]] if name in names else None
        if isinstance(items, list):
            list_path = (*path, names[name])
            return [(item, (*list_path, index), is_content) for index, item in enumerate(items)]
    if not names.keys() & {*FIELDS, *CONTENT_FIELDS, _SEASONS}:
        return None
    merchant_only = {*FIELDS, _SEASONS} - {*CONTENT_FIELDS}
    is_content = "returnReasonCategoryInfo" in names and merchant_only.isdisjoint(names)
    return [(page, path, is_content)]


def _names_in_document(value: Any) -> dict[str, str]:
    """Return the names that a message has in the document, by JSON name."""
    return {json_name(name): name for name in value} if isinstance(value, dict) else {}


def _no_policy(data: Data, path: Path) -> Finding:
    help = "an object with `countries` and `policy`, or a list of them"
    message = "no return policy of Google's Merchant API is here"
    return not_understood(data.position(path), message, pointer(path), help)


def _problems_of_pages(data: Data, page: Any, path: Path) -> Iterator[Finding]:
    """Yield a warning if the answer is not the last page."""
    for name in ("nextPageToken", "next_page_token"):
        if isinstance(page, dict) and page.get(name):
            token_path = (*path, name)
            message = "the list goes on: there are more return policies than this file has"
            position, at = data.position(token_path), pointer(token_path)
            yield Finding(position, message, check=NOT_UNDERSTOOD, at=at, mild=True)


def _stated_versions(data: Data, value: Any, path: Path, is_content: bool) -> list[StatedPolicy]:
    """Return the versions of a policy, in each of its seasons and between them."""
    fields, seasons = Fields(data, path), list[Season]()

    def read_seasons(fields: Fields, value: Any, path: Path) -> None:
        items = (read_season(fields, *item) for item in fields.items(value, path))
        seasons.extend(season for season in items if season)

    table = CONTENT_FIELDS if is_content else {**FIELDS, _SEASONS: read_seasons}
    fields.read(value, path, table, json_name)
    if not is_content:
        _attribute_fee(fields)
    statements, notes = tuple(fields.statements), tuple(fields.notes)
    base = StatedPolicy(
        _name(value),
        pointer(path),
        data.position(path),
        statements,
        notes,
        unclear=tuple(fields.unclear),
    )
    return in_seasons(base, seasons, fields)


def _name(value: Any) -> str:
    """Return the label of a policy, empty for `default`, which Google sets itself."""
    label = value.get(_names_in_document(value).get("label", "")) if isinstance(value, dict) else ""
    label = label.strip() if isinstance(label, str) else ""
    return "" if label == DEFAULT_LABEL else label


def _attribute_fee(fields: Fields) -> None:
    """Attribute the Merchant API's only fee to a reason.

    It is the fee for defects if nothing else can be returned. Else it is read as the fee for
    returns without a defect, with a note.
    """
    statements = fields.statements
    if any(statement.notion == "defects_only" and statement.value for statement in statements):
        fields.statements = [
            replace(
                statement, notion=statement.notion.replace("remorse_shipping", "defect_shipping")
            )
            for statement in statements
        ]
    for statement in fields.statements:
        if statement.notion == "remorse_shipping":
            why = "does not tell reasons apart; read as of returns without a defect"
            fields.notes.append(Note(f"`{statement.source_text}` {why}", statement.position))
