"""Decisions as text for people: the verdict, why, by which clause, and what the seller did."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

import click

from checker.evaluate.decision import Case, Decision
from checker.language.checks import CHECKS
from checker.language.model.policy import Entitlement, Policy
from checker.language.syntax.localized import english
from checker.report.findings import COLOURS

_COLOURS = {
    "must_accept": "green",
    "may_reject": "yellow",
    "negotiate": "cyan",
    "unknown": "magenta",
}


def decision_text(
    case: Case, decision: Decision, owed: Iterable[tuple[Policy, Entitlement]]
) -> Iterator[str]:
    """Yield the lines that say what was decided and why; `owed` is what each policy owes."""
    shown, resolved = decision.as_json(case), decision.resolved
    verdict = click.style(shown["verdict"], fg=_COLOURS[shown["verdict"]], bold=True)
    yield f"{click.style(str(case), bold=True)}: {verdict} by {resolved.policy.name}"
    for policy, entitlement in owed:
        by = f"{entitlement.id}, by {policy.id}"
        yield from _reason("owed", entitlement.title, by, entitlement.sources)
    for id in shown["grounds"]:
        ground = resolved.policy.grounds[id]
        yield from _reason("ground", ground.title, id, ground.sources)
    if shown["terms"]:
        yield from _wrapped("terms", [*_values(shown["terms"])])
    if shown["needs"]:
        yield from _wrapped("needs", shown["needs"])
    if shown["override"]:
        yield from _answer(shown)
    yield ""


def _answer(shown: dict[str, Any]) -> Iterator[str]:
    rule = f" by the rule `{shown['rule']}`" if shown["rule"] else ""
    cites = f", citing {', '.join(shown['cites'])}" if shown["cites"] else ""
    response = click.style(shown["response"], bold=True)
    yield f"  seller  {shown['override']}: {response}{rule}{cites}"
    differing = {
        name: value
        for name, value in shown["seller_terms"].items()
        if value != shown["terms"].get(name)
    }
    if differing:
        yield from _wrapped("offers", [*_values(differing)])
    for check in shown["findings"]:
        colour = COLOURS[CHECKS[check].severity]
        yield "  " + click.style(f"finding {check}", fg=colour, bold=True)


def _reason(what: str, title: Any, id: str, sources: Iterable[str]) -> Iterator[str]:
    words = english(title) if title else ""
    yield f"  {what:7} {words} ({id})" if words else f"  {what:7} {id}"
    if sources:
        yield from _wrapped("", [*_by_source(sources)])


def _by_source(clauses: Iterable[str]) -> Iterator[str]:
    """Yield the clauses source by source: `cn/cpl a24-1, a25-1`."""
    grouped: dict[str, list[str]] = {}
    for clause in clauses:
        source, _, id = clause.partition("#")
        grouped.setdefault(source, []).append(id)
    last = len(grouped) - 1
    for number, (source, ids) in enumerate(grouped.items()):
        yield f"{source} {', '.join(ids)}" + ("" if number == last else ";")


def _values(terms: dict[str, Any]) -> Iterator[str]:
    for name, value in terms.items():
        yield f"{name} {'unknown' if value is None else value}"


def _wrapped(what: str, parts: list[str]) -> Iterator[str]:
    """Yield the parts in lines that fit a terminal, dim where they only say where from."""
    separator = ", " if what else " "
    lines = textwrap.wrap(separator.join(parts), width=90, break_on_hyphens=False)
    for number, line in enumerate(lines):
        head = f"  {what if number == 0 else '':7} "
        yield head + (line if what else click.style(line, dim=True))
