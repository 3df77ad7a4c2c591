"""The tokens of a certificate's JSON, read from a file piece by piece.

Every number must be an integer, and no token is longer than `_LONGEST_TOKEN`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

MOST_ITEMS = 10_000  # of one list, except the steps of a tree, which are read one by one
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
        self.waiting: list[Any] = []

    def next(self) -> Any:
        """Return the next token.

        Raises:
            InvalidCertificate: the file ends, or what follows is no token.
        """
        if self.waiting:
            return self.waiting.pop()
        match = self._match()
        self.position = match.end()
        kind = match.lastgroup
        if kind == "mark":
            return Punctuation(match["mark"].decode())
        if kind == "text":
            try:
                text: str = json.loads(match["text"])
            except ValueError:
                raise InvalidCertificate("it is not UTF-8") from None
            return text
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
            rest = self.buffer[self.position :].lstrip(b" \t\r\n")
            if self.at_end or len(rest) > _LONGEST_TOKEN:
                raise InvalidCertificate(f"it is no JSON: found {rest[:20]!r}")
            more = self.file.read(_CHUNK)
            self.buffer, self.position, self.at_end = rest + more, 0, not more

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
        first = self.next()
        if first == Punctuation(close):
            return
        self.waiting.append(first)
        while True:
            yield
            token = self.next()
            if token == Punctuation(close):
                return
            if token != Punctuation(","):
                raise InvalidCertificate(f"{path}: found {shown(token)}, expected `,` or `{close}`")

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


def _integer(digits: bytes) -> int:
    if not _INTEGER.fullmatch(digits) or len(digits) > _LONGEST_NUMBER:
        shown = digits[: 2 * _LONGEST_NUMBER].decode()
        raise InvalidCertificate(f"found the number {shown}; numbers of a certificate are integers")
    return int(digits)


def shown(token: Any) -> str:
    """Return the token for a message, shortened."""
    text = token.text if isinstance(token, Punctuation) else json.dumps(token)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"
