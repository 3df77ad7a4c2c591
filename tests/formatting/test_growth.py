"""Twice as long a text takes about twice as many steps to format: calls are counted, not time."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any

import pytest

from checker.language.formatter.format import formatted
from checker.language.syntax.documents import Document, parse_document

TEXTS: dict[str, Callable[[int], str]] = {
    "a list of scalars": lambda n: "".join(f"- item number {i:06}\n" for i in range(n)),
    "a list of maps": lambda n: "".join(f"- {{fact_{i}: {i}}}\n" for i in range(n)),
    "a list of maps with ids": lambda n: "".join(f"- {{id: a{i}, b: c}}\n" for i in range(n)),
    "a list of lists": lambda n: "".join(f"- - a{i}\n  - b\n" for i in range(n)),
    "a list in brackets": lambda n: f"[{', '.join(f'a{i}' for i in range(n))}]\n",
    "nested brackets": lambda n: "[" * 40 + ", ".join(f"a{i}" for i in range(n)) + "]" * 40 + "\n",
    "a map": lambda n: "".join(f"a{i}: {i}\n" for i in range(n)),
    "comments": lambda n: "".join(f"a{i}: {i}  # c\n# d\n" for i in range(n)),
    "comments in brackets": lambda n: f"[\n{''.join(f'a{i}, # c{chr(10)}' for i in range(n))}]\n",
    "a long text": lambda n: "word " * n + "\n",
    "lines of a text": lambda n: "|\n" + "word word\n" * n,
}


@pytest.mark.parametrize("value", TEXTS.values(), ids=TEXTS)
def test_steps_grow_with_the_text(value: Callable[[int], str]) -> None:
    once, twice = (steps(document(value(items))) for items in (200, 400))
    assert twice < 2.4 * once


def document(value: str) -> Document:
    text = "kind: cases\nvalue:\n" + "".join(f"  {line}\n" for line in value.splitlines())
    if value[0] == "|":
        text = text.replace("value:\n  |", "value: |")
    parsed, problems = parse_document(text.encode(), "long.yaml")
    assert parsed, problems
    return parsed


def steps(to_format: Document) -> int:
    """Return how many calls formatting makes; each item of a generator is one, too."""
    calls = 0

    def count(_: FrameType, event: str, __: Any) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        formatted(to_format)
    finally:
        sys.setprofile(None)
    return calls
