"""A document in the one layout, and the check that it still says the same."""

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
    """Return the document's text in the one layout: it says the same and has every comment.

    Keys stay in their order where there are aliases, as what they name comes before them.
    InternalError where the text would say something else.
    """
    whole, comments = read_tree(document.text, document.data)
    data = document.data if _aliased(whole.value) else in_schema_order(document.data)
    _sort(whole.value, data)
    text = document_text(whole)
    _check(document, data, text, [each.text for each in comments])
    return text


def _aliased(node: TreeNode) -> bool:
    return bool(node.alias) or any(_aliased(each.value) for each in node.entries or [])


def _sort(node: TreeNode, data: Any) -> None:
    """Put the entries of all maps in the order that the data has them in."""
    if not node.entries:
        return
    if node.is_map:
        places = {name: number for number, name in enumerate(data)}
        node.entries.sort(key=lambda entry: places[entry.key.value if entry.key else None])
    for entry, value in zip(node.entries, data.values() if node.is_map else data, strict=True):
        _sort(entry.value, value)


def _check(document: Document, data: Any, text: str, comments: list[str]) -> None:
    try:
        found = compose(text)[0]
    except ParseError as error:
        problem = f"can't be read, at {error.line}:{error.column}: {error.message}"
    else:
        kept = Counter(each.text for each in comments_and_dashes(text)[0]) == Counter(comments)
        same = _same(found, data) and found == document.data
        problem = "" if same and kept else "says something else" if kept else "lost a comment"
    if problem:
        raise InternalError(f"internal error: {document.file} in the one layout {problem}")


def _same(one: Any, other: Any) -> bool:
    """Return whether two data are equal in all that a document says, the order of keys too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return [*one] == [*other] and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return bool(one == other)
