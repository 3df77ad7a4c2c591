"""How an audit of returns is split: a part for each period that rows of the table fall into."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from checker.audit.intake.columns_file import ColumnsFile
from checker.audit.intake.typed_rows import Intake, intake
from checker.audit.returns.findings import records
from checker.audit.returns.outcome import Outcome, Part, Watch, day
from checker.audit.returns.periods import Period, worlds_of
from checker.audit.returns.window import AsOf, Window
from checker.columns.base import Columns
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import UsageError


class Table(Protocol):
    """Where the rows are: what its columns are, and what judges them there."""

    @property
    def engine(self) -> Columns[Any]:
        """What says column expressions there."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of the table's columns, by name."""

    def days(self, layers: Sequence[dict[str, Any]], day: Any) -> tuple[int | None, int | None]:
        """Return the first and the last day of the column, absent where there is no row."""

    def judge(self, parts: Sequence[Part[Any]], place: Path, watch: Watch = None) -> Outcome:
        """Return the outcome of all rows, in parts; files go into the folder `place`."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of the records: the policy, the moment, and the day that picks versions."""

    policy: str
    as_of: AsOf
    today: int
    on: int | None = None
    columns: ColumnsFile | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What all parts of an audit share.

    `span` is the window that counts, and `widths` are the minutes of a bucket of the time that
    each deadline takes, by its term.
    """

    table: Table
    asked: Asked
    span: Window
    widths: Mapping[str, int]

    def parts(self, known: Sequence[Period]) -> list[Part[Any]]:
        """Return a part for each of the periods that rows fall into."""
        first, used = worlds_of(known)[0], self._used(known)
        return [self._part(each, first, alone=len(used) == 1) for each in used]

    def _used(self, known: Sequence[Period]) -> list[Period]:
        """Return the periods that the days of rows fall into; days are read where that matters."""
        worlds = worlds_of(known)
        clocks = {each.vocabulary.as_of for each in worlds}
        if len(clocks) > 1:
            raise UsageError(
                f"versions of `{self.asked.policy}` pick their day by different facts; "
                "name it by --on"
            )
        if len(known) == 1 or None in clocks:
            return [each for each in known if each.first <= self.asked.today <= each.last]
        read = self._intake(worlds[0])
        low, high = self.table.days(read.layers, self._day(read, worlds[0]))
        if low is None or high is None:
            return [*known]
        return [each for each in known if each.first <= high and low <= each.last]

    def _part(self, period: Period, first: ResolvedPolicy, *, alone: bool) -> Part[Any]:
        """Return the part of a period; all its rows are refused where no version is in force.

        They are read by the `first` version then.
        """
        engine, resolved = self.table.engine, period.resolved or first
        read = self._intake(resolved)
        found = records(engine, resolved, read, self.span, period.why_none)
        inside = None
        if not alone:
            inside = engine.inside(self._day(read, resolved), period.first, period.last)
        return Part(period, found, inside, self.widths)

    def _intake(self, resolved: ResolvedPolicy) -> Intake[Any]:
        return intake(self.table.engine, self.table.kinds, self.asked.columns, resolved)

    def _day(self, read: Intake[Any], resolved: ResolvedPolicy) -> Any:
        """Return the day that picks a row's version: today where the row states none."""
        engine = self.table.engine
        stated = day(engine, read, resolved.vocabulary)
        return engine.first_match(
            [(engine.is_absent(stated), engine.value(self.asked.today))], stated
        )
