"""Decide the same cases by everyone, compare what they say, and then the time they take."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from timeit import Timer
from typing import Any

from benchmarks.one_decision import by_hand
from benchmarks.one_decision.cases import draw_cases, load_world
from benchmarks.one_decision.peers import PEERS
from benchmarks.one_decision.questions import Questions
from checker.evaluate.decider import Decider
from checker.language.resolve.facts import Facts

CASES = 400
REPEATS = 5
SECONDS = 0.05  # of one repeat, at least

OURS, BY_HAND = "returns-checker", "written by hand"
OURS_TO_BY_HAND = 2.0

Decide = Callable[[Facts], Sequence[Any]]


def main() -> int:
    """Return 0 if all agree, nothing is missing and the bars hold."""
    arguments = argparse.ArgumentParser(prog="one_decision", description=__doc__)
    arguments.add_argument(
        "--allow-missing", action="store_true", help="go on without engines that aren't installed"
    )
    allow_missing = arguments.parse_args().allow_missing
    missing = [peer.distribution for peer in PEERS if not peer.installed()]
    if missing:
        print(f"not installed: {', '.join(missing)}", file=sys.stderr)

    resolved = load_world()
    decider, questions = Decider(resolved), Questions(resolved)
    deciders: dict[str, Decide] = {OURS: decider.required, BY_HAND: by_hand.decide}
    for peer in PEERS:
        if peer.installed():
            name = f"{peer.distribution} {version(peer.distribution)}"
            deciders[name] = peer.prepare(questions)

    cases = draw_cases(decider, CASES)
    if not _agree(deciders, cases):
        return 1
    seconds = _measure(deciders, cases)
    _show(seconds)
    broken = _broken_bars(seconds)
    for bar in broken:
        print(bar, file=sys.stderr)
    return 1 if broken or (missing and not allow_missing) else 0


def _agree(deciders: Mapping[str, Decide], cases: Sequence[Facts]) -> bool:
    """Return whether all decide each case alike; say of whom it isn't so."""
    verdicts: Counter[str] = Counter()
    for case in cases:
        expected = deciders[BY_HAND](case)
        verdicts[expected[0]] += 1
        for name, decide in deciders.items():
            found = decide(case)[:4]
            if found != expected:
                print(f"{name} disagrees on {case}:", file=sys.stderr)
                print(f"  found    {found}\n  expected {expected}", file=sys.stderr)
                return False
    shown = ", ".join(f"{verdict} {count}" for verdict, count in verdicts.most_common())
    print(f"{len(deciders)} deciders agree on {len(cases)} cases ({shown})\n")
    return True


def _measure(deciders: Mapping[str, Decide], cases: Sequence[Facts]) -> dict[str, float]:
    """Return the seconds that each takes for one decision: the best repeat, taken in turns."""
    timers = {name: _timer(decide, cases) for name, decide in deciders.items()}
    passes = {name: int(SECONDS / timer.timeit(1)) + 1 for name, timer in timers.items()}
    best = dict.fromkeys(timers, float("inf"))
    for _ in range(REPEATS):
        for name, timer in timers.items():
            best[name] = min(best[name], timer.timeit(passes[name]) / passes[name])
    return {name: seconds / len(cases) for name, seconds in best.items()}


def _timer(decide: Decide, cases: Sequence[Facts]) -> Timer:
    return Timer("for case in cases: decide(case)", globals={"decide": decide, "cases": cases})


def _show(seconds: Mapping[str, float]) -> None:
    """Print the table, the fastest first."""
    width = max(map(len, seconds))
    print(f"{'':{width}}  µs a decision  times by hand")
    for name, each in sorted(seconds.items(), key=lambda item: item[1]):
        ratio = each / seconds[BY_HAND]
        print(f"{name:{width}}  {each * 1e6:13.2f}  {ratio:13.2f}")


def _broken_bars(seconds: Mapping[str, float]) -> list[str]:
    """Return a message for each promise that the measured times don't keep."""
    ours, by_hand = seconds[OURS], seconds[BY_HAND]
    broken = []
    if ours > OURS_TO_BY_HAND * by_hand:
        times = f"{ours / by_hand:.2f} times, at most {OURS_TO_BY_HAND:g}"
        broken.append(f"{OURS} is too slow beside {BY_HAND}: {times}")
    peers = {name: each for name, each in seconds.items() if name not in (OURS, BY_HAND)}
    broken += [f"{OURS} is not faster than {name}" for name in peers if ours >= peers[name]]
    return broken


if __name__ == "__main__":
    sys.exit(main())
