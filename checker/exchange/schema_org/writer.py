"""Writes a MerchantReturnPolicy in JSON-LD, and reports what the format can't state."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from checker.exchange.positioned_data import Data, read_json
from checker.exchange.schema_org import json_ld
from checker.exchange.schema_org.properties import Properties, properties
from checker.exchange.schema_org.reader import read_graph
from checker.exchange.schema_org.things import Graph
from checker.exchange.schema_org.vocabulary import OVERRIDES, POLICY, SEASON, SEASONAL
from checker.exchange.statements import StatedPolicy, not_expressed, periods_not_expressed
from checker.language.syntax.problems import Finding, Position, quoted

_HELP_WITH_FEES = (
    "a season's `returnFees` are those for any reason: for a change of mind, and defects"
)


def write(versions: Sequence[StatedPolicy]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the versions of one seller's override as a policy, and what it does not state.

    The last version is the policy. Earlier versions that differ are its seasonal overrides. If
    there is no error, reading the policy gives these versions again. It then also states what is
    implied: returns are `limited` by a window of days, exchanges are accepted for a refund by
    exchange; and what the warnings say.
    """
    ordered = sorted(versions, key=lambda version: version.first or date.min)
    last = ordered[-1]
    base, problems = properties(last.statements)
    problems += periods_not_expressed(ordered)
    changed = [version for version in ordered if version.values() != last.values()]
    seasons = [season for version in changed if (season := _season(version, base, problems))]
    policy: dict[str, Any] = {"@context": "https://schema.org", "@type": POLICY}
    policy |= {"name": last.name} if last.name else {}
    return policy | base | ({OVERRIDES: seasons} if seasons else {}), problems


def _season(version: StatedPolicy, base: Properties, problems: list[Finding]) -> Properties | None:
    """Return the seasonal override that changes `base` to a version, or None with a problem.

    The override is read again together with `base`, to check that the version is what they state.
    """
    version_properties, not_written = properties(version.statements)
    problems += not_written
    if not version.first or not version.last:
        message = "a season has a first and a last day"
        problems.append(not_expressed(version, message, "effective"))
        return None
    changed = {
        name: version_properties[name]
        for name in SEASONAL
        if name in version_properties and version_properties[name] != base.get(name)
    }
    override = {
        "@type": SEASON,
        "startDate": version.first.isoformat(),
        "endDate": version.last.isoformat(),
        **changed,
    }
    expected = _read(version_properties)[-1].values()
    read_versions = _read(base | {OVERRIDES: override})
    seasons = [each for each in read_versions if each.first == version.first]
    differences = expected ^ seasons[0].values() if seasons else expected
    if differences:
        notions = sorted({notion for notion, _, _ in differences})
        message = f"a season can't say what this states, or does not state, of {quoted(notions)}"
        help = _HELP_WITH_FEES if any("_shipping" in notion for notion in notions) else None
        problems.append(not_expressed(version, message, "effective", help))
        return None
    return override


def _read(policy: Properties) -> tuple[StatedPolicy, ...]:
    """Return the versions that a policy states when it is read again."""
    data = read_json(json.dumps({"@type": POLICY} | policy), Position("", 1, 1))
    assert isinstance(data, Data)
    return read_graph(Graph(json_ld.things(data))).stated
