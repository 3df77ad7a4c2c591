"""Decisions as text for people: the verdict, why, by which clause, and what the seller did."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import click

from checker.readings.decide import Case, Decision, required_terms

_COLOURS = {
    "must_accept": "green",
    "may_reject": "yellow",
    "negotiate": "cyan",
    "unknown": "magenta",
}


def decision_text(case: Case, decision: Decision) -> Iterator[str]:
    """Yield the lines that say what was decided and why."""
    shown, world = decision.as_json(case), decision.world
    verdict = click.style(shown["verdict"], fg=_COLOURS[shown["verdict"]], bold=True)
    yield f"{click.style(str(case), bold=True)}: {verdict} by {world.policy.name}"
    for policy in world.policies:
        for id in shown["entitlements"]:
            entitlement = policy.entitlements.get(id)
            if entitlement:
                yield _line("owed", entitlement.title, id, entitlement.sources, policy.name)
    for id in shown["grounds"]:
        ground = world.policy.grounds[id]
        yield _line("ground", ground.title, id, ground.sources, world.policy.name)
    terms = required_terms(world)
    for name, value in shown["terms"].items():
        term = terms[name]
        yield _line(
            "term", f"{name}: {'unknown' if value is None else value}", "", term.sources, ""
        )
    if shown["needs"]:
        yield f"  needs  {', '.join(shown['needs'])}"
    if shown["override"]:
        yield from _answer(shown)


def _answer(shown: dict[str, Any]) -> Iterator[str]:
    rule = f" by the rule `{shown['rule']}`" if shown["rule"] else ""
    cites = f", citing {', '.join(shown['cites'])}" if shown["cites"] else ""
    response = click.style(shown["response"], bold=True)
    yield f"  seller {shown['override']}: {response}{rule}{cites}"
    differing = [
        f"{name}: {'unknown' if value is None else value}"
        for name, value in shown["seller_terms"].items()
        if value != shown["terms"].get(name)
    ]
    if differing:
        yield f"  offers {', '.join(differing)}"
    for check in shown["findings"]:
        colour = "yellow" if check == "defers-required-return" else "red"
        yield "  " + click.style(f"finding {check}", fg=colour, bold=True)


def _line(what: str, title: Any, id: str, sources: Iterable[str], policy: str) -> str:
    words = title.get("en", next(iter(title.values()))) if isinstance(title, dict) else title
    name = f"{words or id}" + (f" ({id})" if words and id else "")
    clauses = ", ".join(sources)
    where = f" · {policy}" if policy else ""
    return f"  {what:6} {name}" + click.style(
        f"{where}{' · ' + clauses if clauses else ''}", dim=True
    )
