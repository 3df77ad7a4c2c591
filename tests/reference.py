"""The reference reading: docs/language.md, sections 2 to 6, as plainly as the prose has them.

It reads documents as they are written, recursively, case by case, and shares nothing with the
program: no tree, no types, no code. Every other reading is compared with it.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count, product
from math import ceil
from typing import Any
from zoneinfo import ZoneInfo


class Refused(Exception):
    """The case is impossible, or states what is no value of the fact."""


@dataclass
class World:
    """Documents as data: the policy, what it upholds (all of it), and calendars by reference."""

    vocabulary: dict[str, Any]
    policy: dict[str, Any]
    upholds: list[dict[str, Any]] = field(default_factory=list)
    override: dict[str, Any] | None = None
    calendars: dict[str, dict[str, Any]] = field(default_factory=dict)


# --- values: money as cents, durations as minutes, dates as days, all whole numbers ---

MINUTES = {"d": 1440, "h": 60, "m": 1}


def value(type_: str, data: Any) -> Any:
    if type_ == "money":
        return int(Decimal(str(data)) * 100)
    if type_ == "duration":
        return int(data[:-1]) * MINUTES[data[-1]]
    if type_ == "date":
        return date.fromisoformat(data).toordinal()
    if type_ == "datetime":
        return datetime.fromisoformat(data.upper().replace("Z", "+00:00"))
    return data


def shown(type_: str, kept: Any) -> Any:
    if kept is None:
        return None
    if type_ == "money":
        return f"{Decimal(kept) / 100:.2f}"
    if type_ == "duration":
        return next(f"{kept // n}{unit}" for unit, n in MINUTES.items() if kept % n == 0)
    return kept


def is_value(fact: dict[str, Any], data: Any) -> bool:
    """Whether `data` is a value of the fact, within its range."""
    type_ = fact["type"]
    try:
        if type_ == "boolean":
            return isinstance(data, bool)
        if type_ == "enum":
            return data in fact["values"]
        if type_ == "integer" and (isinstance(data, bool) or not isinstance(data, int)):
            return False
        if type_ == "money" and Decimal(str(data)) * 100 % 1 != 0:
            return False
        kept = value(type_, data)
        if type_ in ("integer", "money"):
            low, high = (value(type_, end) for end in fact["range"])
            return bool(low <= kept <= high)
        if type_ == "date":
            return 1970 <= date.fromordinal(kept).year <= 2199
        return isinstance(kept, datetime) and kept.tzinfo is not None
    except (ValueError, TypeError, ArithmeticError, AttributeError):
        return False


# --- docs/language.md, section 2: what a case states, and what derives from it ---


Assumption = dict[Any, list[int]]


def read_cases(world: World, stated: dict[str, Any]) -> list[dict[str, Any]]:
    """The case, once for each way in which holidays of unpublished years may count."""
    cases: list[dict[str, Any]] = []
    refusals = []
    for off in assumptions(world, stated):
        try:
            case = read_case(world, stated, off)
        except Refused as refusal:
            refusals.append(refusal)
            continue
        if case not in cases:
            cases.append(case)
    if not cases:
        raise refusals[0]
    return cases


def assumptions(world: World, stated: dict[str, Any]) -> Iterator[Assumption]:
    """For each event that periods end at, the unpublished days right before it that are off.

    Whether the days before the last one that is worked are off makes no difference.
    """
    unpublished: dict[Any, list[int]] = {}
    case = {**dict.fromkeys(world.vocabulary["facts"]), **stated}
    for fact in world.vocabulary["facts"].values():
        how = fact.get("derive", {})
        ends = [case.get(how.get(key)) for key in ("days_from", "to")]
        kind = world.vocabulary["facts"].get(how.get("to"), {})
        if "roll" not in how or not all(each and is_value(kind, each) for each in ends):
            continue
        calendar, weekends = calendar_of(world, how["roll"], case), how.get("weekends", False)
        if calendar is None:
            continue
        start, end = (local_ordinal(world, value(kind["type"], each)) for each in ends)
        days = []
        for day in range(end - 1, start - 1, -1):
            if not published(calendar, day):
                days.append(day)
            elif not is_off(calendar, date.fromordinal(day), weekends):
                break
        key = (end, calendar["id"], weekends)
        unpublished[key] = max(unpublished.get(key, []), days, key=len)
    choices = [[days[:off] for off in range(len(days) + 1)] for days in unpublished.values()]
    for chosen in product(*choices):
        yield dict(zip(unpublished, chosen, strict=True))


def published(calendar: dict[str, Any], day: int) -> bool:
    return bool(calendar["years"][0] <= date.fromordinal(day).year <= calendar["years"][1])


def local_ordinal(world: World, moment: Any) -> int:
    if isinstance(moment, int):
        return moment
    zone = ZoneInfo(world.vocabulary.get("time_zone", "Asia/Shanghai"))
    return int(moment.astimezone(zone).toordinal())


def read_case(
    world: World, stated: dict[str, Any], off: Assumption | None = None
) -> dict[str, Any]:
    facts_of = world.vocabulary["facts"]
    case: dict[str, Any] = dict.fromkeys(facts_of)
    for name, data in stated.items():
        if name not in facts_of:
            raise Refused(f"unknown fact {name}")
        if data is not None:
            if not is_value(facts_of[name], data):
                raise Refused(f"{name} can't be {data}")
            case[name] = value(facts_of[name]["type"], data)
    for name, fact in facts_of.items():
        if "derive" not in fact and not isinstance(fact.get("default"), dict):
            fill_in(name, fact, case)
    tie_days(world, case)
    for name, fact in facts_of.items():
        if "derive" in fact:
            derive_fact(world, name, fact, case, off or {})
    for name, fact in facts_of.items():
        fill_in(name, fact, case)
    check_order(world, case)
    for invariant in world.vocabulary.get("invariants", []):
        if holds(invariant["always"], case, {}, {}, world.vocabulary) is False:
            raise Refused(f"invariant {invariant['id']}")
    return case


def tie_days(world: World, case: dict[str, Any]) -> None:
    for name, fact in world.vocabulary["facts"].items():
        if "day_of" in fact and case[fact["day_of"]] is not None:
            day = local_ordinal(world, case[fact["day_of"]])
            if case[name] not in (None, day):
                raise Refused(f"{name} is another day than that of {fact['day_of']}")
            case[name] = day


def check_order(world: World, case: dict[str, Any]) -> None:
    events = [case[name] for name in world.vocabulary.get("order", []) if case[name] is not None]
    for number, event in enumerate(events):
        for later in events[number + 1 :]:
            pair = [event, later]
            if isinstance(event, int) != isinstance(later, int):
                pair = [local_ordinal(world, each) for each in pair]
            if pair[1] < pair[0]:
                raise Refused("events out of order")


def fill_in(name: str, fact: dict[str, Any], case: dict[str, Any]) -> None:
    if case[name] is None and "default" in fact:
        default = fact["default"]
        case[name] = (
            case[default["fact"]] if isinstance(default, dict) else value(fact["type"], default)
        )


def derive_fact(
    world: World,
    name: str,
    fact: dict[str, Any],
    case: dict[str, Any],
    off: Assumption,
) -> None:
    how = fact["derive"]
    start, end = case[how["days_from"]], case[how["to"]]
    if start is None or end is None:
        return
    if isinstance(how.get("roll"), dict) and calendar_of(world, how["roll"], case) is None:
        return
    days = count_days(world, how, start, end, case, off)
    if not fact["range"][0] <= days <= fact["range"][1]:
        raise Refused(f"{name} can't be {days}")
    if case[name] is not None and case[name] != days:
        raise Refused(f"{name} is stated as {case[name]}, and derives as {days}")
    case[name] = days


def calendar_of(world: World, roll: Any, case: dict[str, Any]) -> dict[str, Any] | None:
    """The calendar to roll by: the one that is named, or the one of the fact's value, if any."""
    if isinstance(roll, str):
        return world.calendars[roll]
    value = case[roll["fact"]]
    return world.calendars[roll["calendars"][value]] if value in roll["calendars"] else None


