"""From offsets and findings to what the protocol sends, and from its places to ours."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lsprotocol import types
from pygls.uris import from_fs_path, to_fs_path

from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.lsp.features.completion import Candidate
from checker.lsp.features.diagnostics import related, stretch
from checker.lsp.features.navigation import Place
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
    """Return the path of a file, or one that stands for a text not saved; None of other things."""
    if uri.startswith("untitled:"):
        return Path.cwd() / uri.partition(":")[2].replace("/", "-")
    found = to_fs_path(uri) if uri.startswith("file:") else None
    return Path(found) if found else None


@dataclass(slots=True)
class Converter:
    """Converts for one editor, which counts columns in units of an encoding.

    `uris` are those of the open texts, as the editor writes them.
    """

    workspace: Workspace
    encoding: str
    uris: dict[Path, str]

    def text(self, path: Path) -> Text:
        """Return the text of a file, in which places can be converted."""
        return Text(self.workspace.text(path), self.encoding)

    def uri(self, path: Path) -> str:
        """Return the address of a file."""
        opened = self.workspace.opened_as(path)
        return self.uris.get(opened) or from_fs_path(str(path.absolute())) or ""

    def offset(self, path: Path, position: types.Position) -> int:
        """Return the offset into a file's document of an editor's position."""
        return self.text(path).offset(position.line, position.character)

    def location(self, place: Place) -> types.Location:
        """Return where a place in a document is."""
        path = Path(place.document.file).absolute()
        return types.Location(self.uri(path), span(self.text(path), place.start, place.end))

    def edits(self, places: Iterable[Place], new: str) -> types.WorkspaceEdit:
        """Return the change that writes a new text at places."""
        changes: dict[str, list[types.TextEdit]] = {}
        for place in places:
            where = self.location(place)
            changes.setdefault(where.uri, []).append(types.TextEdit(where.range, new))
        return types.WorkspaceEdit(changes=changes)

    def diagnostics(self, found: Iterable[Finding], path: Path) -> list[types.Diagnostic]:
        """Return what is found in an open file as its editor shows it."""
        text, snapshot = self.text(path), self.workspace.snapshot(path)
        document = snapshot.document(path)
        return [self._diagnostic(each, text, document, snapshot) for each in found]

    def _diagnostic(
        self, finding: Finding, text: Text, document: Document | None, snapshot: Snapshot
    ) -> types.Diagnostic:
        shown = related(finding, document, snapshot) if document else []
        return types.Diagnostic(
            range=span(text, *stretch(finding, text, document)),
            message="\n".join(paragraphs(finding)),
            severity=_SEVERITIES[finding.status],
            code=finding.check,
            source="checker",
            related_information=[
                types.DiagnosticRelatedInformation(self.location(place), said)
                for place, said in shown
            ],
        )

    def completions(self, found: Iterable[Candidate], path: Path) -> list[types.CompletionItem]:
        """Return what may be written in a file, as an editor lists it."""
        text = self.text(path)
        return [_completion(each, text) for each in found]


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
    """Return an offset as the editor counts."""
    return types.Position(*text.place(offset))


def span(text: Text, start: int, end: int) -> types.Range:
    """Return two offsets as the editor counts."""
    return types.Range(position(text, start), position(text, end))
