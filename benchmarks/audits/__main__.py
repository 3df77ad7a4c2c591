"""How fast returns and settings are audited, beside the same audit written by hand in Polars.

`python -m benchmarks.audits` draws 1, 10 and 50 million returns of 100,000 sellers, and settings of
a million sellers, audits them in processes of their own and compares, in one run. Both audits must
write the same tables, cell by cell. It exits with 1 where a bar is missed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import polars as pl
from polars.testing import assert_frame_equal

from benchmarks.audits import drawn
from benchmarks.audits.run import LOOPED
from checker.audit.results import TABLES

SIZES = [1_000_000, 10_000_000, 50_000_000]
SETTINGS = 1_000_000
MOST_TIMES_BY_HAND, MOST_MEGABYTES, MOST_SECONDS, FLAT = 1.3, 1500, 5, 1.5


def measured(name: str, source: Path, folder: Path) -> tuple[float, float]:
    """Return the seconds and the megabytes of one run."""
    out = folder / "out" / name
    out.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "benchmarks.audits.run", name, str(source), str(out)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    seconds, megabytes = map(float, done.stdout.split())
    return seconds, megabytes


def main() -> int:
    arguments = argparse.ArgumentParser(prog="audits", description=__doc__)
    arguments.add_argument("--rows", type=int, nargs="+", default=SIZES)
    arguments.add_argument("--folder", type=Path, help="where the drawn files are kept")
    given = arguments.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = given.folder or Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        results = [compared(rows, folder) for rows in given.rows]
        bars = [*_bars(given.rows, results), _settings(folder)]
    print()
    for what, figure, bar in bars:
        print(f"  {what:48} {figure:9.2f} (at most {bar:g}: {'yes' if figure <= bar else 'NO'})")
    return 0 if all(figure <= bar for _, figure, bar in bars) else 1


def compared(rows: int, folder: Path) -> tuple[float, float, float]:
    """Return the times of the hand-written audit, the nanoseconds a row, and the megabytes."""
    source = folder / f"returns-{rows}.parquet"
    if not source.exists():
        drawn.returns(source, rows)
    times: dict[str, list[float]] = {"checker": [], "by hand": []}
    peak = 0.0
    for _ in range(3 if rows <= 10_000_000 else 1):
        for name, seconds in times.items():
            taken, megabytes = measured(name, source, folder)
            seconds.append(taken)
            peak = max(peak, megabytes if name == "checker" else 0)
    check_same(folder / "out")
    ours, theirs = median(times["checker"]), median(times["by hand"])
    print(f"{rows:,} returns: checker {ours:.2f} s ({rows / ours:,.0f} rows a second, "
          f"{peak:,.0f} MB), by hand {theirs:.2f} s")  # fmt: skip
    if rows == SIZES[0]:
        looped, _ = measured("loop", source, folder)
        print(f"  one by one in a loop: {LOOPED / looped:,.0f} rows a second, "
              f"{rows / ours * looped / LOOPED:,.0f} times as long")  # fmt: skip
    return ours / theirs, ours / rows * 1e9, peak


def check_same(out: Path) -> None:
    """Raise where the tables of the two audits differ; findings may stand in any order."""
    for name in TABLES:
        ours, theirs = (
            pl.scan_parquet(out / each / f"{name}.parquet") for each in ("checker", "by hand")
        )
        alike = theirs.cast(dict(ours.collect_schema()))  # decimals of another width
        if name == "findings":
            ours, alike = (each.select(_of_all_rows()) for each in (ours, alike))
        assert_frame_equal(ours.collect(), alike.collect())


def _of_all_rows() -> list[pl.Expr]:
    """Return how many rows there are, and a sum that tells one set of rows from another."""
    return [pl.len().alias("rows"), pl.struct(pl.all()).hash().sum().alias("hashes")]


def _bars(
    sizes: list[int], results: list[tuple[float, float, float]]
) -> list[tuple[str, float, float]]:
    bars = [
        (f"{rows:,} returns, times the audit by hand", times, MOST_TIMES_BY_HAND)
        for rows, (times, _, _) in zip(sizes, results, strict=True)
    ]
    bars.append((f"megabytes for {sizes[-1]:,} returns", results[-1][2], MOST_MEGABYTES))
    growth = results[-1][1] / results[0][1]
    bars.append((f"cost a row, {sizes[-1]:,} to {sizes[0]:,}", growth, FLAT))
    return bars


def _settings(folder: Path) -> tuple[str, float, float]:
    source = folder / f"settings-{SETTINGS}.parquet"
    if not source.exists():
        drawn.settings(source, SETTINGS)
    seconds, megabytes = measured("settings", source, folder)
    print(f"{SETTINGS:,} sellers' settings: {seconds:.2f} s, {megabytes:,.0f} MB")
    return f"seconds for {SETTINGS:,} sellers' settings", seconds, MOST_SECONDS


if __name__ == "__main__":
    sys.exit(main())
