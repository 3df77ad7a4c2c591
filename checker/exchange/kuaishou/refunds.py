"""Builds records from refunds: the request, its moments, and the seller's response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.kuaishou import codes
from checker.exchange.positioned_data import Data, Path, pointer
from checker.exchange.statements import Record, not_understood

_CHINA_TIME = timezone(timedelta(hours=8))  # of the platform's days
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MIN_TIME, _MAX_TIME = 946_684_800_000, 7_258_089_600_000  # 2000 and 2200, in milliseconds
_MAX_INT64 = 2**63 - 1
_UNKNOWN = -1  # in place of a number that is not understood
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
    """One state of a refund: its fields, and the path to them.

    `seller` is the receiver of a message, else empty. `request_time_field` is the field that has
    the time of the request.
    """

    data: Data
    path: Path
    value: Mapping[str, Any]
    seller: str = ""
    request_time_field: str = "submitTime"

    def field_path(self, name: str) -> Path:
        """Return the path of a field."""
        return (*self.path, name)


def latest_states(refunds: list[Refund]) -> list[tuple[Refund, int]]:
    """Return the latest state of each refund, with the number of its states.

    Of two states of the same time, the one with more fields counts.
    """
    states_by_id: dict[Any, list[Refund]] = {}
    for index, refund in enumerate(refunds):
        states_by_id.setdefault(_refund_id(refund) or index, []).append(refund)
    return [(max(reversed(states), key=_stamp), len(states)) for states in states_by_id.values()]


def _refund_id(refund: Refund) -> str:
    number = refund.value["refundId"]
    return str(number) if isinstance(number, (int, str)) and number else ""


def _stamp(refund: Refund) -> tuple[int, int]:
    """Return what orders the states of a refund: time, then number of fields."""
    times = (refund.value.get(name) for name in ("updateTime", "createTime"))
    known = [time for time in times if isinstance(time, int)]
    return (known[0] if known else 0), len(refund.value)


def record(refund: Refund, state_count: int = 1) -> Record:
    """Return a refund as a record, without columns if the seller's response is not clear.

    Its columns have the names that exchange documents map. Codes are replaced by words, except for
    the reason of a refusal. `state_count` is the number of states of the refund in the file.
    """
    fields = Fields(refund.data, refund.path)
    numbers = _numbers(refund, fields)
    response = _response(numbers)
    reason = numbers["sellerDisagreeReason"] if response == "rejected" else 0
    if not response:
        why = f"how the seller answered is not said{_response_source(refund, fields)}"
        return _left_out(refund, fields, why)
    if response == "rejected" and reason <= 0:
        help = "the answer of `open.seller.order.refund.detail` has it"
        why = "the seller refused, and its `sellerDisagreeReason` is not said"
        return _left_out(refund, fields, why, help)
    columns: dict[str, Any] = {
        "id": _id_text(numbers["refundId"]),
        "seller": _id_text(numbers["sellerId"]) or refund.seller,
        "response": response,
        "request_type": codes.REQUESTS.get(numbers["handlingWay"]),
        "reason": codes.REASONS.get(numbers["refundReason"]),
        "reject_reason": _id_text(reason),
        "refund_amount": _yuan_text(numbers["refundFee"]),
    }
    _add_notes(refund, fields, numbers)
    if not columns["seller"]:
        fields.note(refund.path, "no seller is named here")
    if state_count > 1:
        fields.note(refund.path, f"the last of {state_count} states of this refund")
    stated_columns = {name: value for name, value in columns.items() if value}
    stated_columns |= _times(refund, fields, numbers, response)
    required_columns = ("reject_reason",) if response == "rejected" else ()
    return _record(refund, fields, stated_columns, required_columns)


def _left_out(refund: Refund, fields: Fields, why: str, help: str | None = None) -> Record:
    position, at = refund.data.position(refund.path), pointer(refund.path)
    fields.problems.append(not_understood(position, why, at, help))
    return _record(refund, fields, {})


def _record(
    refund: Refund,
    fields: Fields,
    columns: dict[str, Any],
    required_columns: tuple[str, ...] = (),
) -> Record:
    return Record(
        columns,
        pointer(refund.path),
        refund.data.position(refund.path),
        tuple(fields.notes),
        tuple(fields.problems),
        required_columns,
        _refund_id(refund),
        _stamp(refund),
    )


def _numbers(refund: Refund, fields: Fields) -> dict[str, int]:
    """Return the codes, numbers and times; 0 for a missing field, as the platform writes it."""
    code_fields = {name: _code(refund, fields, name, known) for name, known in _CODES.items()}
    return code_fields | {name: _number(refund, fields, name) for name in (*_NUMBERS, *_TIMES)}


def _number(refund: Refund, fields: Fields, name: str) -> int:
    value = refund.value.get(name)
    if value is None:
        return 0
    number = fields.integer(value, refund.field_path(name), 0, _MAX_INT64, text=True)
    return _UNKNOWN if number is None else number


def _code(refund: Refund, fields: Fields, name: str, known: Mapping[int, str]) -> int:
    code = _number(refund, fields, name)
    if code == _UNKNOWN or code in known or refund.value.get(name) is None:
        return code
    description = refund.value.get(f"{name}Desc")
    help = f"the document calls it `{description}`" if isinstance(description, str) else None
    fields.report_problem(refund.field_path(name), "is no code that the platform defines", help)
    return _UNKNOWN


def _response(numbers: Mapping[str, int]) -> str:
    """Return the seller's response, empty where it is not stated or where fields contradict."""
    status, negotiation = numbers["status"], numbers["negotiateStatus"]
    decision = codes.DECISIONS.get(negotiation, "")
    if status == codes.REFUSED and decision in ("pending", "accepted"):
        return ""
    if decision in ("accepted", "rejected") or not status:
        return decision
    return "" if negotiation == _UNKNOWN else codes.STATUSES.get(status, "")


