"""Checks of the entries of an exchange document.

A fragment is checked as an override with no other parts, with sample values for `<stated>`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from checker.language.model.exchange.fragments import (
    KEYS,
    STATED,
    as_data,
    fill,
    names_to_try,
    parts,
    stated_texts,
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
from checker.language.syntax.similar_names import similar_name

_NUMBERS = {"integer": (0, 1, 7, 14, 30), "money": (0, 100, 10_000)}


def check_entry(notion: str, data: Any, original: Any, policy: Policy, report: Reporter) -> None:
    """Report the errors in the entry of a notion.

    Args:
        notion: A key of `NOTIONS`.
        data: The parts of the entry that follow the schema.
        original: The entry as it was written. A key with an error is not reported as missing.
        policy: The policy of the exchange document.
        report: Collects the errors.
    """
    path: Path = ("says", notion)
    _check_exclusive_keys(path, data, report)
    _check_currency(notion, data, original, report)
    if "values" in data:
        _check_values(notion, data["values"], original["values"], report)
        for value, fragment in data["values"].items():
            value_path = (*path, "values", value)
            _check_exclusive_keys(value_path, fragment, report)
            report.problems += _problems(fill(fragment, value), value_path, policy, report)
    elif parts(data) and _check_stated(notion, data, report):
        report.problems += _problems_of_samples(notion, data, policy, report)


def _check_exclusive_keys(path: Path, data: Any, report: Reporter) -> None:
    """Report parts of an override beside `values` or `outside`, which exclude them."""
    for exclusive_key in ("values", "outside"):
        for key in KEYS if exclusive_key in data else ():
            if key in data:
                message = f"`{key}` has no place beside `{exclusive_key}`"
                report.error((*path, key), message, key=True)


def _check_currency(notion: str, data: Any, original: Any, report: Reporter) -> None:
    path, is_money = ("says", notion), NOTIONS[notion].form == "money"
    if is_money and parts(data) and "currency" not in original:
        help = "an amount in another one is then not understood"
        report.error(path, "`currency` is missing", help, key=True)
    if not is_money and "currency" in data:
        message = f"`{notion}` is no amount of money, and has no currency"
        report.error((*path, "currency"), message, key=True)


def _check_values(notion: str, values: Any, original: Any, report: Reporter) -> None:
    """Report values that the notion does not have, and values of the notion that are missing."""
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
    unknown = [value for value in values if value not in known]
    missing = [value for value in known if value not in original]
    if missing and not any(similar_name(value, missing) for value in unknown):
        help = "`{}` says that nothing follows from it"
        report.error(path, f"`{missing[0]}` is missing", help, key=True)


def _check_names(values: Any, path: Path, report: Reporter) -> None:
    """Report names that can't be joined: each gives values of the same fact, or nothing."""
    first_path: tuple[str, ...] | None = None
    for name, fragment in values.items():
        for part_path, test in parts(fragment).items():
            first_path = first_path or part_path
            if part_path != first_path or part_path[0] != "scope" or values_of(test) is None:
                help = "several of them are joined, as values of that fact"
                message = "a name can be values of one fact in a `scope`, or nothing"
                report.error((*path, name, part_path[0]), message, help, key=True)


def _check_stated(notion: str, data: Any, report: Reporter) -> bool:
    """Report a fragment without `<stated>`; return whether the value fits into its texts."""
    texts, path = [*stated_texts(data)], ("says", notion)
    if not texts and "stated" not in str(data):  # a misspelt one is reported as a wrong value
        help = f"write `{STATED}` for the value, or `values` with a part for each"
        report.error(path, f"says the same whatever `{notion}` is", help, key=True)
    if NOTIONS[notion].form != "names":
        return True
    longer_texts = [(text_path, text) for text_path, text in texts if text != STATED]
    for text_path, text in longer_texts:
        help = f"`{STATED}` has to stand by itself"
        report.error((*path, *text_path), f"`{text}` can't hold several names", help)
    return not longer_texts


def _problems_of_samples(notion: str, data: Any, policy: Policy, report: Reporter) -> list[Finding]:
    """Return the problems that the fragment has with sample values.

    One number without problems is enough, as a parameter may have a range. Of other forms, every
    value has to fit.
    """
    form = NOTIONS[notion].form
    problems_by_sample = []
    for sample in _samples(notion, data, policy):
        value = as_data(form, sample)
        help = f"`{STATED}` may be `{scalar_text(value)}`"
        problems = _problems(fill(data, value), ("says", notion), policy, report)
        problems_by_sample.append(
            [replace(problem, help=problem.help or help) for problem in problems]
        )
    return sorted(problems_by_sample, key=len, reverse=form not in _NUMBERS)[0]


def _samples(notion: str, data: Any, policy: Policy) -> list[Any]:
    """Return sample values of the notion; of numbers also the policy's defaults, in any unit."""
    form, values = NOTIONS[notion]
    if form == "boolean":
        return [True, False]
    if form in _NUMBERS:
        defaults = [parameter.default for parameter in policy.parameters.values()]
        numbers = [default for default in defaults if isinstance(default, int)]
        in_units = [number // unit for number in numbers for unit in MINUTES.values()]
        return [*_NUMBERS[form], *dict.fromkeys(in_units)]
    known = values or names_to_try(data, policy)
    return [known] if form == "names" else [*known]


def _problems(data: Any, path: Path, policy: Policy, report: Reporter) -> list[Finding]:
    """Return the problems of the fragment at `path` as an override, with paths from the top."""
    document, mark = report.document, report.document.mark
    for step in path:
        mark = mark.children[step]
    override = {"kind": "override", "id": "seller", "version": "1.0.0", "policy": policy.name}
    override |= {key: data[key] for key in KEYS if key in data}
    fragment = Document(document.file, document.text, override, mark)
    prefix = ".".join(map(str, path))
    problems = problems_of_override(fragment, policy)
    return [replace(problem, at=f"{prefix}.{problem.at}") for problem in problems]


def problems_of_override(document: Document, policy: Policy) -> Iterator[Finding]:
    """Yield the problems of an override under the policy, as `validate` reports them.

    Marks may be missing. A problem of a value without one has the position of what contains it.
    """
    shaped, problems = check_shape(
        replace(document, mark=_with_marks(document.data, document.mark))
    )
    yield from problems
    if shaped:
        report = Reporter(shaped)
        read_override(shaped, policy, report)
        yield from report.problems


def _with_marks(data: Any, mark: Mark) -> Mark:
    """Return the mark with a mark for everything in `data`."""
    entries = data.items() if isinstance(data, dict) else ()
    steps = enumerate(data) if isinstance(data, list) else entries
    substitute = replace(mark, children={}, keys={})
    return replace(
        mark,
        children={
            step: _with_marks(inner, mark.children.get(step, substitute)) for step, inner in steps
        },
    )
