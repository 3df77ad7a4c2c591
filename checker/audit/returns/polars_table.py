"""Records of returns judged by Polars: one pass over the files, streaming."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from checker.audit.files.scan import ROW_NUMBER, Scanned, reading, sliceable
from checker.audit.returns.finding_rows import finding_rows
from checker.audit.returns.findings import Records
from checker.audit.returns.outcome import (
    METRICS,
    Outcome,
    Part,
    Slice,
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
        ends = with_layers(self.scanned.frame, layers).select(low=day.min(), high=day.max())
        with reading(self.scanned):
            low, high = ends.collect(engine="streaming").row(0)
        return low, high

    def judge(self, parts: Sequence[Part[pl.Expr]], place: Path, watch: Watch = None) -> Outcome:
        """Return the outcome of all rows; what is found and refused goes through files.

        Rows are judged a slice at a time, so that memory does not grow with them.
        """
        outcome = Outcome()
        with reading(self.scanned):
            frame = sliceable(self.scanned, place)
            rows: int = frame.select(pl.len()).collect(engine="streaming").item()
            for number, part in enumerate(parts):
                slices = [
                    _judge(frame.slice(start, SLICE), part, place / f"{number}-{start}")
                    for start in _watched(range(0, max(rows, 1), SLICE), rows, watch)
                ]
                outcome.add(slices)
        return outcome


def _watched(starts: range, rows: int, watch: Watch) -> Iterator[int]:
    for start in starts:
        yield start
        if watch:
            watch(min(SLICE, rows - start))


def _judge(frame: pl.LazyFrame, part: Part[pl.Expr], files: Path) -> Slice:
    """Judge some rows; what is found and refused goes to files whose names begin like this."""
    records = part.records
    raw, *layers = records.layers
    rows = with_layers(frame.select(ROW_NUMBER, **raw), layers)
    if part.inside is not None:
        rows = rows.filter(part.inside)
    found = rows.filter(records.found).select(ROW_NUMBER, **row_columns(_ENGINE, records))
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
        found.sink_ipc(paths[0], lazy=True),
        refused.sink_ipc(paths[1], lazy=True),
        *_taken(rows, part),
    ]
    counted, sums, _, _, *taken = pl.collect_all(queries, engine="streaming")
    return Slice(
        counted.item(),
        sums.lazy().filter(pl.col("judged") > 0).drop("judged"),
        finding_rows(pl.scan_ipc(paths[0]), records),
        pl.scan_ipc(paths[1]),
        {each.term.name: frame for each, frame in zip(records.deadlines, taken, strict=True)},
    )


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
        outcome = _ENGINE.first_match(
            [(column, pl.lit(n)) for n, column in enumerate((each.met, each.late, each.overdue))],
            pl.lit(None, pl.Int32),
        )
        number = bucket(_ENGINE, each, part.widths[each.term.name])
        limit = each.limit.fill_null(-1) + 1
        key = pl.when(part.records.judged).then((limit * _BITS + number) * 4 + outcome)
        counts = rows.select(key=key).group_by("key").len("deadlines").drop_nulls("key")
        found, limit = pl.col("key") % 4, pl.col("key") // (4 * _BITS) - 1
        queries.append(
            counts.select(
                bucket=pl.col("key") // 4 % _BITS,
                limit=pl.when(limit >= 0).then(limit),
                met=found == 0,
                late=found == 1,
                overdue=found == 2,
                deadlines="deadlines",
            )
        )
    return queries
