"""What an editor asks of a place, answered by the core: nothing here changes anything."""

from __future__ import annotations

from lsprotocol import types

from checker.lsp.convert import position
from checker.lsp.editor import Editor
from checker.lsp.features.completion import completion
from checker.lsp.features.hover import hover, hover_key
from checker.lsp.features.inlay_hints import inlays
from checker.lsp.features.navigation import declaration, uses
from checker.lsp.index.names import key_at


def hovered(ls: Editor, params: types.HoverParams) -> types.Hover | None:
    """Tell about the name or key where the pointer rests."""
    asked = ls.asked(params)
    if asked is None:
        return None
    said, key = "", key_at(asked.document, asked.offset)
    if asked.name:
        said = hover(asked.name, asked.document, asked.snapshot, ls.session.limits(asked.path))
    said = said or (hover_key(key, asked.document) if key else "")
    content = types.MarkupContent(types.MarkupKind.Markdown, said)
    return types.Hover(content) if said else None


def definition(ls: Editor, params: types.DefinitionParams) -> types.Location | None:
    """Return where the name is declared."""
    asked = ls.asked(params)
    if asked is None or asked.name is None:
        return None
    place = declaration(asked.name, asked.document, asked.snapshot)
    return ls.convert.location(place) if place else None


def references(ls: Editor, params: types.ReferenceParams) -> list[types.Location] | None:
    """Return where the name is used."""
    asked = ls.asked(params)
    if asked is None or asked.name is None:
        return None
    declares = params.context.include_declaration
    found = uses(asked.name, asked.document, asked.snapshot, ls.session.workspace)
    return [ls.convert.location(place) for place, name in found if declares or not name.declares]


def complete(ls: Editor, params: types.CompletionParams) -> types.CompletionList | None:
    """Return what may be written."""
    path = ls.ours(params.text_document.uri)
    if path is None:
        return None
    text, offset = ls.convert.text(path).document, ls.convert.offset(path, params.position)
    good, snapshot = ls.session.workspace.readable(path), ls.session.workspace.snapshot(path)
    found = completion(text, offset, str(path), good, snapshot)
    return types.CompletionList(False, ls.convert.completions(found, path))


def inlay_hints(ls: Editor, params: types.InlayHintParams) -> list[types.InlayHint] | None:
    """Return the limits that stand beside settings."""
    path = ls.ours(params.text_document.uri)
    document = ls.session.workspace.snapshot(path).document(path) if path else None
    if path is None or document is None:
        return None
    text, limits = ls.convert.text(path), ls.session.limits(path)
    kind = types.InlayHintKind.Parameter
    return [
        types.InlayHint(position(text, offset), said, kind, padding_left=True)
        for offset, said in inlays(document, limits)
    ]
