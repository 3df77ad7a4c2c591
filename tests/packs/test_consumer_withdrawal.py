"""The European right to withdraw: its calendars, its days, and what sellers' statements break."""

from __future__ import annotations

import calendar
import json
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from checker.evaluate.decider import Decider
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.facts import read_facts
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.parser import compose
from tests.commands import checker
from tests.conftest import PROJECT
from tests.drawing import drawing, share

DAY = date(2026, 6, 1).toordinal()
ID = "eu/consumer-withdrawal"
LONGEST_RUN = 5  # of days off: the vocabulary's invariants and the policy's day 385 stand on it

# weekdays by hand: those that are public holidays throughout the country, and those that are not
OFF = {
    "AT": "2024-04-01 2024-05-30 2026-12-08",
    "BE": "2026-07-21 2025-11-11",
    "BG": "2024-05-06 2024-05-03",
    "CY": "2024-05-06 2026-04-01",
    "CZ": "2024-03-29 2026-09-28",
    "DE": "2024-03-29 2024-04-01 2017-10-31 2024-10-03",
    "DK": "2024-03-28 2023-05-05",
    "EE": "2026-02-24 2026-08-20",
    "ES": "2024-03-29 2026-10-12",
    "FI": "2024-12-06 2024-05-09",
    "FR": "2024-04-01 2026-07-14 2026-05-08",
    "GR": "2024-05-06 2024-05-07 2026-03-25",
    "HR": "2026-06-22 2023-05-30",
    "HU": "2024-10-23 2026-08-20",
    "IE": "2024-04-01 2024-02-05 2026-08-03",
    "IT": "2024-04-25 2024-12-26",
    "LT": "2026-02-16 2026-03-11",
    "LU": "2026-06-23 2025-05-09",
    "LV": "2024-12-31 2026-05-04",
    "MT": "2024-06-07 2026-12-08",
    "NL": "2024-04-01 2026-04-27 2025-05-05 2026-05-05",
    "PL": "2024-05-30 2025-12-24 2026-11-11",
    "PT": "2024-03-29 2024-04-25 2026-06-10",
    "RO": "2024-05-06 2026-12-01",
    "SE": "2024-04-01 2024-06-06 2026-01-06",
    "SI": "2024-02-08 2026-04-27",
    "SK": "2024-03-29 2024-07-05",
}
WORKED = {
    "AT": "2024-03-29 2024-12-24",
    "DE": "2024-05-30 2018-10-31 2024-11-01",
    "ES": "2024-04-01",
    "FI": "2024-06-21 2024-12-24",
    "FR": "2024-03-29",
    "GR": "2024-05-01 2024-04-01",
    "HU": "2024-12-27",
    "IE": "2024-03-29",
    "IT": "2024-03-29",
    "NL": "2024-05-01",
    "PL": "2024-03-29 2024-12-24",
    "PT": "2024-04-01",
    "SE": "2024-12-24",
    "SK": "2026-05-08",
}
# weekdays that a national law names beside public holidays, or that are holidays and worked
OPEN = {
    "AT": "2024-03-29 2024-12-24",
    "DK": "2026-06-05 2024-12-24 2024-12-31",
    "FI": "2024-06-21 2024-12-24",
    "SE": "2024-06-21 2024-12-24 2024-12-31",
    "SK": "2026-05-08 2025-11-17",
}


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    library = Library()
    library.add_root(Root(PROJECT / "policy"))
    return Resolver(library)


@pytest.fixture(scope="module")
def resolved(resolver: Resolver) -> ResolvedPolicy:
    return resolver.resolve(ID, DAY)


@pytest.fixture(scope="module")
def exchange(resolver: Resolver, resolved: ResolvedPolicy) -> Exchange:
    document = resolver.library.find("exchange", f"{ID}/exchange", DAY)
    return resolver.valid_model(document, resolver.exchange(document, resolved.policy))


def test_each_member_state_has_a_calendar(resolved: ResolvedPolicy) -> None:
    countries = resolved.vocabulary.facts["country"].type.values
    assert len(countries) == 27
    calendars = {f"eu/holidays/{each.lower()}" for each in countries}
    calendars |= {f"eu/open-days/{each.lower()}" for each in OPEN}
    assert calendars == {*resolved.calendars}
    assert {each.years for each in resolved.calendars.values()} == {(2014, 2027)}
    assert {*OFF} == {*countries}


