"""How a scalar is written: without quotes where it can be, and over lines where it is long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from checker.language.formatter.tree import TreeNode
from checker.language.syntax.scalars import Scalar, resolve_scalar

# what stands in a YAML file as it is, line breaks and tabs aside
_SAFE = " -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff"
_PRINTABLE = re.compile(f"[{_SAFE}]*")
_ESCAPED = re.compile(f'["\\\\]|[^{_SAFE}]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_FIRST = re.compile(r"""[^-?:,\[\]{}#&*!|>'"%@` ]|[-?:][^ ,\[\]{}]""")
_INDICATOR = re.compile(r": | #|[: ]\Z|\A(---|\.\.\.)")
_IN_BRACKETS = re.compile(r"[,:\[\]{}]|\A\?")  # libyaml reads no `?x` and `:x` there
_BREAKABLE = re.compile(r"(?<! ) (?! )")


def scalar(node: TreeNode, *, flow: bool) -> str:
    """Return a scalar on one line; with `flow`, in brackets and for a key, more is quoted."""
    if isinstance(node.value, str):
        return node.value if _is_plain(node.value, flow) else _quoted(node.value)
    return node.spelled if _is_number(node.value) and node.spelled else _plain(node.value)


def _is_number(value: Scalar) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _plain(value: Scalar) -> str:
    if value is None:
        return "null"
    return format(value, "f") if isinstance(value, Decimal) else str(value).lower()


def _is_plain(text: str, flow: bool) -> bool:
    """Return whether the text without quotes is read as itself."""
    try:
        itself = resolve_scalar(text) == text
    except ValueError:
        itself = False
    return (
        itself
        and text != "<<"
        and _FIRST.match(text) is not None
        and _PRINTABLE.fullmatch(text) is not None
        and not _INDICATOR.search(text)
        and not (flow and _IN_BRACKETS.search(text))
    )


def _quoted(text: str) -> str:
    if ('"' in text or "\\" in text) and "'" not in text and _PRINTABLE.fullmatch(text):
        return f"'{text}'"
    return '"' + _ESCAPED.sub(lambda found: _escape(found[0]), text) + '"'


def _escape(character: str) -> str:
    code = ord(character)
    longer = f"\\u{code:04x}" if code > 0xFF else f"\\x{code:02x}"
    return _SHORT.get(character, longer)


def block(text: str, width: int) -> list[str] | None:
    """Return a text as the lines of a block scalar, its indicator first.

    None where it would not be read as itself, or is no better than on one line.
    """
    lines = text.removesuffix("\n").split("\n")
    if (
        not all(map(_stands_on_a_line, lines))
        or not lines[0]
        or lines[0][0] == " "
        or not lines[-1]
    ):
        return None
    chomping = "" if text.endswith("\n") else "-"
    broken = "\n" in text
    if broken and (any(line[:1] == " " for line in lines) or len(max(lines, key=len)) <= width):
        return [f"|{chomping}", *lines]
    folded = [*_folded(lines, width)]
    return [f">{chomping}", *folded] if broken or len(folded) > 1 else None


def _stands_on_a_line(text: str) -> bool:
    return _PRINTABLE.fullmatch(text) is not None and text[-1:] != " "


def _folded(lines: list[str], width: int) -> Iterator[str]:
    """Yield lines that are folded to what is given: a blank line stands for each line break."""
    for number, line in enumerate(lines):
        if number:
            yield ""
        words = _BREAKABLE.split(line)
        filled = words[0]
        for word in words[1:]:
            if len(filled) + 1 + len(word) > width:
                yield filled
                filled = word
            else:
                filled += f" {word}"
        if filled:
            yield filled
