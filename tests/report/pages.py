"""Made-up audits: summaries, sellers and cases, as the audits give them."""

from __future__ import annotations

import json
import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Row = dict[str, Any]

HOSTILE = (
    "<script>window.hacked = 1</script>",
    "</script><script>window.hacked = 1</script>",
    '"><img src=x onerror="window.hacked = 1">',
    "<!--<script>",
    "javascript:window.hacked=1",
    "' onmouseover='window.hacked=1",
    "{{ 7 * 7 }}{% raw %}",
    "\u202eevil\u202c shop",
    "line\u2028and\u2029paragraph",
    "\x00\x1b[31m\ttab\nline",
    "💣🏴‍☠️ 商店 «é»",
    "%3Cscript%3E%ff 100% #seller=x&seller=y+z",
    "__proto__",
    "constructor",
    "  ",
    "a\ud800b",
    "very-long-" * 200,
)

DOCUMENTS = [
    {"kind": "policy", "name": "kuaishou/flash-purchase@2.0.0", "sha256": "8f0c" * 16},
    {"kind": "policy", "name": "cn/consumer-returns@2.0.0", "sha256": "31ab" * 16},
    {"kind": "vocabulary", "name": "returns@2.0.0", "sha256": "77de" * 16},
    {"kind": "calendar", "name": "cn/holidays@2024.1.0", "sha256": "02c4" * 16},
]
CLAUSES = [
    {
        "clause": "kuaishou/flash-purchase-article#B2",
        "gist": "A return may be requested within 7 days after the order's completion.",
        "findings": 214,
    },
    {
        "clause": "kuaishou/flash-purchase-article#A3",
        "gist": {
            "en": "The seller must handle a request within 48 hours of receiving it.",
            "zh": "卖家须在收到退货申请后 48 小时内处理。",
        },
        "findings": 171,
    },
    {
        "clause": "cn/cpl#a24-1",
        "gist": {"zh": "不符合质量要求的商品，消费者可以依约退货。"},
        "findings": 38,
    },
    {
        "clause": "kuaishou/flash-purchase-article#A12",
        "gist": "A refusal must give the buyer sufficient reasons.",
        "findings": 26,
    },
]
FACTS = {
    "request_type": "return_refund",
    "category": "cosmetics",
    "amount": "129.00",
    "opened": True,
    "used": False,
    "seal_broken": False,
    "damage_cause": "none",
    "labels_intact": True,
    "accessories_complete": True,
    "days_since_completion": 3,
    "requested_at": "2024-09-11T09:12:00+08:00",
    "decided_at": None,
}
CHECKS = (
    "rejected-required-return",
    "late:review_within",
    "overdue:review_within",
    "rejected-without-ground",
    "rejected-without-reason",
    "late:refund_within",
)


def rate(part: int, whole: int) -> str | None:
    """Return a share with four places, half up; None of nothing."""
    if not whole:
        return None
    return str((Decimal(part) / whole).quantize(Decimal("0.0001"), ROUND_HALF_UP))