@pytest.mark.parametrize("country", OFF)
def test_calendars_have_the_days_that_are_known(country: str, resolved: ResolvedPolicy) -> None:
    days = resolved.calendars[f"eu/holidays/{country.lower()}"].holidays
    off, worked = OFF[country].split(), WORKED.get(country, "").split()
    assert [day for day in off if date.fromisoformat(day).toordinal() not in days] == []
    assert [day for day in worked if date.fromisoformat(day).toordinal() in days] == []
    for year in range(2014, 2028):
        for day in (date(year, 1, 1), date(year, 12, 25)):
            assert day.toordinal() in days or day.weekday() > 4


@pytest.mark.parametrize("country", OPEN)
def test_open_days_are_no_public_holidays_and_stand_in_a_calendar_with_them(
    country: str, resolved: ResolvedPolicy
) -> None:
    public, both = (
        resolved.calendars[f"eu/{kind}/{country.lower()}"].holidays
        for kind in ("holidays", "open-days")
    )
    days = {date.fromisoformat(day).toordinal() for day in OPEN[country].split()}
    assert days <= both - public
    assert public < both


@pytest.mark.parametrize("country", OPEN)
def test_open_days_take_at_most_four_days_away(country: str, resolved: ResolvedPolicy) -> None:
    public, both = (
        resolved.calendars[f"eu/{kind}/{country.lower()}"] for kind in ("holidays", "open-days")
    )
    first, last = date(2014, 2, 1).toordinal(), date(2027, 12, 1).toordinal()
    for end in range(first, last):
        # the first day of which the next working day is `end` or later
        starts = []
        for each in (public, both):
            day = end
            while all(each.is_off(off, weekends=True) for off in range(day - 1, end)):
                day -= 1
            starts.append(day)
        assert 0 <= starts[0] - starts[1] <= 4


def test_no_run_of_days_off_is_longer_than_the_documents_take_it_to_be(
    resolved: ResolvedPolicy,
) -> None:
    longest = 0
    for each in resolved.calendars.values():
        run = 0
        for day in range(date(2014, 1, 1).toordinal(), date(2028, 1, 1).toordinal()):
            run = run + 1 if each.is_off(day, weekends=True) else 0
            longest = max(longest, run)
    assert longest == LONGEST_RUN


DAYS = st.dates(date(2014, 1, 1), date(2026, 10, 1))
MINUTES = st.integers(0, 24 * 60 - 1) | st.sampled_from([0, 24 * 60 - 1])


@given(
    st.sampled_from([*OFF]),
    st.sampled_from(["Europe/Lisbon", "Europe/Berlin", "Europe/Helsinki"]),
    DAYS
    | st.dates(date(2024, 3, 1), date(2024, 4, 10))
    | st.dates(date(2024, 10, 10), date(2025, 1, 6)),
    st.integers(0, 40),
    MINUTES,
    MINUTES,
)
@example("BG", "Europe/Berlin", date(2017, 10, 20), 69, 0, 1439)  # the most blocks for its days
@example("DE", "Europe/Berlin", date(2024, 3, 29), 5, 1439, 0)  # fewer blocks than days
@drawing(share(300))
def test_days_and_blocks_of_24_hours_are_as_near_as_the_vocabulary_says(
    resolved: ResolvedPolicy, country: str, zone: str, day: date, days: int, first: int, last: int
) -> None:
    later = day + timedelta(days)
    start, end = (
        datetime(each.year, each.month, each.day, *divmod(minute, 60), tzinfo=ZoneInfo(zone))
        for each, minute in ((day, first), (later, last if days else max(first, last)))
    )
    stated = {
        "country": country,
        "possession_on": day.isoformat(),
        "withdrawn_on": later.isoformat(),
        "possession_at": start.isoformat(),
        "withdrawn_at": end.isoformat(),
    }
    facts = read_facts(stated, resolved)
    assert facts["days_since_possession"] <= days  # type: ignore[operator]
    assert not Decider(resolved).broken_invariants(facts)