def count_days(
    world: World,
    how: dict[str, Any],
    start: Any,
    end: Any,
    case: dict[str, Any],
    off: Assumption,
) -> int:
    if end < start:
        if how.get("before") == "zero":
            return 0
        raise Refused(f"{how['to']} before {how['days_from']}")
    if how.get("counting") == "elapsed":
        return ceil((end - start) / timedelta(hours=24))
    start, end = local_ordinal(world, start), local_ordinal(world, end)
    if how.get("counting") == "months":
        length = lambda n: months_later(start + how.get("and_days", 0), n) - start  # noqa: E731
    else:
        length = lambda n: n  # noqa: E731
    if "roll" not in how:
        return next(n for n in count() if start + length(n) >= end)
    calendar, n, weekends = calendar_of(world, how["roll"], case), 0, how.get("weekends", False)
    assert calendar
    also_off = off.get((end, calendar["id"], weekends), [])
    while rolled(calendar, start + length(n), weekends, end, also_off) < end:
        n += 1
    return n


def months_later(day: int, months: int) -> int:
    """The same date `months` later, or the last day of that month."""
    start = date.fromordinal(day)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    days = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(start.day, days)).toordinal()


def rolled(
    calendar: dict[str, Any], day: int, weekends: bool, enough: int, also_off: list[int]
) -> int:
    """The next day that is no holiday; days from `enough` on need not be looked at."""
    while day < enough and (
        is_off(calendar, date.fromordinal(day), weekends)
        if published(calendar, day)
        else day in also_off
    ):
        day += 1
    return day


