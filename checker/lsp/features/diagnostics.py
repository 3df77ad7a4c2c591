"""The findings in a document as an editor shows them: ranges of text with messages."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.validator import Validator
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, PlainestCase, Position, Requirer, UnusualFact
from checker.lsp.features.navigation import TextSpan, declaring_key
from checker.lsp.index.names import extents
from checker.lsp.index.positions import Text
from checker.lsp.index.symbols import find_declaration
from checker.lsp.index.workspace import Snapshot, Workspace, real_path

_WORD = re.compile(r"[^\s,\[\]{}]+")
EXAMPLES = 200  # drawn cases for an override that no proof decides


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as data for JSON, from which `finding_of_data` makes it again."""
    return asdict(finding)


def finding_of_data(data: dict[str, Any]) -> Finding:
    """Return the finding whose data `finding_data` returned."""
    case = data["case"]
    if case:
        case = PlainestCase(
            case["facts"],
            tuple(UnusualFact(**fact) for fact in case["unusual"]),
            case["document"],
            tuple(Requirer(**requirer) for requirer in case["required_by"]),
            case["offered"],
        )
    return Finding(**{**data, "position": Position(**data["position"]), "case": case})


def validation_findings(path: Path, workspace: Workspace) -> list[Finding]:
    """Return the findings of `checker validate` in an open file: schema, references and types."""
    snapshot = workspace.snapshot(path)
    document, findings = snapshot.document(path), _file_findings(path, snapshot)
    if document:
        problems = Validator(snapshot.resolver, snapshot.today).problems(document)
        findings += problems
    return findings


def check_findings(path: Path, workspace: Workspace) -> list[Finding]:
    """Return the findings of `checker check`, which also proves, and tests expectations."""
    snapshot = workspace.snapshot(path)
    document, findings = snapshot.document(path), _file_findings(path, snapshot)
    if document:
        examiner = Examiner(Validator(snapshot.resolver, snapshot.today), EXAMPLES)
        findings += examiner.checked(document).findings
    return findings


def _file_findings(path: Path, snapshot: Snapshot) -> list[Finding]:
    """Return the findings about reading a file, and about its name."""
    problems, real = snapshot.library.problems, real_path(path)
    return [problem for problem in problems if real_path(Path(problem.position.file)) == real]


def highlighted_range(finding: Finding, text: Text, document: Document | None) -> tuple[int, int]:
    """Return the offsets where a finding is shown: of a key, of a node on its line, or of a word.

    `document` is None where the text can't be read.
    """
    start = text.mark_offset(finding.position.line, finding.position.column)
    end = extents(document).get(start) if document else None
    if end is None:
        word = _WORD.match(text.document, start)
        end = word.end() if word else start + 1
    return start, max(min(end, text.line_end(start)), min(start + 1, len(text.document)))


def related_facts(
    finding: Finding, document: Document, snapshot: Snapshot
) -> list[tuple[TextSpan, str]]:
    """Return the facts of a counterexample, each at its declaration, with a message."""
    messages = []
    for fact in finding.case.unusual if finding.case else ():
        declaration = find_declaration("fact", fact.name, document, snapshot)
        text_span = declaring_key(declaration) if declaration else None
        if text_span:
            value = str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)
            messages.append((text_span, f"in this case `{fact.name}` is {value}"))
    return messages
