"""Conversion between offsets and findings and what the protocol sends."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.lsp.features.completion import Candidate
from checker.lsp.features.diagnostics import highlighted_range, related_facts
from checker.lsp.features.navigation import TextSpan
from checker.lsp.index.positions import Text
from checker.lsp.index.workspace import Snapshot, Workspace
from checker.report.findings import paragraphs

_SEVERITIES = {
    "error": types.DiagnosticSeverity.Error,
    "warning": types.DiagnosticSeverity.Warning,
    "accepted": types.DiagnosticSeverity.Information,
}
_KINDS = {
    "key": types.CompletionItemKind.Property,
    "operator": types.CompletionItemKind.Operator,
    "value": types.CompletionItemKind.EnumMember,
    "fact": types.CompletionItemKind.Field,
    "parameter": types.CompletionItemKind.Variable,
    "definition": types.CompletionItemKind.Function,
    "ground": types.CompletionItemKind.Constant,
}


def path_of(uri: str) -> Path | None:
    """Return the path of a file, or one for a text that is not saved yet.

    None for other URIs, and for those that can't name a file.
    """
    try:
        if uri.startswith("untitled:"):
            path = Path.cwd() / uri.partition(":")[2].replace("/", "-")
        else:
            path = Path((to_fs_path(uri) if uri.startswith("file:") else None) or "")
        os.stat(path)
    except FileNotFoundError:
        pass  # not saved yet
    except (OSError, ValueError):  # no URI, a NUL character, half a surrogate pair, too long a name
        return None
    return path if path.is_absolute() else None


@dataclass(slots=True)
class Converter:
    """Converts for one editor.

    Attributes:
        workspace: The files that the editor has open.
        encoding: The encoding in whose units the editor counts columns.
        uris: The URIs of the open files, as the editor writes them.
    """

    workspace: Workspace
    encoding: str
    uris: dict[Path, str]

    def text(self, path: Path) -> Text:
        """Return the text of a file, in which positions can be converted."""
        return Text(self.workspace.text(path), self.encoding)

    def uri(self, path: Path) -> str:
        """Return the URI of a file."""
        opened = self.workspace.opened_as(path)
        return self.uris.get(opened) or from_fs_path(str(path.absolute())) or ""

    def offset(self, path: Path, position: types.Position) -> int:
        """Return the offset in a file's document of an editor's position."""
        return self.text(path).offset(position.line, position.character)

    def location(self, text_span: TextSpan) -> types.Location:
        """Return the location of a span of a document."""
        path = Path(text_span.document.file).absolute()
        return types.Location(self.uri(path), span(self.text(path), text_span.start, text_span.end))

    def edits(self, spans: Iterable[TextSpan], new: str) -> types.WorkspaceEdit:
        """Return the edit that replaces each span by a new text."""
        changes: dict[str, list[types.TextEdit]] = {}
        for text_span in spans:
            location = self.location(text_span)
            changes.setdefault(location.uri, []).append(types.TextEdit(location.range, new))
        return types.WorkspaceEdit(changes=changes)

    def diagnostics(self, findings: Iterable[Finding], path: Path) -> list[types.Diagnostic]:
        """Return the findings in an open file as its editor shows them."""
        text, snapshot = self.text(path), self.workspace.snapshot(path)
        document = snapshot.document(path)
        return [self._diagnostic(finding, text, document, snapshot) for finding in findings]

    def _diagnostic(
        self, finding: Finding, text: Text, document: Document | None, snapshot: Snapshot
    ) -> types.Diagnostic:
        facts = related_facts(finding, document, snapshot) if document else []
        return types.Diagnostic(
            range=span(text, *highlighted_range(finding, text, document)),
            message="\n".join(paragraphs(finding)),
            severity=_SEVERITIES[finding.status],
            code=finding.check,
            source="checker",
            related_information=[
                types.DiagnosticRelatedInformation(self.location(text_span), message)
                for text_span, message in facts
            ],
        )

    def completions(
        self, candidates: Iterable[Candidate], path: Path
    ) -> list[types.CompletionItem]:
        """Return candidates for a file as an editor lists them."""
        text = self.text(path)
        return [_completion(candidate, text) for candidate in candidates]


def _completion(candidate: Candidate, text: Text) -> types.CompletionItem:
    return types.CompletionItem(
        label=candidate.label,
        kind=_KINDS.get(candidate.what, types.CompletionItemKind.Reference),
        detail=candidate.what,
        documentation=candidate.detail or None,
        filter_text=candidate.label,
        text_edit=types.TextEdit(span(text, candidate.start, candidate.end), candidate.insert),
    )


def position(text: Text, offset: int) -> types.Position:
    """Return an offset as the editor's position."""
    return types.Position(*text.position(offset))


def span(text: Text, start: int, end: int) -> types.Range:
    """Return two offsets as the editor's range."""
    return types.Range(position(text, start), position(text, end))
