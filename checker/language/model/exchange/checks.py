"""What is wrong with what an exchange document says of a notion.

A fragment is checked as an override that has nothing else, with a value in place of `<stated>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.language.model.exchange.fragments import (
    KEYS,
    STATED,
    as_data,
    filled,
    names_to_try,
    parts,
    places_of_stated,
    values_of,
)
from checker.language.model.exchange.notions import NOTIONS
from checker.language.model.override import read_override
from checker.language.model.policy import Policy
from checker.language.model.schema import check_shape
from checker.language.model.types import MINUTES
from checker.language.syntax.documents import Document, Path, Reporter
from checker.language.syntax.parser import Mark
from checker.language.syntax.problems import Finding, did_you_mean, quoted
from checker.language.syntax.scalars import scalar_text

_NUMBERS = {"integer": (0, 1, 7, 14, 30), "money": (0, 100, 10_000)}


def check_entry(notion: str, data: Any, whole: Any, policy: Policy, report: Reporter) -> None:
    """Report what is wrong with the entry of a notion, which follows the schema.

    `whole` is the entry as it was written: what is there is not missing, even where it is in error.
    """
    path: Path = ("says", notion)
    _check_beside(path, data, report)
    _check_currency(notion, data, whole, report)
    if "values" in data:
        _check_values(notion, data["values"], whole["values"], report)
        for value, fragment in data["values"].items():
            here = (*path, "values", value)
            _check_beside(here, fragment, report)
            report.problems += _problems(filled(fragment, value), here, policy, report)
    elif parts(data) and _holds_stated(notion, data, report):
        report.problems += _problems_of_samples(notion, data, policy, report)


def _check_beside(path: Path, data: Any, report: Reporter) -> None:
    """Report keys that have no place beside others."""
    for alone in ("values", "outside"):
        for key in KEYS if alone in data else ():
            if key in data:
                report.error((*path, key), f"`{key}` has no place beside `{alone}`", key=True)


def _check_currency(notion: str, data: Any, whole: Any, report: Reporter) -> None:
    path, money = ("says", notion), NOTIONS[notion][0] == "money"
    if money and parts(data) and "currency" not in whole:
        help = "an amount in another one is then not understood"
        report.error(path, "`currency` is missing", help, key=True)
    if not money and "currency" in data:
        found = f"`{notion}` is no amount of money, and has no currency"
        report.error((*path, "currency"), found, key=True)


def _check_values(notion: str, values: Any, whole: Any, report: Reporter) -> None:
    """Report values that the notion does not have, and those that are left out."""
    (form, known), path = NOTIONS[notion], ("says", notion, "values")
    if form in _NUMBERS:
        report.error(path, f"`{notion}` is a number", f"use `{STATED}` for it", key=True)
    elif form == "names":
        _check_names(values, path, report)
    known = ("true", "false") if form == "boolean" else known
    for value in [*values] if known else ():
        if value not in known:
            help = did_you_mean(value, known) or f"known here: {quoted(known)}"
            report.error((*path, value), f"`{notion}` has no value `{value}`", help, key=True)
    missing = [value for value in known if value not in whole]
    if missing:
        help = "`{}` says that nothing follows from it"
        report.error(path, f"`{missing[0]}` is missing", help, key=True)


def _check_names(values: Any, path: Path, report: Reporter) -> None:
    """Report names that can't be joined: they are to be values of one fact, or nothing."""
    first: tuple[str, ...] | None = None
    for name, fragment in values.items():
        for place, test in parts(fragment).items():
            first = first or place
            if place != first or place[0] != "scope" or values_of(test) is None:
                help = "several of them are joined, as values of that fact"
                found = "a name can be values of one fact in a `scope`, or nothing"
                report.error((*path, name, place[0]), found, help, key=True)


def _holds_stated(notion: str, data: Any, report: Reporter) -> bool:
    """Report a fragment that does not depend on what is stated; return whether it can hold it."""
    found, path = [*places_of_stated(data)], ("says", notion)
    if not found:
        help = f"write `{STATED}` for the value, or `values` with a part for each"
        report.error(path, f"says the same whatever `{notion}` is", help, key=True)
    names = NOTIONS[notion][0] == "names"
    inside = [(place, text) for place, text in found if names and text != STATED]
    for place, text in inside:
        help = f"`{STATED}` has to stand by itself"
        report.error((*path, *place), f"`{text}` can't hold several names", help)
    return not inside


def _problems_of_samples(notion: str, data: Any, policy: Policy, report: Reporter) -> list[Finding]:
    """Return what is wrong with the fragment whatever is stated.

    Any number that fits shows that numbers do; of other forms, every value has to fit.
    """
    form = NOTIONS[notion][0]
    found = []
    for sample in _samples(notion, data, policy):
        value = as_data(form, sample)
        help = f"`{STATED}` may be `{scalar_text(value)}`"
        problems = _problems(filled(data, value), ("says", notion), policy, report)
        found.append([replace(each, help=each.help or help) for each in problems])
    return sorted(found, key=len, reverse=form not in _NUMBERS)[0]


def _samples(notion: str, data: Any, policy: Policy) -> list[Any]:
    """Return values of the notion to try the fragment with; numbers near the policy's own."""
    form, values = NOTIONS[notion]
    if form == "boolean":
        return [True, False]
    if form in _NUMBERS:
        defaults = [each.default for each in policy.parameters.values()]
        numbers = [each for each in defaults if isinstance(each, int)]
        in_units = [each // unit for each in numbers for unit in MINUTES.values()]
        return [*_NUMBERS[form], *dict.fromkeys(in_units)]
    known = values or names_to_try(data, policy)
    return [known] if form == "names" else [*known]


def _problems(data: Any, path: Path, policy: Policy, report: Reporter) -> list[Finding]:
    """Return what is wrong with the fragment at `path` as an override, where it stands."""
    document, mark = report.document, report.document.mark
    for step in path:
        mark = mark.children[step]
    override = {"kind": "override", "id": "seller", "version": "1.0.0", "policy": policy.name}
    override |= {key: data[key] for key in KEYS if key in data}
    inside = Document(document.file, document.text, override, mark)
    above = ".".join(map(str, path))
    return [replace(each, at=f"{above}.{each.at}") for each in problems_of_override(inside, policy)]


def problems_of_override(document: Document, policy: Policy) -> Iterator[Finding]:
    """Yield what is wrong with an override under the policy, as `validate` would say it.

    Its marks may lack those of some nodes, which are then said to be where what has them is.
    """
    complete = replace(document, mark=_marked(document.data, document.mark))
    whole, problems = check_shape(complete)
    yield from problems
    if whole:
        report = Reporter(whole)
        read_override(whole, whole, policy, report)
        yield from report.problems


def _marked(data: Any, mark: Mark) -> Mark:
    inner = data.items() if isinstance(data, dict) else ()
    steps = enumerate(data) if isinstance(data, list) else inner
    beside = replace(mark, children={}, keys={})
    return replace(
        mark,
        children={step: _marked(each, mark.children.get(step, beside)) for step, each in steps},
    )
