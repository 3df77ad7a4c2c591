"""The command of a quick fix: repair an override."""

from __future__ import annotations

from lsprotocol import types

from checker.language.syntax.printable import printable
from checker.lsp.convert import path_of, span
from checker.lsp.editor import Editor
from checker.lsp.index.positions import single_edit
from checker.lsp.open_files import RequestRefused


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
