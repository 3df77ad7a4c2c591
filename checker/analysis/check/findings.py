"""The findings of one document, with the tests that ran on it."""

from __future__ import annotations

from dataclasses import dataclass, field

from checker.language.syntax.problems import Finding


@dataclass(slots=True)
class Examined:
    """The findings of one document, and the tests that looked for them.

    `tests` counts proofs, expectations and drawn cases. `ran` has their names, with one name for
    all cases drawn under one combination of versions.
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
