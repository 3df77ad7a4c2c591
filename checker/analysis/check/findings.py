"""What is found in a document: each finding, and the findings of one document together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from checker.language.syntax.problems import Problem

VALID = "valid"


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a document, and the `cases` document that shows it where there is one.

    `unusual` are the facts of that case that differ from typical, `meant` says why a finding is
    accepted, and `test` names what it was found by.
    """

    problem: Problem
    case: dict[str, Any] | None = None
    unusual: dict[str, Any] | None = None
    meant: Any = None
    test: str = VALID


@dataclass(slots=True)
class Examined:
    """What was found in one document, and by what it was looked for.

    `tests` counts proofs, expectations and drawn cases; `ran` names them, drawn ones together.
    """

    document: str
    findings: list[Finding] = field(default_factory=list)
    tests: int = 0
    ran: list[str] = field(default_factory=list)

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.problem.severity == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many of the findings are warnings that no one accepted."""
        return sum(finding.problem.severity == "warning" for finding in self.findings)
