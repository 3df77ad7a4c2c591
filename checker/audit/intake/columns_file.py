"""A `--columns` file: which column of a table states which fact, and in what unit or code.

For example::

    kind: columns
    columns:
      seller: shop_id                                     # a column by another name
      category: {from: cat, values: {"1": cosmetics}}     # a code that is not listed is refused
      amount: {from: amount_cents, unit: cents}           # whole cents
      requested_at: {from: created, unit: milliseconds}   # since 1970 UTC
      delivered_at: {from: signed, time_zone: Asia/Shanghai}   # stated without an offset
    ignore: [comment]                                     # or `others`: all that are not named
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from checker.language.model.schema import check_shape
from checker.language.model.types import ValueType
from checker.language.syntax.documents import Document, Path, Reporter, read_document
from checker.language.syntax.problems import UsageError, did_you_mean, quoted
from checker.language.syntax.scalars import resolve_scalar, scalar_text

KIND = "columns"
MICROSECONDS = {"seconds": 10**6, "milliseconds": 1000, "microseconds": 1}
UNITS = {"money": ("cents",), "datetime": tuple(MICROSECONDS)}
MAPPINGS = ("values", "unit", "time_zone")


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a column of the table states a fact.

    Attributes:
        source: the name of the table's column.
        values: the fact's value for each code.
        unit: the unit of the numbers (`UNITS`).
        time_zone: the time zone of local times.
    """

    source: str
    values: Mapping[str, str] | None = None
    unit: str | None = None
    time_zone: ZoneInfo | None = None


@dataclass(frozen=True, slots=True)
class ColumnsFile:
    """The content of a columns file; `ignored` is None where it ignores all unnamed columns."""

    document: Document
    columns: Mapping[str, ColumnMapping] = field(default_factory=dict)
    ignored: frozenset[str] | None = frozenset()

    def check(self, table: Mapping[str, Any], targets: Mapping[str, ValueType | None]) -> None:
        """Check that the file fits a table and the facts.

        Args:
            table: the table's columns, by name.
            targets: the types of what a column can state, by name; None is any text.

        Raises:
            UsageError: it does not fit; the message has the positions in the file.
        """
        report = Reporter(self.document)
        hint: str | None
        for target, mapped in self.columns.items():
            path: Path = ("columns", target)
            if target not in targets:
                hint = did_you_mean(target, targets) or f"known here: {quoted(targets)}"
                report.error(path, f"unknown fact `{target}`", hint, key=True)
                continue
            if mapped.source not in table:
                hint = did_you_mean(mapped.source, table)
                path = path if isinstance(self._entry(target), str) else (*path, "from")
                report.error(path, f"the table has no column `{mapped.source}`", hint)
            self._check_fit(target, mapped, targets[target], report)
        for number, name in enumerate(self.document.data.get("ignore", ())):
            if self.ignored is not None and name not in table:
                hint = did_you_mean(name, table)
                report.error(("ignore", number), f"the table has no column `{name}`", hint)
        _raise(report)

    def _entry(self, target: str) -> Any:
        """Return the file's entry for a target, as it is written."""
        return self.document.data["columns"][target]

    def _check_fit(
        self, target: str, mapped: ColumnMapping, type: ValueType | None, report: Reporter
    ) -> None:
        """Report where the mapping does not fit the type of its target."""
        path = ("columns", target)
        name = type.name if type else "text"
        units = UNITS.get(name, ())
        if mapped.unit and mapped.unit not in units:
            expected = f"expected one of {quoted(units)}" if units else "which has none"
            message = f"the unit `{mapped.unit}` for a {name}, {expected}"
            report.error((*path, "unit"), message)
        if mapped.time_zone and name != "datetime":
            report.error((*path, "time_zone"), f"a time zone for a {name}, which has none")
        for code, value in (mapped.values or {}).items():
            if type is None:
                continue
            try:
                type.check_range(type.read(_data(type, value)))
            except ValueError as error:
                report.error((*path, "values", code), str(error))


def _data(type: ValueType, text: str) -> Any:
    """Return a value of a column of text as a document would state it."""
    if type.name == "set":
        return text.split("|")
    return resolve_scalar(text) if type.name in ("boolean", "integer") else text


def read_columns_file(path: FilePath) -> ColumnsFile:
    """Return the columns file.

    Raises:
        UsageError: the file can't be read or has errors; the message has all of them.
    """
    document, problems = read_document(path)
    if document is None:
        raise UsageError("\n".join(map(str, problems)))
    report = Reporter(document)
    kind = document.data.get("kind")
    if kind != KIND:
        message = f"found `kind: {scalar_text(kind)}`" if kind is not None else "`kind` is missing"
        report.error(("kind",) if "kind" in document.data else (), f"{message}, expected `{KIND}`")
        _raise(report)
    _, report.problems = check_shape(document)
    _raise(report)
    columns = {
        target: _mapping(entry, ("columns", target), report)
        for target, entry in document.data["columns"].items()
    }
    _raise(report)
    ignore = document.data.get("ignore", [])
    return ColumnsFile(document, columns, None if ignore == "others" else frozenset(ignore))


def _mapping(entry: Any, path: Path, report: Reporter) -> ColumnMapping:
    """Return the mapping of an entry; report what is wrong with it."""
    if isinstance(entry, str):
        return ColumnMapping(entry)
    mappings = [key for key in MAPPINGS if key in entry]
    if len(mappings) > 1:
        message = f"`{mappings[1]}` has no place beside `{mappings[0]}`"
        report.error((*path, mappings[1]), message, key=True)
    values = entry.get("values")
    codes = {code: scalar_text(value) for code, value in values.items()} if values else None
    zone = None
    if "time_zone" in entry:
        try:
            zone = ZoneInfo(entry["time_zone"])
        except (ZoneInfoNotFoundError, ValueError, OSError):
            unknown = f"unknown time zone `{entry['time_zone']}`"
            report.error((*path, "time_zone"), unknown, "use a name like Asia/Shanghai")
    return ColumnMapping(entry["from"], codes, entry.get("unit"), zone)


def _raise(report: Reporter) -> None:
    """Raise UsageError where errors are reported."""
    errors = [problem for problem in report.problems if problem.severity == "error"]
    if errors:
        raise UsageError("\n".join(map(str, errors)))
