"""A certificate read from its file, a step at a time, so that its size costs no memory.

The format is JSON with integers alone: a fraction or an exponent is refused, as two numbers that a
float can't tell apart would lose the cases between them. So are keys that stand twice. The file is
read twice, first for what it is about and then for its claims, whichever comes first in it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO

Split = tuple[Any, ...]  # (fact, value), (fact, [value, …]) or (fact, fact, number)
Step = int | Split  # a leaf, 0 or 1, or a split

FORMAT = 1
MOST_ITEMS = 10_000  # of one list, but for the steps of a tree, which are read one by one
_CHUNK = 1 << 16
_LONGEST_TOKEN = 1 << 14
_LONGEST_NUMBER = 20  # digits
_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:"
    rb"(?P<mark>[{}\[\],:])|"
    rb'(?P<text>"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*")|'
    rb"(?P<number>-?[0-9][0-9.eE+-]*)|"
    rb"(?P<word>true|false|null)|"
    rb"(?P<end>\Z))"
)
_INTEGER = re.compile(rb"-?(0|[1-9][0-9]*)")
_WORDS = {b"true": True, b"false": False, b"null": None}
_DIGEST = re.compile(r"[0-9a-f]{64}")


class NoCertificate(ValueError):
    """The file is no certificate; the message says why."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A bracket, a comma or a colon."""

    text: str


