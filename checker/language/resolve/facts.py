"""The typed facts of a case, from the data that it states, and back.

Types and absent facts are defined in docs/language.md, sections 3.2 and 3.3; derived facts in
docs/language.md, section 2.3.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Any

from checker.language.model.conditions import FactValue
from checker.language.model.counting import Period, days_between, local_day
from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Fact, Vocabulary
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import PlainestCase, UnusualFact, did_you_mean
from checker.language.syntax.scalars import exact_number, resolve_scalar

Facts = dict[str, Value | None]


class BadCase(ValueError):
    """A case that can't be decided; the message says what is wrong with which facts.

    Attributes:
        by_fact: what is wrong with each fact, by its name; empty where it is not about one fact.
    """

    def __init__(self, message: str, by_fact: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.by_fact = by_fact or {}


class PossibleFacts(Facts):
    """The facts of a case of which a count depends on a year that a calendar does not cover.

    It is a mapping as other facts are, with the highest counts, those of years without holidays.

    Attributes:
        alternatives: the facts by each way in which the holidays may fall.
        reasons: the message about the calendar, by the fact that counts by it.
    """

    def __init__(self, alternatives: Sequence[Facts], reasons: Mapping[str, str]) -> None:
        super().__init__(alternatives[0])
        self.alternatives, self.reasons = alternatives, reasons

    def undecided(self) -> BadCase:
        """Return the error of a case that can't be decided without the calendar."""
        return BadCase("; ".join(self.reasons.values()), self.reasons)


def read_facts(stated: Mapping[str, Any], resolved: ResolvedPolicy, *, text: bool = False) -> Facts:
    """Return every fact of the vocabulary, None where it is absent.

    Facts with a default that the case does not state have it, and derived facts are filled in.
    Where a count depends on a year that no calendar covers, the facts are `PossibleFacts`.

    Invariants are not checked.

    Args:
        stated: the facts that the case states, by name, as plain data.
        resolved: the policy whose vocabulary and calendars count.
        text: whether the data are cells of a table, as text; an empty cell is an absent fact.

    Raises:
        BadCase: a fact is unknown, has the wrong type or is out of its range, or a stated fact
            differs from what it derives from.
    """
    facts: Facts = dict.fromkeys(resolved.vocabulary.facts)
    errors: dict[str, str] = {}
    for name, data in stated.items():
        fact = resolved.vocabulary.facts.get(name)
        if fact is None:
            hint = did_you_mean(name, resolved.vocabulary.facts)
            errors[name] = f"unknown fact `{name}`" + (f" ({hint})" if hint else "")
        elif data is not None and not (text and data == ""):
            try:
                facts[name] = fact.type.read(_cell(fact.type, data) if text else data)
                fact.type.check_range(facts[name])  # type: ignore[arg-type]
            except ValueError as error:
                errors[name] = f"fact `{name}`: {error}"
    if errors:
        raise BadCase("; ".join(errors.values()), errors)
    return _with_derived(facts, resolved)


_MOST_ALTERNATIVES = 5_000


def _with_derived(facts: Facts, resolved: ResolvedPolicy) -> Facts:
    """Return typed facts with defaults and derived facts; BadCase where these are impossible."""
    vocabulary, counts = resolved.vocabulary, dict[Fact, int | Period]()
    for fact in vocabulary.facts.values():
        if fact.derive is None and not isinstance(fact.default, FactValue):
            _fill_in(fact, facts)
    uncounted = _tie_days(facts, vocabulary)
    for fact in vocabulary.facts.values():
        if fact.derive is None:
            continue
        try:
            count = days_between(facts, fact.derive, resolved.calendars, vocabulary.time_zone)
            if count is not None:
                counts[fact] = count
        except ValueError as error:
            uncounted[fact.name] = f"fact `{fact.name}`: {error}"
    ends, reasons = _possible_ends(counts)
    alternatives, first_errors = list[Facts](), dict[str, str]()
    for chosen in product(*ends.values()):
        alternative, wrong = _counted(facts, counts, dict(zip(ends, chosen, strict=True)))
        errors = wrong | uncounted
        first_errors = first_errors or errors
        if not errors:
            for fact in vocabulary.facts.values():
                _fill_in(fact, alternative)
            alternatives.append(alternative)
    if not alternatives:
        in_order = {name: first_errors[name] for name in vocabulary.facts if name in first_errors}
        raise BadCase("; ".join(in_order.values()), in_order)
    return PossibleFacts(alternatives, reasons) if len(alternatives) > 1 else alternatives[0]


def _tie_days(facts: Facts, vocabulary: Vocabulary) -> dict[str, str]:
    """Fill in the dates that are the day of a moment; return what is wrong with those stated."""
    errors: dict[str, str] = {}
    for fact in vocabulary.facts.values():
        moment = facts[fact.day_of] if fact.day_of else None
        if not isinstance(moment, datetime):
            continue
        day, stated = local_day(moment, vocabulary.time_zone), facts[fact.name]
        facts[fact.name] = day
        if stated is not None and stated != day:
            found = f"found `{fact.type.show(stated)}`, but `{fact.day_of}` makes it"
            errors[fact.name] = f"fact `{fact.name}`: {found} `{fact.type.show(day)}`"
    return errors


_End = tuple[int, str, bool]  # Period.key


