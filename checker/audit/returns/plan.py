"""How an audit of returns is split: one part for each period that has rows of the table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from checker.audit.intake.columns_file import ColumnsFile
from checker.audit.intake.typed_rows import Intake, intake
from checker.audit.returns.findings import record_columns
from checker.audit.returns.outcome import PeriodPart, ReturnsOutcome, Watch, day
from checker.audit.returns.periods import Period, policies_of
from checker.audit.returns.window import AsOf, Window
from checker.columns.base import Columns
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.problems import UsageError


class ReturnsTable(Protocol):
    """The table of returns, and the engine that judges its rows."""

    @property
    def engine(self) -> Columns[Any]:
        """The column operations of the engine."""

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of the table's columns, by name."""

    def days(self, layers: Sequence[dict[str, Any]], day: Any) -> tuple[int | None, int | None]:
        """Return the first and the last day of the column `day`, None where there is no row."""

    def judge(
        self, parts: Sequence[PeriodPart[Any]], folder: Path, watch: Watch = None
    ) -> ReturnsOutcome:
        """Judge all rows.

        Args:
            parts: what to compute in each period.
            folder: a folder for temporary files.
            watch: called with the number of rows read since the last call.
        """


@dataclass(frozen=True, slots=True)
class ReturnsRequest:
    """What to audit.

    Attributes:
        policy: the policy's name.
        as_of: the date or moment that the audit is made for.
        today: the day that picks the version for a row that states no day.
        on: the day that picks the version for all rows, if one is given.
        columns: the columns file, if there is one.
    """

    policy: str
    as_of: AsOf
    today: int
    on: int | None = None
    columns: ColumnsFile | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What all parts of an audit share.

    Attributes:
        table: the returns.
        request: what to audit.
        window: the window whose records count in the metrics.
        widths: by term with a deadline, the minutes of a bucket of the time taken.
    """

    table: ReturnsTable
    request: ReturnsRequest
    window: Window
    widths: Mapping[str, int]

    def parts(self, periods: Sequence[Period]) -> list[PeriodPart[Any]]:
        """Return a part for each period that may have rows."""
        first, used = policies_of(periods)[0], self._used(periods)
        return [self._part(period, first, alone=len(used) == 1) for period in used]

    def _used(self, periods: Sequence[Period]) -> list[Period]:
        """Return the periods that may have rows; the days of rows are read only where needed."""
        policies = policies_of(periods)
        clocks = {policy.vocabulary.as_of for policy in policies}
        if len(clocks) > 1:
            raise UsageError(
                f"versions of `{self.request.policy}` pick their day by different facts; "
                "name it by --on"
            )
        if len(periods) == 1 or None in clocks:
            return [
                period for period in periods if period.first <= self.request.today <= period.last
            ]
        intake_columns = self._intake(policies[0])
        low, high = self.table.days(intake_columns.layers, self._day(intake_columns, policies[0]))
        if low is None or high is None:
            return [*periods]
        return [period for period in periods if period.first <= high and low <= period.last]

    def _part(self, period: Period, first: ResolvedPolicy, *, alone: bool) -> PeriodPart[Any]:
        """Return the part of a period.

        Where no version is in force, all rows are refused; the `first` version reads them then.
        """
        engine, resolved = self.table.engine, period.resolved or first
        intake_columns = self._intake(resolved)
        records = record_columns(engine, resolved, intake_columns, self.window, period.not_in_force)
        inside = None
        if not alone:
            inside = engine.inside(self._day(intake_columns, resolved), period.first, period.last)
        return PeriodPart(period, records, inside, self.widths)

    def _intake(self, resolved: ResolvedPolicy) -> Intake[Any]:
        """Return how the rows are taken in under a policy."""
        return intake(self.table.engine, self.table.kinds, self.request.columns, resolved)

    def _day(self, intake_columns: Intake[Any], resolved: ResolvedPolicy) -> Any:
        """Return the day that picks a row's version: today where the row states none."""
        engine = self.table.engine
        stated = day(engine, intake_columns, resolved.vocabulary)
        return engine.first_match(
            [(engine.is_absent(stated), engine.value(self.request.today))], stated
        )
