"""Reads eBay's answers and requests in JSON or YAML: sellers' policies, limits of categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.exchange.ebay import categories, seller
from checker.exchange.fields import FieldReader, Fields, ignore_field
from checker.exchange.positioned_data import Data, Path, pointer, read_data
from checker.exchange.statements import NOT_UNDERSTOOD, ReadDocument, StatedPolicy, not_understood
from checker.language.syntax.problems import Finding

_LIST = "returnPolicies"


def read(raw: bytes, file: str) -> ReadDocument:
    """Return the policies of sellers and the choices that categories allow, with the problems."""
    data = read_data(raw, file)
    if isinstance(data, Finding):
        return ReadDocument(problems=(data,))
    stated: list[StatedPolicy] = []
    category_items: list[tuple[Mapping[str, Any], Path]] = []
    problems: list[Finding] = []
    for value, path in _items(data, problems):
        if isinstance(value, dict) and not categories.FIELDS.isdisjoint(value):
            category_items.append((value, path))
        elif isinstance(value, dict) and not seller.FIELDS.isdisjoint(value):
            stated += seller.stated_policies(data, value, path)
        else:
            message = "no return policy of eBay's is here"
            at = pointer(path)
            problems.append(not_understood(data.position(path), message, at, _HELP))
    return ReadDocument(
        tuple(stated), tuple(categories.choices(data, category_items)), (), tuple(problems)
    )


_HELP = "a policy with `returnsAccepted`, or what a category allows, with `categoryId`"


def _items(data: Data, problems: list[Finding]) -> Iterator[tuple[Any, Path]]:
    """Yield each item that may be a policy; an answer may have a list of them."""
    pages: list[tuple[Any, Path]] = [(data.value, ())]
    if isinstance(data.value, list):
        pages = [(value, (index,)) for index, value in enumerate(data.value)]
    for page, path in pages:
        items = page.get(_LIST) if isinstance(page, dict) else None
        if not isinstance(items, list):
            yield page, path
            continue
        yield from ((item, (*path, _LIST, index)) for index, item in enumerate(items))
        fields = Fields(data, path)
        fields.read(page, path, _PAGE_FIELDS)
        problems += fields.problems
        problems += [_warning(data, (*path, "warnings"), note.text) for note in fields.notes]
        total = page.get("total")
        if isinstance(total, int) and total > len(items):
            message = f"this has {len(items)} of {total} return policies"
            problems.append(_warning(data, (*path, "total"), message))


def _warning(data: Data, path: Path, message: str) -> Finding:
    position, at = data.position(path), pointer(path)
    return Finding(position, message, check=NOT_UNDERSTOOD, at=at, mild=True)


_PAGE_FIELDS: dict[str, FieldReader] = {
    **dict.fromkeys((_LIST, "total", "href", "limit", "next", "offset", "prev"), ignore_field),
    "warnings": seller.warnings,
}
