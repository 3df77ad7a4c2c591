"""Returns judged by Polars: one streaming pass over the files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.audit.files.scan import ROW_NUMBER, Scanned, reading, sliceable
from checker.audit.returns.finding_rows import finding_rows
from checker.audit.returns.findings import RecordColumns
from checker.audit.returns.outcome import (
    METRICS,
    PeriodPart,
    ReturnsOutcome,
    SliceResult,
    Watch,
    bucket,
    case,
    row_columns,
)
from checker.columns.polars_engine import PolarsColumns, with_layers

_ENGINE = PolarsColumns()
_BITS = 32  # above the number of buckets
SLICE = 2_000_000  # rows


@dataclass(frozen=True, slots=True)
class PolarsTable:
    """Files with one row for each return."""

    scanned: Scanned
    engine = _ENGINE

    @property
    def kinds(self) -> Mapping[str, str]:
        """The kinds of the files' columns, by name."""
        return self.scanned.kinds

    def days(
        self, layers: Sequence[Mapping[str, pl.Expr]], day: pl.Expr
    ) -> tuple[int | None, int | None]:
        """Return the first and the last day of the column, None where there is no row."""
        ends = with_layers(self.scanned.frame, layers).select(low=day.min(), high=day.max())
        with reading(self.scanned):
            low, high = ends.collect(engine="streaming").row(0)
        return low, high

    def judge(
        self, parts: Sequence[PeriodPart[pl.Expr]], folder: Path, watch: Watch = None
    ) -> ReturnsOutcome:
        """Judge all rows; findings and refused rows are written to temporary files.

        Rows are judged slice by slice, so that memory does not grow with their number.
        """
        outcome = ReturnsOutcome()
        with reading(self.scanned):
            frame = sliceable(self.scanned, folder)
            rows: int = frame.select(pl.len()).collect(engine="streaming").item()
            for number, part in enumerate(parts):
                slices = [
                    _judge(frame.slice(start, SLICE), part, folder / f"{number}-{start}")
                    for start in _watched(range(0, max(rows, 1), SLICE), rows, watch)
                ]
                outcome.add(slices)
        return outcome


def _watched(starts: range, rows: int, watch: Watch) -> Iterator[int]:
    """Yield the starts of slices; report each slice when it is done."""
    for start in starts:
        yield start
        if watch:
            watch(min(SLICE, rows - start))


def _judge(frame: pl.LazyFrame, part: PeriodPart[pl.Expr], files: Path) -> SliceResult:
    """Judge some rows; the names of the temporary files begin with the name of `files`."""
    records = part.records
    raw, *layers = records.layers
    rows = with_layers(frame.select(ROW_NUMBER, **raw), layers)
    if part.in_period is not None:
        rows = rows.filter(part.in_period)
    findings = rows.filter(records.has_finding).select(ROW_NUMBER, **row_columns(_ENGINE, records))
    refused = rows.filter(records.refused).select(
        row=ROW_NUMBER,
        case=case(_ENGINE, records),
        seller=records.intake.seller,
        reason=records.reason,
    )
    paths = [files.with_name(f"{files.name}-{name}.arrow") for name in ("found", "refused")]
    queries = [
        rows.select(pl.len()),
        rows.group_by(seller=records.intake.seller).agg(**_sums(records)),
        findings.sink_ipc(paths[0], lazy=True),
        refused.sink_ipc(paths[1], lazy=True),
        *_durations(rows, part),
    ]
    counted, sums, _, _, *durations = pl.collect_all(queries, engine="streaming")
    return SliceResult(
        counted.item(),
        sums.lazy().filter(pl.col("judged") > 0).drop("judged"),
        finding_rows(pl.scan_ipc(paths[0]), records),
        pl.scan_ipc(paths[1]),
        {
            deadline.term.name: frame
            for deadline, frame in zip(records.deadlines, durations, strict=True)
        },
    )


def _sums(records: RecordColumns[pl.Expr]) -> dict[str, pl.Expr]:
    """Return the sums of a seller's rows: metrics, findings and judged rows."""
    none = pl.lit(0, pl.Int64)
    sums = {
        name: sum((column.sum().cast(pl.Int64) for column in records.counts[name]), none)
        for name in METRICS
    }
    checks = (column & records.has_finding for column in records.findings.values())
    findings = sum((column.sum().cast(pl.Int64) for column in checks), none)
    return {**sums, "findings": findings, "judged": records.judged.sum()}


def _durations(rows: pl.LazyFrame, part: PeriodPart[pl.Expr]) -> list[pl.LazyFrame]:
    """Return for each deadline the counts of `SliceResult.durations`.

    Limit, bucket and outcome are packed into one number: to group by one column is several times
    as fast as to group by five.
    """
    queries = []
    for deadline in part.records.deadlines:
        outcome = _ENGINE.first_match(
            [
                (column, pl.lit(n))
                for n, column in enumerate((deadline.met, deadline.late, deadline.overdue))
            ],
            pl.lit(None, pl.Int32),
        )
        number = bucket(_ENGINE, deadline, part.widths[deadline.term.name])
        limit = deadline.limit.fill_null(-1) + 1
        key = pl.when(part.records.judged).then((limit * _BITS + number) * 4 + outcome)
        counts = rows.select(key=key).group_by("key").len("deadlines").drop_nulls("key")
        outcome_number, limit = pl.col("key") % 4, pl.col("key") // (4 * _BITS) - 1
        queries.append(
            counts.select(
                bucket=pl.col("key") // 4 % _BITS,
                limit=pl.when(limit >= 0).then(limit),
                met=outcome_number == 0,
                late=outcome_number == 1,
                overdue=outcome_number == 2,
                deadlines="deadlines",
            )
        )
    return queries
