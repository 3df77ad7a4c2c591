"""The result of a proof, and the error of a document that can't be proved."""

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
    """The result for a document against one combination of versions.

    `on` is the first day (an ordinal) on which this combination of versions is in force, or the
    day that was asked for. `against` names the policies or the vocabulary.
    """

    document: Document
    against: str
    on: int
    resolved: ResolvedPolicy
    findings: list[Finding] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The name of the proof among the tests of a document."""
        return f"proof against {self.against}"

    @property
    def holds(self) -> bool:
        """Whether no finding is an error."""
        return not any(finding.status == "error" for finding in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the proof as `prove --format json` prints it (docs/language.md, section 10)."""
        return _json(self.document, self.against, self.holds, self.findings, self.on)


class NotProved(Exception):
    """The document, or a document that it refers to, has these errors, so no proof is made."""

    def __init__(self, problems: Sequence[Finding]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def not_proved_json(document: Document, problems: Sequence[Finding], day: int) -> dict[str, Any]:
    """Return the errors of a document that can't be proved, in the JSON form of a proof."""
    against = str(document.data.get("policy") or document.data.get("vocabulary") or "")
    return _json(document, against, False, problems, day)


def _json(
    document: Document, against: str, holds: bool, findings: Sequence[Finding], day: int
) -> dict[str, Any]:
    entries = [_finding(finding, date.fromordinal(day).isoformat()) for finding in findings]
    return {"document": document.name, "against": against, "holds": holds, "findings": entries}


def _finding(finding: Finding, day: str) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "check": finding.check,
        "severity": finding.severity,
        "at": finding.at,
        "position": str(finding.position),
        "message": finding.message,
        "on": day,
    }
    if finding.case:
        entry["counterexample"] = finding.case.facts
    return {**entry, "accepted": finding.accepted} if finding.accepted else entry