def _response_source(refund: Refund, fields: Fields) -> str:
    """Return the end of a message: the fields that should state the response."""
    names = ("status", "negotiateStatus")
    texts = [f"`{fields.quote(refund.field_path(name))}`" for name in names if name in refund.value]
    return f" by {' and '.join(texts)}" if texts else ""


def _times(
    refund: Refund, fields: Fields, numbers: Mapping[str, int], response: str
) -> dict[str, str | None]:
    """Return the columns with moments of a refund; None for a moment in the future.

    `expireTime` is the deadline of a pending decision; after the decision it may belong to a later
    step. If the moment of a decision is not stated, the request has a day instead of a moment: with
    a moment it would look as if it were not decided yet.
    """
    is_pending = response == "pending"
    refuses_receipt = response == "rejected" and numbers["status"] in codes.RETURNED
    requested = _moment(refund, fields, refund.request_time_field, numbers)
    negotiated = _moment(refund, fields, "negotiateUpdateTime", numbers)
    due = _moment(refund, fields, "expireTime", numbers)
    ended = _moment(refund, fields, "endTime", numbers)
    negotiated_response = codes.DECISIONS.get(numbers["negotiateStatus"])
    is_decision = negotiated_response == response and not refuses_receipt
    decided = negotiated if is_decision and not is_pending else None
    if requested and not (is_pending or decided):
        request_path = refund.field_path(refund.request_time_field)
        fields.note(request_path, "when the seller decided is not said")
    if due and not is_pending:
        text = f"a deadline, perhaps of a later step: {_moment_text(due)}"
        fields.note(refund.field_path("expireTime"), text)
    moments = {
        "requested_at": requested if is_pending or decided else None,
        "decided_at": decided,
        "decision_due_at": due if is_pending else None,
        "refunded_at": ended if numbers["status"] == codes.REFUNDED else None,
    }
    day = {"requested_on": requested.date().isoformat()} if requested else {}
    future: dict[str, None] = {"decided_at": None} if is_pending else {}
    if codes.STATUSES.get(numbers["status"]) and numbers["status"] != codes.REFUNDED:
        future["refunded_at"] = None
    known = {name: _moment_text(moment) for name, moment in moments.items() if moment}
    return {**day, **future, **known}


def _moment(
    refund: Refund, fields: Fields, name: str, numbers: Mapping[str, int]
) -> datetime | None:
    milliseconds = numbers.get(name, 0)
    if _MIN_TIME <= milliseconds < _MAX_TIME:
        return (_EPOCH + timedelta(milliseconds=milliseconds)).astimezone(_CHINA_TIME)
    if milliseconds > 0:
        why = "is no moment between 2000 and 2200"
        help = "the platform counts milliseconds since 1970"
        fields.report_problem(refund.field_path(name), why, help)
    return None


def _add_notes(refund: Refund, fields: Fields, numbers: Mapping[str, int]) -> None:
    """Note what no column states."""
    if numbers["refundType"] == _BY_SELLER:
        fields.note(refund.field_path("refundType"), "the seller began it")
    if numbers["specialRefundType"] == _PRICE_PROTECTION:
        path = refund.field_path("specialRefundType")
        fields.note(path, "a refund because the price was lowered")
    remark = refund.value.get("sellerDisagreeDesc")
    if isinstance(remark, str) and remark.strip():
        fields.note(refund.field_path("sellerDisagreeDesc"), f"the seller says: {remark.strip()}")


def _id_text(number: int) -> str:
    return str(number) if number > 0 else ""


def _yuan_text(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}" if fen > 0 else ""


def _moment_text(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")
