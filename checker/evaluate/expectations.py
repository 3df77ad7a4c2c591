"""Compares decisions with what a `cases` document expects (docs/language.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.evaluate.case_decider import CaseDecider, Unresolved
from checker.evaluate.decision import required_terms
from checker.language.model.terms import Term
from checker.language.resolve.case_files import StatedCase
from checker.language.resolve.facts import BadCase


@dataclass(frozen=True, slots=True)
class Unmet:
    """An expectation that the decision does not meet.

    Attributes:
        key: the key of the expectation, empty where the case can't be decided.
        message: what is decided, and what was expected.
    """

    key: str
    message: str


def unmet(case: StatedCase, case_decider: CaseDecider) -> Iterator[Unmet]:
    """Yield the expectations of `case` that its decision does not meet.

    Lists are compared as sets, and durations and amounts by value. Terms that the expectation does
    not name are not compared.

    Raises:
        Unresolved: no case can be decided on the day.
    """
    try:
        decision = case_decider.decide(case)
    except Unresolved:
        raise  # concerns every case, not this one
    except BadCase as error:
        yield Unmet("", str(error))
        return
    decided, terms = decision.as_json(case.name), required_terms(decision.resolved)
    for key, expected in (case.expect or {}).items():
        if key not in decided:
            continue  # a misspelt key, which its document's schema refuses
        if key in ("terms", "seller_terms") and isinstance(expected, dict):
            yield from _terms_unmet(key, expected, decided[key], terms)
        elif not _equal(expected, decided[key]):
            yield Unmet(key, f"{key} is {_shown(decided[key])}, expected {_shown(expected)}")


def _terms_unmet(
    key: str,
    expected: Mapping[str, Any],
    decided: Mapping[str, Any] | None,
    terms: Mapping[str, Term],
) -> Iterator[Unmet]:
    if decided is None:
        yield Unmet(key, f"{key} is nothing: no override answers")
        return
    for name, value in expected.items():
        if name not in decided:
            yield Unmet(key, f"{key} has no `{name}`")
        elif not _same_value(terms[name], value, decided[name]):
            message = f"{key}.{name} is {_shown(decided[name])}, expected {_shown(value)}"
            yield Unmet(key, message)


def _same_value(term: Term, expected: Any, decided: Any) -> bool:
    if expected is None or decided is None:
        return expected is decided
    try:
        return term.type.read(expected) == term.type.read(decided)
    except ValueError:
        return False


def _equal(expected: Any, decided: Any) -> bool:
    if isinstance(expected, list) and isinstance(decided, list):
        return {*expected} == {*decided}
    return bool(expected == decided)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "none" if not value else ", ".join(f"`{item}`" for item in value)
    return f"`{value}`"
