"""Records of returns judged by Polars: one pass over the files, streaming."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.audit.files import ROW_NUMBER, Scanned, reading
from checker.audit.returns.outcome import (
    METRICS,
    Outcome,
    Part,
    Watch,
    bucket,
    case,
    row_columns,
)
from checker.audit.returns.records import Records
from checker.readings.frames import Frames, stacked

_ENGINE = Frames()
_BITS = 32  # above the number of buckets


@dataclass(frozen=True, slots=True)
class FramesTable:
    """Files with a row a return."""

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
        ends = stacked(self.scanned.frame, layers).select(low=day.min(), high=day.max())
        with reading(self.scanned):
            low, high = ends.collect(engine="streaming").row(0)
        return low, high

    def judge(self, parts: Sequence[Part[pl.Expr]], place: Path, watch: Watch = None) -> Outcome:
        """Return the outcome of all rows; what is found and refused goes through files."""
        outcome = Outcome()
        with reading(self.scanned):
            for number, part in enumerate(parts):
                _judge(self._rows(part.records, watch), part, place, number, outcome)
        return outcome

    def _rows(self, records: Records[pl.Expr], watch: Watch) -> pl.LazyFrame:
        """Return the rows with all columns of the records, and none of the files' own names."""
        raw, *layers = records.layers
        rows = self.scanned.frame.select(ROW_NUMBER, **raw)
        if watch:

            def watched(batch: pl.DataFrame) -> pl.DataFrame:
                watch(batch.height)
                return batch

            rows = rows.map_batches(watched, streamable=True)
        return stacked(rows, layers)


def _judge(
    rows: pl.LazyFrame, part: Part[pl.Expr], place: Path, number: int, outcome: Outcome
) -> None:
    records = part.records
    if part.inside is not None:
        rows = rows.filter(part.inside)
    found = rows.filter(records.found).select(ROW_NUMBER, **row_columns(_ENGINE, records))
    refused = rows.filter(records.refused).select(
        row=ROW_NUMBER,
        case=case(_ENGINE, records),
        seller=records.intake.seller,
        reason=records.reason,
    )
    files = [place / f"{name}-{number}.arrow" for name in ("found", "refused")]
    queries = [
        rows.select(pl.len()),
        rows.group_by(seller=records.intake.seller).agg(**_sums(records)),
        found.sink_ipc(files[0], lazy=True),
        refused.sink_ipc(files[1], lazy=True),
        *_taken(rows, part),
    ]
    counted, sums, _, _, *taken = pl.collect_all(queries, engine="streaming")
    outcome.read += counted.item()
    outcome.sums.append(sums.lazy().filter(pl.col("judged") > 0).drop("judged"))
    outcome.findings.append(pl.scan_ipc(files[0]))
    outcome.refused.append(pl.scan_ipc(files[1]))
    names = [each.term.name for each in records.deadlines]
    outcome.taken.append(dict(zip(names, taken, strict=True)))


def _sums(records: Records[pl.Expr]) -> dict[str, pl.Expr]:
    none = pl.lit(0, pl.Int64)
    sums = {
        name: sum((each.sum().cast(pl.Int64) for each in records.counts[name]), none)
        for name in METRICS
    }
    checks = (each & records.found for each in records.findings.values())
    findings = sum((each.sum().cast(pl.Int64) for each in checks), none)
    return {**sums, "findings": findings, "judged": records.judged.sum()}


def _taken(rows: pl.LazyFrame, part: Part[pl.Expr]) -> list[pl.LazyFrame]:
    """Return for each deadline how many of what limit were met, late or overdue, by bucket.

    All of that is one number, by which rows are grouped several times as fast as by five.
    """
    queries = []
    for each in part.records.deadlines:
        outcome = _ENGINE.first(
            [(column, pl.lit(n)) for n, column in enumerate((each.met, each.late, each.overdue))],
            pl.lit(None, pl.Int32),
        )
        number = bucket(_ENGINE, each, part.widths[each.term.name]).fill_null(0)
        key = pl.when(part.records.judged).then((each.limit * _BITS + number) * 4 + outcome)
        counts = rows.select(key=key).group_by("key").len("deadlines").drop_nulls("key")
        found = pl.col("key") % 4
        queries.append(
            counts.select(
                bucket=pl.col("key") // 4 % _BITS,
                limit=pl.col("key") // (4 * _BITS),
                met=found == 0,
                late=found == 1,
                overdue=found == 2,
                deadlines="deadlines",
            )
        )
    return queries
