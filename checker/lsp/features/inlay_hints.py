"""Inlay hints: the values that pass, beside each setting of an override."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from checker.language.syntax.documents import Document
from checker.lsp.index.names import layout_of


def limit_hints(document: Document, limits: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    """Yield the offset after each setting of an override, and the values that pass alone."""
    settings = layout_of(document).entries.get("settings")
    if document.kind != "override" or settings is None:
        return
    for name, node in settings.entries.items():
        if name in limits:
            setting = document.text[node.start : node.end]
            yield node.start + len(setting.rstrip()), f"⟵ {limits[str(name)]}"
