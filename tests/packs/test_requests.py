"""A request is decided as a desk knows it, and again once the goods were examined."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import Any

import pytest

from checker.evaluate.decider import Decider
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver
from tests.conftest import PROJECT

POLICIES = ("cn/consumer-returns@2", "kuaishou/flash-purchase@2", "kuaishou/item-returns@2")
DAY = date(2026, 6, 1).toordinal()
PROBLEMS = (
    "quality_defect",
    "not_as_described",
    "wrong_item",
    "missing_parts",
    "damaged_in_transit",
    "found_substandard",
)
# what the goods' condition can be, each fact at its worst
WORST: dict[str, Any] = {
    "opened": True,
    "seal_broken": True,
    "used": True,
    "activated": True,
    "installed": True,
    "altered": True,
    "personal_data_left": True,
    "damage_cause": "buyer",
    "packaging_complete": False,
    "accessories_complete": False,
    "labels_intact": False,
    "gifts_returned": False,
    "swapped": True,
}


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    library = Library()
    library.add_root(Root(PROJECT / "policy"))
    return Resolver(library)


@pytest.fixture(params=POLICIES)
def decider(request: pytest.FixtureRequest, resolver: Resolver) -> Decider:
    """Give each policy."""
    return Decider(resolver.resolve(request.param, DAY))


def _plain_requests(decider: Decider) -> list[dict[str, Any]]:
    facts = decider.resolved.vocabulary.facts
    names = ("request_type", "reason", "category")
    days = [(0, 0), (7, 0), (7, 7), (8, 0), (8, 7), (8, 8), (12, 8), (181, 90), (300, 290)]
    return [
        dict(zip(names, values, strict=True))
        | {"days_since_delivery": delivered, "days_since_completion": completed}
        | {"inspected": False}
        for values in product(*(facts[name].type.values for name in names))
        for delivered, completed in days
    ]


def test_a_plain_request_is_decided(decider: Decider) -> None:
    for stated in _plain_requests(decider):
        decision = decider.decide(decider.admit(stated))
        assert decision.required.verdict != "unknown", stated
        assert decision.needs == (), stated


def test_before_the_goods_are_examined_their_condition_decides_nothing(decider: Decider) -> None:
    for stated in _plain_requests(decider)[::7]:
        without = decider.decide(decider.admit(stated)).required
        worst = decider.decide(decider.admit(stated | WORST)).required
        assert (worst.verdict, worst.grounds, worst.terms) == (
            without.verdict,
            without.grounds,
            without.terms,
        )


@pytest.mark.parametrize("reason", PROBLEMS)
def test_a_problem_that_is_not_examined_is_never_refused(decider: Decider, reason: str) -> None:
    for stated in _plain_requests(decider):
        if stated["reason"] == reason:
            assert decider.decide(decider.admit(stated)).required.verdict != "may_reject", stated


def test_what_version_1_could_state_is_decided_with_one_fact_more(decider: Decider) -> None:
    case = {
        **{name: value for name, value in WORST.items() if name != "personal_data_left"},
        **{"request_type": "return_refund", "reason": "no_reason", "inspected": True},
        **{"defect_confirmed": False, "days_since_delivery": 3, "days_since_completion": 3},
        **{"category": "general", "exclusion": "none", "exclusion_confirmed": False},
        **{"single_use": False, "negotiation": "none", "legal_dispute": False},
        **{"order_amount": "99.00"},
    }
    decision = decider.decide(decider.admit(case))
    assert decision.required.verdict == "may_reject"
    assert None not in decision.required.terms.values()


def test_a_problem_that_was_found_was_examined(decider: Decider) -> None:
    facts = {"reason": "quality_defect", "defect_confirmed": True, "inspected": False}
    with pytest.raises(ValueError, match="a-problem-is-found-by-examining"):
        decider.admit(facts)


REFUNDS = {
    ("return_refund", "no_reason", False): {"refund_within"},
    ("return_refund", "quality_defect", False): {"refund_within"},
    ("return_refund", "quality_defect", True): {"quality_refund_within"},
    ("refund_only", "never_arrived", True): {"quality_refund_within"},
    ("refund_only", "never_arrived", False): set(),
    ("exchange", "quality_defect", True): set(),
    ("exchange", "no_reason", False): set(),
    ("reship", "missing_parts", True): set(),
}


@pytest.mark.parametrize("policy", POLICIES[:2])
@pytest.mark.parametrize("request_", REFUNDS, ids=map(str, REFUNDS))
def test_which_refund_is_due(
    resolver: Resolver, policy: str, request_: tuple[str, str, bool]
) -> None:
    decider = Decider(resolver.resolve(policy, DAY))
    type_, reason, found = request_
    facts = {"request_type": type_, "reason": reason, "inspected": True, "defect_confirmed": found}
    terms = decider.decide(decider.admit(facts)).required.terms
    assert {*terms} & {"refund_within", "quality_refund_within"} == REFUNDS[request_]
    assert ("return_address_within" in terms) == (type_ in ("return_refund", "exchange"))


def test_days_off_only_take_days_away_and_ten_at_most(resolver: Resolver) -> None:
    calendars = resolver.resolve(POLICIES[0], DAY).calendars
    least, most = calendars["cn/statutory-holidays"], calendars["cn/holidays"]
    published = {day for day in least.holidays if date.fromordinal(day).year <= most.years[1]}
    assert published <= most.holidays
    first, last = date(2014, 3, 1), date(2026, 12, 1)
    for end in range(first.toordinal(), last.toordinal()):
        starts = []
        for calendar, weekends in ((least, False), (most, True)):
            day = end
            while all(calendar.is_off(off, weekends=weekends) for off in range(day - 1, end)):
                day -= 1
            starts.append(day)
        assert 0 <= starts[0] - starts[1] <= 10, date.fromordinal(end)


@pytest.mark.parametrize("policy", POLICIES[:2])
def test_no_refusal_is_safe_by_one_count_of_days_alone(resolver: Resolver, policy: str) -> None:
    decider = Decider(resolver.resolve(policy, DAY))
    calendars = decider.resolved.calendars
    seen = set()
    for day in range(date(2024, 7, 1).toordinal(), date(2026, 12, 1).toordinal()):
        delivered = date.fromordinal(day)
        ends = []
        for name, weekends in (("cn/statutory-holidays", False), ("cn/holidays", True)):
            end = day + 7
            while calendars[name].is_off(end, weekends=weekends):
                end += 1
            ends.append(end)
        for requested in {*ends, *(end + 1 for end in ends)}:
            if date.fromordinal(requested) > date(2026, 12, 20):
                continue
            facts = {
                "request_type": "return_refund",
                "reason": "no_reason",
                "inspected": False,
                "category": "general",
                "delivered_on": delivered.isoformat(),
                "completed_on": delivered.isoformat(),
                "requested_on": date.fromordinal(requested).isoformat(),
            }
            verdict = decider.decide(decider.admit(facts)).required.verdict
            expected = "must_accept" if requested <= ends[0] else "negotiate"
            assert verdict == ("may_reject" if requested > ends[1] else expected), facts
            seen.add(verdict)
    assert seen == {"must_accept", "negotiate", "may_reject"}


def test_requests_into_an_unpublished_year_are_decided_unless_it_matters(
    resolver: Resolver,
) -> None:
    decider = Decider(resolver.resolve(POLICIES[1], DAY))
    calendars = decider.resolved.calendars
    published = date(calendars["cn/holidays"].years[1], 12, 31).toordinal()
    last, refused = date(2027, 1, 8).toordinal(), 0
    for delivered in range(date(2026, 11, 20).toordinal(), last + 1):
        end = delivered + 7
        while calendars["cn/statutory-holidays"].is_off(end, weekends=False):
            end += 1
        latest = delivered + 7
        while latest <= published and calendars["cn/holidays"].is_off(latest, weekends=True):
            latest += 1
        for requested in range(delivered, last + 1):
            stated = {
                "request_type": "return_refund",
                "reason": "no_reason",
                "inspected": False,
                "category": "general",
                "delivered_on": date.fromordinal(delivered).isoformat(),
                "completed_on": date.fromordinal(delivered).isoformat(),
                "requested_on": date.fromordinal(requested).isoformat(),
            }
            if requested > end and latest > published and requested > latest:
                refused += 1  # whether the seventh day is off is not known yet
                with pytest.raises(ValueError, match="cn/holidays"):
                    decider.decide(decider.admit(stated))
                continue
            verdict = decider.decide(decider.admit(stated)).required.verdict
            expected = "negotiate" if requested <= latest else "may_reject"
            assert verdict == ("must_accept" if requested <= end else expected), stated
    assert 0 < refused < 30