class _Tokens:
    """The tokens of a JSON file: marks, texts, integers, true, false and null."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.buffer, self.position, self.at_end = file, b"", 0, False
        self.waiting: list[Any] = []

    def next(self) -> Any:
        """Return the next token; NoCertificate at the end of the file, or for what is none."""
        if self.waiting:
            return self.waiting.pop()
        match = self._match()
        self.position = match.end()
        kind = match.lastgroup
        if kind == "mark":
            return Mark(match["mark"].decode())
        if kind == "text":
            try:
                text: str = json.loads(match["text"])
            except ValueError:
                raise NoCertificate("it is not UTF-8") from None
            return text
        if kind == "number":
            return _integer(match["number"])
        if kind == "word":
            return _WORDS[match["word"]]
        raise NoCertificate("it is no JSON: it ends too soon")

    def _match(self) -> re.Match[bytes]:
        """Return the next token, which nothing that follows could be a part of."""
        while True:
            match = _TOKEN.match(self.buffer, self.position)
            if match and (self.at_end or match.end() < len(self.buffer)):
                return match
            rest = self.buffer[self.position :].lstrip(b" \t\r\n")
            if self.at_end or len(rest) > _LONGEST_TOKEN:
                raise NoCertificate(f"it is no JSON: found {rest[:20]!r}")
            more = self.file.read(_CHUNK)
            self.buffer, self.position, self.at_end = rest + more, 0, not more

    def expect(self, mark: str, what: str) -> None:
        """Take the mark; NoCertificate where something else stands there."""
        found = self.next()
        if found != Mark(mark):
            raise NoCertificate(f"{what}: found {_shown(found)}, expected `{mark}`")

    def end(self) -> None:
        """Take the end of the file; NoCertificate where more follows."""
        if self._match().lastgroup != "end":
            raise NoCertificate("it is no JSON: something follows its end")

    def items(self, what: str, most: int | None = MOST_ITEMS) -> Iterator[None]:
        """Yield before each item of a list, whose `[` is taken first; the caller takes the item."""
        self.expect("[", what)
        for count, _ in enumerate(self._until("]", what), start=1):
            if most is not None and count > most:
                raise NoCertificate(f"{what}: more than {most:,} items")
            yield

    def keys(self, what: str) -> Iterator[str]:
        """Yield each key of a map, whose `{` is taken first; the caller takes the value."""
        self.expect("{", what)
        seen: set[str] = set()
        for _ in self._until("}", what):
            key = self.next()
            if not isinstance(key, str) or key in seen or len(seen) > MOST_ITEMS:
                why = "stands twice" if isinstance(key, str) else "is no key"
                raise NoCertificate(f"{what}: {_shown(key)} {why}")
            seen.add(key)
            self.expect(":", what)
            yield key

    def _until(self, close: str, what: str) -> Iterator[None]:
        first = self.next()
        if first == Mark(close):
            return
        self.waiting.append(first)
        while True:
            yield
            token = self.next()
            if token == Mark(close):
                return
            if token != Mark(","):
                raise NoCertificate(f"{what}: found {_shown(token)}, expected `,` or `{close}`")

    def scalar(self, what: str) -> Any:
        """Take a text, an integer, true, false or null."""
        found = self.next()
        if isinstance(found, Mark):
            raise NoCertificate(f"{what}: found {_shown(found)}, expected a value")
        return found

    def text(self, what: str) -> str:
        """Take a text."""
        found = self.next()
        if not isinstance(found, str):
            raise NoCertificate(f"{what}: found {_shown(found)}, expected a text")
        return found


def _integer(digits: bytes) -> int:
    if not _INTEGER.fullmatch(digits) or len(digits) > _LONGEST_NUMBER:
        shown = digits[: 2 * _LONGEST_NUMBER].decode()
        raise NoCertificate(f"found the number {shown}; numbers of a certificate are integers")
    return int(digits)


def _shown(token: Any) -> str:
    text = token.text if isinstance(token, Mark) else json.dumps(token)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"


@dataclass(frozen=True, slots=True)
class Heading:
    """What a certificate says it is about: nothing of it is believed before it is compared.

    Attributes:
        document: `id@version` of the document that is proved.
        kind: its kind.
        on: the day that picks the versions of all that it refers to, as `2024-09-01`.
        digests: the SHA-256 of the text of each document that the proof rests on, by kind and name.
        case: of a policy, a possible case.
    """

    document: str
    kind: str
    on: str
    digests: dict[tuple[str, str], str]
    case: dict[str, Any]


@dataclass(slots=True)
class CertificateFile:
    """A certificate in a file.

    Args:
        path: the file; OSError where it can't be read.
    """

    path: Path
    heading: Heading = field(init=False)

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            self.heading = _heading(_Tokens(file))

    def claims(self) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
        """Yield each claim: its check and place, and the steps of its tree, one at a time.

        NoCertificate where the file turns out to be none. The steps of a claim are to be taken
        before the next claim.
        """
        with self.path.open("rb") as file:
            tokens = _Tokens(file)
            for key in tokens.keys("$"):
                if key == "claims":
                    for _ in tokens.items("$.claims", most=None):
                        yield from _claim(tokens)
                else:
                    _READ[key](tokens)
            tokens.end()


def _heading(tokens: _Tokens) -> Heading:
    """Return what the certificate is about, passing its claims over."""
    read: dict[str, Any] = {"case": {}}
    claimed = False
    for key in tokens.keys("$"):
        if key == "claims":
            claimed = True
            for _ in tokens.items("$.claims", most=None):
                for _, steps in _claim(tokens):
                    for _ in steps:
                        pass
        elif key in _READ:
            read[key] = _READ[key](tokens)
        else:
            raise NoCertificate(f"$: unknown key {_shown(key)}")
    tokens.end()
    missing = [key for key in _READ if key not in read] + ([] if claimed else ["claims"])
    if missing:
        raise NoCertificate(f"$: `{missing[0]}` is missing")
    if type(read["certificate"]) is not int or read["certificate"] != FORMAT:  # `true` is 1
        raise NoCertificate(f"$.certificate: expected {FORMAT}, the version of the format")
    return Heading(read["document"], read["kind"], read["on"], read["documents"], read["case"])


def _documents(tokens: _Tokens) -> dict[tuple[str, str], str]:
    """Return the digests of the documents, by kind and name."""
    what, digests = "$.documents", dict[tuple[str, str], str]()
    for _ in tokens.items(what):
        entry = {key: tokens.text(f"{what}.{key}") for key in tokens.keys(what)}
        if entry.keys() != {"kind", "name", "file", "sha256"}:
            raise NoCertificate(f"{what}: expected kind, name, file and sha256")
        name = (entry["kind"], entry["name"])
        if name in digests or not _DIGEST.fullmatch(entry["sha256"]):
            why = "stands twice" if name in digests else "has no digest"
            raise NoCertificate(f"{what}: {_shown(entry['name'])} {why}")
        digests[name] = entry["sha256"]
    return digests


def _case(tokens: _Tokens) -> dict[str, Any]:
    """Return the facts of a case."""
    return {key: tokens.scalar("$.case") for key in tokens.keys("$.case")}


_READ: dict[str, Callable[[_Tokens], Any]] = {
    "certificate": lambda tokens: tokens.scalar("$.certificate"),
    "document": lambda tokens: tokens.text("$.document"),
    "kind": lambda tokens: tokens.text("$.kind"),
    "on": lambda tokens: tokens.text("$.on"),
    "documents": _documents,
    "case": _case,
}


def _claim(tokens: _Tokens) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
    """Yield one claim, whose steps are taken before this goes on."""
    what, names, treed = "$.claims", dict[str, str](), False
    for key in tokens.keys(what):
        if treed:
            raise NoCertificate(f"{what}: `tree` must be the last key of a claim")
        if key in ("check", "at"):
            names[key] = tokens.text(f"{what}.{key}")
        elif key == "tree" and len(names) == 2:
            treed = True
            yield (names["check"], names["at"]), _steps(tokens)
        else:
            raise NoCertificate(f"{what}: {_shown(key)} has no place there")
    if not treed:
        raise NoCertificate(f"{what}: `tree` is missing")


def _steps(tokens: _Tokens) -> Iterator[Step]:
    what = "$.claims.tree"
    for _ in tokens.items(what, most=None):
        token = tokens.next()
        if token == Mark("["):
            tokens.waiting.append(token)
            yield _split(tokens, what)
        elif isinstance(token, int) and not isinstance(token, bool) and token in (0, 1):
            yield token
        else:
            raise NoCertificate(f"{what}: found {_shown(token)}, expected 0, 1 or a split")


def _split(tokens: _Tokens, what: str) -> Split:
    """Return a split: texts, integers and booleans, the second perhaps a list of such."""
    parts: list[Any] = []
    for _ in tokens.items(what, most=3):
        token = tokens.next()
        if token == Mark("[") and len(parts) == 1:
            tokens.waiting.append(token)
            parts.append([tokens.scalar(what) for _ in tokens.items(what)])
        elif isinstance(token, Mark):
            raise NoCertificate(f"{what}: found {_shown(token)} in a split")
        else:
            parts.append(token)
    return tuple(parts)
