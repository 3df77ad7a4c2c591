"""What is wrong with a text that is no YAML, said where its author made the mistake.

libyaml reports where it can go no further. That is often lines after the mistake: at the end of the
file for a quote that is not closed, at the next key for a missing colon. Each function here knows
one kind of mistake. It names a place only where an edit there lets libyaml go on.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from checker.language.syntax.lookalikes import find_lookalikes, in_ascii, lookalike_name

_LOADER: Any = getattr(yaml, "CLoader", yaml.Loader)
_CLOSING = {"[": "]", "{": "}"}
_NO_COLON = "could not find expected ':'"  # the words of libyaml's own error
_LINES_LOOKED_AT = 40  # before the line where libyaml gave up
_LINES_NEAR = 12
_MOST_PARSED = 2_000_000  # characters, to try edits; a text that is larger is tried once
_NO_SPACE_AFTER_COLON = re.compile(r"\s*(?:- )?([A-Za-z_][A-Za-z0-9_-]*):(?=[^\s:/])")
_NO_SPACE_AFTER_DASH = re.compile(r"\s*(-(?=[A-Za-z_\"'{\[])[^\s:]*:?)")
_COMPARISON = re.compile(r".*?:\s+([<>]=?\s*[0-9][^\s,}\]]*)\s*(#.*)?$")


@dataclass(frozen=True, slots=True)
class Mistake:
    """A mistake in the text of a document.

    Attributes:
        message: what was found.
        line, column: where, counted from 1.
        help: what to write.
    """

    message: str
    line: int
    column: int
    help: str


@dataclass(slots=True)
class _Failure:
    """A text and the error of libyaml about it.

    Attributes:
        line, start: where libyaml gave up, from 0.
        characters_left: how many characters may still be parsed to try edits.
    """

    text: str
    error: yaml.MarkedYAMLError
    lines: list[str]
    line: int
    start: int
    characters_left: int = _MOST_PARSED

    @property
    def problem(self) -> str:
        return str(self.error.problem)

    def line_text(self, line: int) -> str:
        """Return the text of a line, counted from 0; it is empty after the last one."""
        return self.lines[line] if line < len(self.lines) else ""

    def goes_on(self, line: int, edited: str) -> bool:
        """Return whether libyaml gets further where `line` reads as edited."""
        if self.characters_left <= 0:
            return False
        end = self.line + _LINES_LOOKED_AT  # what comes later is not asked
        edited_text = "\n".join([*self.lines[:line], edited, *self.lines[line + 1 : end], ""])
        self.characters_left -= len(edited_text)
        try:
            for event in yaml.parse(edited_text, Loader=_LOADER):
                mark = event.start_mark
                if mark is not None and mark.line > self.line + 1:
                    return True
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            return mark is not None and mark.line > self.line + 1
        except yaml.YAMLError:
            return False
        return True

    def before(self) -> Iterator[int]:
        """Yield the lines at which the mistake may stand, the nearest to the error first."""
        last = min(self.line, len(self.lines) - 1)
        yield from range(last, max(-1, last - _LINES_LOOKED_AT), -1)


def find_mistake(text: str, error: yaml.MarkedYAMLError) -> Mistake | None:
    """Return the mistake for which libyaml gave up, None where it is of no known kind.

    Args:
        text: the text of a document.
        error: what libyaml raised for it.
    """
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return None
    lines = text.split("\n")
    line, column = mark.line, mark.column
    if line >= len(lines):  # the end of a text whose last line does not end
        line, column = len(lines) - 1, len(lines[-1])
    failure = _Failure(text, error, lines, line, column)
    return next((mistake for find in _FINDERS if (mistake := find(failure))), None)


def _lookalike(failure: _Failure) -> Mistake | None:
    """A character that only looks like one of YAML's."""
    first = failure.error.context_mark.line if failure.error.context_mark else failure.line
    nearest = dict.fromkeys([first, *failure.before()])
    for line in nearest:
        text = failure.line_text(line)
        found = next(find_lookalikes(text), None)
        if not found:
            continue
        ascii_text = in_ascii(text)
        spaced = ascii_text[: found[0] + 1] + " " + ascii_text[found[0] + 1 :]
        if (
            _in_indentation(text, found[0])
            or failure.goes_on(line, ascii_text)
            or (found[2] in (":", ",") and failure.goes_on(line, spaced))
        ):
            index, character, twin = found
            write = f"write `{twin}`" if twin.strip() else "write a space"
            message = f"found {lookalike_name(character)}"
            return Mistake(message, line + 1, index + 1, write if twin else "remove it")
    return None


def _in_indentation(line: str, index: int) -> bool:
    """Return whether only white space stands before the index."""
    return not line[: index + 1].strip()


def _comparison(failure: _Failure) -> Mistake | None:
    """A comparison as in a formula, which YAML takes for the head of a text block."""
    text = failure.line_text(failure.line)
    match = _COMPARISON.match(text)
    if match is None:
        return None
    return Mistake(
        f"found `{match[1].strip()}`",
        failure.line + 1,
        match.start(1) + 1,
        "write a test, like `{at_least: 10}`",
    )


