"""What a `cases` document expects, against what is decided (docs/language.md, section 7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.evaluate.case_decider import CaseDecider, Unresolved
from checker.evaluate.decider import required_terms
from checker.language.model.terms import Term
from checker.language.resolve.case_files import StatedCase
from checker.language.resolve.facts import BadCase


@dataclass(frozen=True, slots=True)
class Unmet:
    """One key of a case's expectation that the decision does not meet, `` where there is none."""

    key: str
    message: str


def unmet(case: StatedCase, case_decider: CaseDecider) -> Iterator[Unmet]:
    """Yield what the decision of `case` lacks of what is expected of it.

    Lists are compared as sets, durations as lengths, amounts as amounts; of the terms, those
    that are named. Unresolved where no case can be decided on the day.
    """
    try:
        decision = case_decider.decide(case)
    except Unresolved:
        raise  # concerns every case, not this one
    except BadCase as error:
        yield Unmet("", str(error))
        return
    found, terms = decision.as_json(case.name), required_terms(decision.resolved)
    for key, expected in (case.expect or {}).items():
        if key in ("terms", "seller_terms") and isinstance(expected, dict):
            yield from _terms_unmet(key, expected, found[key], terms)
        elif not _equal(expected, found[key]):
            yield Unmet(key, f"{key} is {_shown(found[key])}, expected {_shown(expected)}")


def _terms_unmet(
    key: str,
    expected: Mapping[str, Any],
    found: Mapping[str, Any] | None,
    terms: Mapping[str, Term],
) -> Iterator[Unmet]:
    if found is None:
        yield Unmet(key, f"{key} is nothing: no override answers")
        return
    for name, value in expected.items():
        if name not in found:
            yield Unmet(key, f"{key} has no `{name}`")
        elif not _same_value(terms[name], value, found[name]):
            message = f"{key}.{name} is {_shown(found[name])}, expected {_shown(value)}"
            yield Unmet(key, message)


def _same_value(term: Term, expected: Any, found: Any) -> bool:
    if expected is None or found is None:
        return expected is found
    try:
        return term.type.read(expected) == term.type.read(found)
    except ValueError:
        return False


def _equal(expected: Any, found: Any) -> bool:
    if isinstance(expected, list) and isinstance(found, list):
        return {*expected} == {*found}
    return bool(expected == found)


def _shown(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return "none" if not value else ", ".join(f"`{each}`" for each in value)
    return f"`{value}`"
