"""What an editor asks to have changed: layout, names, quick fixes and repairs."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from checker.language.formatter.format import formatted
from checker.lsp.convert import path_of, span
from checker.lsp.editor import Editor, Refused
from checker.lsp.features.code_actions import Fix, fixes, repairable
from checker.lsp.features.diagnostics import stretch
from checker.lsp.features.navigation import NotRenamed, renamable
from checker.lsp.features.navigation import rename as renamed
from checker.lsp.index.positions import one_change

REPAIR = "checker.repair"


def lay_out(ls: Editor, params: types.DocumentFormattingParams) -> list[types.TextEdit] | None:
    """Return the change that puts a document in the one layout, none where it can't be read."""
    path = ls.ours(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None or not document.kind:
        return None
    new = formatted(document)
    if new == document.text:
        return []
    start, end, inside = one_change(document.text, new)
    return [types.TextEdit(span(ls.convert.text(path), start, end), inside)]


def prepare_rename(ls: Editor, params: types.PrepareRenameParams) -> types.Range:
    """Return what would be renamed; the request fails where nothing can be."""
    asked = ls.sound(params)
    try:
        name = renamable(asked.document, asked.offset, asked.snapshot, ls.session.workspace)
    except NotRenamed as error:
        raise Refused(str(error)) from None
    return span(ls.convert.text(asked.path), name.start, name.end)


def rename(ls: Editor, params: types.RenameParams) -> types.WorkspaceEdit:
    """Return every change that a renaming takes; the request fails where it can't be."""
    asked, new, workspace = ls.sound(params), params.new_name, ls.session.workspace
    try:
        places = renamed(asked.document, asked.offset, new, asked.snapshot, workspace)
    except NotRenamed as error:
        raise Refused(str(error)) from None
    return ls.convert.edits(places, new)


def code_actions(ls: Editor, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return quick fixes of what is found in a stretch of a file."""
    path = ls.ours(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None:
        return None
    text, found = ls.convert.text(path), []
    first, last = (ls.convert.offset(path, p) for p in (params.range.start, params.range.end))
    for finding in ls.session.shown.get(path, []):
        start, end = stretch(finding, text, document)
        if start <= last and first <= end:
            shown = ls.convert.diagnostics([finding], path)
            found += [_action(ls, fix, path, shown) for fix in fixes(finding, start, end, document)]
            found += [_repair_action(ls, path, shown)] if repairable(finding, document) else []
    return found


def _action(ls: Editor, fix: Fix, path: Path, shown: list[types.Diagnostic]) -> types.CodeAction:
    where = span(ls.convert.text(path), fix.start, fix.end)
    edit = types.WorkspaceEdit(changes={ls.uris[path]: [types.TextEdit(where, fix.text)]})
    kind = types.CodeActionKind.QuickFix
    return types.CodeAction(fix.title, kind, shown, fix.preferred, edit=edit)


def _repair_action(ls: Editor, path: Path, shown: list[types.Diagnostic]) -> types.CodeAction:
    title = "repair: make the smallest change that passes"
    command = types.Command(title, REPAIR, arguments=[ls.uris[path]])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, shown, command=command)


async def repair(ls: Editor, uri: str) -> None:
    """Repair an override, unless it is changed meanwhile; say what was done, or why not."""
    path = path_of(uri)
    if path is None or path not in ls.uris:
        raise Refused(f"no open document `{uri}`")
    before = ls.session.workspace.text(path)
    answer = await ls.session.background.ask("repair", path, ls.session.workspace)
    if answer is None or "failed" in answer:
        _tell(ls, f"no repair: {answer['failed'] if answer else 'its search came to no end'}")
        return
    if ls.session.workspace.text(path) != before:
        _tell(ls, "no repair: the document was changed while it was looked for")
        return
    text = ls.convert.text(path)
    start, end, new = one_change(text.document, answer["text"])
    if answer["changes"]:
        edit = types.TextEdit(span(text, start, end), new)
        change = types.WorkspaceEdit(changes={ls.uris[path]: [edit]})
        asked = types.ApplyWorkspaceEditParams(change, "repair")
        await ls.workspace_apply_edit_async(asked)
    _tell(ls, "; ".join(answer["changes"]) or "nothing to repair")


def _tell(ls: Editor, message: str) -> None:
    params = types.ShowMessageParams(types.MessageType.Info, message)
    ls.window_show_message(params)
