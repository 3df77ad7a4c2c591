"""Kuaishou's Open Platform: items, what categories allow, and refunds.

Read are the platform's answers and messages, as JSON or as a JSON object a line, in any wrapping
that keeps its field names: `open.item.get`, `open.item.list.get`, `open.item.category.config`,
`open.seller.order.refund.pcursor.list` and `.detail`, and the messages about refunds.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.exchange.fields import shown
from checker.exchange.kuaishou.codes import MESSAGES
from checker.exchange.kuaishou.forms import Found, find, opened
from checker.exchange.kuaishou.items import category, item
from checker.exchange.kuaishou.refunds import Refund, latest, record
from checker.exchange.positioned_data import Data, pointer, read_data, read_json
from checker.exchange.statements import Parameters, Read, Stated, not_understood
from checker.language.syntax.problems import Finding, Position, quoted

_LINES = (".jsonl", ".ndjson")


def read(raw: bytes, file: str) -> Read:
    """Return what a file of the platform's answers or messages says.

    Of a refund that the file has more than once the last state counts, also where that is one that
    can't be a record.
    """
    parts = [part for data in _texts(raw, file) for part in _parts(data)]
    refunds = [part for part in parts if isinstance(part, Refund)]
    return Read(
        tuple(part for part in parts if isinstance(part, Stated)),
        tuple(part for part in parts if isinstance(part, Parameters)),
        tuple(record(refund, states) for refund, states in latest(refunds)),
        tuple(part for part in parts if isinstance(part, Finding)),
    )


def _texts(raw: bytes, file: str) -> Iterator[Data | Finding]:
    if not file.lower().endswith(_LINES):
        yield read_data(raw, file)
        return
    for number, line in enumerate(raw.splitlines(), 1):
        if line.strip():
            yield _line(line, Position(file, number, 1))


def _line(line: bytes, at: Position) -> Data | Finding:
    try:
        return read_json(line.decode("utf-8-sig"), at)
    except UnicodeDecodeError:
        return Finding(at, "not UTF-8", "save the file as UTF-8", check="unreadable")


def _parts(data: Data | Finding) -> Iterator[Stated | Parameters | Refund | Finding]:
    if isinstance(data, Finding):
        yield data
        return
    for found in find(data):
        if isinstance(found, Finding):
            yield found
        elif found.form == "item":
            yield item(data, found)
        elif found.form == "category":
            yield category(data, found)
        elif found.form == "refund":
            yield Refund(data, found.path, found.value)
        else:
            yield _message(data, found)


def _message(data: Data, found: Found) -> Refund | Finding:
    """Return the refund of a message, whose `userId` is the seller that it was sent to."""
    event, path = found.value["event"], (*found.path, "info")
    position = data.position(path)
    if not isinstance(event, str) or event not in MESSAGES:
        help = f"those about refunds are {quoted(MESSAGES)}"
        said = f"`event: {shown(event)}` is no message about refunds"
        return not_understood(data.position((*found.path, "event")), said, pointer(path), help)
    info = opened(data, found)
    if isinstance(info, Finding):
        return info
    if not isinstance(info, dict) or "refundId" not in info:
        return not_understood(position, "`info` names no refund", pointer(path))
    user = found.value.get("userId")
    seller = str(user) if isinstance(user, int | str) and user else ""
    return Refund(data, path, info, seller, MESSAGES[event])
