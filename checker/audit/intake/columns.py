"""Which column of a table states which fact, and its values: decoded, in units of the language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Generic, NamedTuple

from checker.audit.intake.columns_file import MICROSECONDS, ColumnMapping, ColumnsFile
from checker.audit.intake.messages import found_message
from checker.audit.intake.moments import DAY, IN_RANGE, wall_clock_of
from checker.audit.intake.numbers import integer_of
from checker.audit.intake.typed import TypedColumn, is_stated, typed_column
from checker.columns.base import Columns, E
from checker.columns.days import moment_of
from checker.language.model.types import FIRST_DAY, LAST_DAY, ValueType
from checker.language.syntax.problems import UsageError, did_you_mean, quoted

_YEAR_1971 = 365  # days from 1970-01-01


class Raw(NamedTuple, Generic[E]):
    """A column of the table, its kind (`Connection.columns`), and its mapping."""

    column: E
    kind: str
    mapping: ColumnMapping


def mapped_columns(
    table: Mapping[str, str], targets: Mapping[str, ValueType | None], file: ColumnsFile | None
) -> dict[str, ColumnMapping]:
    """Return the mappings of the table's columns, by their targets.

    Args:
        table: the kinds of the table's columns, by name.
        targets: the types of what a column can state, by name; None is any text.
        file: the columns file, if there is one.

    Raises:
        UsageError: the file does not fit, or a column is not a target and not ignored.
    """
    if file:
        file.check(table, targets)
    mappings = dict(file.columns) if file else {}
    ignored = file.ignored if file else frozenset[str]()
    for name in table:
        if name in targets and name not in mappings and name not in (ignored or ()):
            mappings[name] = ColumnMapping(name)
    if ignored is not None:
        used = {mapping.source for mapping in mappings.values()} | ignored
        _refuse([name for name in table if name not in used], targets, mappings)
    return mappings


def _refuse(
    unknown: list[str],
    targets: Mapping[str, ValueType | None],
    mappings: Mapping[str, ColumnMapping],
) -> None:
    """Raise UsageError where the table has unknown columns."""
    messages = []
    for name in unknown:
        if name in mappings:
            messages.append(f"column `{name}`, though `{mappings[name].source}` stands for it")
        else:
            hint = did_you_mean(name, targets)
            messages.append(f"unknown column `{name}`" + (f" ({hint})" if hint else ""))
    if messages:
        raise UsageError(f"{'; '.join(messages)}; map or ignore it in a --columns file")


def require_column(mappings: Mapping[str, ColumnMapping], target: str) -> None:
    """Raise UsageError where no column is mapped to the target."""
    if target not in mappings:
        raise UsageError(f"no column `{target}`; name the column for it in a --columns file")


def read_column(
    engine: Columns[E], raw: Raw[E], type: ValueType, keep: Callable[[E], E] | None = None
) -> TypedColumn[E]:
    """Return the typed column of a raw one.

    Args:
        engine: the operations of the engine.
        raw: the column of the table.
        type: the type of the fact.
        keep: puts a column into an earlier layer, and returns the reference to it.

    Raises:
        UsageError: a column of this kind can't be of the type.
    """
    column, kind, mapping = raw
    if mapping.values is not None:
        return _of_codes(engine, raw, mapping.values, type)
    if mapping.unit == "cents":
        return typed_column(
            engine, column, kind, ValueType("integer", range=type.range), mapping.source, keep
        )
    if mapping.unit:
        factor = MICROSECONDS[mapping.unit]
        first = _YEAR_1971 * DAY // factor  # below that, the numbers are of another unit, or none
        last = (LAST_DAY + 1 - FIRST_DAY) * DAY // factor - 1
        since = typed_column(
            engine, column, kind, ValueType("integer", range=(first, last)), mapping.source, keep
        )
        return TypedColumn(engine.times(since.column, factor), since.wrong, since.reason)
    if mapping.time_zone:
        return _in_zone(engine, raw, keep)
    return typed_column(engine, column, kind, type, mapping.source, keep)


def _of_codes(
    engine: Columns[E], raw: Raw[E], values: Mapping[str, str], type: ValueType
) -> TypedColumn[E]:
    """Return the typed column of a raw one that holds codes."""
    typed = typed_column(engine, decoded(engine, raw), "text", type, raw.mapping.source)
    stated = is_stated(engine, raw.column, raw.kind)
    wrong = engine.every([stated, engine.is_absent(typed.column)])
    expected = engine.value(f", expected one of {quoted(values)}")
    reason = engine.joined([found_message(engine, raw.column, raw.kind), expected])
    return TypedColumn(typed.column, wrong, reason, typed.members)


def text_of(engine: Columns[E], raw: Raw[E]) -> E:
    """Return a column of texts, whole numbers or booleans as text; UsageError for another kind."""
    column, kind, mapping = raw
    if kind == "text":
        return column
    if kind in ("integer", "decimal", "float"):
        return engine.text(integer_of(engine, column, kind))
    if kind != "boolean":
        expected = "expected text or whole numbers; map it in a --columns file"
        raise UsageError(f"the column `{mapping.source}` is of type {kind}, {expected}")
    spelled = [(column, engine.value("true")), (engine.negation(column), engine.value("false"))]
    return engine.first_match(spelled, engine.absent(str))


def decoded(engine: Columns[E], raw: Raw[E]) -> E:
    """Return a column as text, its codes replaced by their values; NULL for an unlisted code."""
    text, values = text_of(engine, raw), raw.mapping.values
    if values is None:
        return text
    rows = [(engine.equal(text, engine.value(code)), engine.value(v)) for code, v in values.items()]
    return engine.first_match(rows, engine.absent(str))


def _in_zone(engine: Columns[E], raw: Raw[E], keep: Callable[[E], E] | None) -> TypedColumn[E]:
    """Return the moments of a column of local times in the time zone of its mapping."""
    column, kind, mapping = raw
    assert mapping.time_zone
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
            f"the column `{mapping.source}` is of type {kind}, "
            "expected text or timestamp without time zone where its `time_zone` is given"
        )
    # a computed column: the local time is compared with every change of the zone's offset
    clock = keep(clock) if keep else clock
    wrong = engine.every([is_stated(engine, column, kind), engine.is_absent(clock)])
    reason = engine.joined([found_message(engine, column, kind), engine.value(f", {expected}")])
    return TypedColumn(moment_of(engine, clock, mapping.time_zone), wrong, reason)
