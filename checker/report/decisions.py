"""Decisions as text: the verdict, its reasons with their clauses, and the seller's response."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import Any

from checker.evaluate.decision import Case, Decision
from checker.language.checks import CHECKS
from checker.language.model.policy import Entitlement, Policy
from checker.language.syntax.localized import english
from checker.language.syntax.printable import styled
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
    """Yield the lines of a decision; `owed` has the entitlements that each policy owes."""
    data, resolved = decision.as_json(case), decision.resolved
    verdict = styled(data["verdict"], _COLOURS[data["verdict"]], "bold")
    yield f"{styled(str(case), 'bold')}: {verdict} by {resolved.policy.name}"
    for policy, entitlement in owed:
        by = f"{entitlement.id}, by {policy.id}"
        yield from _reason("owed", entitlement.title, by, entitlement.sources)
    for id in data["grounds"]:
        ground = resolved.policy.grounds[id]
        yield from _reason("ground", ground.title, id, ground.sources)
    if data["terms"]:
        yield from _wrapped("terms", [*_values(data["terms"])])
    if data["needs"]:
        yield from _wrapped("needs", data["needs"])
    if data["override"]:
        yield from _seller_response(data)
    yield ""


def _seller_response(data: dict[str, Any]) -> Iterator[str]:
    rule = f" by the rule `{data['rule']}`" if data["rule"] else ""
    cites = f", citing {', '.join(data['cites'])}" if data["cites"] else ""
    response = styled(data["response"], "bold")
    yield f"  seller  {data['override']}: {response}{rule}{cites}"
    differing = {
        name: value
        for name, value in data["seller_terms"].items()
        if value != data["terms"].get(name)
    }
    if differing:
        yield from _wrapped("offers", [*_values(differing)])
    for check in data["findings"]:
        colour = COLOURS[CHECKS[check].severity]
        yield "  " + styled(f"finding {check}", colour, "bold")


def _reason(label: str, title: Any, id: str, sources: Iterable[str]) -> Iterator[str]:
    title_text = english(title) if title else ""
    yield f"  {label:7} {title_text} ({id})" if title_text else f"  {label:7} {id}"
    if sources:
        yield from _wrapped("", [*_clauses_by_source(sources)])


def _clauses_by_source(clauses: Iterable[str]) -> Iterator[str]:
    """Yield one text for each source with its clauses: `cn/cpl a24-1, a25-1`."""
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


def _wrapped(label: str, parts: list[str]) -> Iterator[str]:
    """Yield the parts in lines of terminal width; lines without a label (clauses) are dim."""
    separator = ", " if label else " "
    lines = textwrap.wrap(separator.join(parts), width=90, break_on_hyphens=False)
    for number, line in enumerate(lines):
        start = f"  {label if number == 0 else '':7} "
        yield start + (line if label else styled(line, "dim"))
