"""Standards: what follows for a seller's record in a window of time.

Defined in docs/language.md, section 8.1.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.language.model.conditions import Condition
from checker.language.model.typecheck import ConditionReader, Scope
from checker.language.model.types import ValueType
from checker.language.syntax.documents import Reporter

COUNTS = (
    "requests",
    "accepted",
    "rejected",
    "pending",
    "wrongful_rejections",
    "unfounded_rejections",
    "rejected_without_reason",
    "late",
    "overdue",
)
RATES = ("rejection_rate", "wrongful_rejection_rate", "on_time_rate")
METRICS = {
    **{name: ValueType("integer") for name in COUNTS},
    **{name: ValueType("rate") for name in RATES},
}
METRIC_TITLES = {
    "requests": {"en": "the number of requests", "zh": "申请数"},
    "accepted": {"en": "the number of requests accepted", "zh": "接受数"},
    "rejected": {"en": "the number of requests refused", "zh": "拒绝数"},
    "pending": {"en": "the number of requests pending", "zh": "待处理数"},
    "wrongful_rejections": {
        "en": "the number of refused returns that had to be accepted",
        "zh": "错误拒绝（本应接受）的次数",
    },
    "unfounded_rejections": {
        "en": "the number of refusals that cite no ground that applies",
        "zh": "所引理由均不成立的拒绝次数",
    },
    "rejected_without_reason": {
        "en": "the number of refusals that cite nothing",
        "zh": "未引用任何理由的拒绝次数",
    },
    "late": {"en": "the number of deadlines met too late", "zh": "超时完成的次数"},
    "overdue": {"en": "the number of deadlines missed and still open", "zh": "逾期未完成的次数"},
    "rejection_rate": {"en": "the share of requests refused", "zh": "拒绝率"},
    "wrongful_rejection_rate": {
        "en": "the share of refusals that were of returns that had to be accepted",
        "zh": "错误拒绝占全部拒绝的比例",
    },
    "on_time_rate": {"en": "the share of deadlines met in time", "zh": "按时率"},
}


@dataclass(frozen=True, slots=True, eq=False)
class Rung:
    """A consequence for a seller, where `when` holds for the seller's metrics."""

    id: str
    when: Condition
    sources: tuple[str, ...] = ()
    title: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Standards:
    """The window, in minutes, and the ladder; the first rung that holds counts."""

    window: int
    ladder: tuple[Rung, ...]


def read_standards(entry: Any, report: Reporter) -> Standards:
    """Return the `standards` of a policy that follows its schema; other errors go to `report`."""
    window = int(ValueType("duration").read(entry["window"]))  # type: ignore[arg-type]
    reader = ConditionReader(Scope(METRICS, what="metric", names_allowed=False), report)
    ladder: dict[str, Rung] = {}
    for index, rung in enumerate(entry["ladder"]):
        path = ("standards", "ladder", index)
        if rung["id"] in ladder:
            report.error((*path, "id"), f"the rung `{rung['id']}` stands twice")
        when = reader.condition(rung["when"], (*path, "when"))
        if when:
            sources = tuple(rung.get("source", ()))
            ladder[rung["id"]] = Rung(rung["id"], when, sources, rung.get("title"))
    return Standards(window, tuple(ladder.values()))
