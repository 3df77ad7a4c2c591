"""Audit of overrides: each distinct text is proved once, against every version that it meets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from checker.analysis.prove.engine import Engines
from checker.analysis.prove.proof import Proof
from checker.analysis.prove.prove_document import prove_document
from checker.audit.settings.outcome import (
    REFUSED,
    ROW_FAILURES,
    WARNINGS,
    SettingsFailure,
    SettingsOutcome,
    outcome,
)
from checker.audit.settings.overrides_source import FailureParts, OpenedOverrides
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding

# keys that name an override; documents that differ in these keys only have the same proof
_NAMES = frozenset(["id", "version", "title", "note"])
Run = Callable[[Callable[[int], "ProvedText"], Iterable[int]], Iterable["ProvedText"]]


@dataclass(frozen=True, slots=True)
class ProvedText:
    """The failures of one distinct text, and the days of its proofs."""

    fails: list[FailureParts] = field(default_factory=list)
    days: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OverridesAudit:
    """The results of an audit of overrides, and the policies that they were proved against."""

    outcome: SettingsOutcome
    policies: list[ResolvedPolicy]


def audit_overrides(
    opened: OpenedOverrides,
    resolver: Resolver,
    *,
    on: int | None,
    today: int,
    engines: Engines | None = None,
    run: Run = map,
) -> OverridesAudit:
    """Return the audit of overrides; one with errors has the finding `invalid-settings`.

    Args:
        opened: the overrides.
        resolver: resolves their policies.
        on: the day that picks versions; without it, an override is proved for its own period.
        today: where the period of an override begins that has none.
        engines: the engines that prove.
        run: applies a function to each item, like `map`, perhaps in several processes.
    """
    overrides = opened.overrides
    texts: dict[str, list[int]] = {}
    for row, document in overrides.items():
        texts.setdefault(_text(document), []).append(row)
    prover = _Prover(overrides, resolver, on, today, engines or Engines())
    proved = [*run(prover.proved, [rows[0] for rows in texts.values()])]
    collector = _FailureCollector(opened.sellers)
    policies: dict[ResolvedPolicy, None] = {}
    for rows, result in zip(texts.values(), proved, strict=True):
        policies |= dict.fromkeys(resolver.resolve_for(overrides[rows[0]], d) for d in result.days)
        collector.add(rows, result.fails)
    for row, fails in opened.fails.items():
        collector.add([row], fails)
    accepted = [*opened.sellers.items()]
    settings_outcome = outcome(
        len(accepted) + len(opened.refused),
        pl.DataFrame(accepted, {"row": pl.Int64, "seller": pl.String}, orient="row"),
        [pl.DataFrame(collector.rows, ROW_FAILURES, orient="row")],
        [*collector.failures.values()],
        pl.DataFrame(opened.refused, REFUSED, orient="row"),
    )
    return OverridesAudit(settings_outcome, [*policies])


@dataclass(slots=True)
class _FailureCollector:
    """Distinct failures in the order of their first rows, and the rows that have them."""

    sellers: Mapping[int, str]
    failures: dict[str, SettingsFailure] = field(default_factory=dict)
    places: dict[str, int] = field(default_factory=dict)
    rows: list[tuple[int, str, int]] = field(default_factory=list)

    def add(self, rows: Iterable[int], fails: Iterable[FailureParts]) -> None:
        """Add the failures of rows with the same text; the first row is the example."""
        sellers = [(row, self.sellers[row]) for row in rows]
        for parts in fails:
            key = json.dumps(parts, ensure_ascii=False)
            self.failures.setdefault(key, SettingsFailure(*parts, sellers[0][1]))
            index = self.places.setdefault(key, len(self.places))
            self.rows += [(row, seller, index) for row, seller in sellers]


def _text(document: Document) -> str:
    """Return the content of a document without the keys that name it, as a text to compare."""
    content = {key: value for key, value in document.data.items() if key not in _NAMES}
    unnamed = [key for key in ("id", "version") if key not in document.data]
    return json.dumps([content, unnamed], sort_keys=True, default=str)


@dataclass(frozen=True, slots=True)
class _Prover:
    """Proves the overrides of rows."""

    overrides: Mapping[int, Document]
    resolver: Resolver
    on: int | None
    today: int
    engines: Engines

    def proved(self, row: int) -> ProvedText:
        """Return what the override fails under any of the versions that it meets."""
        document = self.overrides[row]
        problems = self.resolver.shape_errors(document)
        if problems:
            return ProvedText([_invalid(problem) for problem in problems])
        try:
            proofs = [
                *prove_document(
                    document, self.resolver, on=self.on, today=self.today, engines=self.engines
                )
            ]
        except NotFound as error:
            return ProvedText([("invalid-settings", "policy", error.message, None)])
        except InvalidDocument as error:
            if error.name != document.name:
                return ProvedText([("invalid-settings", "policy", str(error), None)])
            return ProvedText([_invalid(problem) for problem in error.problems])
        fails: dict[tuple[str, str], FailureParts] = {}
        for proof in proofs:
            for check, at, case in _failed(proof):
                fails.setdefault((check, at), (check, at, None, case))
        return ProvedText([*fails.values()], [proof.on for proof in proofs])


def _invalid(problem: Finding) -> FailureParts:
    """Return an error of a document as a failure."""
    return "invalid-settings", problem.at, problem.message, None


def _failed(proof: Proof) -> Iterator[tuple[str, str, dict[str, Any] | None]]:
    """Yield the findings that are not accepted: errors and `WARNINGS`, with their cases."""
    for finding in proof.findings:
        if not finding.accepted and (finding.severity == "error" or finding.check in WARNINGS):
            yield finding.check, finding.at, finding.case.facts if finding.case else None
