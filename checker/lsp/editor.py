"""The connection to one editor: the files that it has open, and the targets of its requests."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.lsp.server import LanguageServer

from checker import __version__
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.lsp.convert import Converter, path_of
from checker.lsp.index.names import Name, name_at
from checker.lsp.index.positions import offset_before_edit
from checker.lsp.index.workspace import Snapshot
from checker.lsp.session import Session


class RequestRefused(JsonRpcException):
    """A valid request that can't be carried out; the editor shows the message."""

    CODE = -32803  # `RequestFailed`


class PositionParams(Protocol):
    """The parameters of most requests: a position in a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The document."""

    @property
    def position(self) -> types.Position:
        """The position."""


@dataclass(frozen=True, slots=True)
class RequestTarget:
    """What a request is about: an offset in a file's document, and the documents around it."""

    path: Path
    offset: int
    document: Document
    snapshot: Snapshot

    @property
    def name(self) -> Name | None:
        """The name at the offset, if any."""
        return name_at(self.document, self.offset)


class Editor(LanguageServer):
    """A language server with the session of its one editor.

    Documents are looked up in `roots`, or in the nearest `policy` folder of each file. The editor
    sends whole texts; `Text` counts their lines as the protocol does.
    """

    def __init__(self, roots: tuple[Path, ...] = ()) -> None:
        full = types.TextDocumentSyncKind.Full
        super().__init__("checker", __version__, text_document_sync_kind=full)
        self.session = Session(self._publish, self._refresh)
        self.session.workspace.roots = roots
        self.uris: dict[Path, str] = {}
        self.versions: dict[Path, int | None] = {}

    @property
    def converter(self) -> Converter:
        """The converter, with the encoding that both sides agreed on."""
        agreed = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        encoding = types.PositionEncodingKind(agreed).value
        return Converter(self.session.workspace, encoding, self.uris)

    def update(self, uri: str, version: int | None, text: str) -> None:
        """Take the text of an open file; of a pipe, a device or a folder, nothing is taken."""
        path = path_of(uri)
        if path and (path.is_file() or not path.exists()):
            self.uris[path], self.versions[path] = uri, version
            self.session.change(path, text)

    def forget(self, uri: str) -> None:
        """Forget a file that was closed."""
        path = path_of(uri)
        if path in self.uris:
            self.session.close(path)
            del self.uris[path], self.versions[path]

    def document_path(self, uri: str) -> Path | None:
        """Return the path of an open file that is a document of ours, None for any other file."""
        path = path_of(uri)
        is_ours = path in self.uris and self.session.workspace.is_ours(path)
        return path if is_ours else None

    def _publish(self, path: Path, findings: list[Finding]) -> None:
        if path in self.uris:
            diagnostics = self.converter.diagnostics(findings, path)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(self.uris[path], diagnostics, self.versions[path])
            )

    def _refresh(self) -> None:
        capabilities = self.client_capabilities.workspace
        hints = capabilities.inlay_hint if capabilities else None
        if hints and hints.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def target(self, params: PositionParams) -> RequestTarget | None:
        """Return what a request is about, None where that is no document of ours.

        Where the text can't be read now, the target is in the last document that could be read,
        if the position was in it.
        """
        path = self.document_path(params.text_document.uri)
        document = self.session.workspace.readable(path) if path else None
        if path is None or document is None:
            return None
        offset_now = self.converter.offset(path, params.position)
        text_now = self.converter.text(path).document
        offset = offset_before_edit(document.text, text_now, offset_now)
        if offset is None:
            return None
        return RequestTarget(path, offset, document, self.session.workspace.snapshot(path))

    def current_target(self, params: PositionParams) -> RequestTarget:
        """Return what a request is about, in a document that can be read as it is now.

        Raises:
            RequestRefused: There is no document of ours, or it can't be read.
        """
        target = self.target(params)
        if target is None:
            raise RequestRefused("there is no document of ours here")
        if target.snapshot.document(target.path) is None:
            raise RequestRefused("the document can't be read; mend that first")
        return target
