"""One measured run in a process of its own: `python -m benchmarks.audits.run NAME FILE OUT`.

Prints the seconds that the audit took, without start-up, and the peak of memory in megabytes.
"""

from __future__ import annotations

import resource
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver

POLICY = Path(__file__).parent / "policy"
AS_OF = datetime(2024, 10, 9, 16, tzinfo=UTC)
TODAY = AS_OF.toordinal()
LOOPED = 20_000  # rows that the plain loop judges


def resolver() -> Resolver:
    library = Library()
    library.add_root(Root(POLICY))
    return Resolver(library)


def checker_returns(source: Path, out: Path) -> None:
    from checker.audit.files.scan import scan
    from checker.audit.results import write_tables
    from checker.audit.returns import ReturnsRequest, audit_returns
    from checker.audit.returns.polars_table import PolarsTable
    from checker.audit.returns.window import AsOf

    request = ReturnsRequest("bench/platform", AsOf(AS_OF), TODAY)
    parts = out / "parts"
    parts.mkdir(exist_ok=True)
    table = PolarsTable(scan(str(source)))
    audit = audit_returns(table, resolver(), request, parts)
    write_tables(out, audit.tables(), "parquet")


def by_hand(source: Path, out: Path) -> None:
    from benchmarks.audits.by_hand import audit

    audit(source, out, AS_OF)


def loop(source: Path, out: Path) -> None:
    """Decide the first rows one by one, which is what a plain program would do."""
    import polars as pl

    from checker.evaluate.decider import Decider
    from checker.language.resolve.facts import BadCase, plain_value

    decider = Decider(resolver().resolve("bench/platform", TODAY))
    facts = [*decider.resolved.vocabulary.facts]
    frame = pl.scan_parquet(source).select(facts).head(LOOPED).collect()
    for row in frame.iter_rows(named=True):
        stated = {name: plain_value(value) for name, value in row.items() if value is not None}
        with suppress(BadCase):
            decider.decide(decider.admit(stated))


def settings(source: Path, out: Path) -> None:
    from checker.audit.files.scan import scan
    from checker.audit.settings.table import audit_table

    scanned, read = scan(str(source)), resolver()
    resolved = read.resolve("bench/platform", TODAY)
    audit_table(scanned.frame, scanned.kinds, resolved, read)


RUNS: dict[str, Callable[[Path, Path], None]] = {
    "checker": checker_returns,
    "by hand": by_hand,
    "loop": loop,
    "settings": settings,
}


def main() -> None:
    name, source, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    # imports are no part of the audit
    import checker.audit.results
    import checker.audit.returns.polars_table
    import checker.audit.settings.table  # noqa: F401

    start = perf_counter()
    RUNS[name](source, out)
    seconds = perf_counter() - start
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    main()
