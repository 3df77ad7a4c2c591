"""The language server: the handler of each message of the protocol."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from lsprotocol import types

from checker.lsp.convert import path_of
from checker.lsp.edit_requests import REPAIR
from checker.lsp.editor import FORWARDED, Editor
from checker.lsp.open_files import RequestRefused
from checker.lsp.repairing import repair

WATCHED = "**/*.{yaml,yml}"


def initialized(ls: Editor, _: types.InitializedParams) -> None:
    """Take the editor's folders, and register for changes of files."""
    ls.agree()
    ls.session.readers.start()
    folders_changed(ls)
    capabilities = ls.client_capabilities.workspace
    watched = capabilities.did_change_watched_files if capabilities else None
    if watched and watched.dynamic_registration:
        options = types.DidChangeWatchedFilesRegistrationOptions([types.FileSystemWatcher(WATCHED)])
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        registration = types.Registration("files", method, options)
        ls.client_register_capability(types.RegistrationParams([registration]))


def folders_changed(ls: Editor, _: object = None) -> None:
    """Take the editor's folders anew."""
    uris = [folder.uri for folder in ls.workspace.folders.values()] or [ls.workspace.root_uri or ""]
    ls.session.workspace.folders = tuple(path for path in map(path_of, uris) if path)
    ls.session.refresh_all()


def opened(ls: Editor, params: types.DidOpenTextDocumentParams) -> None:
    """Check a file that was opened."""
    opened_file = params.text_document
    ls.update(opened_file.uri, opened_file.version, opened_file.text)


def changed(ls: Editor, params: types.DidChangeTextDocumentParams) -> None:
    """Check a file whose text was changed."""
    for change in params.content_changes[-1:]:  # each is the whole text
        ls.update(params.text_document.uri, params.text_document.version, change.text)


def closed(ls: Editor, params: types.DidCloseTextDocumentParams) -> None:
    """Forget a file that was closed."""
    ls.forget(params.text_document.uri)


def files_changed(ls: Editor, _: object) -> None:
    """Check all open files again: other files were changed, or open ones saved."""
    ls.session.refresh_all()


async def ended(ls: Editor, _: object = None) -> None:
    """End all worker processes."""
    await ls.session.end()


FEATURES: dict[str, Callable[..., Any]] = {
    types.INITIALIZED: initialized,
    types.SHUTDOWN: ended,
    types.TEXT_DOCUMENT_DID_OPEN: opened,
    types.TEXT_DOCUMENT_DID_CHANGE: changed,
    types.TEXT_DOCUMENT_DID_CLOSE: closed,
    types.WORKSPACE_DID_CHANGE_WATCHED_FILES: files_changed,
    types.WORKSPACE_DID_CHANGE_WORKSPACE_FOLDERS: folders_changed,
}


OPTIONS: dict[str, Any] = {
    types.TEXT_DOCUMENT_COMPLETION: types.CompletionOptions(
        trigger_characters=[" ", "{", "[", "@", "#", "."]
    ),
    types.TEXT_DOCUMENT_RENAME: types.RenameOptions(prepare_provider=True),
    types.TEXT_DOCUMENT_CODE_ACTION: types.CodeActionOptions([types.CodeActionKind.QuickFix]),
}


def language_server(roots: tuple[Path, ...]) -> Editor:
    """Return the server of one editor; documents are looked up in `roots`, if there are any."""
    server = Editor(roots)
    for method, handle in FEATURES.items():
        server.feature(method)(handle)
    for method in FORWARDED:
        server.feature(method, OPTIONS.get(method))(_forward(method))
    server.command(REPAIR)(repair)
    logging.getLogger("pygls.protocol.json_rpc").addFilter(_is_no_refusal)
    return server


def _forward(method: str) -> Callable[[Editor, Any], Any]:
    """Return the handler of a request that a process which reads files answers."""

    async def forward(ls: Editor, params: Any) -> Any:
        return await ls.forward(method, params)

    return forward


def _is_no_refusal(record: logging.LogRecord) -> bool:
    """Return whether a record belongs in the log: a refused request is no error."""
    return not (record.exc_info and isinstance(record.exc_info[1], RequestRefused))
