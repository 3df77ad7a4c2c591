"""How a scalar is written: without quotes where possible, over several lines where it is long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from functools import lru_cache

from checker.language.formatter.tree import TreeNode
from checker.language.syntax.printable import CONTROLS, printable
from checker.language.syntax.scalars import Scalar, resolve_scalar

# the characters that YAML 1.2 can write without an escape, without line breaks and tabs
_SAFE = " -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_NOT_SAFE = re.compile(f"[^{_SAFE}]")
_ESCAPED = re.compile(f'["\\\\]|[^{_SAFE}]|{CONTROLS.pattern}')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FIRST = re.compile(r"""[^-?:,\[\]{}#&*!|>'"%@` ]|[-?:][^ ,\[\]{}]""")
_INDICATOR = re.compile(r": | #|[: ]\Z|\A(---|\.\.\.)")
# not plain in brackets; YAML would allow `?x` and `x:y` there, and libyaml does not read them
_IN_BRACKETS = re.compile(r"[,:\[\]{}]|\A\?")
_BREAKABLE = re.compile(r"(?<! ) (?! )")


def scalar(node: TreeNode, *, flow: bool) -> str:
    """Return a scalar on one line.

    Args:
        node: the node of the scalar; a number stays as its author wrote it.
        flow: whether it is in brackets or a key, where fewer strings can be plain.
    """
    if isinstance(node.value, str):
        return node.value if _can_be_plain(node.value, flow) else _quoted(node.value)
    return node.spelled if _is_number(node.value) and node.spelled else _unquoted(node.value)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _unquoted(value: Scalar) -> str:
    if value is None:
        return "null"
    return format(value, "f") if isinstance(value, Decimal) else str(value).lower()


@lru_cache(maxsize=4096)
def _can_be_plain(text: str, flow: bool) -> bool:
    """Return whether the text without quotes is read as the same string."""
    try:
        same_string = resolve_scalar(text) == text
    except ValueError:
        same_string = False
    return (
        same_string
        and text != "<<"
        and _FIRST.match(text) is not None
        and _is_safe(text)
        and not _INDICATOR.search(text)
        and not (flow and _IN_BRACKETS.search(text))
    )


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and "'" not in text and _is_safe(text):
        return f"'{text}'"
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), text) + '"'


def _is_safe(text: str) -> bool:
    """Return whether the text needs no escape, also where it is printed as it is."""
    return _NOT_SAFE.search(text) is None and printable(text) == text


def _escape(character: str) -> str:
    code = ord(character)
    if code > 0xFFFF:
        return f"\\U{code:08x}"
    hexadecimal = f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
    return _SHORT.get(character, hexadecimal)


def block(text: str, width: int) -> list[str] | None:
    """Return a text as the lines of a block scalar, the first one with its header (`|`, `>-`).

    None where it would not be read as the same text, or would have one line only.

    Args:
        text: the text; with several lines it becomes literal where all lines fit, else folded.
        width: the most characters of a line, without indentation.
    """
    lines = text.removesuffix("\n").split("\n")
    if (
        not all(map(_can_be_block_line, lines))
        or not lines[0]
        or lines[0][0] == " "
        or not lines[-1]
    ):
        return None
    chomping = "" if text.endswith("\n") else "-"
    has_breaks = "\n" in text
    starts_with_space = any(line[:1] == " " for line in lines)  # folding would keep their breaks
    if any(line.lstrip().startswith("::") for line in lines):  # a command of a runner
        return None
    if has_breaks and (starts_with_space or len(max(lines, key=len)) <= width):
        return [f"|{chomping}", *lines]
    folded = [*_folded(lines, width)]
    return [f">{chomping}", *folded] if has_breaks or len(folded) > 1 else None


def _can_be_block_line(text: str) -> bool:
    return _is_safe(text) and text[-1:] != " "


def _folded(lines: list[str], width: int) -> Iterator[str]:
    """Yield the lines of a folded block scalar: a blank line stands for each line break."""
    for number, line in enumerate(lines):
        if number:
            yield ""
        words = _BREAKABLE.split(line)
        current = words[0]
        for word in words[1:]:
            if len(current) + 1 + len(word) > width:
                yield current
                current = word
            else:
                current += f" {word}"
        if current:
            yield current
