"""The sellers that a new version of their policy breaks: they pass against OLD, and not NEW.

As JSON, beside the comparison of the two policies:

    {"looked_at": 12, "failing_already": 1, "broken": [{"override": "shop-1@1.0.0",
      "findings": [{"check": …, "at": …, "position": …, "message": TEXT, "case": FACTS}]}]}

`case` is null for an override that can't even be read against NEW, because a name or a setting is
gone, say, and for one that can't be decided.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from checker.analysis.prove.engine import Engines, NotDecided
from checker.analysis.prove.proof import position_of
from checker.language.checks import sentence
from checker.language.resolve.facts import Facts, show_facts
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Position


@dataclass(frozen=True, slots=True)
class Break:
    """What an override fails against the new version, and the plainest case that shows it."""

    check: str
    at: str
    position: Position
    message: str
    facts: Facts | None = None


@dataclass(slots=True)
class BrokenSellers:
    """What was found; `failing_already` counts the overrides that do not pass against OLD."""

    resolved: ResolvedPolicy
    looked_at: int = 0
    failing_already: int = 0
    broken: list[tuple[Document, list[Break]]] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """Return it as `diff --overrides --format json` prints it."""
        broken = [
            {
                "override": document.name,
                "findings": [self._finding(finding) for finding in findings],
            }
            for document, findings in self.broken
        ]
        return {
            "looked_at": self.looked_at,
            "failing_already": self.failing_already,
            "broken": broken,
        }

    def _finding(self, finding: Break) -> dict[str, Any]:
        case = (
            None if finding.facts is None else show_facts(finding.facts, self.resolved.vocabulary)
        )
        return {
            "check": finding.check,
            "at": finding.at,
            "position": str(finding.position),
            "message": finding.message,
            "case": case,
        }


def broken_sellers(
    documents: Iterable[Document], resolver: Resolver, old: ResolvedPolicy, new: ResolvedPolicy
) -> BrokenSellers:
    """Return which of the documents are overrides of the policy that NEW breaks."""
    report, engines = BrokenSellers(new), Engines()
    for document in documents:
        reference = document.data.get("policy")
        id = reference.partition("@")[0] if isinstance(reference, str) else ""
        if document.kind != "override" or id != new.policy.id:
            continue
        report.looked_at += 1
        if _breaks(document, resolver, old, engines):
            report.failing_already += 1
            continue
        now = _breaks(document, resolver, new, engines)
        if now:
            report.broken.append((document, now))
    return report


def _breaks(
    document: Document, resolver: Resolver, resolved: ResolvedPolicy, engines: Engines
) -> list[Break]:
    """Return the errors that keep the override from passing against a world."""
    try:
        failures = engines.failures(document, resolved, resolver)
    except InvalidDocument as error:
        return [
            Break(failure.check, failure.at, failure.position, failure.message)
            for failure in error.problems
        ]
    except NotDecided as error:
        return [Break("undecided", "", document.position(), sentence("undecided", str(error)))]
    return [
        Break(
            failure.check,
            failure.at,
            position_of(failure.at, document),
            sentence(failure.check, resolved.policy.name),
            failure.facts,
        )
        for failure in failures
        if failure.severity == "error"
    ]
