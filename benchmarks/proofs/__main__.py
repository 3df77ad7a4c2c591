"""How fast overrides are proved, beside solvers that are asked the same: ratios of one run.

All find the same failures with the same counterexamples, which is checked as they go. `boxes` and
`z3 prepared` keep the platform and are given one override after the other; `z3 afresh` is told all
of it anew each time.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import mean, median
from time import perf_counter

import cvc5.pythonic
import z3

from benchmarks.proofs.workload import DOZEN, workload
from checker.analysis.prove import smt_engine
from checker.analysis.prove.box_engine import prepared as prepare
from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.override import Override
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.solver.box_search import Undecided
from checker.solver.smt.solver import Api
from tests.worlds import DAY, library

SEED = 7
Z3, CVC5 = Api(z3, "timeout"), Api(cvc5.pythonic, "tlimit-per")
Prove = Callable[[Override], list[Counterexample]]


@dataclass(slots=True)
class Runner:
    """One procedure, and how many overrides it is given."""

    name: str
    prove: Prove
    most: int


@dataclass(slots=True)
class Taken:
    """How long one procedure took, in seconds, for each override of a name, round by round."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    failing: set[str] = field(default_factory=set)
    given_up: set[str] = field(default_factory=set)

    def run(self, prove: Prove, override: Override) -> list[Counterexample] | None:
        start = perf_counter()
        try:
            found = prove(override)
        except Undecided:
            self.given_up.add(override.name)
            found = None
        self.seconds.setdefault(override.name, []).append(perf_counter() - start)
        if found:
            self.failing.add(override.name)
        return found

    def each(self) -> dict[str, float]:
        """Return the seconds for each override: the median of the rounds."""
        return {name: median(taken) for name, taken in self.seconds.items()}

    def __str__(self) -> str:
        each = self.each()
        failing = [each[name] for name in self.failing] or [0]
        worst = sorted(each.values())[int(len(each) * 0.99)]
        rest = f", gave up on {len(self.given_up)}" if self.given_up else ""
        return (
            f"{1 / mean(each.values()):8.1f} a second, "
            f"median {median(each.values()) * 1000:8.2f} ms, p99 {worst * 1000:8.1f} ms, "
            f"of those that fail {median(failing) * 1000:8.2f} ms ({len(each)} overrides{rest})"
        )


def opened(rules: int, count: int) -> tuple[ResolvedPolicy, list[Override]]:
    documents, overrides = workload(rules, count, SEED)
    resolver = Resolver(library([*documents, *overrides]))
    resolved = resolver.resolve(documents[-1]["id"], DAY)
    named = (resolver.library.versions("override", each["id"])[0] for each in overrides)
    return resolved, [resolver.override_of(each, resolved) for each in named]


def runners(resolved: ResolvedPolicy, most: Sequence[int]) -> list[Runner]:
    required, prepared = RequirementFormulas(resolved), smt_engine.Prepared(resolved, Z3)
    second = smt_engine.Prepared(resolved, CVC5)
    prepare(required)

    def afresh(override: Override) -> list[Counterexample]:
        return smt_engine.prove_override(resolved, override, timeout=60, api=Z3)

    procedures: list[tuple[str, Prove]] = [
        ("boxes", lambda override: prove_override(required, override)),
        ("z3 prepared", lambda override: prepared.prove_override(override, timeout=60)),
        ("z3 afresh", afresh),
        ("cvc5 prepared", lambda override: second.prove_override(override, timeout=60)),
    ]
    return [Runner(*each, count) for each, count in zip(procedures, most, strict=True)]


def shown(failures: Sequence[Counterexample]) -> set[tuple[str, str, str]]:
    return {(each.check, each.at, repr(each.facts)) for each in failures}


def compare(rules: int, counts: Sequence[int], rounds: int = 1) -> dict[str, dict[str, float]]:
    """Prove overrides of so many rules; return each procedure's seconds for each override.

    Each is given its overrides one after the other, as it would be in use, and those that are given
    fewer the last ones: what boxes remember of settings they have met before is then as in use too.
    Every round begins anew.
    """
    resolved, overrides = opened(rules, max(counts))
    answers: dict[str, set[tuple[str, str, str]]] = {}
    taken: dict[str, Taken] = {}
    for each in (each for _ in range(rounds) for each in runners(resolved, counts)):
        gc.collect()
        gc.freeze()  # the documents, which are as many as the overrides, are no part of a proof
        for override in overrides[len(overrides) - each.most :]:
            found = taken.setdefault(each.name, Taken()).run(each.prove, override)
            if found is not None:
                same = answers.setdefault(override.name, shown(found)) == shown(found)
                assert same, f"{each.name} disagrees on {override.name}"
    print(f"\noverrides of {'up to ' if rules <= 12 else ''}{rules} rules")
    for name, seconds in taken.items():
        print(f"  {name:14} {seconds}")
    return {name: each.each() for name, each in taken.items()}


def times(slow: dict[str, float], fast: dict[str, float]) -> float:
    """Return how many times as long the one took as the other, for what both were given."""
    both = slow.keys() & fast.keys()
    return mean(slow[name] for name in both) / mean(fast[name] for name in both)


def main() -> int:
    short = compare(DOZEN, (300, 150, 60, 20), rounds=3)
    hundred = compare(100, (100, 0, 0, 0))
    long = compare(200, (100, 8, 2, 1))
    whole = {100: mean(hundred["boxes"].values()), 200: mean(long["boxes"].values())}
    a_rule_of_a_dozen = mean(short["boxes"].values()) / mean(range(1, DOZEN + 1))
    bars = [
        ("12 rules, z3 prepared to boxes", times(short["z3 prepared"], short["boxes"]), 4.0),
        ("12 rules, z3 afresh to boxes", times(short["z3 afresh"], short["boxes"]), 40.0),
        ("200 rules, z3 prepared to boxes", times(long["z3 prepared"], long["boxes"]), 6.0),
        ("a rule of up to 12 to one of 200", 200 * a_rule_of_a_dozen / whole[200], 1.0),
    ]
    print()
    for what, ratio, bar in bars:
        print(f"  {what:34} {ratio:6.2f} (at least {bar:g}: {'yes' if ratio >= bar else 'NO'})")
    ratio = 2 * whole[100] / whole[200]
    print(f"  {'a rule of 100 to one of 200':34} {ratio:6.2f}")
    return 0 if all(ratio >= bar for _, ratio, bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main())
