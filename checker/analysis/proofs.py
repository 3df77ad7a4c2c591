"""Documents proved, or the errors that keep them from it; both as `prove --format json` says it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from checker.analysis.engines import Engines
from checker.analysis.proving import Proof, prove_document
from checker.language.documents import Document
from checker.language.library import NotFound
from checker.language.problems import Problem
from checker.language.worlds import Broken, Resolver


class NotProved(Exception):
    """A document that can't be proved: it, or what it refers to, has these errors."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(str(problems[0]))
        self.problems = problems


def proofs(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> Iterator[Proof]:
    """Yield the proofs of `prove_document`; NotProved where the document can't be proved."""
    problems = [each for each in resolver.shape(document)[1] if each.severity == "error"]
    if problems:
        raise NotProved(problems)
    try:
        yield from prove_document(document, resolver, on=on, today=today, engines=engines)
    except NotFound as error:
        key = "policy" if document.kind == "override" else "vocabulary"
        raise NotProved(
            [Problem(document.position((key,)), error.message, error.help, at=key)]
        ) from None
    except Broken as error:
        raise NotProved(error.problems) from None


def proofs_json(
    document: Document, resolver: Resolver, *, on: int | None, today: int, engines: Engines
) -> list[dict[str, Any]]:
    """Return what `prove --format json` prints of a document, line by line."""
    try:
        found = proofs(document, resolver, on=on, today=today, engines=engines)
        return [proof.as_json() for proof in found]
    except NotProved as error:
        return [not_proved_json(document, error.problems, on if on is not None else today)]


def not_proved_json(document: Document, problems: Sequence[Problem], day: int) -> dict[str, Any]:
    """Return the errors that keep a document from being proved, in the form of a proof."""
    findings = [
        {
            "check": each.check,
            "severity": each.severity,
            "at": each.at,
            "position": str(each.position),
            "message": each.message,
            "on": date.fromordinal(day).isoformat(),
        }
        for each in problems
    ]
    against = str(document.data.get("policy") or document.data.get("vocabulary") or "")
    return {"document": document.name, "against": against, "holds": False, "findings": findings}
