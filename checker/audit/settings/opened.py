"""What an audit of overrides is about: documents of a folder, or what other formats state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from checker.exchange.formats import read
from checker.exchange.names import Taken, slug
from checker.exchange.overrides import Made, Scope, overrides_of
from checker.exchange.statements import NOT_UNDERSTOOD, Read
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.problems import Position, Problem

# a Failure without its example: its check, place, limit or reason, and case
Fails = tuple[str, str, "str | None", "dict[str, Any] | None"]

_SAYS = ("settings", "rules", "otherwise", "terms")  # how an override changes the policy's answers


@dataclass(slots=True)
class Opened:
    """The sellers by row, their overrides to prove, what reading them showed, and refused rows.

    A seller without an override has none that the policy is about. A refused row has its number, no
    case, its seller as far as that is known, and the reason. `warnings` fail no row.
    """

    sellers: dict[int, str] = field(default_factory=dict)
    overrides: dict[int, Document] = field(default_factory=dict)
    fails: dict[int, list[Fails]] = field(default_factory=dict)
    refused: list[tuple[int, None, str | None, str]] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)

    @property
    def next_row(self) -> int:
        """The number of the next row, where rows are numbered one after the other."""
        return len(self.sellers) + len(self.refused) + 1

    def errors_of(self, problems: Iterable[Problem]) -> list[Problem]:
        """Return the errors, and keep the warnings."""
        found = [*problems]
        self.warnings += (each for each in found if each.severity != "error")
        return [each for each in found if each.severity == "error"]


def open_overrides(files: Iterable[Path], resolver: Resolver) -> Opened:
    """Return the overrides in files, a row each; other documents are passed over.

    A file that can't be read is refused, and so is a second override of the same name.
    """
    library, opened = resolver.library, Opened()
    seen: dict[str, str] = {}
    for row, file in enumerate(files, 1):
        document = library.add_file(file)
        if document is None:
            opened.refused.append((row, None, None, _unreadable(file, library.problems)))
        elif not document.kind:
            problem = resolver.shape(document)[1][0]
            opened.refused.append((row, None, document.id or None, str(problem)))
        elif document.kind == "override" and document.name in seen:
            reason = f"{file}: `{document.name}` is here twice: also in {seen[document.name]}"
            opened.refused.append((row, None, document.id or document.name, reason))
        elif document.kind == "override":
            seen[document.name] = document.file
            opened.sellers[row] = document.id or document.name
            opened.overrides[row] = document
    return opened


def _unreadable(file: Path, problems: Iterable[Problem]) -> str:
    same = (each for each in problems if Path(each.position.file).resolve() == file.resolve())
    problem = next(same, None)
    return str(problem) if problem else f"{file}: can't be read"


def open_stated(files: Iterable[Path], format: str, exchange: Exchange, scope: Scope) -> Opened:
    """Return what documents of a format state, a row a return policy, or a part that is none.

    Sellers are called like their files. What is not understood of a policy is a finding; a file, or
    a part of it, that is no seller's settings is refused.
    """
    opened, taken = Opened(), Taken()
    for path in files:
        found = _read(format, path)
        stated = [replace(each, name="") for each in found.stated]
        for made in overrides_of(stated, exchange, slug(path.stem) or "seller", scope, taken):
            _add(made, path, opened)
        errors = opened.errors_of(found.problems)
        for problem in errors:
            opened.refused.append((opened.next_row, None, None, str(problem)))
        if not found.stated and not errors:
            reason = f"{path}: nothing of {format} that is a seller's settings was found"
            opened.refused.append((opened.next_row, None, None, reason))
    return opened


def _read(format: str, path: Path) -> Read:
    reason = "it is no regular file"  # a pipe or device may have no end
    try:
        if path.is_file() or not path.exists():
            return read(format, path.read_bytes(), str(path))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
    return Read(problems=(Problem(Position(str(path)), f"can't be read: {reason}"),))


def _add(made: Made, path: Path, opened: Opened) -> None:
    """Take one return policy, with what was not understood of it."""
    row = opened.next_row
    problems = opened.errors_of((*made.stated.problems, *made.problems))
    opened.sellers[row] = made.id
    opened.fails[row] = [(each.check, each.at, each.message, None) for each in problems]
    if not problems and (why := _untold(made)):
        place = made.stated.position
        opened.warnings.append(Problem(place, why, None, "warning", NOT_UNDERSTOOD, made.stated.at))
    if made.data:
        document, _ = parse_document(yaml_text(made.data).encode(), str(path))
        assert document is not None
        opened.overrides[row] = document


def _untold(made: Made) -> str:
    """Return why nothing is found of a seller of whom nothing can be, empty where something can."""
    if not made.data:
        return f"nothing is found of `{made.id}`: the policy is about none of its cases"
    if made.data.keys().isdisjoint(_SAYS):
        return f"nothing is found of `{made.id}`: it states nothing that the policy is about"
    return ""
