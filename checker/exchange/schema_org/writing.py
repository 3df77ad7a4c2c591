"""Statements written as a MerchantReturnPolicy in JSON-LD, and what that can't say."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from checker.exchange.positioned_data import Data, read_json
from checker.exchange.schema_org import json_ld
from checker.exchange.schema_org.nodes import Graph
from checker.exchange.schema_org.properties import Properties, properties
from checker.exchange.schema_org.reading import read_graph
from checker.exchange.schema_org.vocabulary import OVERRIDES, POLICY, SEASON, SEASONAL
from checker.exchange.statements import NOT_EXPRESSED, Stated
from checker.language.syntax.problems import Finding, Position, quoted

_DAY = timedelta(days=1)
_FOR_ANY_REASON = (
    "a season's `returnFees` are those for any reason: for a change of mind, and defects"
)
_Says = set[tuple[str, object, str]]


def write(versions: Sequence[Stated]) -> tuple[dict[str, Any], list[Finding]]:
    """Return what the versions of one seller's override state as a policy, and what is not said.

    The last version is what holds; those before it that differ are seasonal overrides. Where no
    error is found, reading the policy gives these versions again. It says besides what is implied:
    a window of days, that returns are `limited`; a refund by exchange, that exchanges are accepted;
    and what a warning is about.
    """
    ordered = sorted(versions, key=lambda each: each.first or date.min)
    last = ordered[-1]
    base, problems = properties(last.statements)
    problems += _times(ordered)
    differing = [each for each in ordered if _says(each) != _says(last)]
    seasons = [each for each in (_season(each, base, problems) for each in differing) if each]
    policy: dict[str, Any] = {"@context": "https://schema.org", "@type": POLICY}
    policy |= {"name": last.name} if last.name else {}
    return policy | base | ({OVERRIDES: seasons} if seasons else {}), problems


def _times(ordered: Sequence[Stated]) -> Iterator[Finding]:
    """Yield what a policy, which has no dates of its own, can't say of when its versions hold."""
    if ordered[0].first:
        yield _about(ordered[0], "the day from which it holds can't be said", "effective.from")
    if ordered[-1].last:
        yield _about(ordered[-1], "the day until which it holds can't be said", "effective.until")
    for each, after in pairwise(ordered):
        if each.last is None or after.first != each.last + _DAY:
            message = "does not begin on the day after the version before it ends"
            yield _about(after, message, "effective")


def _season(version: Stated, base: Properties, problems: list[Finding]) -> Properties | None:
    """Return the seasonal override that makes of `base` what a version states; None if none can.

    It is read back, so that nothing is promised of how it and the policy go together.
    """
    whole, unsaid = properties(version.statements)
    problems += unsaid
    if not version.first or not version.last:
        problems.append(_about(version, "a season has a first and a last day", "effective"))
        return None
    changed = {
        name: whole[name] for name in SEASONAL if name in whole and whole[name] != base.get(name)
    }
    override = {
        "@type": SEASON,
        "startDate": version.first.isoformat(),
        "endDate": version.last.isoformat(),
        **changed,
    }
    wanted = _says(_read(whole)[-1])
    given = [each for each in _read(base | {OVERRIDES: override}) if each.first == version.first]
    differ = wanted ^ _says(given[0]) if given else wanted
    if differ:
        notions = quoted(sorted({notion for notion, _, _ in differ}))
        message = f"a season can't say what this states, or does not state, of {notions}"
        fees = any("_shipping" in notion for notion, _, _ in differ)
        problems.append(_about(version, message, "effective", _FOR_ANY_REASON if fees else None))
        return None
    return override


def _about(version: Stated, message: str, at: str, help: str | None = None) -> Finding:
    return Finding(version.position, message, help, check=NOT_EXPRESSED, at=at)


def _read(said: Properties) -> tuple[Stated, ...]:
    data = read_json(json.dumps({"@type": POLICY} | said), Position("", 1, 1))
    assert isinstance(data, Data)
    return read_graph(Graph(json_ld.nodes(data))).stated


def _says(version: Stated) -> _Says:
    return {(each.notion, each.value, each.currency) for each in version.statements}
