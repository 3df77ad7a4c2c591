"""A real client of the language server, over pipes to the program as a process of its own."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lsprotocol import types
from pygls.lsp.client import LanguageClient
from pygls.uris import to_fs_path

from tests.waiting import HANGS, until


@dataclass
class Client:
    """What an editor does; replacements are given as a piece of text that stands there once."""

    folder: Path
    wire: LanguageClient
    diagnostics: dict[str, list[types.PublishDiagnosticsParams]] = field(default_factory=dict)
    messages: list[str] = field(default_factory=list)
    applied: list[types.WorkspaceEdit] = field(default_factory=list)
    refreshed: asyncio.Event = field(default_factory=asyncio.Event)
    texts: dict[str, str] = field(default_factory=dict)
    version: int = 0

    def uri(self, name: str) -> str:
        return (self.folder / name).as_uri()

    def open(self, name: str, text: str | None = None) -> None:
        path = self.folder / name
        self.version += 1
        self.texts[name] = path.read_text(encoding="utf-8") if text is None else text
        item = types.TextDocumentItem(self.uri(name), "yaml", self.version, self.texts[name])
        self.wire.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, name: str, old: str, new: str) -> None:
        assert self.texts[name].count(old) == 1, old
        self.write(name, self.texts[name].replace(old, new))

    def write(self, name: str, text: str) -> None:
        self.version += 1
        self.texts[name] = text
        of = types.VersionedTextDocumentIdentifier(self.version, self.uri(name))
        whole = types.TextDocumentContentChangeWholeDocument(text)
        self.wire.text_document_did_change(types.DidChangeTextDocumentParams(of, [whole]))

    def close(self, name: str) -> None:
        of = types.TextDocumentIdentifier(self.uri(name))
        self.wire.text_document_did_close(types.DidCloseTextDocumentParams(of))

    async def expect_finding(self, name: str, what: str) -> types.Diagnostic:
        """Wait until the newest text of a file has a diagnostic with `what` in its message."""
        diagnostic = await until(
            lambda: next((d for d in self.diagnostics_of(name) if what in d.message), None)
        )
        assert diagnostic
        return diagnostic

    async def gone(self, name: str, what: str) -> None:
        """Wait until diagnostics of the newest text have come, and none with `what`."""
        await until(
            lambda: (
                self.came(name) and not any(what in d.message for d in self.diagnostics_of(name))
            )
        )

    async def says(self, name: str, what: str) -> None:
        """Wait until the last diagnostics of a file say something, or `nothing`."""

        def last() -> bool:
            published = self.diagnostics.get(self.uri(name), [])
            messages = " ".join(d.message for d in published[-1].diagnostics) if published else ""
            return published != [] and (not messages if what == "nothing" else what in messages)

        await until(last)

    def came(self, name: str) -> list[types.PublishDiagnosticsParams]:
        """Return what came for the newest text of a file."""
        published = self.diagnostics.get(self.uri(name), [])
        return [params for params in published if params.version == self.version]

    def diagnostics_of(self, name: str) -> list[types.Diagnostic]:
        return [*self.came(name)[-1].diagnostics] if self.came(name) else []

    def position(self, name: str, piece: str, into: int = 0) -> types.Position:
        """Return where a piece of text begins, and so many characters on."""
        text = self.texts[name]
        assert text.count(piece) == 1, piece
        return position(text, text.index(piece) + into)

    def document(self, name: str) -> types.TextDocumentIdentifier:
        return types.TextDocumentIdentifier(self.uri(name))

    async def hover(self, name: str, piece: str, into: int = 0) -> str:
        params = types.HoverParams(self.document(name), self.position(name, piece, into))
        hover = await self.wire.text_document_hover_async(params)
        return str(hover.contents.value) if hover else ""

    async def complete(self, name: str, offset: int) -> dict[str, types.CompletionItem]:
        """Return what is offered at an offset of the text, by label."""
        params = types.CompletionParams(self.document(name), position(self.texts[name], offset))
        listed = await self.wire.text_document_completion_async(params)
        return {item.label: item for item in listed.items} if listed else {}

    async def definition(self, name: str, piece: str, into: int = 0) -> types.Location | None:
        params = types.DefinitionParams(self.document(name), self.position(name, piece, into))
        return await self.wire.text_document_definition_async(params)

    async def references(self, name: str, piece: str) -> list[str]:
        """Return the uses of a name as `file:line`."""
        params = types.ReferenceParams(
            types.ReferenceContext(True), self.document(name), self.position(name, piece)
        )
        locations = await self.wire.text_document_references_async(params)
        return sorted(
            f"{location.uri.rpartition('/')[2]}:{location.range.start.line + 1}"
            for location in locations or ()
        )

    async def formatted(self, name: str) -> list[types.TextEdit] | None:
        options = types.FormattingOptions(2, True)
        params = types.DocumentFormattingParams(self.document(name), options)
        edits = await self.wire.text_document_formatting_async(params)
        return None if edits is None else [*edits]

    async def rename(self, name: str, piece: str, new: str) -> dict[str, str]:
        """Return the texts of the files that a renaming changes, changed."""
        where = self.position(name, piece)
        params = types.RenameParams(self.document(name), where, new)
        edit = await self.wire.text_document_rename_async(params)
        return changed(edit)

    async def actions(self, name: str, diagnostic: types.Diagnostic) -> dict[str, Any]:
        context = types.CodeActionContext([diagnostic])
        params = types.CodeActionParams(self.document(name), diagnostic.range, context)
        actions = await self.wire.text_document_code_action_async(params)
        return {action.title: action for action in actions or ()}

    async def hints(self, name: str) -> dict[int, str]:
        """Return the inlay hints by line, counted from 1."""
        whole = types.Range(types.Position(0, 0), types.Position(9999, 0))
        params = types.InlayHintParams(self.document(name), whole)
        hints = await self.wire.text_document_inlay_hint_async(params)
        return {hint.position.line + 1: str(hint.label) for hint in hints or ()}


def position(text: str, offset: int) -> types.Position:
    """Return an offset as the protocol counts by default: in UTF-16."""
    lines = text[:offset].split("\n")
    return types.Position(len(lines) - 1, len(lines[-1].encode("utf-16-le")) // 2)


def changed(edit: types.WorkspaceEdit, texts: dict[str, str] | None = None) -> dict[str, str]:
    """Return the texts of files after an edit, by file name; from disk if not in `texts`."""
    done = {}
    for uri, edits in (edit.changes or {}).items():
        path = Path(to_fs_path(uri) or "")
        text = (texts or {}).get(path.name) or path.read_text(encoding="utf-8")
        replacements = [
            (_offset(text, e.range.start), _offset(text, e.range.end), e) for e in edits
        ]
        for start, end, replacing in sorted(
            replacements, key=lambda replacement: replacement[0], reverse=True
        ):
            text = text[:start] + replacing.new_text + text[end:]
        done[path.name] = text
    return done


def _offset(text: str, position: types.Position) -> int:
    lines = text.split("\n")
    before = sum(len(line) + 1 for line in lines[: position.line])
    return before + len(
        lines[position.line].encode("utf-16-le")[: 2 * position.character].decode("utf-16-le")
    )


CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        apply_edit=True,
        inlay_hint=types.InlayHintWorkspaceClientCapabilities(refresh_support=True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(
            dynamic_registration=True
        ),
    )
)


@asynccontextmanager
async def editing(
    folder: Path,
    *options: str,
    capabilities: types.ClientCapabilities = CAPABILITIES,
) -> AsyncIterator[Client]:
    """Give a client of a server that was started for a folder, and end both properly."""
    wire = LanguageClient("a test", "1")
    client = Client(folder, wire)

    @wire.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def _diagnostics(params: types.PublishDiagnosticsParams) -> None:
        client.diagnostics.setdefault(params.uri, []).append(params)

    @wire.feature(types.WINDOW_SHOW_MESSAGE)
    def _message(params: types.ShowMessageParams) -> None:
        client.messages.append(params.message)

    @wire.feature(types.WORKSPACE_APPLY_EDIT)
    def _apply(params: types.ApplyWorkspaceEditParams) -> types.ApplyWorkspaceEditResult:
        client.applied.append(params.edit)
        return types.ApplyWorkspaceEditResult(True)

    @wire.feature(types.WORKSPACE_INLAY_HINT_REFRESH)
    def _refresh(_: None) -> None:
        client.refreshed.set()

    @wire.feature(types.CLIENT_REGISTER_CAPABILITY)
    def _register(_: types.RegistrationParams) -> None:
        return None

    await wire.start_io(sys.executable, "-m", "checker", "lsp", *options, cwd=folder)
    folders = [types.WorkspaceFolder(folder.as_uri(), "the folder")]
    params = types.InitializeParams(capabilities, workspace_folders=folders, root_uri=None)
    await wire.initialize_async(params)
    wire.initialized(types.InitializedParams())
    yield client
    await wire.shutdown_async(None)
    wire.exit(None)
    async with asyncio.timeout(HANGS):
        await wire._server.wait()  # type: ignore[union-attr]
    assert wire._server.returncode == 0  # type: ignore[union-attr]
    errors = await wire._server.stderr.read()  # type: ignore[union-attr]
    assert errors == b"", errors.decode()
    await wire.stop()
