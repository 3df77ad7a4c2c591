"""The overrides to audit: documents of a folder, or converted from documents of other formats."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from checker.exchange.formats import read
from checker.exchange.names import UsedIds, slug
from checker.exchange.overrides import BuiltOverride, Scope, overrides_of
from checker.exchange.statements import NOT_UNDERSTOOD, ReadDocument
from checker.language.formatter.dump import yaml_text
from checker.language.model.exchange.document import Exchange
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.files import open_regular
from checker.language.syntax.problems import Finding, Position, system_reason

# a SettingsFailure without its example: check, at, limit or reason, and case
FailureParts = tuple[str, str, "str | None", "dict[str, Any] | None"]

_EFFECTIVE = ("settings", "rules", "otherwise", "terms")  # keys that can change decisions


@dataclass(slots=True)
class OpenedOverrides:
    """The sellers, and their overrides to prove.

    Attributes:
        sellers: the seller of each row.
        overrides: the override of each row; a row without one has no case of the policy.
        fails: by row, what already failed when its document was read.
        refused: the number of each refused row, None, its seller if known, and the reason.
        warnings: problems that fail no row.
    """

    sellers: dict[int, str] = field(default_factory=dict)
    overrides: dict[int, Document] = field(default_factory=dict)
    fails: dict[int, list[FailureParts]] = field(default_factory=dict)
    refused: list[tuple[int, None, str | None, str]] = field(default_factory=list)
    warnings: list[Finding] = field(default_factory=list)

    @property
    def next_row(self) -> int:
        """The number of the next row."""
        return len(self.sellers) + len(self.refused) + 1

    def errors_of(self, problems: Iterable[Finding]) -> list[Finding]:
        """Return the errors, and add the rest to the warnings."""
        all_problems = [*problems]
        self.warnings += (problem for problem in all_problems if problem.severity != "error")
        return [problem for problem in all_problems if problem.severity == "error"]


def open_overrides(files: Iterable[Path], resolver: Resolver) -> OpenedOverrides:
    """Return the overrides in files, one row for each; other documents are ignored.

    A file that can't be read is refused, and so is a second override of the same name.
    """
    library, opened = resolver.library, OpenedOverrides()
    files_by_name: dict[str, str] = {}
    for row, file in enumerate(files, 1):
        document = library.add_file(file)
        if document is None:
            opened.refused.append((row, None, None, _unreadable(file, library.problems)))
        elif not document.kind:
            problem = resolver.shape(document)[1][0]
            opened.refused.append((row, None, document.id or None, str(problem)))
        elif document.kind == "override" and document.name in files_by_name:
            reason = (
                f"{file}: `{document.name}` is here twice: also in {files_by_name[document.name]}"
            )
            opened.refused.append((row, None, document.id or document.name, reason))
        elif document.kind == "override":
            files_by_name[document.name] = document.file
            opened.sellers[row] = document.id or document.name
            opened.overrides[row] = document
    return opened


def _unreadable(file: Path, problems: Iterable[Finding]) -> str:
    """Return why a file can't be read."""
    same = (
        problem for problem in problems if Path(problem.position.file).resolve() == file.resolve()
    )
    problem = next(same, None)
    return str(problem) if problem else f"{file}: can't be read"


def open_stated(
    files: Iterable[Path], format: str, exchange: Exchange, scope: Scope
) -> OpenedOverrides:
    """Return the overrides that documents of another format state, one row for each return policy.

    Sellers are named after their files. Statements that are not understood are findings; a file
    without a seller's settings is refused, and so is a part with an error.

    Args:
        files: the documents.
        format: the name of the format.
        exchange: says what statements of the format mean under the policy.
        scope: the facts that hold for all sellers.
    """
    opened, taken_ids = OpenedOverrides(), UsedIds()
    for path in files:
        document = _read(format, path)
        stated = [replace(statement, name="") for statement in document.stated]
        for override in overrides_of(
            stated, exchange, slug(path.stem) or "seller", scope, taken_ids
        ):
            _add(override, path, opened)
        errors = opened.errors_of(document.problems)
        for problem in errors:
            opened.refused.append((opened.next_row, None, None, str(problem)))
        if not document.stated and not errors:
            reason = f"{path}: nothing of {format} that is a seller's settings was found"
            opened.refused.append((opened.next_row, None, None, reason))
    return opened


def _read(format: str, path: Path) -> ReadDocument:
    """Return the content of a document, or the problem that it can't be read."""
    try:
        with open_regular(path) as file:
            return read(format, file.read(), str(path))
    except OSError as error:
        message = f"can't be read: {system_reason(error)}"
    return ReadDocument(problems=(Finding(Position(str(path)), message),))


def _add(override: BuiltOverride, path: Path, opened: OpenedOverrides) -> None:
    """Add one return policy, with the statements that were not understood."""
    row = opened.next_row
    problems = opened.errors_of((*override.stated.problems, *override.problems))
    opened.sellers[row] = override.id
    opened.fails[row] = [(problem.check, problem.at, problem.message, None) for problem in problems]
    if not problems and (reason := _no_findings(override)):
        position = override.stated.position
        opened.warnings.append(
            Finding(position, reason, check=NOT_UNDERSTOOD, at=override.stated.at, mild=True)
        )
    if override.data:
        document, _ = parse_document(yaml_text(override.data).encode(), str(path))
        assert document is not None
        opened.overrides[row] = document


def _no_findings(override: BuiltOverride) -> str:
    """Return why this seller cannot have findings, empty where it can."""
    if not override.data:
        return f"`{override.id}` has no findings: the policy is about none of its cases"
    if override.data.keys().isdisjoint(_EFFECTIVE):
        return f"`{override.id}` has no findings: it states nothing that the policy is about"
    return ""