def _possible_ends(
    counts: Mapping[Fact, int | Period],
) -> tuple[dict[_End, list[int]], dict[str, str]]:
    """Return on which days periods may end, by what decides that, and why there are several.

    BadCase where there are too many ways.
    """
    longest: dict[_End, tuple[Fact, Period]] = {}
    for fact, period in counts.items():
        if isinstance(period, Period):
            known = longest.get(period.key)
            if known is None or period.start < known[1].start:
                longest[period.key] = fact, period
    ends = {key: period.ends() for key, (_, period) in longest.items()}
    reasons = {
        fact.name: f"fact `{fact.name}`: {period.not_covered()}"
        for key, (fact, period) in longest.items()
        if len(ends[key]) > 1
    }
    if prod(map(len, ends.values())) > _MOST_ALTERNATIVES:
        raise BadCase("; ".join(reasons.values()), reasons)
    return ends, reasons


def _counted(
    facts: Facts, counts: Mapping[Fact, int | Period], ends: Mapping[_End, int]
) -> tuple[Facts, dict[str, str]]:
    """Return the facts with their counts, where periods end on given days, and what is wrong."""
    counted, errors = {**facts}, dict[str, str]()
    for fact, count in counts.items():
        days = count.count(ends[count.key]) if isinstance(count, Period) else count
        try:
            counted[fact.name] = _agreed(fact, days, facts[fact.name])
        except ValueError as error:
            errors[fact.name] = f"fact `{fact.name}`: {error}"
    return counted, errors


def _agreed(fact: Fact, days: int, stated: Value | None) -> int:
    """Return the counted days; ValueError where a stated value differs or it is out of range."""
    assert fact.derive
    if stated is not None and stated != days:
        between = f"`{fact.derive.days_from}` and `{fact.derive.to}`"
        raise ValueError(f"found `{stated}`, but {between} make it `{days}`")
    fact.type.check_range(days)
    return days


def _fill_in(fact: Fact, facts: Facts) -> None:
    """Give an absent fact its default, where it has one."""
    if facts[fact.name] is None:
        default = fact.default
        facts[fact.name] = facts[default.name] if isinstance(default, FactValue) else default


def out_of_order(facts: Facts, vocabulary: Vocabulary) -> list[str]:
    """Return a message for each two events of `order` of which the later one came first.

    A date and a moment are compared by the local day.
    """
    messages = []
    for earlier, later in combinations(vocabulary.order, 2):
        first, second = facts[earlier], facts[later]
        if first is None or second is None:
            continue
        if isinstance(first, datetime) != isinstance(second, datetime):
            first, second = (_local(moment, vocabulary) for moment in (first, second))
        if second < first:  # type: ignore[operator]
            messages.append(f"`{later}` comes before `{earlier}`")
    return messages


def _local(moment: Value, vocabulary: Vocabulary) -> Value:
    return local_day(moment, vocabulary.time_zone) if isinstance(moment, datetime) else moment


def show_facts(facts: Mapping[str, Value | None], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the facts that are not absent, as a document states them."""
    return {
        name: vocabulary.facts[name].type.show(value)
        for name, value in facts.items()
        if value is not None
    }


def unusual_facts(facts: Mapping[str, Value | None], vocabulary: Vocabulary) -> dict[str, Any]:
    """Return the facts whose value is not the typical one, as a document states them."""
    unusual = {
        name: value
        for name, value in facts.items()
        if value is not None and value != vocabulary.facts[name].typical
    }
    return show_facts(unusual, vocabulary)


def plainest_case(
    check: str,
    facts: Mapping[str, Value | None],
    resolved: ResolvedPolicy,
    override: str | None,
    on: int,
) -> PlainestCase:
    """Return the case that shows a finding of `check`, as reports show it."""
    vocabulary = resolved.vocabulary
    unusual = []
    for name, value in unusual_facts(facts, vocabulary).items():
        fact = vocabulary.facts[name]
        usual = None if fact.typical is None else fact.type.show(fact.typical)
        unusual.append(UnusualFact(name, value, usual, fact.title))
    document = cases_document(check, facts, resolved, override, on)
    return PlainestCase(show_facts(facts, vocabulary), tuple(unusual), document)


def cases_document(
    id: str,
    facts: Mapping[str, Value | None],
    resolved: ResolvedPolicy,
    override: str | None,
    on: int,
) -> dict[str, Any]:
    """Return the data of a `cases` document with one case.

    Args:
        id: the id of the case.
        facts: its facts.
        resolved: the policy that it is decided by.
        override: the seller's override, as `id@version`, None for the policy alone.
        on: the day (an ordinal) that picks versions; the fact `as_of` gets it where it is absent.
    """
    clock = resolved.vocabulary.as_of
    if clock and facts.get(clock) is None:
        facts = {**facts, clock: _on_day(on, resolved.vocabulary.facts[clock].type, resolved)}
    document: dict[str, Any] = {"kind": "cases", "policy": resolved.policy.name}
    if override:
        document["override"] = override
    return {**document, "cases": [{"id": id, "facts": show_facts(facts, resolved.vocabulary)}]}


def _on_day(day: int, type_: ValueType, resolved: ResolvedPolicy) -> Value:
    """Return a day as a value of a date fact, or of a datetime fact: the moment it begins."""
    if type_.name == "date":
        return day
    return datetime.combine(date.fromordinal(day), time(), resolved.vocabulary.time_zone)


def _cell(type_: ValueType, cell: str) -> Any:
    """Return the data of a cell, which is text: numbers and booleans are read from it."""
    if type_.name in ("boolean", "integer"):
        return resolve_scalar(cell)
    return cell


def plain_value(value: Any) -> Any:
    """Return a value of a columnar file as a document would state it.

    A binary float becomes the shortest decimal that reads back as that float.

    Raises:
        ValueError: a float is infinite or no number, or a number is too large.
    """
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"found {value}, which is not a number that can be compared")
        return exact_number(repr(value))
    if isinstance(value, Decimal):
        return exact_number(str(value))
    return value.isoformat() if hasattr(value, "isoformat") else value