@given(
    st.sampled_from([*OFF]),
    DAYS | st.dates(date(2019, 12, 1), date(2020, 3, 1)),
    st.none() | st.integers(1, 30) | st.integers(355, 375),
    st.integers(0, 25) | st.integers(370, 395),
)
@example("AT", date(2014, 1, 2), None, 380)  # the first day on which it may be over
@example("BG", date(2023, 12, 9), None, 387)  # the last on which it may not, rolled to 385
@example("BG", date(2019, 12, 24), 371, 14)
@drawing(share(300))
def test_what_is_granted_and_refused_is_what_the_months_of_the_calendar_say(
    resolved: ResolvedPolicy, country: str, possession: date, told_after: int | None, days: int
) -> None:
    told = None if told_after is None else possession + timedelta(told_after)
    withdrawn = (told or possession) + timedelta(days)
    stated = {
        "country": country,
        "goods": "general",
        "public_auction": False,
        "informed": "later" if told else "never",
        "possession_on": possession.isoformat(),
        "withdrawn_on": withdrawn.isoformat(),
        "informed_on": told.isoformat() if told else None,
    }
    assume(withdrawn.year <= 2027)
    decider, facts = Decider(resolved), read_facts(stated, resolved)
    assert not decider.broken_invariants(facts)
    verdict = decider.decide(facts).required.verdict
    in_time = withdrawn <= _last_day(country, possession, told, resolved)
    assert verdict != ("may_reject" if in_time else "must_accept")
    assert verdict != "unknown"


def _last_day(country: str, possession: date, told: date | None, resolved: ResolvedPolicy) -> date:
    """Return the last day for withdrawing, by articles 9 and 10 of the Directive."""

    def working(day: date) -> date:
        days = resolved.calendars[f"eu/holidays/{country.lower()}"]
        while days.is_off(day.toordinal(), weekends=True):
            day += timedelta(1)
        return day

    first = working(possession + timedelta(14))
    if told and told <= working(_twelve_months_after(possession)):
        return max(first, working(told + timedelta(14)))
    return working(_twelve_months_after(first))


def _twelve_months_after(day: date) -> date:
    return day.replace(
        year=day.year + 1, day=min(day.day, calendar.monthrange(day.year + 1, day.month)[1])
    )


def test_limits_are_what_the_law_says(in_project: None) -> None:
    result = checker("limits", ID, "--format", "json")
    settings = json.loads(result.out)["settings"]
    assert {name: each["allowed"] for name, each in settings.items()} == {
        "window_days": [[14, 3650]],
        "refund_limit": [["0d", "14d"]],
        "seller_pays_return": [False, True],
        "refunds_delivery": [True],
        "restocking_basis_points": [[0, 0]],
        "restocking_fee": [["0.00", "0.00"]],
        "refund_means": ["same_means"],
    }


SELLERS = compose((Path(__file__).parent / "withdrawal_sellers.yaml").read_text("utf-8"))[0]


@pytest.mark.parametrize("seller", SELLERS, ids=[each["id"] for each in SELLERS])
def test_sellers_break_what_they_should(
    seller: dict[str, Any], exchange: Exchange, tmp_path: Path, in_project: None
) -> None:
    override = {"kind": "override", "id": seller["id"], "version": "1.0.0", "policy": f"{ID}@1"}
    override |= _said(seller, exchange)
    path = tmp_path / "seller.yaml"
    path.write_text(json.dumps(override), encoding="utf-8")
    result = checker("prove", path, "--root", "policy", "--format", "json", "--on", "2026-06-01")
    (proof,) = map(json.loads, result.out.splitlines())
    assert [each["check"] for each in proof["findings"]] == seller["finds"], result.out
    if seller["finds"]:
        case = proof["findings"][0]["counterexample"]
        assert case.items() >= seller["case"].items()
        assert case["days_since_possession"] == 14
        found = _decided(case, path)
        assert seller["finds"][0] in found["findings"]


def _said(seller: dict[str, Any], exchange: Exchange) -> dict[str, Any]:
    """Return what an override says of the seller's statements."""
    parts: dict[str, Any] = {"scope": dict(seller.get("scope", {})), "settings": {}, "rules": []}
    for notion, value in seller["states"].items():
        fragment = exchange.says[notion].fragment_of(value)
        for key in ("scope", "settings"):
            parts[key] |= fragment.get(key, {})
        parts["rules"] += fragment.get("rules", [])
        parts |= {"otherwise": fragment["otherwise"]} if "otherwise" in fragment else {}
    return {key: value for key, value in parts.items() if value}


def _decided(case: dict[str, Any], override: Path) -> dict[str, Any]:
    named = ["--policy", f"{ID}@1", "--override", str(override), "--root", "policy"]
    result = checker("decide", "-", *named, "--format", "json", stdin=json.dumps(case).encode())
    return dict(json.loads(result.out))
