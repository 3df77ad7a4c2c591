"""Requests that change nothing: hover, definition, references, completion, inlay hints."""

from __future__ import annotations

from lsprotocol import types

from checker.lsp.convert import position
from checker.lsp.editor import Editor
from checker.lsp.features.completion import completion
from checker.lsp.features.hover import hover, key_hover
from checker.lsp.features.inlay_hints import limit_hints
from checker.lsp.features.navigation import declaration, uses
from checker.lsp.index.names import key_at


def show_hover(ls: Editor, params: types.HoverParams) -> types.Hover | None:
    """Return the description of the name or key under the pointer."""
    target = ls.target(params)
    if target is None:
        return None
    markdown, key = "", key_at(target.document, target.offset)
    if target.name:
        markdown = hover(
            target.name, target.document, target.snapshot, ls.session.limits(target.path)
        )
    markdown = markdown or (key_hover(key, target.document) if key else "")
    content = types.MarkupContent(types.MarkupKind.Markdown, markdown)
    return types.Hover(content) if markdown else None


def definition(ls: Editor, params: types.DefinitionParams) -> types.Location | None:
    """Return where the name is declared."""
    target = ls.target(params)
    if target is None or target.name is None:
        return None
    text_span = declaration(target.name, target.document, target.snapshot)
    return ls.converter.location(text_span) if text_span else None


def references(ls: Editor, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return where the name is used."""
    target = ls.target(params)
    if target is None or target.name is None:
        return None
    declares = params.context.include_declaration
    return [
        ls.converter.location(text_span)
        for text_span, name in uses(
            target.name, target.document, target.snapshot, ls.session.workspace
        )
        if declares or not name.declares
    ]


def complete(ls: Editor, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what may be written at the position."""
    path = ls.document_path(params.text_document.uri)
    if path is None:
        return None
    text, offset = ls.converter.text(path).document, ls.converter.offset(path, params.position)
    readable, snapshot = ls.session.workspace.readable(path), ls.session.workspace.snapshot(path)
    candidates = completion(text, offset, str(path), readable, snapshot)
    return types.CompletionList(False, ls.converter.completions(candidates, path))


def inlay_hints(ls: Editor, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the limits that the editor shows beside settings."""
    path = ls.document_path(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None:
        return None
    text, limits = ls.converter.text(path), ls.session.limits(path)
    kind = types.InlayHintKind.Parameter
    return [
        types.InlayHint(position(text, offset), label, kind, padding_left=True)
        for offset, label in limit_hints(document, limits)
    ]