def is_off(calendar: dict[str, Any], day: date, weekends: bool) -> bool:
    if day.isoformat() in calendar["holidays"]:
        return True
    return weekends and day.weekday() >= 5 and day.isoformat() not in calendar.get("workdays", [])


# --- docs/language.md, section 3: conditions; True, False, and None for unknown (Kleene) ---


def every(parts: list[bool | None]) -> bool | None:
    return False if False in parts else None if None in parts else True


def some(parts: list[bool | None]) -> bool | None:
    return True if True in parts else None if None in parts else False


def opposite(part: bool | None) -> bool | None:
    return None if part is None else not part


def holds(
    condition: dict[str, Any],
    case: dict[str, Any],
    policy: dict[str, Any],
    settings: dict[str, Any],
    vocabulary: dict[str, Any],
    absent: set[str] | None = None,
) -> bool | None:
    """Whether the condition holds; `absent` gathers the absent facts of its unknown tests."""
    rest = (case, policy, settings, vocabulary, absent)
    parts = []
    for key, entry in condition.items():
        if key == "all":
            parts.append(every([holds(part, *rest) for part in entry]))
        elif key == "any":
            parts.append(some([holds(part, *rest) for part in entry]))
        elif key == "not":
            parts.append(opposite(holds(entry, *rest)))
        elif key == "ground":
            parts.append(holds(policy["grounds"][entry]["when"], *rest))
        elif key == "definition":
            parts.append(holds(policy["definitions"][entry], *rest))
        else:
            parts += tests(key, entry, *rest)
    return every(parts)


def tests(
    name: str,
    entry: Any,
    case: dict[str, Any],
    policy: dict[str, Any],
    settings: dict[str, Any],
    vocabulary: dict[str, Any],
    absent: set[str] | None,
) -> list[bool | None]:
    if isinstance(entry, list):
        entry = {"one_of": entry}
    elif not isinstance(entry, dict):
        entry = {"is": entry}
    tested = vocabulary["facts"].get(name) or policy["parameters"][name]
    about = {name} if name in vocabulary["facts"] else set()
    found = []
    asked = [
        each
        for operator, operand in entry.items()
        for each in (
            zip(("at_least", "at_most"), operand, strict=True)  # each end is asked by itself
            if operator == "between"
            else [(operator, operand)]
        )
    ]
    for operator, operand in asked:
        named = about | (
            {operand["fact"]} if isinstance(operand, dict) and "fact" in operand else set()
        )
        missing = {fact for fact in named if case[fact] is None}
        if missing:
            if absent is not None:
                absent |= missing
            found.append(None)
            continue
        subject = case[name] if about else parameter(name, policy, settings)
        read = lambda each: one(each, tested["type"], case, policy, settings)  # noqa: E731
        if operator in ("one_of", "none_of", "includes", "excludes"):
            if isinstance(operand, dict):
                operands = parameter(operand["param"], policy, settings)
            else:
                operands = [
                    read(each) for each in (operand if isinstance(operand, list) else [operand])
                ]
        else:
            operands = [read(operand)]
        found.append(compare(operator, subject, operands))
    return found


def one(
    operand: Any,
    type_: str,
    case: dict[str, Any],
    policy: dict[str, Any],
    settings: dict[str, Any],
) -> Any:
    if not isinstance(operand, dict):
        return value(type_, operand)
    if "param" in operand:
        kept = parameter(operand["param"], policy, settings)
    else:
        kept = case[operand["fact"]]
    return kept + operand["plus"] if "plus" in operand else kept


def parameter(name: str, policy: dict[str, Any], settings: dict[str, Any]) -> Any:
    entry = policy["parameters"][name]
    return value(entry["type"], settings.get(name, entry["default"]))