def sellers_of_returns(count: int, names: tuple[str, ...] = ()) -> list[Row]:
    """Return rows of sellers, worst first; the first ones are called `names`."""
    draw = random.Random(4)
    rows = []
    for place in range(count):
        requests, rejected = draw.randint(0, 400), 0
        rejected = draw.randint(0, requests // 3)
        wrongful = draw.randint(0, rejected) if place < 40 else 0
        late, overdue = draw.randint(0, requests // 8), draw.randint(0, requests // 20)
        met = requests - late - overdue
        row = {
            "seller": f"shop-{place + 1}",
            "requests": requests,
            "accepted": requests - rejected,
            "rejected": rejected,
            "pending": 0,
            "wrongful_rejections": wrongful,
            "unfounded_rejections": wrongful // 3,
            "rejected_without_reason": 0,
            "late": late if place < 60 else 0,
            "overdue": overdue if place < 60 else 0,
            "rejection_rate": rate(rejected, requests),
            "wrongful_rejection_rate": rate(wrongful, rejected),
            "on_time_rate": rate(met, requests),
            "rung": "banned" if wrongful >= 50 else "warned" if wrongful else None,
        }
        found = ("wrongful_rejections", "unfounded_rejections", "late", "overdue")
        rows.append({**row, "findings": sum(int(row[each] or 0) for each in found)})
    rows.sort(key=lambda row: (-row["findings"], row["seller"]))
    for row, name in zip(rows, names, strict=False):
        row["seller"] = name
    return rows


def case_of(check: str, number: int, seller: str) -> Row:
    """Return a finding of a return."""
    timed = ":" in check
    return {
        "case": f"R-2024-{number:06d}",
        "seller": seller,
        "on": "2024-09-13",
        "policy": "kuaishou/flash-purchase@2.0.0",
        "check": check,
        "verdict": "must_accept",
        "because": check.partition(":")[2] if timed else "no-reason-return|quality-return",
        "clauses": "|".join(CLAUSES[at]["clause"] for at in ((1,) if timed else (0, 2))),
        "response": "pending" if check.startswith("overdue") else "rejected",
        "cites": "" if check == "rejected-without-reason" else "used-or-damaged|window-passed",
        "taken": 4335 if timed else None,
        "limit": 2880 if timed else None,
        **{name: value for name, value in FACTS.items() if value is not None},
    }


def _terms() -> list[Row]:
    draw = random.Random(8)
    hours = [each * 120 for each in range(48)]
    shape = [int(260 * (at + 1) * 0.82**at) + draw.randint(0, 9) for at in range(48)]
    review = [
        {"from": low, "to": low + 120 if low < hours[-1] else None, "deadlines": count}
        for low, count in zip(hours, shape, strict=True)
    ]
    days = [{"from": day * 1440, "to": (day + 1) * 1440, "deadlines": 0} for day in range(14)]
    for day, count in zip(days, (12, 60, 190, 310, 280, 150, 90, 40, 11, 3, 0, 1), strict=False):
        day["deadlines"] = count
    return [
        {
            "term": "review_within",
            "title": {"en": "reviewing the request", "zh": "审核退货申请"},
            "met": 9871,
            "late": 117,
            "overdue": 54,
            "limits": [{"limit": 2880, "deadlines": 9400}, {"limit": 1440, "deadlines": 642}],
            "taken": review,
        },
        {
            "term": "refund_within",
            "title": {"en": "refund after the goods came back", "zh": "收到退货后退款"},
            "met": 1132,
            "late": 15,
            "overdue": 2,
            "limits": [{"limit": 10080, "deadlines": 1149}],
            "taken": days,
        },
        {
            "term": "answer_complaint_within",
            "met": 0,
            "late": 0,
            "overdue": 3,
            "limits": [{"limit": 2880, "deadlines": 3}],
            "taken": [{"from": 0, "to": None, "deadlines": 0}],
        },
    ]


def returns(count: int = 120, names: tuple[str, ...] = ()) -> tuple[Row, list[Row], Row]:
    """Return summary, sellers and cases of an audit of returns."""
    rows = sellers_of_returns(count, names)
    cases = {
        row["seller"]: [
            case_of(check, 10 * place + at, row["seller"])
            for at, check in enumerate(CHECKS[: row["findings"]])
        ]
        for place, row in enumerate(rows[:40])
    }
    sums = {name: sum(row[name] for row in rows) for name in rows[0] if type(rows[0][name]) is int}
    findings = sums.pop("findings")
    rates = {
        "rejection_rate": rate(sums["rejected"], sums["requests"]),
        "wrongful_rejection_rate": rate(sums["wrongful_rejections"], sums["rejected"]),
        "on_time_rate": None,
    }
    summary = {
        "audit": "returns",
        "checker": "0.1.0",
        "source": "returns-2024-09.parquet",
        "engine": "polars",
        "as_of": "2024-10-01T00:00:00+08:00",
        "window": {
            "length": "30d",
            "from": "2024-09-01T00:00:00+08:00",
            "to": "2024-10-01T00:00:00+08:00",
        },
        "policies": ["kuaishou/flash-purchase@2.0.0"],
        "documents": DOCUMENTS,
        "rows": {"read": sums["requests"] + 10, "accepted": sums["requests"], "refused": 10},
        "refusals": [
            {"reason": "fact `amount`: `12.345` has more than two places", "rows": 7},
            {"reason": "fact `days_since_completion` is 3, but its dates give 4", "rows": 3},
        ],
        "sellers": len(rows),
        "findings": findings,
        "checks": [
            {"check": check, "findings": 214 >> at, "sellers": 40 >> at}
            for at, check in enumerate(CHECKS)
        ],
        "clauses": CLAUSES,
        "metrics": {**sums, **rates},
        "ladder": [
            {
                "rung": "banned",
                "title": {"en": "banned from selling", "zh": "禁止销售"},
                "sellers": 6,
            },
            {"rung": "warned", "sellers": 33},
        ],
        "terms": _terms(),
    }
    return summary, rows, cases


def settings(count: int = 60, names: tuple[str, ...] = ()) -> tuple[Row, list[Row], Row]:
    """Return summary, sellers and cases of an audit of settings."""
    counterexample = {name: value for name, value in FACTS.items() if not name.endswith("_at")}
    failures = [
        {
            "failure": 1,
            "check": "rejects-required-return",
            "at": "settings.window_days",
            "limit": "window_days: {at_least: 7}",
            "sellers": 12,
            "counterexample": counterexample,
            "example": "shop-1",
        },
        {
            "failure": 2,
            "check": "worse-term",
            "at": "terms.review_within",
            "limit": "review_limit: {at_most: 2d}",
            "sellers": 5,
            "counterexample": {"request_type": "return_refund", "defect_confirmed": False},
            "example": "shop-1",
        },
        {
            "failure": 3,
            "check": "invalid-settings",
            "at": "settings.window_days",
            "limit": "window_days: {between: [0, 365]}",
            "sellers": 1,
            "counterexample": None,
            "example": names[0] if names else "shop-2",
        },
    ]
    rows = []
    cases: dict[str, list[Row]] = {}
    for place in range(count):
        name = names[place] if place < len(names) else f"shop-{place + 1}"
        failed = failures[: 2 - place % 2] if place < 18 else []
        rows.append(
            {
                "seller": name,
                "holds": not failed,
                "checks": "|".join(str(each["check"]) for each in failed),
                "limits": " ; ".join(str(each["limit"]) for each in failed),
                "findings": len(failed),
            }
        )
        cases[name] = [
            {
                **{key: each[key] for key in ("check", "at", "limit", "failure")},
                "seller": name,
                "counterexample": json.dumps(each["counterexample"]),
            }
            for each in failed
        ]
    summary = {
        "audit": "settings",
        "checker": "0.1.0",
        "source": "settings.csv",
        "engine": "polars",
        "policies": ["kuaishou/flash-purchase@2.0.0"],
        "documents": DOCUMENTS,
        "rows": {"read": count, "accepted": count, "refused": 0},
        "refusals": [],
        "sellers": count,
        "findings": sum(row["findings"] for row in rows),
        "checks": [
            {"check": each["check"], "findings": each["sellers"], "sellers": each["sellers"]}
            for each in failures
        ],
        "clauses": CLAUSES[:2],
        "failures": failures,
    }
    return summary, rows, cases
