"""The findings of one document together, and what was looked for."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language.syntax.problems import Finding


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
        return sum(finding.status == "error" for finding in self.findings)

    @property
    def warnings(self) -> int:
        """How many of the findings are warnings that no one accepted."""
        return sum(finding.status == "warning" for finding in self.findings)
