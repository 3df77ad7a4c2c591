"""What is wrong with a document, as an editor shows it: stretches of text with messages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.findings import Finding
from checker.analysis.check.validator import Validator
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Severity
from checker.lsp.features.navigation import Place, key_place
from checker.lsp.index.names import extents
from checker.lsp.index.positions import Text
from checker.lsp.index.symbols import named
from checker.lsp.index.workspace import Snapshot, Workspace, resolved
from checker.report.findings import paragraphs

_WORD = re.compile(r"[^\s,\[\]{}]+")
EXAMPLES = 200  # cases that are drawn for an override that no proof decides


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding by the mark where it begins; `message` is all that is told of it.

    `found` and `help` are its own sentences, `facts` what the plainest case states that shows it.
    """

    line: int
    column: int
    severity: Severity
    check: str
    at: str
    message: str
    found: str
    help: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as what `noted` is made of again."""
        return asdict(self)


def typed(path: Path, workspace: Workspace) -> list[Noted]:
    """Return what is wrong with an open file as a text and with its types, as `validate` does."""
    snapshot = workspace.snapshot(path)
    document, found = snapshot.document(path), _of_file(path, snapshot)
    if document:
        problems = Validator(snapshot.resolver, snapshot.today).problems(document)
        found += [Finding(each) for each in problems]
    return [*map(_noted, found)]


def checked(path: Path, workspace: Workspace) -> list[Noted]:
    """Return what `check` finds: also what fails for some case, and expectations not met."""
    snapshot = workspace.snapshot(path)
    document, found = snapshot.document(path), _of_file(path, snapshot)
    if document:
        examiner = Examiner(Validator(snapshot.resolver, snapshot.today), EXAMPLES)
        found += examiner.checked(document).findings
    return [*map(_noted, found)]


def _of_file(path: Path, snapshot: Snapshot) -> list[Finding]:
    """Return the problems of reading a file, and of its name."""
    problems, here = snapshot.library.problems, resolved(path)
    return [Finding(each) for each in problems if resolved(Path(each.position.file)) == here]


def _noted(finding: Finding) -> Noted:
    problem = finding.problem
    return Noted(
        problem.position.line,
        problem.position.column,
        problem.severity,
        problem.check,
        problem.at,
        "\n".join(paragraphs(finding)),
        problem.message,
        problem.help or "",
        finding.unusual or {},
    )


def stretch(noted: Noted, text: Text, document: Document | None) -> tuple[int, int]:
    """Return the offsets that a finding is shown at: a key, a node on its line, or a word.

    `document` is what the text says, None where it can't be read.
    """
    start = text.marked(noted.line, noted.column)
    end = extents(document).get(start) if document else None
    if end is None:
        word = _WORD.match(text.document, start)
        end = word.end() if word else start + 1
    return start, max(min(end, text.line_end(start)), min(start + 1, len(text.document)))


def related(noted: Noted, document: Document, snapshot: Snapshot) -> list[tuple[Place, str]]:
    """Return what the plainest case states that shows a finding, each fact where it is declared."""
    found = []
    for fact, value in noted.facts.items():
        declared = named("fact", fact, document, snapshot)
        place = key_place(declared) if declared else None
        if place:
            shown = str(value).lower() if isinstance(value, bool) else str(value)
            found.append((place, f"in this case `{fact}` is {shown}"))
    return found
