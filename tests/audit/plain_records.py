"""Findings of one record and metrics of one seller, as plainly as the prose has them.

The prose is docs/language.md, section 8. It stands on the reference reading and shares nothing with
the program.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests import reference
from tests.reference import MINUTES, World

RESPONSES = ("accepted", "rejected", "pending")


@dataclass
class Judged:
    """What is found of a record, and which of its deadlines were met."""

    findings: list[str] = field(default_factory=list)
    met: int = 0


def zone_of(resolved: World) -> ZoneInfo:
    return ZoneInfo(resolved.vocabulary.get("time_zone", "Asia/Shanghai"))


def end_of(as_of: str, resolved: World) -> datetime:
    """The moment of `--as-of`: of a date, its end."""
    if len(as_of) == len("2024-08-19"):
        after = date.fromisoformat(as_of) + timedelta(days=1)
        return midnight(after, resolved) - timedelta(microseconds=1)
    return datetime.fromisoformat(as_of)


def midnight(day: date, resolved: World) -> datetime:
    return datetime.combine(day, time(), zone_of(resolved)).astimezone(ZoneInfo("UTC"))


def judge(resolved: World, record: dict[str, Any], as_of: datetime) -> Judged:
    """Judge a record: facts beside `seller`, `response`, `cites`; Refused where it can't be."""
    extra = ("seller", "response", "cites", "id")
    ends = stated_ends(record)
    facts = (name for name in record if name not in extra and not name.startswith("due:"))
    stated = {name: record[name] for name in facts}
    cites = record.get("cites") or []
    if not record.get("seller") or record.get("response") not in RESPONSES:
        raise reference.Refused("seller or response")
    if not {*cites} <= {*resolved.policy.get("grounds", {})}:
        raise reference.Refused("cites")
    decision = reference.decide(World(resolved.vocabulary, resolved.policy, resolved.upholds, None,
                                      resolved.calendars), stated)  # fmt: skip
    case = reference.read_case(resolved, stated)
    judged = Judged()
    if record["response"] == "rejected":
        judged.findings += rejection(resolved, decision, case, cites)
    for name, limit in decision["terms"].items():
        term = next(
            policy["terms"][name] for policy in (resolved.policy, *resolved.upholds)
            if name in policy.get("terms", {})
        )  # fmt: skip
        if "from" not in term or term.get("after", "any") not in ("any", record["response"]):
            continue
        start, until, end = case[term["from"]], case[term["until"]], ends.get(name)
        if end is None and (start is None or limit is None):
            continue
        if end is None:
            end = deadline(resolved, term, start, int(limit[:-1]) * MINUTES[limit[-1]], case)
        if end is None:
            continue
        certain = name in ends or is_published(resolved, term, end, case)
        found = len(judged.findings)
        if until is None:
            # the last day of a calendar's term is over at its end
            by_day = term.get("counting") == "calendar" and name not in ends
            passed = as_of >= end if by_day else as_of > end
            judged.findings += [f"overdue:{name}"] if passed else []
        elif until > end:
            judged.findings += [f"late:{name}"]
        else:
            judged.met += 1
        if not certain and len(judged.findings) > found:
            raise reference.Refused(f"{name} ends in an unpublished year")
    return judged


def stated_ends(record: dict[str, Any]) -> dict[str, datetime]:
    """When deadlines end by what the record states, by their terms."""
    ends = {}
    for name, value in record.items():
        if name.startswith("due:"):
            try:
                ends[name.removeprefix("due:")] = reference.value("datetime", value)
            except ValueError:
                raise reference.Refused(name) from None
    return ends


def rejection(
    resolved: World, decision: dict[str, Any], case: dict[str, Any], cites: list[str]
) -> list[str]:
    findings = []
    if decision["verdict"] == "must_accept":
        findings.append("rejected-required-return")
    if not cites:
        findings.append("rejected-without-reason")
    elif decision["verdict"] not in ("must_accept", "unknown"):
        statements = reference.say(resolved, resolved.policy, case, {}, {})
        if all(statements.grounds[cited] is False for cited in cites):
            findings.append("rejected-without-ground")
    return findings


def deadline(
    resolved: World,
    term: dict[str, Any],
    start: datetime,
    minutes: int,
    case: dict[str, Any],
) -> datetime | None:
    """The last moment that is in time; none where no calendar says when days are off."""
    if term.get("counting", "elapsed") == "elapsed":
        return start + timedelta(minutes=minutes)
    day = start.astimezone(zone_of(resolved)).date() + timedelta(days=minutes // MINUTES["d"])
    if "roll" in term:
        calendar = reference.calendar_of(resolved, term["roll"], case)
        if calendar is None:
            return None
        while True:
            if not reference.published(calendar, day.toordinal()):
                break  # it ends on this day, or later
            if not reference.is_off(calendar, day, term.get("weekends", False)):
                break
            day += timedelta(days=1)
    return midnight(day + timedelta(days=1), resolved) - timedelta(microseconds=1)


def is_published(
    resolved: World, term: dict[str, Any], end: datetime, case: dict[str, Any]
) -> bool:
    """Whether a calendar says that a deadline ends on this day, where one must."""
    calendar = reference.calendar_of(resolved, term["roll"], case) if "roll" in term else None
    day = end.astimezone(zone_of(resolved)).toordinal()
    return calendar is None or reference.published(calendar, day)


def metrics(records: list[tuple[dict[str, Any], Judged]]) -> dict[str, Any]:
    """The metrics of a seller's records in the window."""
    checks = [check for _, judged in records for check in judged.findings]
    counts: dict[str, Any] = {
        "requests": len(records),
        **{name: sum(r["response"] == name for r, _ in records) for name in RESPONSES},
        "wrongful_rejections": checks.count("rejected-required-return"),
        "unfounded_rejections": checks.count("rejected-without-ground"),
        "rejected_without_reason": checks.count("rejected-without-reason"),
        "late": sum(check.startswith("late:") for check in checks),
        "overdue": sum(check.startswith("overdue:") for check in checks),
    }
    counts["met"] = sum(judged.met for _, judged in records)
    return {**counts, **{name: rate(*of(counts)) for name, of in RATES.items()}}


RATES: dict[str, Any] = {
    "rejection_rate": lambda counts: (counts["rejected"], counts["requests"]),
    "wrongful_rejection_rate": lambda counts: (counts["wrongful_rejections"], counts["rejected"]),
    "on_time_rate": lambda counts: (
        counts["met"],
        counts["met"] + counts["late"] + counts["overdue"],
    ),
}


def rate(count: int, total: int) -> Decimal | None:
    exact = fraction(count, total)
    if exact is None:
        return None
    shown = Decimal(exact.numerator) / exact.denominator
    return shown.quantize(Decimal("0.0001"), ROUND_HALF_UP)


def fraction(count: int, total: int) -> Fraction | None:
    return Fraction(count, total) if total else None


def rung(standards: dict[str, Any], metrics: dict[str, Any]) -> str | None:
    """The first rung whose tests all hold; one on a rate that is absent does not."""
    exact = {**metrics, **{name: fraction(*of(metrics)) for name, of in RATES.items()}}
    for step in standards["ladder"]:
        if all(holds(exact[name], test) for name, test in step["when"].items()):
            return str(step["id"])
    return None


def holds(value: Any, test: dict[str, Any]) -> bool:
    return value is not None and all(
        reference.compare(operator, Fraction(value), [Fraction(str(operand))])
        for operator, operand in test.items()
    )
