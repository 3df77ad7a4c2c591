"""No document crashes the program: shipped ones with parts replaced, and text that is none."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.analysis.check.validator import Validator
from checker.language.resolve.folders import documents_below
from checker.language.resolve.library import FileEntry, Library, Root
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.parser import compose
from tests.conftest import PROJECT
from tests.drawing import drawing, share
from tests.worlds import DAY

ROOT = Root(PROJECT / "policy")
FILES = [*documents_below(PROJECT / "policy"), *documents_below(PROJECT / "examples" / "1-decide")]
SHIPPED = [compose(path.read_text(encoding="utf-8"))[0] for path in FILES]
JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.text(max_size=8)
    | st.sampled_from(
        ["returns@1", "cn/holidays", "7d", "2024-02-30", "none", "1.00", "used", "is", "article#a1"]
    ),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["all", "any", "not", "when", "param", "fact", "x"]), inner
        )
    ),
    max_leaves=4,
)


def paths(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = [*data.items()] if isinstance(data, dict) else []
    inner = [*enumerate(data)] if isinstance(data, list) else inner
    return [path, *(found for step, value in inner for found in paths(value, (*path, step)))]


PATHS = [[path for path in paths(document) if path] for document in SHIPPED]


@st.composite
def mutants(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a shipped document with one to three of its nodes replaced, renamed or removed."""
    number = draw(st.integers(0, len(SHIPPED) - 1))
    document = copy.deepcopy(SHIPPED[number])
    for path in draw(st.lists(st.sampled_from(PATHS[number]), min_size=1, max_size=3)):
        node = document
        try:
            for step in path[:-1]:
                node = node[step]
            value = node[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if isinstance(node, str):
            continue
        how = draw(st.sampled_from(["replace", "rename", "remove"]))
        if how == "replace":
            node[path[-1]] = draw(JUNK)
        else:
            del node[path[-1]]
        if how == "rename" and isinstance(node, dict):
            node[draw(st.text(min_size=1, max_size=6))] = value
    return document  # type: ignore[no-any-return]


def validate(document: dict[str, Any]) -> None:
    """Validate the document among the shipped ones, in the place of its namesake."""
    library = Library()
    kind, id = document.get("kind"), document.get("id")
    version = document.get("version")
    names = [each if isinstance(each, str) else "" for each in (kind, id, version)]
    mutant = FileEntry("mutant.yaml", json.dumps(document, default=str).encode(), *names)
    library.add(mutant)
    others = [each for each in _shelf() if not mutant.id or each.id != mutant.id]
    for each in others:
        library.add(each, ROOT)
    with _forgetting(library.open_all(others)):
        validator = Validator(Resolver(library), DAY)
        for each in library.documents:
            for problem in validator.problems(each):
                assert problem.message and problem.position.file


@cache
def _shelf() -> list[FileEntry]:
    """Return the shipped documents, validated: what is known of them is not found out again."""
    library = Library()
    shelf = library.add_root(ROOT)
    validator = Validator(Resolver(library), DAY)
    for each in library.documents:
        validator.problems(each)
    return shelf


@contextmanager
def _forgetting(documents: list[Document]) -> Iterator[None]:
    """Forget what the block finds out about the documents, which is true of one mutant alone."""
    known = [{**each.cache} for each in documents]
    yield
    for each, before in zip(documents, known, strict=True):
        each.cache.clear()
        each.cache.update(before)


@drawing(share(120))
@given(mutants())
def test_mutants_of_shipped_documents_are_validated(document: dict[str, Any]) -> None:
    validate(document)


@pytest.mark.slow
@drawing(1500)
@given(mutants())
def test_many_mutants_of_shipped_documents_are_validated(document: dict[str, Any]) -> None:
    validate(document)


@settings(max_examples=share(400))
@given(
    st.binary(max_size=60)
    | st.text(alphabet="kind:policy{}[]&*!|>-?'\" \n\t#%@`~<,0123.e", max_size=60).map(str.encode)
)
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    document, problems = parse_document(raw, "any.yaml")
    assert (document is None) == bool(problems)
    for problem in problems:
        assert problem.position.line >= 0
