"""Plain data as YAML text in the one layout; reading the text gives the same data."""

from __future__ import annotations

from typing import Any


def yaml_text(data: Any) -> str:
    """Return a map as YAML text; the keys of a document come in the order of its schema."""
    # few commands print YAML, and these modules take time to load
    from checker.language.formatter.key_order import in_schema_order
    from checker.language.formatter.lines import document_text
    from checker.language.formatter.tree import TreeEntry, tree_of

    return document_text(TreeEntry(tree_of(in_schema_order(data))))