def _missing_space(failure: _Failure) -> Mistake | None:
    """A colon or a dash that nothing separates from what follows."""
    for line in failure.before():
        text = failure.line_text(line)
        dash = _NO_SPACE_AFTER_DASH.match(text)
        if dash:
            start = dash.start(1)
            if failure.goes_on(line, f"{text[: start + 1]} {text[start + 1 :]}"):
                help = f"write `- {dash[1][1:]}`"
                return Mistake(
                    f"found `{dash[1]}`, without a space after the dash", line + 1, start + 1, help
                )
        colon = _NO_SPACE_AFTER_COLON.match(text)
        if colon and failure.goes_on(line, f"{text[: colon.end()]} {text[colon.end() :]}"):
            shown = text.strip().removeprefix("- ")
            message = f"found `{_short(shown)}`, without a space after the colon"
            return Mistake(message, line + 1, colon.start(1) + 1, f"write `{colon[1]}: …`")
    return None


def _missing_colon(failure: _Failure) -> Mistake | None:
    """A key without its colon: the lines after it are read as its text."""
    if failure.problem not in (
        _NO_COLON,
        "mapping values are not allowed in this context",
    ):
        return None
    context = failure.error.context_mark
    lines = [context.line] if context else []
    for line in [*lines, *failure.before()]:
        text = failure.line_text(line)
        match = re.match(r"(\s*(?:- )*)([A-Za-z_][\w-]*)(\s.*)?$", text)
        if match is None:
            continue
        rest = match[3] or ""
        if failure.goes_on(line, f"{match[1]}{match[2]}:{rest}"):
            message = f"found `{_short(text.strip())}`, a key without its colon"
            return Mistake(message, line + 1, match.end(1) + 1, f"write `{match[2]}:`")
    return None


def _open_quote(failure: _Failure) -> Mistake | None:
    """A quote that is not closed, or is closed by the next one, lines later."""
    if failure.error.context == "while scanning a quoted scalar":
        mark = failure.error.context_mark
        return _quote(failure, mark.line, mark.column) if mark else None
    key = failure.error.context_mark
    at_key = failure.line_text(key.line)[key.column : key.column + 1] if key else ""
    if failure.problem == _NO_COLON and key and at_key in ("'", '"'):
        return _quote(failure, key.line, key.column)
    try:
        last = None
        for token in yaml.scan(failure.text, Loader=_LOADER):
            if token.start_mark.line > failure.line:
                break
            is_quoted = isinstance(token, yaml.ScalarToken) and token.style in ("'", '"')
            if is_quoted and token.end_mark.line > token.start_mark.line:
                last = token
    except yaml.YAMLError:
        pass
    return _quote(failure, last.start_mark.line, last.start_mark.column) if last else None


def _quote(failure: _Failure, line: int, column: int) -> Mistake:
    quote = failure.line_text(line)[column : column + 1]
    message = f"found a quote {quote} that is not closed on its line"
    return Mistake(message, line + 1, column + 1, f"close it with {quote}, or remove it")


def _brackets(failure: _Failure) -> Mistake | None:
    """A bracket that is not closed, one too many, or a comma that is missing between two."""
    if not str(failure.error.context).startswith("while parsing a flow"):
        return None
    mark = _innermost_open_bracket(failure)
    if mark is None:
        return None
    opening = failure.line_text(mark.line)[mark.column : mark.column + 1]
    if opening not in _CLOSING:
        return None
    closing, text = _CLOSING[opening], failure.line_text(failure.line)
    before, after = text[: failure.start], text[failure.start :]
    unclosed = Mistake(
        f"found `{opening}` that is not closed",
        mark.line + 1,
        mark.column + 1,
        f"write `{closing}`",
    )
    if mark.line < failure.line and not failure.goes_on(failure.line, f"{before},{after}"):
        return unclosed
    if failure.goes_on(failure.line, f"{before}{closing}{after}"):
        return unclosed
    found, line, column = after[:1], failure.line + 1, failure.start + 1
    if found in ("]", "}") and failure.goes_on(failure.line, before + after[1:]):
        return Mistake(f"found one `{found}` too many", line, column, "remove it")
    if failure.line > mark.line and not after.strip():
        return unclosed
    message = f"found `{_short(after.strip())}` in brackets, expected `,` or `{closing}`"
    return Mistake(message, line, column, "look at the commas and brackets before it")


def _innermost_open_bracket(failure: _Failure) -> Any:
    """Return the mark of the last bracket before the error that nothing closes, None without."""
    open_marks, end = [], failure.error.problem_mark
    try:
        for token in yaml.scan(failure.text, Loader=_LOADER):
            if end is not None and token.start_mark.index >= end.index:
                break
            if isinstance(token, yaml.FlowSequenceStartToken | yaml.FlowMappingStartToken):
                open_marks.append(token.start_mark)
            elif isinstance(token, yaml.FlowSequenceEndToken | yaml.FlowMappingEndToken):
                open_marks = open_marks[:-1]
    except yaml.YAMLError:
        pass
    return open_marks[-1] if open_marks else None


