"""Which column of a table states what, and how each is read: renamed, decoded, in its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple

from checker.audit.intake.columns_file import MICROSECONDS, ColumnsFile, Mapped
from checker.audit.intake.messages import found_text
from checker.audit.intake.moments import DAY, IN_RANGE, wall_clock_of
from checker.audit.intake.numbers import integer_of
from checker.audit.intake.typed import Typed, states, typed
from checker.columns.base import Columns, E
from checker.columns.days import moment_of
from checker.language.model.types import FIRST_DAY, LAST_DAY, ValueType
from checker.language.syntax.problems import UsageError, did_you_mean, quoted


class Raw(NamedTuple, Generic[E]):
    """A column of the table that states something: itself, its kind, and how it is mapped."""

    column: E
    kind: str
    mapped: Mapped


def sources(
    table: Mapping[str, str], targets: Mapping[str, ValueType | None], file: ColumnsFile | None
) -> dict[str, Mapped]:
    """Return the columns of the table that state something, by what they state.

    `table` are the kinds of the columns and `targets` the types of what can be stated, None for any
    text. UsageError where the file does not fit, or a column is none of them and not ignored.
    """
    if file:
        file.check(table, targets)
    named = dict(file.columns) if file else {}
    ignored = file.ignored if file else frozenset[str]()
    for name in table:
        if name in targets and name not in named and name not in (ignored or ()):
            named[name] = Mapped(name)
    if ignored is not None:
        used = {mapped.source for mapped in named.values()} | ignored
        _refuse([name for name in table if name not in used], targets, named)
    return named


def _refuse(
    unknown: list[str], targets: Mapping[str, ValueType | None], named: Mapping[str, Mapped]
) -> None:
    said = []
    for name in unknown:
        if name in named:
            said.append(f"column `{name}`, though `{named[name].source}` stands for it")
        else:
            hint = did_you_mean(name, targets)
            said.append(f"unknown column `{name}`" + (f" ({hint})" if hint else ""))
    if said:
        raise UsageError(f"{'; '.join(said)}; map or ignore it in a --columns file")


def need(named: Mapping[str, Mapped], target: str) -> None:
    """Raise UsageError where no column states the target."""
    if target not in named:
        raise UsageError(f"no column `{target}`; name the column for it in a --columns file")


def read(
    engine: Columns[E], raw: Raw[E], type: ValueType, keep: Callable[[E], E] | None = None
) -> Typed[E]:
    """Return the typed column that a raw one states; UsageError where its kind can't.

    `keep` puts a column into a layer before the typed ones, and returns what refers to it.
    """
    column, kind, mapped = raw
    if mapped.values is not None:
        return _of_codes(engine, raw, mapped.values, type)
    if mapped.unit == "cents":
        return typed(
            engine, column, kind, ValueType("integer", range=type.range), mapped.source, keep
        )
    if mapped.unit:
        factor = MICROSECONDS[mapped.unit]
        last = (LAST_DAY + 1 - FIRST_DAY) * DAY // factor - 1
        since = typed(
            engine, column, kind, ValueType("integer", range=(0, last)), mapped.source, keep
        )
        return Typed(engine.times(since.column, factor), since.wrong, since.reason)
    if mapped.time_zone:
        return _in_zone(engine, raw, keep)
    return typed(engine, column, kind, type, mapped.source, keep)


def _of_codes(
    engine: Columns[E], raw: Raw[E], values: Mapping[str, str], type: ValueType
) -> Typed[E]:
    made = typed(engine, decoded(engine, raw), "text", type, raw.mapped.source)
    stated = states(engine, raw.column, raw.kind)
    wrong = engine.every([stated, engine.is_absent(made.column)])
    expected = engine.value(f", expected one of {quoted(values)}")
    reason = engine.joined([found_text(engine, raw.column, raw.kind), expected])
    return Typed(made.column, wrong, reason, made.members)


def text_of(engine: Columns[E], raw: Raw[E]) -> E:
    """Return a column of texts, whole numbers or booleans as text; UsageError for another kind."""
    column, kind, mapped = raw
    if kind == "text":
        return column
    if kind in ("integer", "decimal", "float"):
        return engine.text(integer_of(engine, column, kind))
    if kind != "boolean":
        expected = "expected text or whole numbers; map it in a --columns file"
        raise UsageError(f"the column `{mapped.source}` is of type {kind}, {expected}")
    spelled = [(column, engine.value("true")), (engine.negation(column), engine.value("false"))]
    return engine.first_match(spelled, engine.absent(str))


def decoded(engine: Columns[E], raw: Raw[E]) -> E:
    """Return a column as text, by the codes of the columns file; absent where none is listed."""
    text, values = text_of(engine, raw), raw.mapped.values
    if values is None:
        return text
    rows = [(engine.equal(text, engine.value(code)), engine.value(v)) for code, v in values.items()]
    return engine.first_match(rows, engine.absent(str))


def _in_zone(engine: Columns[E], raw: Raw[E], keep: Callable[[E], E] | None) -> Typed[E]:
    """Return the moments of a column of clock times, as they were shown in a time zone."""
    column, kind, mapped = raw
    assert mapped.time_zone
    if kind == "timestamp":
        clock = engine.microseconds(column, zoned=False)
        fits = engine.inside(clock, 0, (LAST_DAY + 1 - FIRST_DAY) * DAY - 1)
        clock = engine.first_match([(fits, clock)], engine.absent(int))
        expected = IN_RANGE
    elif kind == "text":
        clock = wall_clock_of(engine, column)
        expected = "expected a date and time without offset, like `2024-08-19 09:26:01`"
    else:
        raise UsageError(
            f"the column `{mapped.source}` is of type {kind}, "
            "expected text or timestamp without time zone where its `time_zone` is given"
        )
    # a zone may have hundreds of offsets, with each of which the clock is compared
    clock = keep(clock) if keep else clock
    wrong = engine.every([states(engine, column, kind), engine.is_absent(clock)])
    reason = engine.joined([found_text(engine, column, kind), engine.value(f", {expected}")])
    return Typed(moment_of(engine, clock, mapped.time_zone), wrong, reason)
