"""What is wrong with a document, as an editor shows it: stretches of text with messages."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path
from typing import Any

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.validator import Validator
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, PlainestCase, Position, Requirer, UnusualFact
from checker.lsp.features.navigation import Place, key_place
from checker.lsp.index.names import extents
from checker.lsp.index.positions import Text
from checker.lsp.index.symbols import named
from checker.lsp.index.workspace import Snapshot, Workspace, resolved

_WORD = re.compile(r"[^\s,\[\]{}]+")
EXAMPLES = 200  # cases that are drawn for an override that no proof decides


def as_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as data for JSON, of which `of_data` makes it again."""
    return asdict(finding)


def of_data(data: dict[str, Any]) -> Finding:
    """Return the finding of which `as_data` gave the data."""
    case = data["case"]
    if case:
        case = PlainestCase(
            case["facts"],
            tuple(UnusualFact(**each) for each in case["unusual"]),
            case["document"],
            tuple(Requirer(**each) for each in case["required_by"]),
            case["offered"],
        )
    return Finding(**{**data, "position": Position(**data["position"]), "case": case})


def typed(path: Path, workspace: Workspace) -> list[Finding]:
    """Return what is wrong with an open file as a text and with its types, as `validate` does."""
    snapshot = workspace.snapshot(path)
    document, found = snapshot.document(path), _of_file(path, snapshot)
    if document:
        problems = Validator(snapshot.resolver, snapshot.today).problems(document)
        found += problems
    return found


def checked(path: Path, workspace: Workspace) -> list[Finding]:
    """Return what `check` finds: also what fails for some case, and expectations not met."""
    snapshot = workspace.snapshot(path)
    document, found = snapshot.document(path), _of_file(path, snapshot)
    if document:
        examiner = Examiner(Validator(snapshot.resolver, snapshot.today), EXAMPLES)
        found += examiner.checked(document).findings
    return found


def _of_file(path: Path, snapshot: Snapshot) -> list[Finding]:
    """Return the problems of reading a file, and of its name."""
    problems, here = snapshot.library.problems, resolved(path)
    return [each for each in problems if resolved(Path(each.position.file)) == here]


def stretch(finding: Finding, text: Text, document: Document | None) -> tuple[int, int]:
    """Return the offsets that a finding is shown at: a key, a node on its line, or a word.

    `document` is what the text says, None where it can't be read.
    """
    start = text.marked(finding.position.line, finding.position.column)
    end = extents(document).get(start) if document else None
    if end is None:
        word = _WORD.match(text.document, start)
        end = word.end() if word else start + 1
    return start, max(min(end, text.line_end(start)), min(start + 1, len(text.document)))


def related(finding: Finding, document: Document, snapshot: Snapshot) -> list[tuple[Place, str]]:
    """Return what the plainest case states that shows a finding, each fact where it is declared."""
    found = []
    for fact in finding.case.unusual if finding.case else ():
        declared = named("fact", fact.name, document, snapshot)
        place = key_place(declared) if declared else None
        if place:
            value = str(fact.value).lower() if isinstance(fact.value, bool) else str(fact.value)
            found.append((place, f"in this case `{fact.name}` is {value}"))
    return found
