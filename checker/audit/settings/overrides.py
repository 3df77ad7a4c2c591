"""Overrides audited: each distinct text proved once, against every version it meets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checker.analysis.prove.engine import Engines
from checker.analysis.prove.proof import Proof, prove_document
from checker.audit.settings.opened import Fails, Opened
from checker.audit.settings.outcome import FOUND, REFUSED, WARNINGS, Failure, Outcome, outcome
from checker.language.resolve.facts import show_facts
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Problem

# what sellers are told apart by, beside their names: the rest of a document says how it is proved
_NAMES = frozenset(["id", "version", "title", "note"])
Run = Callable[[Callable[[int], "Proved"], Iterable[int]], Iterable["Proved"]]


@dataclass(frozen=True, slots=True)
class Proved:
    """What one text fails, and the days on which it was proved."""

    fails: list[Fails] = field(default_factory=list)
    days: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Overrides:
    """What came of a folder of overrides, and the worlds that they were proved in."""

    outcome: Outcome
    worlds: list[ResolvedPolicy]


def audit_overrides(
    opened: Opened,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    engines: Engines | None = None,
    run: Run = map,
) -> Overrides:
    """Return what the sellers of the opened overrides fail.

    An override with errors has the finding `invalid-settings`. `on` is the day that picks versions;
    without it an override is proved for its own period, from `today` where it has none. `run`
    applies a function to each item, perhaps in several processes.
    """
    overrides = opened.overrides
    texts: dict[str, list[int]] = {}
    for row, document in overrides.items():
        texts.setdefault(_text(document), []).append(row)
    prover = _Prover(overrides, resolver, on, today, engines or Engines())
    proved = [*run(prover.proved, [rows[0] for rows in texts.values()])]
    found = _Found(opened.sellers)
    worlds: dict[ResolvedPolicy, None] = {}
    for rows, each in zip(texts.values(), proved, strict=True):
        worlds |= dict.fromkeys(resolver.world_read_in(overrides[rows[0]], d) for d in each.days)
        found.add(rows, each.fails)
    for row, fails in opened.fails.items():
        found.add([row], fails)
    accepted = [*opened.sellers.items()]
    made = outcome(
        len(accepted) + len(opened.refused),
        pl.DataFrame(accepted, {"row": pl.Int64, "seller": pl.String}, orient="row"),
        [pl.DataFrame(found.rows, FOUND, orient="row")],
        [*found.failures.values()],
        pl.DataFrame(opened.refused, REFUSED, orient="row"),
    )
    return Overrides(made, [*worlds])


@dataclass(slots=True)
class _Found:
    """Distinct failures, in the order in which they come, and the rows that have them."""

    sellers: Mapping[int, str]
    failures: dict[str, Failure] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, str, int]] = field(default_factory=list)

    def add(self, rows: Iterable[int], fails: Iterable[Fails]) -> None:
        """Take what all the rows fail; the first is the example."""
        sellers = [(row, self.sellers[row]) for row in rows]
        for each in fails:
            key = json.dumps(each, ensure_ascii=False)
            self.failures.setdefault(key, Failure(*each, sellers[0][1]))
            place = self.places.setdefault(key, len(self.places))
            self.rows += [(row, seller, place) for row, seller in sellers]


def _text(document: Document) -> str:
    """Return what a document says but for who says it, as a text to compare."""
    said = {key: value for key, value in document.data.items() if key not in _NAMES}
    unnamed = [key for key in ("id", "version") if key not in document.data]
    return json.dumps([said, unnamed], sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class _Prover:
    """Proves overrides by their rows."""

    overrides: Mapping[int, Document]
    resolver: Resolver
    on: int | None
    today: int
    engines: Engines

    def proved(self, row: int) -> Proved:
        """Return what the override fails in any of the worlds that it meets."""
        document = self.overrides[row]
        problems = [p for p in self.resolver.shape(document)[1] if p.severity == "error"]
        if problems:
            return Proved([_invalid(each) for each in problems])
        try:
            proofs = [
                *prove_document(
                    document, self.resolver, on=self.on, today=self.today, engines=self.engines
                )
            ]
        except NotFound as error:
            return Proved([("invalid-settings", "policy", error.message, None)])
        except InvalidDocument as error:
            if error.name != document.name:
                return Proved([("invalid-settings", "policy", str(error), None)])
            return Proved([_invalid(each) for each in error.problems])
        fails: dict[tuple[str, str], Fails] = {}
        for proof in proofs:
            for check, at, case in _failed(proof):
                fails.setdefault((check, at), (check, at, None, case))
        return Proved([*fails.values()], [proof.on for proof in proofs])


def _invalid(problem: Problem) -> Fails:
    return "invalid-settings", problem.at, problem.message, None


def _failed(proof: Proof) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield the checks that a seller must not fail, unless it says that it means to."""
    for each in proof.findings:
        if not each.accepted and (each.severity == "error" or each.check in WARNINGS):
            facts = each.facts
            case = None if facts is None else show_facts(facts, proof.resolved.vocabulary)
            yield each.check, each.at, case
