"""Requests that change documents: formatting, renaming, quick fixes and repairs."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from checker.language.formatter.format import formatted
from checker.language.syntax.printable import printable
from checker.lsp.convert import path_of, span
from checker.lsp.editor import Editor, RequestRefused
from checker.lsp.features.code_actions import Fix, fixes, may_repair
from checker.lsp.features.diagnostics import highlighted_range
from checker.lsp.features.navigation import RenameRefused, name_to_rename
from checker.lsp.features.navigation import rename as renamed
from checker.lsp.index.positions import single_edit

REPAIR = "checker.repair"


def format_document(
    ls: Editor, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Return the edit that formats a document, None where it can't be read."""
    path = ls.document_path(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None or not document.kind:
        return None
    new = formatted(document)
    if new == document.text:
        return []
    start, end, replacement = single_edit(document.text, new)
    return [types.TextEdit(span(ls.converter.text(path), start, end), replacement)]


def prepare_rename(ls: Editor, params: types.PrepareRenameParams) -> types.Range:
    """Return the range of the name to rename; the request fails where it can't be renamed."""
    target = ls.current_target(params)
    try:
        name = name_to_rename(target.document, target.offset, target.snapshot, ls.session.workspace)
    except RenameRefused as error:
        raise RequestRefused(str(error)) from None
    return span(ls.converter.text(target.path), name.start, name.end)


def rename(ls: Editor, params: types.RenameParams) -> types.WorkspaceEdit:
    """Return the edits that rename a name everywhere; the request fails where it can't be."""
    target, new, workspace = ls.current_target(params), params.new_name, ls.session.workspace
    try:
        spans = renamed(target.document, target.offset, new, target.snapshot, workspace)
    except RenameRefused as error:
        raise RequestRefused(str(error)) from None
    return ls.converter.edits(spans, new)


def code_actions(ls: Editor, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return quick fixes of the findings in a range of a file."""
    path = ls.document_path(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None:
        return None
    text, actions = ls.converter.text(path), []
    first, last = (ls.converter.offset(path, end) for end in (params.range.start, params.range.end))
    for finding in ls.session.findings.get(path, []):
        start, end = highlighted_range(finding, text, document)
        if start <= last and first <= end:
            diagnostics = ls.converter.diagnostics([finding], path)
            actions += [
                _action(ls, fix, path, diagnostics) for fix in fixes(finding, start, end, document)
            ]
            actions += (
                [_repair_action(ls, path, diagnostics)] if may_repair(finding, document) else []
            )
    return actions


def _action(
    ls: Editor, fix: Fix, path: Path, diagnostics: list[types.Diagnostic]
) -> types.CodeAction:
    fix_range = span(ls.converter.text(path), fix.start, fix.end)
    edit = types.WorkspaceEdit(changes={ls.uris[path]: [types.TextEdit(fix_range, fix.text)]})
    kind = types.CodeActionKind.QuickFix
    return types.CodeAction(printable(fix.title), kind, diagnostics, fix.preferred, edit=edit)


def _repair_action(ls: Editor, path: Path, diagnostics: list[types.Diagnostic]) -> types.CodeAction:
    title = "repair: make the smallest change that passes"
    command = types.Command(title, REPAIR, arguments=[ls.uris[path]])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics, command=command)


async def repair(ls: Editor, uri: str) -> None:
    """Repair an override and show the changes, or why there are none.

    A text that was changed meanwhile is left alone.
    """
    path = path_of(uri)
    if path is None or path not in ls.uris:
        raise RequestRefused(f"no open document `{uri}`")
    before = ls.session.workspace.text(path)
    answer = await ls.session.background.ask("repair", path, ls.session.workspace)
    if answer is None or "failed" in answer:
        _show_message(
            ls, f"no repair: {answer['failed'] if answer else 'its search came to no end'}"
        )
        return
    if ls.session.workspace.text(path) != before:
        _show_message(ls, "no repair: the document was changed while it was looked for")
        return
    text = ls.converter.text(path)
    start, end, new = single_edit(text.document, answer["text"])
    if answer["changes"]:
        edit = types.TextEdit(span(text, start, end), new)
        change = types.WorkspaceEdit(changes={ls.uris[path]: [edit]})
        params = types.ApplyWorkspaceEditParams(change, "repair")
        await ls.workspace_apply_edit_async(params)
    _show_message(ls, "; ".join(answer["changes"]) or "nothing to repair")


def _show_message(ls: Editor, message: str) -> None:
    params = types.ShowMessageParams(types.MessageType.Info, printable(message))
    ls.window_show_message(params)
