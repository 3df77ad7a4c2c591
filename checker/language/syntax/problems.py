"""What is found in documents, and where: every error, warning and failed proof is a `Finding`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from checker.language.checks import CHECKS, Severity

Status = Literal["error", "warning", "finding", "accepted"]
VALID = "valid"  # the test that every document by itself has to pass


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, and are 0 where only the file is known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class UnusualFact:
    """A fact of a case that is not as usual; both values as documents state them."""

    name: str
    value: Any
    usual: Any
    title: Any


@dataclass(frozen=True, slots=True)
class Requirer:
    """A policy that requires something of sellers in a case, by these clauses.

    `what` is the entitlement that it owes, or the value that it gives a term.
    """

    policy: str
    what: Any
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlainestCase:
    """The plainest case that shows a finding: its facts, as a document states them.

    `document` is the `cases` document to be decided or kept as a test. `required_by` says why the
    finding must not be; of a term, `offered` is its value at the seller.
    """

    facts: dict[str, Any]
    unusual: tuple[UnusualFact, ...]
    document: dict[str, Any]
    required_by: tuple[Requirer, ...] = ()
    offered: Any = None


@dataclass(frozen=True, slots=True)
class Finding:
    """What is found in a document: where, what was found and expected, and what to do about it.

    It is made where it is found, and carried as it is into every report. `check` names its row in
    the table of checks, `at` the place in the document in its own words (`rules.opened-masks`). A
    `mild` one is a warning by the circumstances that the row names. `on` is the day (an ordinal)
    whose versions it is found under, None where it is found whatever the day. `accepted` is the
    reason for which the document means it. `found_by` is the test that it fails.
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
        """Its severity as long as no one has accepted it."""
        return "accepted" if self.accepted else self.severity

    @property
    def dated(self) -> str:
        """The message, with the day whose versions it is found under."""
        if self.on is None:
            return self.message
        return f"{self.message}, as of {date.fromordinal(self.on).isoformat()}"

    def __str__(self) -> str:
        line = f"{self.position}: {self.status}: {self.dated}"
        return f"{line} ({self.help})" if self.help else line


class UsageError(Exception):
    """The call or its input can't be used; the message is for the person who made it."""


class InternalError(AssertionError):
    """A text that came to say something else than was meant: an error of this program."""


def did_you_mean(name: str, known: Iterable[str]) -> str | None:
    """Return a hint that names the nearest of `known`, or None where none is near."""
    import difflib  # only a wrong name needs it

    near = difflib.get_close_matches(name, [*known], n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`?" if near else None


def quoted(names: Iterable[str]) -> str:
    """Return `names` in backticks, joined by commas."""
    return ", ".join(f"`{name}`" for name in names)
