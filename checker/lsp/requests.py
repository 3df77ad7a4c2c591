"""Requests that change nothing: hover, definition, references, completion, inlay hints."""

from __future__ import annotations

from lsprotocol import types

from checker.lsp.convert import position
from checker.lsp.features.completion import completion
from checker.lsp.features.hover import hover, key_hover
from checker.lsp.features.inlay_hints import limit_hints
from checker.lsp.features.navigation import declaration, uses
from checker.lsp.index.names import key_at
from checker.lsp.open_files import OpenFiles

MOST_CANDIDATES = 500  # that one list has


def show_hover(files: OpenFiles, params: types.HoverParams) -> types.Hover | None:
    """Return the description of the name or key under the pointer."""
    target = files.target(params)
    if target is None:
        return None
    markdown, key = "", key_at(target.document, target.offset)
    if target.name:
        markdown = hover(target.name, target.document, target.snapshot, files.limits)
    markdown = markdown or (key_hover(key, target.document) if key else "")
    content = types.MarkupContent(types.MarkupKind.Markdown, markdown)
    return types.Hover(content) if markdown else None


def definition(files: OpenFiles, params: types.DefinitionParams) -> types.Location | None:
    """Return where the name is declared."""
    target = files.target(params)
    if target is None or target.name is None:
        return None
    text_span = declaration(target.name, target.document, target.snapshot)
    return files.converter.location(text_span) if text_span else None


def references(files: OpenFiles, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return where the name is used."""
    target = files.target(params)
    if target is None or target.name is None:
        return None
    declares = params.context.include_declaration
    return [
        files.converter.location(text_span)
        for text_span, name in uses(target.name, target.document, target.snapshot, files.workspace)
        if declares or not name.declares
    ]


def complete(files: OpenFiles, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what may be written at the position."""
    path = files.path(params.text_document.uri)
    text, offset = (
        files.converter.text(path).document,
        files.converter.offset(path, params.position),
    )
    readable, snapshot = files.workspace.readable(path), files.workspace.snapshot(path)
    candidates = completion(text, offset, str(path), readable, snapshot)
    incomplete = len(candidates) > MOST_CANDIDATES
    if incomplete:  # the editor asks again as soon as more of the word is typed
        candidates = [
            candidate
            for candidate in candidates
            if candidate.label.startswith(text[candidate.start : offset])
        ][:MOST_CANDIDATES]
    return types.CompletionList(incomplete, files.converter.completions(candidates, path))


def inlay_hints(files: OpenFiles, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the limits that the editor shows beside settings."""
    path = files.path(params.text_document.uri)
    document = files.workspace.snapshot(path).document(path)
    if document is None:
        return None
    text, limits = files.converter.text(path), files.limits
    kind = types.InlayHintKind.Parameter
    return [
        types.InlayHint(position(text, offset), label, kind, padding_left=True)
        for offset, label in limit_hints(document, limits)
    ]
