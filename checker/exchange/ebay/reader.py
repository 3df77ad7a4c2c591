"""eBay's answers and requests in JSON or YAML: policies of sellers, and limits of categories."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.exchange.ebay import categories, seller
from checker.exchange.fields import Fields, Take, passed_over
from checker.exchange.positioned_data import Data, Path, pointer, read_data
from checker.exchange.statements import NOT_UNDERSTOOD, Read, Stated, not_understood
from checker.language.syntax.problems import Finding

_LIST = "returnPolicies"


def read(raw: bytes, file: str) -> Read:
    """Return what sellers state and what categories allow, with what was not understood of it."""
    data = read_data(raw, file)
    if isinstance(data, Finding):
        return Read(problems=(data,))
    stated: list[Stated] = []
    limits: list[tuple[Mapping[str, Any], Path]] = []
    problems: list[Finding] = []
    for value, path in _items(data, problems):
        if isinstance(value, dict) and not categories.FIELDS.isdisjoint(value):
            limits.append((value, path))
        elif isinstance(value, dict) and not seller.FIELDS.isdisjoint(value):
            stated += seller.stated(data, value, path)
        else:
            message = "no return policy of eBay's is here"
            at = pointer(path)
            problems.append(not_understood(data.position(path), message, at, _HELP))
    return Read(tuple(stated), tuple(categories.parameters(data, limits)), (), tuple(problems))


_HELP = "a policy with `returnsAccepted`, or what a category allows, with `categoryId`"


def _items(data: Data, problems: list[Finding]) -> Iterator[tuple[Any, Path]]:
    """Yield what may be a policy, those of an answer with several one by one."""
    pages: list[tuple[Any, Path]] = [(data.value, ())]
    if isinstance(data.value, list):
        pages = [(value, (number,)) for number, value in enumerate(data.value)]
    for page, path in pages:
        items = page.get(_LIST) if isinstance(page, dict) else None
        if not isinstance(items, list):
            yield page, path
            continue
        yield from ((item, (*path, _LIST, number)) for number, item in enumerate(items))
        fields = Fields(data, path)
        fields.take(page, path, _PAGE)
        problems += fields.problems
        problems += [_warning(data, (*path, "warnings"), each.text) for each in fields.notes]
        total = page.get("total")
        if isinstance(total, int) and total > len(items):
            message = f"this has {len(items)} of {total} return policies"
            problems.append(_warning(data, (*path, "total"), message))


def _warning(data: Data, path: Path, message: str) -> Finding:
    position, at = data.position(path), pointer(path)
    return Finding(position, message, check=NOT_UNDERSTOOD, at=at, mild=True)


_PAGE: dict[str, Take] = {
    **dict.fromkeys((_LIST, "total", "href", "limit", "next", "offset", "prev"), passed_over),
    "warnings": seller.warnings,
}
