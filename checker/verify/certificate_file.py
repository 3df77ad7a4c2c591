"""Reads a certificate from its file one step at a time, so that its size costs no memory.

The format is JSON whose numbers are integers. A fraction or an exponent is refused: two numbers
that a float can't tell apart would lose the cases between them. Duplicate keys are refused as well.
The file is read twice, first for its header and then for its claims, in whichever order they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.language.syntax.files import open_regular
from checker.verify.tokens import InvalidCertificate, Step, Tokens, shown

FORMAT = 1
_DIGEST = re.compile(r"[0-9a-f]{64}")


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
        with open_regular(self.path) as file:
            self.header = _header(Tokens(file))

    def claims(self) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
        """Yield each claim: its check and the part of the document, and the steps of its tree.

        The steps are read one at a time; the caller must consume all of them before the next claim.

        Raises:
            InvalidCertificate: the file is no valid certificate.
        """
        with open_regular(self.path) as file:
            tokens = Tokens(file)
            for key in tokens.keys("$"):
                if key == "claims":
                    for _ in tokens.items("$.claims", most=None):
                        yield from _claim(tokens)
                else:
                    _READERS[key](tokens)
            tokens.end()


def _header(tokens: Tokens) -> CertificateHeader:
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
            raise InvalidCertificate(f"$: unknown key {shown(key)}")
    tokens.end()
    missing = [key for key in _READERS if key not in values] + ([] if has_claims else ["claims"])
    if missing:
        raise InvalidCertificate(f"$: `{missing[0]}` is missing")
    if type(values["certificate"]) is not int or values["certificate"] != FORMAT:  # `true` is 1
        raise InvalidCertificate(f"$.certificate: expected {FORMAT}, the version of the format")
    return CertificateHeader(
        values["document"], values["kind"], values["on"], values["documents"], values["case"]
    )


def _documents(tokens: Tokens) -> dict[tuple[str, str], str]:
    """Return the digests of the documents, by kind and name."""
    path, digests = "$.documents", dict[tuple[str, str], str]()
    for _ in tokens.items(path):
        entry = {key: tokens.text(f"{path}.{key}") for key in tokens.keys(path)}
        if entry.keys() != {"kind", "name", "file", "sha256"}:
            raise InvalidCertificate(f"{path}: expected kind, name, file and sha256")
        name = (entry["kind"], entry["name"])
        if name in digests or not _DIGEST.fullmatch(entry["sha256"]):
            problem = "stands twice" if name in digests else "has no digest"
            raise InvalidCertificate(f"{path}: {shown(entry['name'])} {problem}")
        digests[name] = entry["sha256"]
    return digests


def _case(tokens: Tokens) -> dict[str, Any]:
    """Return the facts of a case."""
    return {key: tokens.scalar("$.case") for key in tokens.keys("$.case")}


_READERS: dict[str, Callable[[Tokens], Any]] = {
    "certificate": lambda tokens: tokens.scalar("$.certificate"),
    "document": lambda tokens: tokens.text("$.document"),
    "kind": lambda tokens: tokens.text("$.kind"),
    "on": lambda tokens: tokens.text("$.on"),
    "documents": _documents,
    "case": _case,
}


def _claim(tokens: Tokens) -> Iterator[tuple[tuple[str, str], Iterator[Step]]]:
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
            raise InvalidCertificate(f"{path}: {shown(key)} has no place there")
    if not has_tree:
        raise InvalidCertificate(f"{path}: `tree` is missing")


def _steps(tokens: Tokens) -> Iterator[Step]:
    for run in tokens.steps("$.claims.tree"):
        yield from run
