"""A document's text in the one layout, and the check that its data and comments are the same."""

from __future__ import annotations

from collections import Counter
from typing import Any

from checker.language.formatter.comments import comments_and_dashes
from checker.language.formatter.from_text import read_tree
from checker.language.formatter.key_order import in_schema_order
from checker.language.formatter.lines import document_text
from checker.language.formatter.tree import TreeNode
from checker.language.syntax.documents import Document
from checker.language.syntax.parser import ParseError, compose
from checker.language.syntax.problems import InternalError


def formatted(document: Document) -> str:
    """Return the text of a document in the one layout, with the same data and all comments.

    Where the document has aliases, keys keep their order: an anchor must come before its aliases.

    Raises:
        InternalError: the new text would have other data, or lacks a comment.
    """
    tree, comments = read_tree(document.text, document.data)
    data = document.data if _has_alias(tree.value) else in_schema_order(document.data)
    _sort(tree.value, data)
    text = document_text(tree)
    _check(document, data, text, [comment.text for comment in comments])
    return text


def _has_alias(node: TreeNode) -> bool:
    return bool(node.alias) or any(_has_alias(entry.value) for entry in node.entries or [])


def _sort(node: TreeNode, data: Any) -> None:
    """Put the entries of all maps in the order of the keys in the data."""
    if not node.entries:
        return
    if node.is_map:
        ranks = {key: rank for rank, key in enumerate(data)}
        node.entries.sort(key=lambda entry: ranks[entry.key.value if entry.key else None])
    for entry, value in zip(node.entries, data.values() if node.is_map else data, strict=True):
        _sort(entry.value, value)


def _check(document: Document, data: Any, text: str, comments: list[str]) -> None:
    """Read the new text; InternalError where its data or its comments are not the same."""
    try:
        new_data = compose(text)[0]
    except ParseError as error:
        problem = f"can't be read, at {error.line}:{error.column}: {error.message}"
    else:
        new_comments = Counter(comment.text for comment in comments_and_dashes(text)[0])
        same_comments = new_comments == Counter(comments)
        same_data = _same(new_data, data) and new_data == document.data
        problem = "" if same_data else "says something else"
        problem = problem if same_comments else "lost a comment"
    if problem:
        raise InternalError(f"internal error: {document.file} in the one layout {problem}")


def _same(left: Any, right: Any) -> bool:
    """Return whether two data are equal, with the same types and the same order of keys."""
    if type(left) is not type(right):
        return False
    if isinstance(left, dict):
        return [*left] == [*right] and all(_same(left[key], right[key]) for key in left)
    if isinstance(left, list):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
