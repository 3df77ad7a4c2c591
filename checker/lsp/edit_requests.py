"""Requests that change documents: formatting, renaming and quick fixes."""

from __future__ import annotations

from pathlib import Path

from lsprotocol import types

from checker.language.formatter.format import formatted
from checker.language.syntax.printable import printable
from checker.lsp.convert import span
from checker.lsp.features.code_actions import Fix, fixes, may_repair
from checker.lsp.features.diagnostics import highlighted_range
from checker.lsp.features.navigation import RenameRefused, name_to_rename
from checker.lsp.features.navigation import rename as renamed
from checker.lsp.index.positions import single_edit
from checker.lsp.open_files import OpenFiles, RequestRefused

REPAIR = "checker.repair"


def format_document(
    files: OpenFiles, params: types.DocumentFormattingParams
) -> list[types.TextEdit] | None:
    """Return the edit that formats a document, None where it can't be read."""
    path = files.path(params.text_document.uri)
    document = files.workspace.snapshot(path).document(path)
    if document is None or not document.kind:
        return None
    new = formatted(document)
    if new == document.text:
        return []
    start, end, replacement = single_edit(document.text, new)
    return [types.TextEdit(span(files.converter.text(path), start, end), replacement)]


def prepare_rename(files: OpenFiles, params: types.PrepareRenameParams) -> types.Range:
    """Return the range of the name to rename; the request fails where it can't be renamed."""
    target = files.current_target(params)
    try:
        name = name_to_rename(target.document, target.offset, target.snapshot, files.workspace)
    except RenameRefused as error:
        raise RequestRefused(str(error)) from None
    return span(files.converter.text(target.path), name.start, name.end)


def rename(files: OpenFiles, params: types.RenameParams) -> types.WorkspaceEdit:
    """Return the edits that rename a name everywhere; the request fails where it can't be."""
    target, new, workspace = files.current_target(params), params.new_name, files.workspace
    try:
        spans = renamed(target.document, target.offset, new, target.snapshot, workspace)
    except RenameRefused as error:
        raise RequestRefused(str(error)) from None
    return files.converter.edits(spans, new)


def code_actions(files: OpenFiles, params: types.CodeActionParams) -> list[types.CodeAction] | None:
    """Return quick fixes of the findings in a range of a file."""
    path = files.path(params.text_document.uri)
    document = files.workspace.snapshot(path).document(path)
    if document is None:
        return None
    text, actions = files.converter.text(path), []
    first, last = (
        files.converter.offset(path, end) for end in (params.range.start, params.range.end)
    )
    for finding in files.findings.get(path, []):
        start, end = highlighted_range(finding, text, document)
        if start <= last and first <= end:
            diagnostics = files.converter.diagnostics([finding], path)
            actions += [
                _action(files, fix, path, diagnostics)
                for fix in fixes(finding, start, end, document)
            ]
            actions += (
                [_repair_action(files, path, diagnostics)] if may_repair(finding, document) else []
            )
    return actions


def _action(
    files: OpenFiles, fix: Fix, path: Path, diagnostics: list[types.Diagnostic]
) -> types.CodeAction:
    fix_range = span(files.converter.text(path), fix.start, fix.end)
    edit = types.WorkspaceEdit(changes={files.uris[path]: [types.TextEdit(fix_range, fix.text)]})
    kind = types.CodeActionKind.QuickFix
    return types.CodeAction(printable(fix.title), kind, diagnostics, fix.preferred, edit=edit)


def _repair_action(
    files: OpenFiles, path: Path, diagnostics: list[types.Diagnostic]
) -> types.CodeAction:
    title = "repair: make the smallest change that passes"
    command = types.Command(title, REPAIR, arguments=[files.uris[path]])
    return types.CodeAction(title, types.CodeActionKind.QuickFix, diagnostics, command=command)
