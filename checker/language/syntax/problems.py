"""What is wrong with a document, and where: every error is one `Problem`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Severity = Literal["error", "warning", "finding", "accepted"]


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a file; line and column count from 1, and are 0 where only the file is known."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where, what was found and expected, and what to do about it.

    `check` names the kind of finding, `at` the place in the document in its own words
    (`rules.opened-masks`).
    """

    position: Position
    message: str
    help: str | None = None
    severity: Severity = "error"
    check: str = "invalid-document"
    at: str = ""

    def __str__(self) -> str:
        line = f"{self.position}: {self.severity}: {self.message}"
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
