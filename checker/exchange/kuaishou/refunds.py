"""Refunds as records: what was asked, when, and how the seller answered, as far as that is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.kuaishou import codes
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Record, not_understood

_CHINA = timezone(timedelta(hours=8))  # the platform's clock, and its days
_1970 = datetime(1970, 1, 1, tzinfo=UTC)
_FIRST, _LAST = 946_684_800_000, 7_258_089_600_000  # 2000 and 2200; lower are no milliseconds
_MOST = 2**63 - 1
_ODD = -1  # for what is not understood
_BY_SELLER, _PRICE_PROTECTION = 2, 1

_CODES: dict[str, Mapping[int, str]] = {
    "status": codes.STATUSES,
    "negotiateStatus": codes.DECISIONS,
    "handlingWay": codes.REQUESTS,
    "refundReason": codes.REASONS,
    "refundType": dict.fromkeys(range(3), ""),
    "specialRefundType": dict.fromkeys(range(2), ""),
}
_NUMBERS = ("refundId", "sellerId", "refundFee", "sellerDisagreeReason")
_TIMES = ("submitTime", "createTime", "negotiateUpdateTime", "expireTime", "endTime")


@dataclass(frozen=True, slots=True)
class Refund:
    """The fields of one state of a refund, and where they stand.

    `seller` is whom a message was sent to, and `asked` the field with the time of the request.
    """

    data: Data
    path: Path
    value: Mapping[str, Any]
    seller: str = ""
    asked: str = "submitTime"

    def at(self, name: str) -> Path:
        """Return where a field stands."""
        return (*self.path, name)


def latest(refunds: list[Refund]) -> list[tuple[Refund, int]]:
    """Return the last state of each refund with how many there are, the fuller of two at a time."""
    states: dict[Any, list[Refund]] = {}
    for place, refund in enumerate(refunds):
        states.setdefault(_named(refund) or place, []).append(refund)
    return [(max(reversed(each), key=_stamp), len(each)) for each in states.values()]


def _named(refund: Refund) -> str:
    number = refund.value["refundId"]
    return str(number) if isinstance(number, (int, str)) and number else ""


def _stamp(refund: Refund) -> tuple[int, int]:
    times = (refund.value.get(name) for name in ("updateTime", "createTime"))
    known = [time for time in times if isinstance(time, int)]
    return (known[0] if known else 0), len(refund.value)


def record(refund: Refund, states: int = 1) -> Record:
    """Return a refund as a record; one without columns, where it can't be one.

    Its columns have the names that exchange documents map, and words in place of codes; only the
    reason of a refusal has the platform's own code. `states` are how many the file has of it.
    """
    fields = Fields(refund.data, refund.path)
    said = _said(refund, fields)
    response = _response(said)
    reason = said["sellerDisagreeReason"] if response == "rejected" else 0
    if not response:
        why = f"how the seller answered is not said{_by(refund, fields)}"
        return _left_out(refund, fields, why)
    if response == "rejected" and reason <= 0:
        help = "the answer of `open.seller.order.refund.detail` has it"
        why = "the seller refused, and its `sellerDisagreeReason` is not said"
        return _left_out(refund, fields, why, help)
    columns: dict[str, Any] = {
        "id": _text(said["refundId"]),
        "seller": _text(said["sellerId"]) or refund.seller,
        "response": response,
        "request_type": codes.REQUESTS.get(said["handlingWay"]),
        "reason": codes.REASONS.get(said["refundReason"]),
        "reject_reason": _text(reason),
        "refund_amount": _yuan(said["refundFee"]),
    }
    _notes(refund, fields, said)
    if not columns["seller"]:
        fields.note(refund.path, "no seller is named here")
    if states > 1:
        fields.note(refund.path, f"the last of {states} states of this refund")
    stated = {name: value for name, value in columns.items() if value}
    stated |= _times(refund, fields, said, response)
    needs = ("reject_reason",) if response == "rejected" else ()
    return _record(refund, fields, stated, needs)


def _left_out(refund: Refund, fields: Fields, why: str, help: str | None = None) -> Record:
    position, at = refund.data.position(refund.path), pointer(refund.path)
    fields.problems.append(not_understood(position, why, at, help))
    return _record(refund, fields, {})


def _record(
    refund: Refund, fields: Fields, columns: dict[str, Any], needs: tuple[str, ...] = ()
) -> Record:
    position, at = refund.data.position(refund.path), pointer(refund.path)
    notes, problems = tuple(fields.notes), tuple(fields.problems)
    return Record(columns, at, position, notes, problems, needs, _named(refund), _stamp(refund))


def _said(refund: Refund, fields: Fields) -> dict[str, int]:
    """Return the fields as whole numbers; 0 where there is none, as the platform writes that."""
    return {name: _code(refund, fields, name, known) for name, known in _CODES.items()} | {
        name: _whole(refund, fields, name) for name in (*_NUMBERS, *_TIMES)
    }


def _whole(refund: Refund, fields: Fields, name: str) -> int:
    value = refund.value.get(name)
    if value is None:
        return 0
    number = fields.whole(value, refund.at(name), 0, _MOST, text=True)
    return _ODD if number is None else number


def _code(refund: Refund, fields: Fields, name: str, known: Mapping[int, str]) -> int:
    code = _whole(refund, fields, name)
    if code == _ODD or code in known or refund.value.get(name) is None:
        return code
    words = refund.value.get(f"{name}Desc")
    help = f"the document calls it `{words}`" if isinstance(words, str) else None
    fields.odd(refund.at(name), "is no code that the platform defines", help)
    return _ODD


def _response(said: Mapping[str, int]) -> str:
    """Return how the seller answered, empty where that is not said or said in two ways."""
    status, negotiated = said["status"], said["negotiateStatus"]
    decision = codes.DECISIONS.get(negotiated, "")
    if status == codes.REFUSED and decision in ("pending", "accepted"):
        return ""
    if decision in ("accepted", "rejected") or not status:
        return decision
    return "" if negotiated == _ODD else codes.STATUSES.get(status, "")


def _by(refund: Refund, fields: Fields) -> str:
    """Return what does not say it."""
    names = ("status", "negotiateStatus")
    found = [f"`{fields.said(refund.at(name))}`" for name in names if name in refund.value]
    return f" by {' and '.join(found)}" if found else ""


def _times(
    refund: Refund, fields: Fields, said: Mapping[str, int], response: str
) -> dict[str, str | None]:
    """Return the moments of a refund, None of what has not come.

    `expireTime` is the deadline of the seller's decision while there is none, and afterwards
    perhaps that of a later step. A request whose decision has no time has a day and no moment,
    or it would look as if nobody had decided it.
    """
    pending = response == "pending"
    of_receipt = response == "rejected" and said["status"] in codes.RETURNED
    requested = _moment(refund, fields, refund.asked, said)
    changed = _moment(refund, fields, "negotiateUpdateTime", said)
    due = _moment(refund, fields, "expireTime", said)
    ended = _moment(refund, fields, "endTime", said)
    told = codes.DECISIONS.get(said["negotiateStatus"]) == response and not of_receipt
    decided = changed if told and not pending else None
    if requested and not (pending or decided):
        fields.note(refund.at(refund.asked), "when the seller decided is not said")
    if due and not pending:
        fields.note(
            refund.at("expireTime"), f"a deadline, perhaps of a later step: {_written(due)}"
        )
    moments = {
        "requested_at": requested if pending or decided else None,
        "decided_at": decided,
        "decision_due_at": due if pending else None,
        "refunded_at": ended if said["status"] == codes.REFUNDED else None,
    }
    day = {"requested_on": requested.date().isoformat()} if requested else {}
    to_come: dict[str, None] = {"decided_at": None} if pending else {}
    if codes.STATUSES.get(said["status"]) and said["status"] != codes.REFUNDED:
        to_come["refunded_at"] = None
    known = {name: _written(moment) for name, moment in moments.items() if moment}
    return {**day, **to_come, **known}


def _moment(refund: Refund, fields: Fields, name: str, said: Mapping[str, int]) -> datetime | None:
    number = said.get(name, 0)
    if _FIRST <= number < _LAST:
        return (_1970 + timedelta(milliseconds=number)).astimezone(_CHINA)
    if number > 0:
        why = "is no moment between 2000 and 2200"
        fields.odd(refund.at(name), why, "the platform counts milliseconds since 1970")
    return None


def _notes(refund: Refund, fields: Fields, said: Mapping[str, int]) -> None:
    """Keep what no column says."""
    if said["refundType"] == _BY_SELLER:
        fields.note(refund.at("refundType"), "the seller began it")
    if said["specialRefundType"] == _PRICE_PROTECTION:
        fields.note(refund.at("specialRefundType"), "a refund because the price was lowered")
    words = refund.value.get("sellerDisagreeDesc")
    if isinstance(words, str) and words.strip():
        fields.note(refund.at("sellerDisagreeDesc"), f"the seller says: {words.strip()}")


def _text(number: int) -> str:
    return str(number) if number > 0 else ""


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}" if fen > 0 else ""


def _written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
