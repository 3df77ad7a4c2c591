"""Reads a certificate from its file one step at a time, so that its size costs no memory.

The format is JSON whose numbers are integers. A fraction or an exponent is refused: two numbers
that a float can't tell apart would lose the cases between them. Duplicate keys are refused as well.
The file is read twice, first for its header and then for its claims, in whichever order they stand.
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
_DIGEST = re.compile(r"[0-9a-f]{64}")


class InvalidCertificate(ValueError):
    """The file is no valid certificate; the message says why."""


@dataclass(frozen=True, slots=True)
class Punctuation:
    """A bracket, a comma or a colon."""

    text: str


class _Tokens:
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
            raise InvalidCertificate(f"{path}: found {_shown(token)}, expected `{mark}`")

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
                raise InvalidCertificate(f"{path}: {_shown(key)} {problem}")
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
                raise InvalidCertificate(
                    f"{path}: found {_shown(token)}, expected `,` or `{close}`"
                )

    def scalar(self, path: str) -> Any:
        """Consume a text, an integer, true, false or null, and return it."""
        token = self.next()
        if isinstance(token, Punctuation):
            raise InvalidCertificate(f"{path}: found {_shown(token)}, expected a value")
        return token

    def text(self, path: str) -> str:
        """Consume a text and return it."""
        token = self.next()
        if not isinstance(token, str):
            raise InvalidCertificate(f"{path}: found {_shown(token)}, expected a text")
        return token


def _integer(digits: bytes) -> int:
    if not _INTEGER.fullmatch(digits) or len(digits) > _LONGEST_NUMBER:
        shown = digits[: 2 * _LONGEST_NUMBER].decode()
        raise InvalidCertificate(f"found the number {shown}; numbers of a certificate are integers")
    return int(digits)


def _shown(token: Any) -> str:
    text = token.text if isinstance(token, Punctuation) else json.dumps(token)
    return f"`{text}`" if len(text) <= 60 else f"`{text[:57]}…`"


@dataclass(frozen=True, slots=True)
class CertificateHeader:
    """What a certificate says that it is about; nothing of it is believed before it is checked.

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
    header: CertificateHeader = field(init=False)

    def __post_init__(self) -> None:
        with self.path.open("rb") as file:
            self.header = _header(_Tokens(file))

    def claims(self) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
        """Yield each claim: its check and the part of the document, and the steps of its tree.

        The steps are read one at a time; the caller must consume all of them before the next claim.

        Raises:
            InvalidCertificate: the file is no valid certificate.
        """
        with self.path.open("rb") as file:
            tokens = _Tokens(file)
            for key in tokens.keys("$"):
                if key == "claims":
                    for _ in tokens.items("$.claims", most=None):
                        yield from _claim(tokens)
                else:
                    _READERS[key](tokens)
            tokens.end()


def _header(tokens: _Tokens) -> CertificateHeader:
    """Return the header of the certificate; its claims are parsed and dropped."""
    values: dict[str, Any] = {"case": {}}
    has_claims = False
    for key in tokens.keys("$"):
        if key == "claims":
            has_claims = True
            for _ in tokens.items("$.claims", most=None):
                for _, steps in _claim(tokens):
                    for _ in steps:
                        pass
        elif key in _READERS:
            values[key] = _READERS[key](tokens)
        else:
            raise InvalidCertificate(f"$: unknown key {_shown(key)}")
    tokens.end()
    missing = [key for key in _READERS if key not in values] + ([] if has_claims else ["claims"])
    if missing:
        raise InvalidCertificate(f"$: `{missing[0]}` is missing")
    if type(values["certificate"]) is not int or values["certificate"] != FORMAT:  # `true` is 1
        raise InvalidCertificate(f"$.certificate: expected {FORMAT}, the version of the format")
    return CertificateHeader(
        values["document"], values["kind"], values["on"], values["documents"], values["case"]
    )


def _documents(tokens: _Tokens) -> dict[tuple[str, str], str]:
    """Return the digests of the documents, by kind and name."""
    path, digests = "$.documents", dict[tuple[str, str], str]()
    for _ in tokens.items(path):
        entry = {key: tokens.text(f"{path}.{key}") for key in tokens.keys(path)}
        if entry.keys() != {"kind", "name", "file", "sha256"}:
            raise InvalidCertificate(f"{path}: expected kind, name, file and sha256")
        name = (entry["kind"], entry["name"])
        if name in digests or not _DIGEST.fullmatch(entry["sha256"]):
            problem = "stands twice" if name in digests else "has no digest"
            raise InvalidCertificate(f"{path}: {_shown(entry['name'])} {problem}")
        digests[name] = entry["sha256"]
    return digests


def _case(tokens: _Tokens) -> dict[str, Any]:
    """Return the facts of a case."""
    return {key: tokens.scalar("$.case") for key in tokens.keys("$.case")}


_READERS: dict[str, Callable[[_Tokens], Any]] = {
    "certificate": lambda tokens: tokens.scalar("$.certificate"),
    "document": lambda tokens: tokens.text("$.document"),
    "kind": lambda tokens: tokens.text("$.kind"),
    "on": lambda tokens: tokens.text("$.on"),
    "documents": _documents,
    "case": _case,
}


def _claim(tokens: _Tokens) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
    """Yield one claim; the caller must consume its steps before the generator continues."""
    path, names, has_tree = "$.claims", dict[str, str](), False
    for key in tokens.keys(path):
        if has_tree:
            raise InvalidCertificate(f"{path}: `tree` must be the last key of a claim")
        if key in ("check", "at"):
            names[key] = tokens.text(f"{path}.{key}")
        elif key == "tree" and len(names) == 2:
            has_tree = True
            yield (names["check"], names["at"]), _steps(tokens)
        else:
            raise InvalidCertificate(f"{path}: {_shown(key)} has no place there")
    if not has_tree:
        raise InvalidCertificate(f"{path}: `tree` is missing")


def _steps(tokens: _Tokens) -> Iterator[Step]:
    path = "$.claims.tree"
    for _ in tokens.items(path, most=None):
        token = tokens.next()
        if token == Punctuation("["):
            tokens.waiting.append(token)
            yield _split(tokens, path)
        elif isinstance(token, int) and not isinstance(token, bool) and token in (0, 1):
            yield token
        else:
            raise InvalidCertificate(f"{path}: found {_shown(token)}, expected 0, 1 or a split")


def _split(tokens: _Tokens, path: str) -> Split:
    """Return a split: texts, integers and booleans, the second perhaps a list of such."""
    parts: list[Any] = []
    for _ in tokens.items(path, most=3):
        token = tokens.next()
        if token == Punctuation("[") and len(parts) == 1:
            tokens.waiting.append(token)
            parts.append([tokens.scalar(path) for _ in tokens.items(path)])
        elif isinstance(token, Punctuation):
            raise InvalidCertificate(f"{path}: found {_shown(token)} in a split")
        else:
            parts.append(token)
    return tuple(parts)
