"""Plain data as YAML that the language reads back as the same data, in the one layout."""

from __future__ import annotations

from typing import Any


def yaml_text(data: Any) -> str:
    """Return `data`, a map, as YAML text: a document's keys in order, others as they stand."""
    # few calls print YAML, and what lays it out takes time to load
    from checker.language.formatter.key_order import in_schema_order
    from checker.language.formatter.lines import document_text
    from checker.language.formatter.tree import TreeEntry, tree_of

    return document_text(TreeEntry(tree_of(in_schema_order(data))))
