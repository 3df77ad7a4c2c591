"""Findings about documents with their positions, and the errors of the whole program."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from checker.language.checks import CHECKS, Severity
from checker.language.syntax.similar_names import similar_name

Status = Literal["error", "warning", "finding", "accepted"]
VALID = "valid"  # the test that checks each document by itself


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A position in a file; line and column count from 1, and are 0 where only the file is known.

    Printed as `file:line:column`, which editors and terminals make a link.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class UnusualFact:
    """A fact of a case whose value is not the typical one; both values as documents state them."""

    name: str
    value: Any
    usual: Any
    title: Any


@dataclass(frozen=True, slots=True)
class Requirer:
    """A policy that requires something of sellers in a case.

    Attributes:
        policy: the policy, as `id@version`.
        what: the entitlement that it owes, or the value that it gives a term.
        clauses: the clauses of sources that the requirement rests on.
    """

    policy: str
    what: Any
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainestCase:
    """The plainest case that shows a finding.

    Attributes:
        facts: its facts, as a document states them.
        unusual: those whose value is not the typical one.
        document: the `cases` document with this case, to be decided or kept as a test.
        required_by: the policies that require otherwise.
        offered: the value of the term at the seller, where the finding is about a term.
    """

    facts: dict[str, Any]
    unusual: tuple[UnusualFact, ...]
    document: dict[str, Any]
    required_by: tuple[Requirer, ...] = ()
    offered: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """One error, warning or failed proof about a document.

    Where it is made, it gets its values; every report shows these.

    Attributes:
        position: where it stands.
        message: what was found, and what was expected.
        help: what to do about it, None where the message says it.
        check: the id of its check, a key of `checker.language.checks.CHECKS`.
        at: the path in the document, as `path_text` writes it: `rules.opened-masks`.
        mild: whether it is a warning by the circumstances that the row of the check names.
        on: the day (an ordinal) whose versions it was found under, None where it holds on any day.
        case: the plainest case that shows it, None where it is about no case.
        accepted: the reason for which the document accepts it, None where it does not.
        found_by: the test that it fails.
    """

    position: Position
    message: str
    help: str | None = None
    check: str = "invalid-document"
    at: str = ""
    mild: bool = False
    on: int | None = None
    case: PlainestCase | None = None
    accepted: Any = None
    found_by: str = VALID

    @property
    def severity(self) -> Severity:
        """The severity of its check, accepted or not."""
        return CHECKS[self.check].severity_if(self.mild)

    @property
    def status(self) -> Status:
        """Its severity, or `accepted` where the document accepts it."""
        return "accepted" if self.accepted else self.severity

    @property
    def dated(self) -> str:
        """The message, with the day whose versions it was found under, if any."""
        if self.on is None:
            return self.message
        return f"{self.message}, as of {date.fromordinal(self.on).isoformat()}"

    def __str__(self) -> str:
        line = f"{self.position}: {self.status}: {self.dated}"
        return f"{line} ({self.help})" if self.help else line


class UsageError(Exception):
    """The arguments or inputs of a command can't be used; the message is for its user."""


class InternalError(AssertionError):
    """An error of this program: a text that it wrote does not say what it must say."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint with the most similar of the known names, None where none is similar."""
    near = similar_name(name, known)
    return f"did you mean `{near}`?" if near else None


def quoted(names: Iterable[str]) -> str:
    """Return `names` in backticks, joined by commas."""
    return ", ".join(f"`{name}`" for name in names)


def counted(number: int, noun: str) -> str:
    """Return `1 row`, `2,000 rows` or `2 sets of parameters`."""
    if number == 1:
        return f"1 {noun}"
    name, of, whole = noun.partition(" of ")
    return f"{number:,} {name}s{of}{whole}"


def system_reason(error: Exception) -> str:
    """Return what the operating system says of a failure, as a part of a sentence."""
    return (getattr(error, "strerror", None) or str(error)).lower()