def compare(operator: str, subject: Any, operands: list[Any]) -> bool:
    if operator == "is":
        return bool(subject == operands[0])
    if operator == "is_not":
        return bool(subject != operands[0])
    if operator == "one_of":
        return subject in operands
    if operator == "none_of":
        return subject not in operands
    if operator == "at_least":
        return bool(subject >= operands[0])
    if operator == "at_most":
        return bool(subject <= operands[0])
    if operator == "more_than":
        return bool(subject > operands[0])
    if operator == "less_than":
        return bool(subject < operands[0])
    if operator == "includes":
        return all(each in subject for each in operands)
    assert operator == "excludes"
    return not any(each in subject for each in operands)


# --- docs/language.md, section 4: what a policy says ---


@dataclass
class Said:
    """What one policy says of a case; each `read` is the absent facts of unknown tests."""

    verdict: str
    entitlements: list[str]
    grounds: dict[str, bool | None]
    terms: dict[str, Any]
    read: set[str]
    terms_read: dict[str, set[str]]


def say(
    world: World,
    policy: dict[str, Any],
    case: dict[str, Any],
    settings: dict[str, Any],
    rows: dict[str, Any],
) -> Said:
    def known(condition: dict[str, Any], absent: set[str]) -> bool | None:
        return holds(condition, case, policy, settings, world.vocabulary, absent)

    read: set[str] = set()
    owed = {}
    for id, entitlement in policy.get("entitlements", {}).items():
        parts = [known(entitlement["when"], read)]
        for ground in entitlement.get("unless", []):
            parts.append(opposite(known(policy["grounds"][ground]["when"], read)))
        owed[id] = every(parts)
    of_grounds: set[str] = set()
    grounds = {
        id: known(each["when"], of_grounds) for id, each in policy.get("grounds", {}).items()
    }
    if True in owed.values():
        verdict = "must_accept"
    elif None in owed.values():
        verdict = "unknown"
    else:
        read |= of_grounds
        if True in grounds.values():
            verdict = "may_reject"
        elif None in grounds.values():
            verdict = "unknown"
        else:
            verdict = policy.get("otherwise", "negotiate")
    terms, terms_read = {}, {}
    for name, term in policy.get("terms", {}).items():
        terms_read[name] = set()
        applies = known(term.get("when", {}), terms_read[name])
        if applies is None:
            terms[name] = None
        elif applies:
            row = first_row(rows.get(name, term["decide"]), known, terms_read[name])
            kept = row and one(row["then"], term["type"], case, policy, settings)
            terms[name] = kept
    entitlements = [id for id, found in owed.items() if found]
    return Said(verdict, entitlements, grounds, terms, read, terms_read)


def first_row(rows: list[dict[str, Any]], known: Any, absent: set[str]) -> dict[str, Any] | None:
    """The first row that holds; none where that is unknown."""
    for row in rows:
        found = known(row.get("when", {}), absent)
        if found is None:
            return None
        if found:
            return row
    raise AssertionError("the last row has no `when`")


def rank(term: dict[str, Any], kept: Any) -> Any:
    """Lower is better for the buyer."""
    if term["type"] == "choice":
        return term["values"].index(kept)
    return kept if term["better"] == "lower" else -kept


# --- docs/language.md, sections 4 to 6, put together as `decide` prints them ---


def decide(world: World, stated: dict[str, Any]) -> dict[str, Any]:
    """What is decided of the case, whatever the holidays of unpublished years are."""
    decisions = [decide_case(world, case) for case in read_cases(world, stated)]
    settled = ("verdict", "terms", "response", "rule", "seller_terms")
    if any(each[key] != decisions[0][key] for each in decisions for key in settled):
        raise Refused("it depends on an unpublished year")
    common = dict(decisions[0])
    for key in ("entitlements", "grounds", "cites", "findings"):
        common[key] = [each for each in common[key] if all(each in d[key] for d in decisions)]
    common["needs"] = sorted({need for each in decisions for need in each["needs"]})
    return common


