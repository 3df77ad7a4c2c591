"""A document nested too deeply is one error, whoever refuses it first.

It stands where the first node begins that 64 others hold: a collection, a text or a key.

libyaml refuses 1,000 levels by itself from version 0.2.6 on (PyYAML 6.0.4), older ones don't.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
import yaml

from checker.language.syntax.parser import ParseError, compose

READ = yaml.parse


def lines(text: str, levels: int) -> str:
    """Return the text on a line of its own for each level, one space further in than the last."""
    return "".join(" " * level + text + "\n" for level in range(levels))


# name: the text for a number of levels, and the line and column of the error
KINDS: dict[str, tuple[Any, int, int]] = {
    "brackets": (lambda n: "[" * n, 1, 65),
    "brackets that are closed": (lambda n: "[" * n + "]" * n, 1, 65),
    "brackets in a map": (lambda n: "kind: " + "[" * (n - 1), 1, 70),
    "brackets on lines of their own": (lambda n: "a:\n" + lines(" [", n - 1), 65, 65),
    "brackets after many characters": (lambda n: "é\U0001f35c: " + "[" * (n - 1), 1, 68),
    "braces": (lambda n: "{a: " * n, 1, 254),
    "braces in a map": (lambda n: "a: " + "{a: " * (n - 1), 1, 253),
    "brackets and braces": (lambda n: "[{a: " * (n // 2), 1, 158),
    "items": (lambda n: "- " * n, 1, 129),
    "maps, line by line": (lambda n: lines("a:", n), 64, 64),
    "items, line by line": (lambda n: lines("-", n), 65, 65),
    "brackets in block style": (lambda n: lines("a:", 40) + " " * 40 + "[" * (n - 40), 41, 65),
    "braces in items": (lambda n: "- " * 40 + "{a: " * (n - 40), 1, 174),
    "behind brackets in a comment": (lambda n: "# [[[[\na: " + "[" * (n - 1), 2, 67),
    "behind a text of brackets": (lambda n: 'a: "[[[["\nb: ' + "[" * (n - 1), 2, 67),
    "before what is not YAML": (lambda n: "a: " + "[" * (n - 1) + "\n}: @", 1, 67),
}
# name: the text for a number of levels, and the mistake that stands before them, with its place
BEFORE: dict[str, tuple[Any, str]] = {
    "a second document": (lambda n: "a: 1\n---\n" + "[" * n, "a second document in the file 2:1"),
    "a key twice": (lambda n: "a: 1\na: " + "[" * n, "key `a` twice in one map 2:1"),
    "a tag": (lambda n: "a: !x " + "[" * n, "a tag, `!x` 1:4"),
    "brackets in an explicit key": (lambda n: "? " + "[" * n, "a collection as a key 1:3"),
    "brackets in a key in braces": (lambda n: "{" + "[" * n, "a collection as a key 1:2"),
    "braces in a key": (lambda n: "a: {{a: " + "{a: " * n, "a collection as a key 1:5"),
    "keys of keys": (lambda n: "? " * n, "a collection as a key 1:3"),
}
# Nobody finds the end of a key this long: an error of its own, at the place where YAML gives up.
LONG_KEY = "a: 1\n" + "[" * 2000 + "]" * 2000 + ": b\n"


def refused(text: str) -> ParseError:
    with pytest.raises(ParseError) as caught:
        compose(text)
    return caught.value


@pytest.fixture(params=["by the installed libyaml", "before the first event"])
def levels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return numbers of levels to try, and let texts be refused as the parameter says."""
    if request.param == "by the installed libyaml":
        return [66, 100, 998, 1000, 1100]
    monkeypatch.setattr(yaml, "parse", refusing_early)
    return [80, 300, 900]


def refusing_early(text: str, Loader: Any) -> Iterator[Any]:
    """Refuse 70 levels of brackets and braces, or 70 in block style, before the first event."""
    depth = Counter[bool]()
    refused: yaml.Mark | None = None
    with suppress(yaml.YAMLError):
        for event in READ(text, Loader=Loader):
            if isinstance(event, yaml.CollectionStartEvent):
                depth[event.flow_style] += 1
                if depth[event.flow_style] == 70:
                    refused = event.start_mark
                    break
    if refused:
        problem = "exceeded maximum nesting depth"
        raise yaml.scanner.ScannerError(None, None, problem, refused)
    yield from READ(text, Loader=Loader)


@pytest.mark.parametrize("kind", KINDS)
def test_a_deep_document_is_one_error_at_one_place(kind: str, levels: list[int]) -> None:
    text, line, column = KINDS[kind]
    for number in levels:
        error = refused(text(number))
        assert error.message == "found more than 64 levels of nesting"
        assert (error.line, error.column, error.help) == (line, column, None)


@pytest.mark.parametrize("mistake", BEFORE)
def test_a_mistake_before_the_nesting_is_the_error(mistake: str, levels: list[int]) -> None:
    text, message = BEFORE[mistake]
    for number in levels:
        error = refused(text(number))
        assert f"{error.message} {error.line}:{error.column}" == f"found {message}"


def test_a_deep_key_that_is_too_long_has_one_place() -> None:
    error = refused(LONG_KEY)
    assert error.message == f"not YAML: found `{'[' * 37}…`, expected `key: value`"
    assert (error.line, error.column) == (2, 1)


def test_64_levels_are_read() -> None:
    for text in ("[" * 64 + "]" * 64, lines("a:", 63), "- " * 63):
        assert compose(text)
