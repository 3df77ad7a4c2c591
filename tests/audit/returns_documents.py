"""Worlds for audits of returns, and records drawn for them that lie around their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from random import Random
from typing import Any

from checker.language.syntax.parser import compose
from tests.reference import World

SHANGHAI = timezone(timedelta(hours=8))

VOCABULARY = """
kind: vocabulary
id: returns
version: 1.0.0
as_of: requested_at
facts:
  used: {type: boolean}
  opened: {type: boolean}
  agreed: {type: boolean}
  kind_of: {type: enum, values: [toys, food, books]}
  price: {type: money, range: ["0.00", "900.00"], typical: "20.00"}
  received_at: {type: datetime}
  requested_at: {type: datetime}
  reviewed_at: {type: datetime}
  refunded_at: {type: datetime}
  sent_at: {type: datetime}
  days:
    {type: integer, range: [0, 60], typical: 3,
     derive:
       {days_from: received_at, to: requested_at, before: zero,
        roll: {fact: kind_of, calendars: {toys: holidays, food: market, books: holidays}}}}
invariants:
  - {id: used-means-opened, always: {any: [{used: false}, {opened: true}]}}
"""
CALENDAR = """
kind: calendar
id: holidays
version: 1.0.0
years: [2024, 2024]
holidays: ["2024-09-10", "2024-10-01", "2024-10-02", "2024-10-03"]
workdays: ["2024-09-14"]
"""
MARKET = """
kind: calendar
id: market
version: 1.0.0
years: [2024, 2024]
holidays: ["2024-09-09", "2024-09-10", "2024-09-20", "2024-09-27", "2024-10-01"]
"""
LAW = """
kind: policy
id: law
version: 1.0.0
vocabulary: returns
grounds:
  perishable: {when: {kind_of: food, opened: true}}
entitlements:
  seven-days: {when: {days: {at_most: 7}}, unless: [perishable], source: [act#B1]}
terms:
  refund_within:
    {type: duration, better: lower, from: reviewed_at, until: refunded_at, counting: calendar,
     roll: holidays, weekends: true, source: [act#B2],
     decide: [{when: {price: {at_least: "500.00"}}, then: 5d}, {then: 3d}]}
"""
PLATFORM = """
kind: policy
id: platform
version: 1.0.0
vocabulary: returns
upholds: [law]
parameters:
  window: {type: integer, default: 10, range: [0, 60]}
grounds:
  was-used: {when: {used: true}, source: [rules#B3]}
  too-late: {when: {days: {more_than: {param: window}}}}
entitlements:
  no-reason: {when: {days: {at_most: {param: window}}}, unless: [was-used], source: [rules#B1]}
  by-agreement: {when: {agreed: true}, source: [rules#B2]}
terms:
  review_within:
    {type: duration, better: lower, from: requested_at, until: reviewed_at,
     decide: [{when: {agreed: true}, then: 12h}, {then: 48h}]}
  send_within:
    {type: duration, better: higher, from: reviewed_at, until: sent_at, counting: calendar,
     roll: {fact: kind_of, calendars: {food: market, toys: holidays}}, decide: [{then: 2d}]}
  refund_within:
    {type: duration, better: lower, from: reviewed_at, until: refunded_at, counting: calendar,
     roll: holidays, weekends: true, decide: [{then: 4d}]}
  exchange_within:
    {type: duration, better: lower, when: {used: false, kind_of: {is_not: books}},
     from: reviewed_at, until: sent_at, after: accepted, decide: [{then: 3d}]}
standards:
  window: 30d
  ladder:
    - {id: ban, when: {wrongful_rejections: {at_least: 3}}}
    - {id: warning, when: {wrongful_rejection_rate: {more_than: "0.3333"}, requests: {at_least: 2}}}
    - {id: slow, when: {on_time_rate: {less_than: "0.6667"}}}
"""
SOURCES = ["act", "rules"]


def data(text: str) -> dict[str, Any]:
    document: dict[str, Any] = compose(text)[0]
    return document


def resolved() -> World:
    calendars = {"holidays": data(CALENDAR), "market": data(MARKET)}
    return World(data(VOCABULARY), data(PLATFORM), [data(LAW)], None, calendars)


def write_documents(folder: Path) -> Path:
    """Write the documents into a folder, which can be a root."""
    for name, text in (("vocabulary", VOCABULARY), ("calendar", CALENDAR), ("market", MARKET),
                       ("law", LAW), ("platform", PLATFORM)):  # fmt: skip
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


MINUTE = timedelta(minutes=1)
INSTANT = timedelta(microseconds=1)
OFF = [timedelta(), timedelta(), timedelta(), -INSTANT, INSTANT, MINUTE - INSTANT, MINUTE]
ZONES = [SHANGHAI, SHANGHAI, UTC, timezone(timedelta(hours=-7))]
# What facts are drawn from, some of it no value of the fact: rarely, as that refuses the record.
FACTS: dict[str, list[Any]] = {
    "agreed": [False, False, True],
    "kind_of": ["toys", "food", "books"] * 10 + ["planes"],
    "price": ["20.00", "499.99", "500.00", "500"] * 8 + ["900.01", "1.234"],
}
MOMENTS = {"received_at": ("2024-08-20", 20), "reviewed_at": ("2024-09-08", 30),
           "refunded_at": ("2024-09-10", 40), "sent_at": ("2024-09-10", 40)}  # fmt: skip


def moment(draw: Random, first: str, days: int) -> str:
    """Draw a moment that likes midnights in Shanghai, whole hours and their neighbours."""
    start = datetime.fromisoformat(first).replace(tzinfo=SHANGHAI)
    hours = draw.choice([24, 1]) * draw.randrange(days)
    drawn = start + timedelta(hours=hours) + draw.choice(OFF)
    return drawn.astimezone(draw.choice(ZONES)).isoformat()


def record(draw: Random) -> dict[str, Any]:
    """Draw a record, which may be impossible; absent facts are left out."""
    opened = draw.random() < 0.8
    row: dict[str, Any] = {
        "seller": draw.choice("abbc"),
        "response": draw.choice(["accepted", "rejected", "rejected", "rejected", "pending"]),
        "requested_at": moment(draw, "2024-09-05", 30),
        "opened": opened,
        "used": draw.random() < (0.5 if opened else 0.05),
        "cites": draw.sample(["was-used", "too-late"], draw.choice([0, 1, 1, 1, 2])),
    }
    if draw.random() < 0.02:
        row["cites"].append("was-worn")
    row |= {name: draw.choice(values) for name, values in FACTS.items()}
    row |= {name: moment(draw, *span) for name, span in MOMENTS.items()}
    if draw.random() < 0.2:
        row["days"] = draw.choice([0, 7, 8, 10, 11, 20, 60, 61])
        del row["received_at"]
    for term in ("review_within", "send_within"):
        if draw.random() < 0.3:
            row[f"due:{term}"] = moment(draw, "2024-09-08", 20)
    if draw.random() < 0.01:
        row["due:refund_within"] = "soon"
    absent = [name for name in (*FACTS, *MOMENTS, "used") if draw.random() < draw.choice([0, 0.3])]
    return {name: value for name, value in row.items() if value != [] and name not in absent}
