"""Worlds for audits of returns, and records drawn for them that lie around their edges."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from checker.language.compose import compose
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
     derive: {days_from: received_at, to: requested_at, before: zero}}
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
     decide: [{then: 2d}]}
  refund_within:
    {type: duration, better: lower, from: reviewed_at, until: refunded_at, counting: calendar,
     roll: holidays, weekends: true, decide: [{then: 4d}]}
standards:
  window: 30d
  ladder:
    - {id: ban, when: {wrongful_rejections: {at_least: 3}}}
    - {id: warning, when: {wrongful_rejection_rate: {more_than: "0.3333"}, requests: {at_least: 2}}}
    - {id: slow, when: {on_time_rate: {less_than: "0.6667"}}}
"""
SOURCES = ["act", "rules"]


def data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = compose(text)[0]
    return found


def world() -> World:
    calendar = data(CALENDAR)
    return World(data(VOCABULARY), data(PLATFORM), [data(LAW)], None, {"holidays": calendar})


def write_world(folder: Path) -> Path:
    """Write the world's documents into a folder, which can be a root."""
    for name, text in (("vocabulary", VOCABULARY), ("calendar", CALENDAR), ("law", LAW),
                       ("platform", PLATFORM)):  # fmt: skip
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def moments(first: str, days: int) -> st.SearchStrategy[str]:
    """Draw moments that like midnights in Shanghai, whole hours and their neighbours."""
    start = datetime.fromisoformat(first)
    steps = st.builds(
        lambda hours, off: timedelta(hours=hours, microseconds=off),
        st.integers(0, days * 24),
        st.sampled_from([0, 0, -1, 1, 59_999_999, 60_000_000]),
    )
    zones = st.sampled_from([SHANGHAI, SHANGHAI, UTC, timezone(timedelta(hours=-7))])
    return st.builds(lambda step, zone: (start + step).astimezone(zone).isoformat(), steps, zones)


def records() -> st.SearchStrategy[dict[str, Any]]:
    """Draw records, some of them impossible; absent facts are left out."""
    grounds = st.sampled_from(["was-used", "too-late"] * 6 + ["was-worn"])
    usual = {
        "seller": st.sampled_from(["a", "b", "b", "c"]),
        "response": st.sampled_from(["accepted", "rejected", "rejected", "rejected", "pending"]),
        "requested_at": moments("2024-09-05T00:00:00+08:00", 30),
        "used": st.booleans(),
        "opened": st.sampled_from([True, True, True, False]),
        "cites": st.lists(grounds, max_size=2, unique=True),
    }
    sometimes = {
        "agreed": st.sampled_from([False, False, True]),
        "kind_of": st.sampled_from(["toys", "food", "books"] * 5 + ["planes"]),
        "price": st.sampled_from(["20.00", "499.99", "500.00", "500"] * 4 + ["900.01", "1.234"]),
        "received_at": moments("2024-08-20T00:00:00+08:00", 20),
        "reviewed_at": moments("2024-09-08T00:00:00+08:00", 30),
        "refunded_at": moments("2024-09-10T00:00:00+08:00", 40),
        "sent_at": moments("2024-09-10T00:00:00+08:00", 40),
    }
    rarely = {"days": st.sampled_from([0, 7, 8, 10, 11, 20, 60, 61])}
    either = st.one_of(
        st.fixed_dictionaries(usual, optional=sometimes),
        st.fixed_dictionaries({**usual, **sometimes}),
        st.fixed_dictionaries({**usual, **sometimes, **rarely}),
    )
    return either.map(lambda record: {k: v for k, v in record.items() if v != []})
