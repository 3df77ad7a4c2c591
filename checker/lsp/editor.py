"""The connection to one editor: the files that it has open, and what it asks about."""

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
from checker.lsp.index.positions import carried
from checker.lsp.index.workspace import Snapshot
from checker.lsp.session import Session


class Refused(JsonRpcException):
    """A request that is sound and can't be carried out; the editor shows the message."""

    CODE = -32803  # `RequestFailed`


class Asked(Protocol):
    """What most requests are about: a position in a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The document."""

    @property
    def position(self) -> types.Position:
        """The position."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked about: a file, an offset into its document, and what that is read in."""

    path: Path
    offset: int
    document: Document
    snapshot: Snapshot

    @property
    def name(self) -> Name | None:
        """The name that is written there, if any."""
        return name_at(self.document, self.offset)


class Editor(LanguageServer):
    """A language server with the session of its one editor.

    Documents are looked up in `roots`, or near each file where there are none. The editor sends
    whole texts: lines are counted here, as the protocol says, and not as Python splits them.
    """

    def __init__(self, roots: tuple[Path, ...] = ()) -> None:
        full = types.TextDocumentSyncKind.Full
        super().__init__("checker", __version__, text_document_sync_kind=full)
        self.session = Session(self._publish, self._refresh)
        self.session.workspace.roots = roots
        self.uris: dict[Path, str] = {}
        self.versions: dict[Path, int | None] = {}

    @property
    def convert(self) -> Converter:
        """What converts places, in the units that were agreed on."""
        agreed = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        encoding = types.PositionEncodingKind(agreed).value
        return Converter(self.session.workspace, encoding, self.uris)

    def put(self, uri: str, version: int | None, text: str) -> None:
        """Take what an open file says."""
        path = path_of(uri)
        if path:
            self.uris[path], self.versions[path] = uri, version
            self.session.change(path, text)

    def drop(self, uri: str) -> None:
        """Forget a file that was closed."""
        path = path_of(uri)
        if path in self.uris:
            self.session.close(path)
            del self.uris[path], self.versions[path]

    def ours(self, uri: str) -> Path | None:
        """Return the path of an open file that is one of ours, None of any other."""
        path = path_of(uri)
        mine = path in self.uris and self.session.workspace.concerns(path)
        return path if mine else None

    def _publish(self, path: Path, found: list[Finding]) -> None:
        if path in self.uris:
            shown = self.convert.diagnostics(found, path)
            self.text_document_publish_diagnostics(
                types.PublishDiagnosticsParams(self.uris[path], shown, self.versions[path])
            )

    def _refresh(self) -> None:
        shown = self.client_capabilities.workspace
        if shown and shown.inlay_hint and shown.inlay_hint.refresh_support:
            self.workspace_inlay_hint_refresh(None)

    def asked(self, params: Asked) -> Question | None:
        """Return what is asked about, None where that is none of our documents.

        A document that can't be read now is taken as it last could be, where the place was there.
        """
        path = self.ours(params.text_document.uri)
        document = self.session.workspace.readable(path) if path else None
        if path is None or document is None:
            return None
        offset = self.convert.offset(path, params.position)
        there = carried(document.text, self.convert.text(path).document, offset)
        if there is None:
            return None
        return Question(path, there, document, self.session.workspace.snapshot(path))

    def sound(self, params: Asked) -> Question:
        """Return what is asked about, of a document that can be read as it is now.

        The request fails where it can't.
        """
        asked = self.asked(params)
        if asked is None:
            raise Refused("there is no document of ours here")
        if asked.snapshot.document(asked.path) is None:
            raise Refused("the document can't be read; mend that first")
        return asked
