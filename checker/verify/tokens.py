"""The tokens of a certificate's JSON, read from a file piece by piece.

Every number must be an integer. No token is longer than `_LONGEST_TOKEN`, and no step of a tree
longer than `_LONGEST_STEP`, so that memory is bounded. Steps are nearly all of a certificate: one
regular expression matches the run of them that the buffer holds, and `json` reads that run.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

Split = list[Any]  # [fact, value], [fact, [value, …]] or [fact, fact, number]
Step = int | Split  # a leaf, 0 or 1, or a split

MOST_ITEMS = 10_000  # of one list or object, except claims and the steps of a tree
_CHUNK = 1 << 16
_LONGEST_TOKEN = 1 << 14
_LONGEST_STEP = 1 << 18
_LONGEST_NUMBER = 20  # characters
_TEXT = rb'"(?:[^"\\\x00-\x1f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*+"'
_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:"
    rb"(?P<mark>[{}\[\],:])|"
    rb"(?P<text>" + _TEXT + rb")|"
    rb"(?P<number>-?[0-9][0-9.eE+-]*)|"
    rb"(?P<word>true|false|null)|"
    rb"(?P<end>\Z))"
)
_INTEGER = re.compile(rb"-?(0|[1-9][0-9]*)")
# the same in a step, where all quantifiers are possessive: matching takes time linear in the text
_SPACE = rb"[ \t\r\n]*+"
_NUMBER = rb"-?(?:0|[1-9][0-9]{0,18}+)(?![0-9.eE+-])"
_SCALAR = rb"(?:" + _TEXT + rb"|" + _NUMBER + rb"|true|false|null)"
_COMMA = _SPACE + rb"," + _SPACE
_LIST = (
    rb"\[" + _SPACE + rb"(?:" + _SCALAR + rb"(?:" + _COMMA + _SCALAR + rb")*+)?+" + _SPACE + rb"\]"
)
_SPLIT = rb"\[%b(?:%b|%b)%b\]" % (
    _SPACE + _TEXT + _COMMA,
    _LIST,
    _SCALAR + rb"(?:" + _COMMA + _SCALAR + rb")?+",
    _SPACE,
)
# a step is complete where a comma or the end of its list follows
_STEP = rb"(?:[01]|" + _SPLIT + rb")" + _SPACE + rb"(?=[,\]])"
_STEPS = re.compile(_SPACE + _STEP + rb"(?:," + _SPACE + _STEP + rb")*+")
_WORDS = {b"true": True, b"false": False, b"null": None}


class InvalidCertificate(ValueError):
    """The file is no valid certificate; the message says why."""


@dataclass(frozen=True, slots=True)
class Punctuation:
    """A bracket, a comma or a colon."""

    text: str


class Tokens:
    """The tokens of a JSON file: marks, texts, integers, true, false and null."""

    def __init__(self, file: BinaryIO) -> None:
        self.file, self.buffer, self.position, self.at_end = file, b"", 0, False

    def next(self) -> Any:
        """Return the next token.

        Raises:
            InvalidCertificate: the file ends, or what follows is no token.
        """
        match = self._match()
        self.position = match.end()
        kind = match.lastgroup
        if kind == "mark":
            return Punctuation(match["mark"].decode())
        if kind == "text":
            return _decoded(match["text"])
        if kind == "number":
            return _integer(match["number"])
        if kind == "word":
            return _WORDS[match["word"]]
        raise InvalidCertificate("it is no JSON: it ends too soon")

    def _match(self) -> re.Match[bytes]:
        """Return the next token; it ends before the buffer does, so that it is complete."""
        while True:
            match = _TOKEN.match(self.buffer, self.position)
            if match and (self.at_end or match.end() < len(self.buffer)):
                return match
            self._read_more(_LONGEST_TOKEN, "it is no JSON: found")

    def _read_more(self, longest: int, problem: str) -> None:
        """Read on from the file; InvalidCertificate where it ends, or `longest` bytes wait."""
        rest = self.buffer[self.position :].lstrip(b" \t\r\n")
        if self.at_end or len(rest) > longest:
            raise InvalidCertificate(f"{problem} {rest[:20]!r}")
        more = self.file.read(_CHUNK)
        self.buffer, self.position, self.at_end = rest + more, 0, not more

    def steps(self, path: str) -> Iterator[list[Step]]:
        """Consume a tree, which is a list of steps; yield each run of steps that the buffer holds.

        Raises:
            InvalidCertificate: something else than 0, 1 or a split is in the list.
        """
        self.expect("[", path)
        for _ in self._until("]", path):
            while not (match := _STEPS.match(self.buffer, self.position)):
                self._read_more(
                    _LONGEST_STEP, f"{path}: expected 0, 1 or a split of integers; found"
                )
            self.position = match.end()
            yield _decoded(b"[" + match[0] + b"]")

    def expect(self, mark: str, path: str) -> None:
        """Consume the mark; raise InvalidCertificate where another token follows."""
        token = self.next()
        if token != Punctuation(mark):
            raise InvalidCertificate(f"{path}: found {shown(token)}, expected `{mark}`")

    def end(self) -> None:
        """Check that the file ends; raise InvalidCertificate where more follows."""
        if self._match().lastgroup != "end":
            raise InvalidCertificate("it is no JSON: something follows its end")

    def items(self, path: str, most: int | None = MOST_ITEMS) -> Iterator[None]:
        """Consume a list; yield before each item, which the caller must consume."""
        self.expect("[", path)
        for count, _ in enumerate(self._until("]", path), start=1):
            if most is not None and count > most:
                raise InvalidCertificate(f"{path}: more than {most:,} items")
            yield

    def keys(self, path: str) -> Iterator[str]:
        """Consume an object; yield each key, whose value the caller must consume."""
        self.expect("{", path)
        keys: set[str] = set()
        for _ in self._until("}", path):
            key = self.next()
            if not isinstance(key, str) or key in keys or len(keys) > MOST_ITEMS:
                problem = "stands twice" if isinstance(key, str) else "is no key"
                raise InvalidCertificate(f"{path}: {shown(key)} {problem}")
            keys.add(key)
            self.expect(":", path)
            yield key

    def _until(self, close: str, path: str) -> Iterator[None]:
        """Yield before each of the items that commas separate, up to the closing mark."""
        if self._follows(close):
            return
        while True:
            yield
            token = self.next()
            if token == Punctuation(close):
                return
            if token != Punctuation(","):
                raise InvalidCertificate(f"{path}: found {shown(token)}, expected `,` or `{close}`")

    def _follows(self, mark: str) -> bool:
        """Consume the mark where it comes next; return whether it did."""
        match = self._match()
        follows = match["mark"] == mark.encode()
        if follows:
            self.position = match.end()
        return follows

    def scalar(self, path: str) -> Any:
        """Consume a text, an integer, true, false or null, and return it."""
        token = self.next()
        if isinstance(token, Punctuation):
            raise InvalidCertificate(f"{path}: found {shown(token)}, expected a value")
        return token

    def text(self, path: str) -> str:
        """Consume a text and return it."""
        token = self.next()
        if not isinstance(token, str):
            raise InvalidCertificate(f"{path}: found {shown(token)}, expected a text")
        return token


def _decoded(text: bytes) -> Any:
    """Return what the JSON says; a regular expression has matched it."""
    try:
        return json.loads(text)
    except ValueError:
        raise InvalidCertificate("it is not UTF-8") from None


def _integer(digits: bytes) -> int:
    if not _INTEGER.fullmatch(digits) or len(digits) > _LONGEST_NUMBER:
        shown = digits[: 2 * _LONGEST_NUMBER].decode()
        raise InvalidCertificate(f"found the number {shown}; numbers of a certificate are integers")
    return int(digits)


def shown(token: Any) -> str:
    """Return the token for a message, shortened."""
    text = token.text if isinstance(token, Punctuation) else json.dumps(token)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"