def _after_value(failure: _Failure) -> Mistake | None:
    """Something that follows a value on its line."""
    text = failure.line_text(failure.line)
    after = text[failure.start :].strip()
    is_later = bool(text[: failure.start].strip().lstrip("- "))
    if not after or not is_later or "did not find expected" not in failure.problem:
        return None
    message = f"found `{_short(after)}` after the end of a value"
    help = "look at the quotes and brackets before it"
    return Mistake(message, failure.line + 1, failure.start + 1, help)


def _item_among_keys(failure: _Failure) -> Mistake | None:
    """An item of a list between the keys of a map, or a key between the items of a list."""
    text = failure.line_text(failure.line)
    if failure.error.context == "while parsing a block mapping" and text.strip()[:2] in ("-", "- "):
        message = "found an item of a list, expected a key like those above"
        help = "write `key: value`, or make the lines above items as well"
        return Mistake(message, failure.line + 1, _indent(text) + 1, help)
    return None


def _tab(failure: _Failure) -> Mistake | None:
    """A tab in the indentation."""
    for line in list(failure.before())[:2]:
        indentation = re.match(r"\s*", failure.line_text(line))
        if indentation and "\t" in indentation[0]:
            column = indentation[0].index("\t") + 1
            return Mistake("found a tab in the indentation", line + 1, column, "write spaces")
    return None


def _colon_in_text(failure: _Failure) -> Mistake | None:
    """A text with a colon, which YAML takes for a key."""
    if failure.problem != "mapping values are not allowed in this context":
        return None
    text = failure.line_text(failure.line)
    match = re.match(r"\s*(?:- )*[^\s:#]+:\s+(\S.*)$", text)
    if match is None or match.start(1) > failure.start:
        return None
    message = f"found `: ` inside the text `{_short(match[1])}`"
    return Mistake(message, failure.line + 1, match.start(1) + 1, "put the text in quotes")


def _reserved_character(failure: _Failure) -> Mistake | None:
    """A text that begins with a character that YAML keeps for itself."""
    text = failure.line_text(failure.line)
    character = text[failure.start : failure.start + 1]
    if not character or character not in "%@`|>&*!":
        return None
    message = f"found {character} at the start of a text"
    return Mistake(message, failure.line + 1, failure.start + 1, "put the text in quotes")


def _stray_character(failure: _Failure) -> Mistake | None:
    """A character before the indentation of a line."""
    for line in [*failure.before()][:_LINES_NEAR]:
        text = failure.line_text(line)
        if not re.match(r"\S\s+\S", text) or text.startswith("- "):
            continue
        if failure.goes_on(line, text[1:]) or failure.goes_on(line, f" {text[1:]}"):
            message = f"found `{text[0]}` before the indentation"
            return Mistake(message, line + 1, 1, "remove it")
    return None


def _no_key(failure: _Failure) -> Mistake | None:
    """A text where a key must stand."""
    mark = failure.error.context_mark
    if failure.problem != _NO_COLON or mark is None:
        return None
    text = failure.line_text(mark.line).strip()
    return Mistake(
        f"found `{_short(text)}`, expected `key: value`",
        mark.line + 1,
        mark.column + 1,
        "look at the colon, the quotes and the indentation",
    )


def _indentation(failure: _Failure) -> Mistake | None:
    """A line that is indented like no line above it."""
    if "did not find expected" not in failure.problem:
        return None
    if not str(failure.error.context).startswith("while parsing a block"):
        return None
    context = failure.error.context_mark
    lines = [failure.line] + ([context.line] if context else [])
    odd_first = sorted(lines, key=lambda line: _indent(failure.line_text(line)) % 2 == 0)
    for line in odd_first:
        text = failure.line_text(line)
        for change in (-1, 1, -2, 2):
            indent = _indent(text) + change
            if indent >= 0 and failure.goes_on(line, " " * indent + text.lstrip(" ")):
                message = f"found an indentation of {_spaces(_indent(text))}"
                help = f"indent it by {_spaces(indent)}, like its neighbours"
                return Mistake(message, line + 1, _indent(text) + 1, help)
    return None


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _spaces(count: int) -> str:
    return "1 space" if count == 1 else f"{count} spaces"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:37]}…"


_FINDERS: tuple[Callable[[_Failure], Mistake | None], ...] = (
    _lookalike,
    _comparison,
    _missing_space,
    _open_quote,
    _brackets,
    _missing_colon,
    _tab,
    _colon_in_text,
    _reserved_character,
    _stray_character,
    _indentation,
    _item_among_keys,
    _after_value,
    _no_key,
)
