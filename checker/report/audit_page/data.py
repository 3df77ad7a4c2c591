"""What the page's script reads: columns, sellers and cases as JSON that no markup can end."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.report.audit_page.catalog import COUNTED, UNITS, WORDS

Column = tuple[str, str]  # name, kind: how it is shown and sorted

COLUMNS: dict[str, tuple[Column, ...]] = {
    "returns": (
        ("seller", "seller"),
        ("rung", "rung"),
        ("findings", "number"),
        ("requests", "number"),
        ("accepted", "number"),
        ("rejected", "number"),
        ("pending", "number"),
        ("wrongful_rejections", "number"),
        ("unfounded_rejections", "number"),
        ("late", "number"),
        ("overdue", "number"),
        ("rejection_rate", "rate"),
        ("wrongful_rejection_rate", "rate"),
        ("on_time_rate", "rate"),
    ),
    "settings": (
        ("seller", "seller"),
        ("holds", "boolean"),
        ("checks", "checks"),
        ("limits", "limits"),
        ("findings", "number"),
    ),
}
_LISTS = ("because", "clauses", "cites")  # several values in one, joined by `|`
_KNOWN = {  # the keys of a finding that are no facts
    "returns": (
        *("case", "seller", "on", "policy", "check", "verdict", "response", "taken", "limit"),
        *_LISTS,
    ),
    "settings": ("seller", "check", "at", "limit", "counterexample", "failure"),
}
# What could end the script element, or a line of it, is written as an escape within a string.
_ESCAPES = {ord(each): f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"}


def embedded(
    summary: Mapping[str, Any],
    sellers: Sequence[Mapping[str, Any]],
    cases: Mapping[str, Sequence[Mapping[str, Any]]],
) -> str:
    """Return the JSON text of all that the script shows."""
    audit = summary["audit"]
    columns = COLUMNS[audit]
    data = {
        "audit": audit,
        "words": WORDS,
        "counted": COUNTED,
        "units": UNITS,
        "titles": titles(summary),
        "gists": {each["clause"]: each["gist"] for each in summary["clauses"]},
        "rungs": [each["rung"] for each in summary.get("ladder", ())],
        "columns": columns,
        "sellers": [[row.get(name) for name, _ in columns] for row in sellers],
        "cases": [[seller, [_case(audit, row) for row in rows]] for seller, rows in cases.items()],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def titles(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return what people call the terms and the rungs, of those that have a title."""
    named = [(each["term"], each) for each in summary.get("terms", ())]
    named += [(each["rung"], each) for each in summary.get("ladder", ())]
    return {name: each["title"] for name, each in named if each.get("title")}


def facts_of(counterexample: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return the facts of a case with their values as texts, without those that are absent."""
    stated = (counterexample or {}).items()
    return [(name, _text(value)) for name, value in stated if value is not None]


def _case(audit: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding with its lists apart, and its facts under `facts`."""
    known = _KNOWN[audit]
    case = {name: row[name] for name in known if row.get(name) is not None}
    for name in _LISTS:
        if audit == "returns":
            case[name] = [each for each in str(case.get(name, "")).split("|") if each]
    if audit == "settings":
        example = case.pop("counterexample", None)
        case["facts"] = facts_of(json.loads(example) if example else None)
    else:
        case["facts"] = facts_of({name: row[name] for name in row if name not in known})
    return case


def _text(value: Any) -> str:
    """Return a value as documents write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
