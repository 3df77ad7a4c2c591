"""Reads answers and messages of Kuaishou's Open Platform: items, limits of categories, refunds.

A file is JSON, or has a JSON object on each line. It has answers to `open.item.get`,
`open.item.list.get`, `open.item.category.config`, `open.seller.order.refund.pcursor.list` and
`open.seller.order.refund.detail`, or messages about refunds, in any wrapper that keeps their names
of fields.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.exchange.fields import display
from checker.exchange.kuaishou.codes import MESSAGES
from checker.exchange.kuaishou.items import category, item
from checker.exchange.kuaishou.platform_objects import PlatformObject, find_objects, message_info
from checker.exchange.kuaishou.refunds import Refund, latest_states, record
from checker.exchange.positioned_data import UNREADABLE, Data, pointer, read_data, read_json
from checker.exchange.statements import ReadDocument, SellerChoices, StatedPolicy, not_understood
from checker.language.syntax.problems import Finding, Position, quoted

_LINES = (".jsonl", ".ndjson")


def read(raw: bytes, file: str) -> ReadDocument:
    """Return what a file of the platform's answers or messages states.

    Of several states of a refund the last one counts, even if it can't become a record.
    """
    results = [result for data in _read_texts(raw, file) for result in _read_objects(data)]
    refunds = [result for result in results if isinstance(result, Refund)]
    return ReadDocument(
        tuple(result for result in results if isinstance(result, StatedPolicy)),
        tuple(result for result in results if isinstance(result, SellerChoices)),
        tuple(record(refund, state_count) for refund, state_count in latest_states(refunds)),
        tuple(result for result in results if isinstance(result, Finding)),
    )


def _read_texts(raw: bytes, file: str) -> Iterator[Data | Finding]:
    """Yield the data of the file, or of each line of it."""
    if not file.lower().endswith(_LINES):
        yield read_data(raw, file)
        return
    for number, line in enumerate(raw.splitlines(), 1):
        if line.strip():
            yield _read_line(line, Position(file, number, 1))


def _read_line(line: bytes, position: Position) -> Data | Finding:
    try:
        return read_json(line.decode("utf-8-sig"), position)
    except UnicodeDecodeError:
        return Finding(position, "not UTF-8", "save the file as UTF-8", check=UNREADABLE)


def _read_objects(
    data: Data | Finding,
) -> Iterator[StatedPolicy | SellerChoices | Refund | Finding]:
    if isinstance(data, Finding):
        yield data
        return
    for platform_object in find_objects(data):
        if isinstance(platform_object, Finding):
            yield platform_object
        elif platform_object.form == "item":
            yield item(data, platform_object)
        elif platform_object.form == "category":
            yield category(data, platform_object)
        elif platform_object.form == "refund":
            yield Refund(data, platform_object.path, platform_object.value)
        else:
            yield _refund_of_message(data, platform_object)


def _refund_of_message(data: Data, message: PlatformObject) -> Refund | Finding:
    """Return the refund of a message; its `userId` is the seller who received it."""
    event, path = message.value["event"], (*message.path, "info")
    position = data.position(path)
    if not isinstance(event, str) or event not in MESSAGES:
        help = f"those about refunds are {quoted(MESSAGES)}"
        text = f"`event: {display(event)}` is no message about refunds"
        return not_understood(data.position((*message.path, "event")), text, pointer(path), help)
    info = message_info(data, message)
    if isinstance(info, Finding):
        return info
    if not isinstance(info, dict) or "refundId" not in info:
        return not_understood(position, "`info` names no refund", pointer(path))
    user = message.value.get("userId")
    seller = str(user) if isinstance(user, int | str) and user else ""
    return Refund(data, path, info, seller, MESSAGES[event])
