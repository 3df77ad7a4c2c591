"""How many of 200 needles sampling finds: overrides that fail in one class of cases of millions."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from time import perf_counter

from checker.evaluate.decider import Decider
from checker.evaluate.sampling import search
from tests.proofs.marketplace import DOCUMENTS
from tests.proofs.needles import Needle, needles
from tests.proofs.platforms import Platform

SEED = 1
TOTAL = "all"


def main() -> int:
    """Print a table: of each kind of needle, how many are found with so many examples each."""
    arguments = argparse.ArgumentParser(prog="sampling", description=__doc__)
    arguments.add_argument("--examples", type=int, nargs="+", default=[100, 1000], metavar="N")
    arguments.add_argument("--seed", type=int, default=SEED, help="of the cases that are drawn")
    given = arguments.parse_args()
    hidden, platform = needles(), Platform(DOCUMENTS)
    columns = {"needles": _by_kind(hidden)}
    for examples in given.examples:
        found, seconds = _sample(platform, hidden, examples, given.seed)
        columns[f"{examples:,} examples, {seconds:.2f} s each"] = found
    found, seconds = _prove(platform, hidden)
    columns[f"proof, {seconds:.3f} s each"] = found
    print(_row("found", [*columns]))
    print(_row("---", ["---:"] * len(columns)))
    for kind in columns["needles"]:
        print(_row(kind, [str(counts[kind]) for counts in columns.values()]))
    return 0


def _row(name: str, cells: Sequence[str]) -> str:
    """Return a row of a table in Markdown."""
    return f"| {' | '.join([name, *cells])} |"


def shows(platform: Platform, needle: Needle, examples: int, seed: int) -> bool:
    """Return whether a case that shows the needle is among so many drawn ones."""
    decider = Decider(platform.resolved, platform.override(needle.override))
    found = {each.finding for each in search(decider, examples=examples, seed=seed)}
    return (needle.check, needle.at) in found


def _sample(
    platform: Platform, hidden: Sequence[Needle], examples: int, seed: int
) -> tuple[Counter[str], float]:
    """Return how many of each kind sampling finds, and the seconds that it takes for one."""
    start, found = perf_counter(), []
    for number, needle in enumerate(hidden, 1):
        print(f"\r{examples:,} examples: needle {number}", end="", file=sys.stderr)
        if shows(platform, needle, examples, seed):
            found.append(needle)
    print(file=sys.stderr)
    return _by_kind(found), (perf_counter() - start) / len(hidden)


def _prove(platform: Platform, hidden: Sequence[Needle]) -> tuple[Counter[str], float]:
    """Return how many of each kind are proved to fail, and the seconds that one proof takes."""
    start = perf_counter()
    found = [
        needle
        for needle in hidden
        if (needle.check, needle.at)
        in {(each.check, each.at) for each in platform.failures(needle.override)}
    ]
    return _by_kind(found), (perf_counter() - start) / len(hidden)


def _by_kind(hidden: Sequence[Needle]) -> Counter[str]:
    """Return how many needles there are of each kind, and of all."""
    return Counter([each.kind for each in hidden]) + Counter({TOTAL: len(hidden)})


if __name__ == "__main__":
    sys.exit(main())
