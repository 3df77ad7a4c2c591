"""Data written as YAML in many styles, with comments wherever a comment may stand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from hypothesis import strategies as st

from checker.language.syntax.scalars import resolve_scalar

ODD = r"""
no||12:30||2024-08-19||null||~||1.50||0x1F||1e3||.inf||-||- x||?||? x||:||: x||x:||x: y||x #y
#x||a,b||[x||x]||{x||x}||'||"||it's||say "x"||\||a\b||a"b'c||%x||@x||`x`||!x||&x||*x||*||<<||=
---||--- x||...||... x||>|| x||x || ||x  y||日本||x 日本 y||é||😀||article#B2||returns@1||48h
<stated>||a: "b"||a?b||a?
""".strip()
UNPRINTABLE = ["", "\t", "a\tb", "\x7f", "\x85", "a\u2028b", "\ufeff", "\xa0x", "x\u3000", "\0"]
LINES = [
    "a\nb",
    "a\n",
    "a\n\n",
    "\na",
    "a\n b\n",
    "a \nb",
    "a\n\nb\n",
    "\n",
    " a\nb",
    "a\n#b",
    "a\n\tb",
]
WORDS = re.split(" ", "a the goods of ( - , word, 退货 sentence. it's returned # : x:")
LONG = st.lists(st.sampled_from(WORDS), min_size=12, max_size=60).map(" ".join)
TEXTS = st.one_of(
    st.sampled_from([*re.split(r"\|\||\n", ODD), *UNPRINTABLE, *LINES]),
    st.text(max_size=12),
    LONG,
    st.lists(LONG, min_size=2, max_size=3).map("\n".join),
)
NAMES = st.sampled_from(["kind", "id", "facts", "values", "true", "1", "a b", *"abcdefgh"]) | TEXTS
NUMBERS = st.integers(-(10**6), 10**6) | st.sampled_from([Decimal("1.5"), Decimal("-0.01")])
SCALARS = st.one_of(TEXTS, st.sampled_from(["x", "y1"]), NUMBERS, st.booleans(), st.none())
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(NAMES, inner, max_size=5),
    max_leaves=20,
)
MAPS = st.dictionaries(NAMES, DATA, min_size=1, max_size=5)

_SAFE = re.compile(r"[\w(][\w()., /@-]*[\w().]|\w")
_PRINTABLE = re.compile(
    "[ -~\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]*"
)
_COMMENT = re.compile(r"# c[0-9]+")


def comments(text: str) -> list[str]:
    """Return the comments that `written` put in, in their order."""
    return _COMMENT.findall(text)


def written(random: Random, data: dict[str, Any], *, bare: bool = False) -> str:
    """Return a YAML text of a map; a `bare` one has no comments, blank lines and aliases."""
    text = "\n".join([*_Writer(random, bare).document(data), ""])
    mark = "\ufeff" if random.random() < 0.1 else ""
    return mark + (text.replace("\n", "\r\n") if random.random() < 0.2 else text)


@dataclass(slots=True)
class _Writer:
    """Writes lines, and is led by chance at every fork."""

    random: Random
    bare: bool
    written: int = 0
    anchors: list[tuple[str, Any]] = field(default_factory=list)

    def may(self, percent: int) -> bool:
        return self.random.random() * 100 < percent

    def comment(self) -> str:
        self.written += 1
        return f"# c{self.written}"

    def tail(self) -> str:
        """What may stand behind something on its line."""
        return "" if self.bare or not self.may(15) else f"  {self.comment()}"

    def own(self, indent: int) -> list[str]:
        """Lines without data, up to the indentation of what follows."""
        lines: list[str] = []
        while not self.bare and self.may(15):
            column = self.random.randint(0, indent)
            lines.append("" if self.may(30) else " " * column + self.comment())
        return lines

    def document(self, data: dict[str, Any]) -> list[str]:
        lines = self.own(0)
        if self.may(5):
            lines += [f"%YAML 1.2{self.tail()}", *self.own(0), f"---{self.tail()}"]
        if self.may(85):
            lines += self.block(data, 0)
        else:
            lines += [*self.own(0), self.flow(data, 1) + self.tail()]
        lines += self.own(0)
        return [*lines, f"...{self.tail()}", *self.own(0)] if self.may(5) else lines

    def block(self, data: Any, indent: int, *, first: bool = True) -> list[str]:
        """A collection, an entry below the other; `first` says whether lines may stand before."""
        lines: list[str] = []
        entries = data.items() if isinstance(data, dict) else [(None, each) for each in data]
        for key, value in entries:
            lines += self.own(indent) if first else []
            start, first = " " * indent + ("-" if key is None else f"{self.line(key)}:"), True
            if key is not None and self.may(5):
                lines.append(f"{' ' * indent}? {self.line(key)}{self.tail()}")
                start = " " * indent + ":"
            lines += self.value(start, value, indent)
        return lines

    def value(self, start: str, value: Any, indent: int) -> list[str]:
        """An entry from its key or dash on."""
        known = [name for name, other in self.anchors if _same(other, value)]
        if known and self.may(50):
            return [f"{start} *{known[0]}{self.tail()}"]
        if not self.bare and self.may(5):
            self.anchors.append((f"a{len(self.anchors)}", value))
            start += f" &{self.anchors[-1][0]}"
        if isinstance(value, dict | list) and value and self.may(60):
            return self.nested(start, value, indent)
        if isinstance(value, str) and _fits_block(value) and self.may(40):
            return self.literal(start, value, indent)
        if value is None and self.may(30):
            return [start + self.tail()]
        inner = indent + self.random.randint(1, 4)
        text = self.flow(value, inner) if isinstance(value, dict | list) else self.line(value)
        if self.may(85):
            return [f"{start} {text}{self.tail()}"]
        return [start + self.tail(), *self.own(inner), " " * inner + text + self.tail()]

    def nested(self, start: str, value: Any, indent: int) -> list[str]:
        """An entry whose value is a block, on the line of a dash or below it."""
        inner = indent + self.random.randint(1, 4)
        if start.endswith("-") and inner > indent + 1 and self.may(70):
            line, *lines = self.block(value, inner, first=False)
            return [start.ljust(inner) + line[inner:], *lines]
        if isinstance(value, list) and not start.lstrip().startswith("-") and self.may(50):
            inner = indent
        return [start + self.tail(), *self.block(value, inner)]

    def literal(self, start: str, text: str, indent: int) -> list[str]:
        pad = " " * (indent + self.random.randint(1, 4))
        lines = text.removesuffix("\n").split("\n")
        chomping = "" if text.endswith("\n") else "-"
        return [
            f"{start} |{chomping}{self.tail()}",
            *(pad + line if line else "" for line in lines),
        ]

    def flow(self, value: Any, indent: int) -> str:
        """A value in brackets, over any number of lines."""
        if not isinstance(value, dict | list):
            return self.line(value, flow=True)
        parts = []
        if isinstance(value, dict):
            for key, each in value.items():
                colon = f"{self.line(key, flow=True)}:{self.gap(indent) or ' '}"
                parts.append(
                    f"{self.gap(indent)}{colon}{self.flow(each, indent)}{self.gap(indent)}"
                )
        else:
            parts = [
                f"{self.gap(indent)}{self.item(each, indent)}{self.gap(indent)}" for each in value
            ]
        inside = ",".join(parts) + (
            f",{self.gap(indent)}" if parts and self.may(10) else self.gap(indent)
        )
        return f"{{{inside}}}" if isinstance(value, dict) else f"[{inside}]"

    def item(self, value: Any, indent: int) -> str:
        """An item in brackets; a map of one entry may lack its braces."""
        if isinstance(value, dict) and len(value) == 1 and self.may(30):
            ((key, each),) = value.items()
            return f"{self.line(key, flow=True)}: {self.flow(each, indent)}"
        return self.flow(value, indent)

    def gap(self, indent: int) -> str:
        """Space between two parts in brackets."""
        if self.may(80):
            return " " if self.may(50) else ""
        return "\n".join([self.tail(), *self.own(indent), " " * indent])

    def line(self, value: Any, *, flow: bool = False) -> str:
        """A scalar on one line."""
        if value is None:
            return self.random.choice(["null", "~", "Null"])
        if isinstance(value, bool):
            text = str(value)
            return self.random.choice([text, text.lower(), text.upper()])
        if not isinstance(value, str):
            return str(value)
        if _is_plain(value) and not (flow and "," in value) and self.may(80):
            return value
        if _PRINTABLE.fullmatch(value) and self.may(40):
            return "'" + value.replace("'", "''") + "'"
        return '"' + "".join(map(_escaped, value)) + '"'


def _same(one: Any, other: Any) -> bool:
    return repr(one) == repr(other)


def _is_plain(text: str) -> bool:
    try:
        return _SAFE.fullmatch(text) is not None and resolve_scalar(text) == text
    except ValueError:
        return False


def _fits_block(text: str) -> bool:
    lines = text.removesuffix("\n").split("\n")
    printable = all(map(_PRINTABLE.fullmatch, lines))
    return (
        printable and lines[0].strip(" ")[:1] == lines[0][:1] != "" and lines[-1].strip(" ") != ""
    )


def _escaped(character: str) -> str:
    if _PRINTABLE.fullmatch(character):
        return f"\\{character}" if character in '"\\' else character
    code = ord(character)
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
