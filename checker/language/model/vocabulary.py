"""Vocabularies: the facts that a case can state (docs/language.md, section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from checker.language.model.calendars import Counting, check_roll, read_counting
from checker.language.model.conditions import Condition, FactValue
from checker.language.model.typecheck import RESERVED, ConditionReader, Scope
from checker.language.model.types import FIRST_DAY, LAST_DAY, Value, ValueType
from checker.language.syntax.documents import Document, Path, Reporter, string_keys
from checker.language.syntax.localized import read_titles
from checker.language.syntax.problems import did_you_mean
from checker.language.syntax.scalars import scalar_text

RESERVED_FACT_NAMES = RESERVED | {"id", "seller", "response", "cites"}
DEFAULT_TIME_ZONE = "Asia/Shanghai"


@dataclass(frozen=True, slots=True, eq=False)
class Derivation:
    """How an absent fact derives: the days from one date or datetime to another.

    Attributes:
        days_from, to: the two facts.
        counting: how the days are counted.
        before_is_zero: whether there are 0 days where `to` comes first, which else is an error.
    """

    days_from: str
    to: str
    counting: Counting
    before_is_zero: bool


@dataclass(frozen=True, slots=True, eq=False)
class Fact:
    """One fact that a case can state.

    Attributes:
        name: its name.
        type: the type of its values.
        typical: the value that counterexamples have where they can, None for a datetime.
        derive: what it derives from, None where it does not.
        default: the value of a case that does not state it, or the fact that it then equals; None
            where it is then absent.
        day_of: the datetime whose local day it is, empty where it is not tied to one.
        title, unit, currency: texts for people.
        titles: what people call its values, by value as a document writes it.
    """

    name: str
    type: ValueType
    typical: Value | None
    derive: Derivation | None = None
    default: Value | FactValue | None = None
    day_of: str = ""
    title: Any = None
    unit: Any = None
    currency: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Invariant:
    """A condition that holds in every possible case."""

    id: str
    always: Condition
    title: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """One vocabulary.

    Attributes:
        name: `id@version`.
        id: the id.
        facts: its facts by name, in the order of the document.
        invariants: its invariants, in the order of the document.
        as_of: the date or datetime fact whose day picks versions, None where there is none.
        time_zone: the time zone that says on which day a moment is.
        derived_from: the derived fact of each fact that another one derives from.
        order: events none of which comes before one that stands before it.
    """

    name: str
    id: str
    facts: Mapping[str, Fact]
    invariants: tuple[Invariant, ...]
    as_of: str | None
    time_zone: ZoneInfo
    derived_from: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()

    def types(self) -> dict[str, ValueType]:
        """Return the type of every fact."""
        return {name: fact.type for name, fact in self.facts.items()}

    def testable_facts(self) -> dict[str, Fact]:
        """Return the facts that a condition can test, in the order of the vocabulary."""
        return {
            name: fact
            for name, fact in self.facts.items()
            if name not in self.derived_from and fact.type.name != "datetime"
        }

    def scope(self) -> Scope:
        """Return the names that a condition over facts alone may use."""
        return Scope(self.types(), derived_from=self.derived_from, what="fact", names_allowed=False)


def read_vocabulary(document: Document, original: Document, report: Reporter) -> Vocabulary:
    """Return the vocabulary in a document that follows its schema.

    Args:
        document: the part of the document that follows its schema.
        original: the document as it was written. A fact that is declared there is known even where
            its entry has errors, so that each error is reported once.
        report: collects the errors; where there is one, the vocabulary must not be used.
    """
    data = document.data
    facts: dict[str, Fact] = {}
    for name, entry in data["facts"].items():
        if name in RESERVED_FACT_NAMES:
            report.error(("facts", name), f"`{name}` can't name a fact", key=True)
            continue
        fact = _fact(name, entry, ("facts", name), report)
        if fact:
            facts[name] = fact
    invalid = frozenset(string_keys(original.data.get("facts"))) - facts.keys()
    derived_from = _check_derivations(facts, invalid, report)
    _check_defaults(facts, invalid, report)
    _check_days(facts, invalid, report)
    _check_as_of(data, facts, invalid, report)
    scope = Scope(
        {name: fact.type for name, fact in facts.items()},
        derived_from=derived_from,
        invalid=invalid,
        what="fact",
        names_allowed=False,
    )
    invariants = _invariants(data, ConditionReader(scope, report))
    zone = _time_zone(data.get("time_zone", DEFAULT_TIME_ZONE), report)
    return Vocabulary(
        document.name,
        document.id,
        facts,
        invariants,
        data.get("as_of"),
        zone,
        derived_from,
        _order(data, facts, derived_from, invalid, report),
    )


def _order(
    data: Any,
    facts: Mapping[str, Fact],
    derived_from: Mapping[str, str],
    invalid: frozenset[str],
    report: Reporter,
) -> tuple[str, ...]:
    """Return the events of `order`; report those that are none."""
    events: list[str] = []
    for index, name in enumerate(data.get("order", ())):
        path: Path = ("order", index)
        if name in invalid:
            continue
        if name not in facts:
            report.error(path, f"unknown fact `{name}`", did_you_mean(name, facts))
        elif facts[name].type.name not in ("date", "datetime"):
            actual = f"`{name}` is of type {facts[name].type.name}"
            report.error(path, f"{actual}, expected a date or datetime")
        elif facts[name].type.name == "date" and name not in derived_from:
            message = f"conditions can test `{name}`, so that its order is an invariant"
            report.error(path, message, "write `invariants`, with `at_most: {fact: …}`")
        else:
            events.append(name)
    return tuple(events)


def _invariants(data: Any, reader: ConditionReader) -> tuple[Invariant, ...]:
    invariants: dict[str, Invariant] = {}
    for index, entry in enumerate(data.get("invariants", [])):
        path = ("invariants", index)
        if entry["id"] in invariants:
            reader.report.error((*path, "id"), f"the invariant `{entry['id']}` stands twice")
        always = reader.condition(entry["always"], (*path, "always"))
        if always:
            invariants[entry["id"]] = Invariant(entry["id"], always, entry.get("title"))
    return tuple(invariants.values())


def _fact(name: str, entry: Any, path: Path, report: Reporter) -> Fact | None:
    kind = entry["type"]
    type_ = ValueType(kind, tuple(entry.get("values", ())))
    if "range" in entry:
        bounds = read_range(type_, entry["range"], (*path, "range"), report)
        if bounds is None:
            return None
        type_ = ValueType(kind, range=bounds)
    default: Value | FactValue | None = None
    typical: Value | None = {
        "boolean": False,
        "enum": next(iter(type_.values), None),
        "date": FIRST_DAY,
        "datetime": None,
    }.get(kind, type_.range[0] if type_.range else None)
    if isinstance(entry.get("default"), dict):
        default = FactValue(entry["default"]["fact"])
    try:
        for key in ("default", "typical"):
            if key in entry and not isinstance(entry[key], dict):
                value = type_.read(entry[key])
                type_.check_range(value)
                typical = value  # what nobody states is typical, unless the fact says otherwise
                default = value if key == "default" else default
    except ValueError as error:
        report.error((*path, key), str(error))
    if kind == "date":
        type_ = ValueType(kind, range=(FIRST_DAY, LAST_DAY))
    derive = entry.get("derive")
    derivation = derive and Derivation(
        derive["days_from"],
        derive["to"],
        read_counting(derive, default_elapsed=False),
        derive.get("before") == "zero",
    )
    values = map(scalar_text, type_.categories())
    titles = read_titles(entry, values, f"value of `{name}`", path, report)
    title, unit, currency = (entry.get(key) for key in ("title", "unit", "currency"))
    day_of = entry.get("day_of", "")
    return Fact(name, type_, typical, derivation, default, day_of, title, unit, currency, titles)


def read_range(type_: ValueType, ends: Any, path: Path, report: Reporter) -> tuple[int, int] | None:
    """Return the closed range at `path` in the kept form, None where it has errors."""
    values: list[int] = []
    for index, end in enumerate(ends):
        try:
            values.append(int(type_.read(end)))  # type: ignore[arg-type]
        except ValueError as error:
            report.error((*path, index), str(error))
    if len(values) < 2:
        return None
    low, high = values
    if low > high:
        report.error(path, f"the range is turned round: {ends[0]} is above {ends[1]}")
        return None
    return low, high


def _check_derivations(
    facts: Mapping[str, Fact], invalid: frozenset[str], report: Reporter
) -> dict[str, str]:
    """Report errors of derivations; return the derived fact of each fact that one derives from."""
    derived_from: dict[str, str] = {}
    types = {name: fact.type for name, fact in facts.items()}
    for name, fact in facts.items():
        if fact.derive is None:
            continue
        path: Path = ("facts", name, "derive")
        type_names = []
        for key, source in (("days_from", fact.derive.days_from), ("to", fact.derive.to)):
            if source in invalid:
                continue
            if source not in facts:
                hint = did_you_mean(source, facts)
                report.error((*path, key), f"unknown fact `{source}`", hint)
            elif facts[source].type.name not in ("date", "datetime"):
                actual = f"`{source}` is of type {facts[source].type.name}"
                report.error((*path, key), f"{actual}, expected a date or datetime")
            else:
                type_names.append(facts[source].type.name)
                derived_from[source] = name
        if len({*type_names}) == 2:
            report.error(path, "found a date and a datetime, expected two of one type")
        elif fact.derive.counting.elapsed and "date" in type_names:
            report.error((*path, "counting"), "`elapsed` counts between datetimes, found dates")
        if fact.derive.counting.elapsed and fact.derive.counting.roll:
            report.error((*path, "roll"), "`roll` goes with `calendar` counting only")
        check_roll(fact.derive.counting.roll, types, invalid, (*path, "roll"), report)
    return derived_from


def _check_defaults(facts: Mapping[str, Fact], invalid: frozenset[str], report: Reporter) -> None:
    """Report facts that by default equal one which is no fact of theirs to equal."""
    for name, fact in facts.items():
        if not isinstance(fact.default, FactValue) or fact.default.name in invalid:
            continue
        path, source = ("facts", name, "default", "fact"), facts.get(fact.default.name)
        if source is None:
            hint = did_you_mean(fact.default.name, facts)
            report.error(path, f"unknown fact `{fact.default.name}`", hint)
        elif source.type != fact.type:
            report.error(path, f"`{source.name}` has another type, or another range")
        elif isinstance(source.default, FactValue):
            report.error(path, f"`{source.name}` equals another fact by default, too")


def _check_days(facts: Mapping[str, Fact], invalid: frozenset[str], report: Reporter) -> None:
    """Report dates that are to be the day of something that is no datetime."""
    for name, fact in facts.items():
        path, source = ("facts", name, "day_of"), facts.get(fact.day_of)
        if not fact.day_of or fact.day_of in invalid:
            continue
        if source is None:
            hint = did_you_mean(fact.day_of, facts)
            report.error(path, f"unknown fact `{fact.day_of}`", hint)
        elif source.type.name != "datetime":
            actual = f"`{source.name}` is of type {source.type.name}"
            report.error(path, f"{actual}, expected a datetime")


def _check_as_of(
    data: Any, facts: Mapping[str, Fact], invalid: frozenset[str], report: Reporter
) -> None:
    name = data.get("as_of")
    if name is None or name in invalid:
        return
    if name not in facts:
        report.error(("as_of",), f"unknown fact `{name}`", did_you_mean(name, facts))
    elif facts[name].type.name not in ("date", "datetime"):
        actual = f"`{name}` is of type {facts[name].type.name}"
        report.error(("as_of",), f"{actual}, expected a date or datetime")


def _time_zone(name: str, report: Reporter) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        report.error(("time_zone",), f"unknown time zone `{name}`", "use a name like Asia/Shanghai")
        return ZoneInfo("UTC")