def decide_case(world: World, case: dict[str, Any]) -> dict[str, Any]:
    policies = [world.policy, *world.upholds]
    said = [say(world, policy, case, {}, {}) for policy in policies]
    verdicts = [each.verdict for each in said]
    if "must_accept" in verdicts:
        verdict = "must_accept"
    elif "unknown" in verdicts:
        verdict = "unknown"
    else:
        verdict = verdicts[0]
    needs: set[str] = set().union(*(each.read for each in said)) if verdict == "unknown" else set()
    terms: dict[str, Any] = {}
    kinds: dict[str, Any] = {}
    for name in sorted({name for policy in policies for name in policy.get("terms", {})}):
        definers = [
            each for each in zip(policies, said, strict=True) if name in each[0].get("terms", {})
        ]
        kinds[name] = definers[0][0]["terms"][name]
        values = [each.terms[name] for _, each in definers if name in each.terms]
        if not values:
            continue
        if None in values:
            terms[name] = None
            needs |= set().union(*(each.terms_read[name] for _, each in definers))
        else:
            terms[name] = min(values, key=lambda kept: rank(kinds[name], kept))
    decision: dict[str, Any] = {
        "verdict": verdict,
        "entitlements": sorted({id for each in said for id in each.entitlements}),
        "grounds": sorted(id for id, found in said[0].grounds.items() if found),
        "terms": {name: shown(kinds[name]["type"], kept) for name, kept in terms.items()},
        "response": None,
        "rule": None,
        "cites": [],
        "seller_terms": None,
        "findings": [],
    }
    if world.override is not None:
        answer(world, case, said[0], terms, decision, needs)
    defaults = {name: fact.get("default") for name, fact in world.vocabulary["facts"].items()}
    stated_by = {name: each["fact"] for name, each in defaults.items() if isinstance(each, dict)}
    return {**decision, "needs": sorted(each for each in needs if stated_by.get(each) not in needs)}


def answer(
    world: World,
    case: dict[str, Any],
    own: Said,
    terms: dict[str, Any],
    decision: dict[str, Any],
    needs: set[str],
) -> None:
    override, policy = world.override or {}, world.policy
    read: set[str] = set()
    in_scope = holds(override.get("scope", {}), case, policy, {}, world.vocabulary, read)
    scope_read = {*read}
    rule, respond, cites = None, "follow", None
    followed = own
    if in_scope is None:
        respond = "unknown"
        seller_terms = dict.fromkeys(own.terms)
    else:
        if in_scope:
            settings = override.get("settings", {})
            followed = say(world, policy, case, settings, override.get("terms", {}))
            respond = override.get("otherwise", "follow")
            for each in override.get("rules", []):
                found = holds(each["when"], case, policy, settings, world.vocabulary, read)
                if found is not False:
                    rule = each["id"]
                    respond = each["respond"] if found else "unknown"
                    cites = each.get("cites")
                    break
        seller_terms = followed.terms
    response = respond
    if respond == "follow":
        response = {
            "must_accept": "accept",
            "may_reject": "reject",
            "negotiate": "manual",
            "unknown": "unknown",
        }[followed.verdict]
        read |= followed.read
    by_ground = response == "reject" and cites is None
    if by_ground:
        cites = [id for id, found in followed.grounds.items() if found]
    if response != "reject":
        cites = []
    if response == "unknown":
        needs |= read
    for name, kept in seller_terms.items():
        if kept is None:
            needs |= scope_read | (followed.terms_read[name] if in_scope is not None else set())
    decision["response"], decision["rule"] = response, rule
    decision["cites"] = sorted(cites or [])
    kinds = policy.get("terms", {})
    decision["seller_terms"] = {
        name: shown(kinds[name]["type"], kept) for name, kept in seller_terms.items()
    }
    possible = cites or []
    if by_ground:
        possible = [id for id, found in followed.grounds.items() if found is not False]
    decision["findings"] = findings(decision, own, kinds, terms, seller_terms, possible)


def findings(
    decision: dict[str, Any],
    own: Said,
    kinds: dict[str, Any],
    terms: dict[str, Any],
    seller_terms: dict[str, Any],
    possible_cites: list[str],
) -> list[str]:
    """The checks that the case shows for certain (docs/language.md, section 6)."""
    found = []
    verdict, response = decision["verdict"], decision["response"]
    if verdict == "must_accept" and response == "reject":
        found.append("rejects-required-return")
    if verdict == "must_accept" and response == "manual":
        found.append("defers-required-return")
    baseless = all(own.grounds[id] is False for id in possible_cites)
    if verdict not in ("must_accept", "unknown") and response == "reject" and baseless:
        found.append("rejects-without-ground")
    for name, kept in seller_terms.items():
        if kept is None or terms.get(name) is None:
            continue
        if rank(kinds[name], kept) > rank(kinds[name], terms[name]):
            found.append("worse-term")
    return sorted({*found})
