"""What is proved of a document, and why it can't be proved: the results that reports print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding


@dataclass(slots=True)
class Proof:
    """What is proved of a document against one combination of versions, on a day of it."""

    document: Document
    against: str
    on: int
    resolved: ResolvedPolicy
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What the proof is called among the tests of a document."""
        return f"proof against {self.against}"

    @property
    def holds(self) -> bool:
        """Return whether no error stands."""
        return not any(each.status == "error" for each in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the proof as `prove --format json` prints it (docs/language.md, section 10)."""
        return _json(self.document, self.against, self.holds, self.findings, self.on)


class NotProved(Exception):
    """A document that can't be proved: it, or what it refers to, has these errors."""

    def __init__(self, problems: Sequence[Finding]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def not_proved_json(document: Document, problems: Sequence[Finding], day: int) -> dict[str, Any]:
    """Return the errors that keep a document from being proved, in the form of a proof."""
    against = str(document.data.get("policy") or document.data.get("vocabulary") or "")
    return _json(document, against, False, problems, day)


def _json(
    document: Document, against: str, holds: bool, findings: Sequence[Finding], day: int
) -> dict[str, Any]:
    shown = [_finding(each, date.fromordinal(day).isoformat()) for each in findings]
    return {"document": document.name, "against": against, "holds": holds, "findings": shown}


def _finding(finding: Finding, day: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "check": finding.check,
        "severity": finding.severity,
        "at": finding.at,
        "position": str(finding.position),
        "message": finding.message,
        "on": day,
    }
    if finding.case:
        shown["counterexample"] = finding.case.facts
    return {**shown, "accepted": finding.accepted} if finding.accepted else shown
