"""The known failing cases of an override and its drafts, on which other edits are tried."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from checker.analysis.repair.evaluator import KnownCase, Shortcoming, Trial, is_possible
from checker.analysis.repair.thresholds import Thresholds
from checker.language.resolve.facts import Facts
from checker.language.resolve.resolver import ResolvedPolicy

Shown = tuple[int, Shortcoming]  # a known case by its number, and what it shows to fail


@dataclass(slots=True)
class KnownCases:
    """Cases of several worlds.

    `meant` are shortcomings that the override has in each world and may keep, where they are
    warnings.
    """

    worlds: list[ResolvedPolicy]
    meant: list[set[Shortcoming]]
    _cases: list[tuple[int, KnownCase]] = field(default_factory=list)
    _proved: list[int] = field(default_factory=list)
    _variants: dict[str, list[int]] = field(default_factory=dict)
    _keys: set[tuple[Any, ...]] = field(default_factory=set)
    _varied: set[Shortcoming] = field(default_factory=set)

    def counts(self, resolved: int, shortcoming: Shortcoming) -> bool:
        """Return whether a shortcoming must be mended: an error, or a warning that is new."""
        return shortcoming[0] != "defers-required-return" or shortcoming not in self.meant[resolved]

    def keep(self, resolved: int, facts: Facts) -> KnownCase:
        """Return the case that states these facts, which a proof found, and keep it, once."""
        case = KnownCase(self.worlds[resolved], facts)
        key = (resolved, *facts.values())
        if key not in self._keys:
            self._keys.add(key)
            self._proved.append(len(self._cases))
            self._cases.append((resolved, case))
        return case

    def shortcomings(self, trials: list[Trial], at: str) -> frozenset[Shown]:
        """Return what the cases show an override, tried in each world, to fail.

        Of the variants, those of the place `at` are tried.
        """
        return frozenset(
            (number, shortcoming)
            for number in (*self._proved, *self._variants.get(at, ()))
            for resolved, case in [self._cases[number]]
            for shortcoming in trials[resolved].shortcomings(case)
            if self.counts(resolved, shortcoming)
        )

    def mends(self, trials: list[Trial], failing: Iterable[Shown]) -> bool:
        """Return whether a case no longer shows what it did."""
        for number, shortcoming in failing:
            resolved, case = self._cases[number]
            if shortcoming not in trials[resolved].shortcomings(case):
                return True
        return False

    def vary(self, failing: Shown, trials: list[Trial], thresholds: Thresholds) -> None:
        """Keep cases that differ in one fact from one that fails, and fail at the same place.

        They spare proofs: an edit that repairs a case by a fact that does not matter mostly fails
        on one of them. Of each check and place, the first case is varied.
        """
        number, shortcoming = failing
        if shortcoming in self._varied:
            return
        self._varied.add(shortcoming)
        resolved, case = self._cases[number]
        for facts in _variants(case, self.worlds[resolved], thresholds):
            variant = KnownCase(self.worlds[resolved], facts)
            if shortcoming in trials[resolved].shortcomings(variant):
                self._variants.setdefault(shortcoming[1], []).append(len(self._cases))
                self._cases.append((resolved, variant))


def _variants(case: KnownCase, resolved: ResolvedPolicy, thresholds: Thresholds) -> Iterator[Facts]:
    """Yield possible cases that differ from the case in one fact."""
    for name, fact in resolved.vocabulary.testable_facts().items():
        ordered = fact.type.ordered
        for value in thresholds.around(name) if ordered else fact.type.categories():
            facts = {**case.facts, name: value}
            if value != case.facts[name] and is_possible(facts, resolved):
                yield facts
