"""The connection to one editor: the files that it has open, and what it asks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.json_rpc import JsonRPCResponseMessage

from checker import __version__
from checker.lsp.convert import Converter, path_of
from checker.lsp.open_files import RequestRefused
from checker.lsp.session import Session

# what the processes that read files answer; they know the types, and nothing is converted here
FORWARDED = (
    types.TEXT_DOCUMENT_HOVER,
    types.TEXT_DOCUMENT_DEFINITION,
    types.TEXT_DOCUMENT_REFERENCES,
    types.TEXT_DOCUMENT_INLAY_HINT,
    types.TEXT_DOCUMENT_COMPLETION,
    types.TEXT_DOCUMENT_FORMATTING,
    types.TEXT_DOCUMENT_PREPARE_RENAME,
    types.TEXT_DOCUMENT_RENAME,
    types.TEXT_DOCUMENT_CODE_ACTION,
)
# what a person asks for and waits for; all else is asked while one types or points
_PATIENT = (
    types.TEXT_DOCUMENT_REFERENCES,
    types.TEXT_DOCUMENT_FORMATTING,
    types.TEXT_DOCUMENT_RENAME,
)
_RENAMING = (types.TEXT_DOCUMENT_PREPARE_RENAME, types.TEXT_DOCUMENT_RENAME)


class Protocol(LanguageServerProtocol):
    """The protocol, in which data of other processes pass as they are."""

    def get_message_type(self, method: str) -> type[Any] | None:  # type: ignore[override]
        """Return the type of a message, None for one that is data."""
        data = method == types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
        return None if data else super().get_message_type(method)

    def get_result_type(self, method: str) -> type[Any] | None:  # type: ignore[override]
        """Return the type of the response to a request."""
        return JsonRPCResponseMessage if method in FORWARDED else super().get_result_type(method)


class Editor(LanguageServer):
    """A language server with the session of its one editor.

    Documents are looked up in `roots`, or in the nearest `policy` folder of each file. The editor
    sends whole texts; `Text` counts their lines as the protocol does.
    """

    def __init__(self, roots: tuple[Path, ...] = ()) -> None:
        full = types.TextDocumentSyncKind.Full
        super().__init__(
            "checker", __version__, text_document_sync_kind=full, protocol_cls=Protocol
        )
        self.session = Session(self._publish, self._refresh)
        self.session.workspace.roots = roots
        self.versions: dict[Path, int | None] = {}

    @property
    def uris(self) -> dict[Path, str]:
        """The URIs of the open files, as the editor writes them."""
        return {path: file.uri for path, file in self.session.files.items()}

    @property
    def converter(self) -> Converter:
        """The converter, with the encoding that both sides agreed on."""
        return Converter(self.session.workspace, self.session.encoding, self.uris)

    def agree(self) -> None:
        """Take the encoding that both sides agreed on."""
        agreed = self.workspace.position_encoding or types.PositionEncodingKind.Utf16
        self.session.encoding = types.PositionEncodingKind(agreed).value

    def update(self, uri: str, version: int | None, text: str) -> None:
        """Take the text of an open file; of a pipe, a device or a folder, nothing is taken."""
        path = path_of(uri)
        if path and (path.is_file() or not path.exists()):
            self.versions[path] = version
            self.session.change(path, uri, text)

    def forget(self, uri: str) -> None:
        """Forget a file that was closed."""
        path = path_of(uri)
        if path in self.session.files:
            self.session.close(path)
            del self.versions[path]

    async def forward(self, method: str, params: Any) -> Any:
        """Return the result of a request about an open file.

        A document of ours that is slow to read may have no result yet.

        Raises:
            RequestRefused: The request can't be carried out.
        """
        path = path_of(params.text_document.uri)
        is_ours = path in self.session.files and self.session.workspace.is_ours(path)
        if path is None or not is_ours:
            if method in _RENAMING:
                raise RequestRefused("there is no document of ours here")
            return None
        patient = method in _PATIENT
        data = self.protocol._converter.unstructure(params)
        answer = await self.session.request(path, method, data, patient=patient)
        if answer is None:
            if method in _PATIENT or method in _RENAMING:
                raise RequestRefused("the document takes too long to read; ask again later")
            incomplete = {"isIncomplete": True, "items": []}
            return incomplete if method == types.TEXT_DOCUMENT_COMPLETION else None
        if "refused" in answer:
            raise RequestRefused(answer["refused"])
        return answer["result"]

    def _publish(self, path: Path, diagnostics: list[Any]) -> None:
        if path in self.versions:
            uri = self.session.files[path].uri if path in self.session.files else path.as_uri()
            params = {"uri": uri, "diagnostics": diagnostics, "version": self.versions[path]}
            self.protocol.notify(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, params)

    def _refresh(self) -> None:
        capabilities = self.client_capabilities.workspace
        hints = capabilities.inlay_hint if capabilities else None
        if hints and hints.refresh_support:
            self.workspace_inlay_hint_refresh(None)
