"""The data of the page's script: columns, sellers and cases as JSON that is safe inside HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.report.audit_page.catalog import COUNTED, UNITS, WORDS

Column = tuple[str, str]  # the name, and the kind, which says how values are shown and sorted

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
        ("rejected_without_reason", "number"),
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
_LISTS = ("because", "clauses", "cites")  # lists of values, joined by `|`
_KNOWN = {  # the columns of a finding; other keys are facts
    "returns": (
        *("case", "seller", "on", "policy", "check", "verdict", "response", "taken", "limit"),
        *_LISTS,
    ),
    "settings": ("seller", "check", "at", "limit", "counterexample", "failure"),
}
# Characters that could end the script element, or a line of it, become escapes inside strings.
_ESCAPES = {ord(character): f"\\u{ord(character):04x}" for character in "<>&\u2028\u2029"}


def embedded(
    summary: Mapping[str, Any],
    sellers: Sequence[Mapping[str, Any]],
    cases: Mapping[str, Sequence[Mapping[str, Any]]],
) -> str:
    """Return the data of the script as JSON text."""
    audit = summary["audit"]
    columns = COLUMNS[audit]
    data = {
        "audit": audit,
        "words": WORDS,
        "counted": COUNTED,
        "units": UNITS,
        "titles": titles(summary),
        "gists": {clause["clause"]: clause["gist"] for clause in summary["clauses"]},
        "rungs": [rung["rung"] for rung in summary.get("ladder", ())],
        "columns": columns,
        "sellers": [[row.get(name) for name, _ in columns] for row in sellers],
        "cases": [[seller, [_case(audit, row) for row in rows]] for seller, rows in cases.items()],
    }
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPES)


def titles(summary: Mapping[str, Any]) -> dict[str, Any]:
    """Return the titles of the terms and rungs that have one, by their ids."""
    entries = [(entry["term"], entry) for entry in summary.get("terms", ())]
    entries += [(entry["rung"], entry) for entry in summary.get("ladder", ())]
    return {name: entry["title"] for name, entry in entries if entry.get("title")}


def facts_of(counterexample: Mapping[str, Any] | None) -> list[tuple[str, str]]:
    """Return the facts of a case with their values as texts; absent facts are left out."""
    stated = (counterexample or {}).items()
    return [(name, _text(value)) for name, value in stated if value is not None]


def _case(audit: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a finding with its lists split, and its facts under `facts`."""
    columns = _KNOWN[audit]
    case = {name: row[name] for name in columns if row.get(name) is not None}
    for name in _LISTS:
        if audit == "returns":
            case[name] = [value for value in str(case.get(name, "")).split("|") if value]
    if audit == "settings":
        example = case.pop("counterexample", None)
        case["facts"] = facts_of(json.loads(example) if example else None)
    else:
        case["facts"] = facts_of({name: row[name] for name in row if name not in columns})
    return case


def _text(value: Any) -> str:
    """Return a value as documents write it."""
    return str(value).lower() if isinstance(value, bool) else str(value)
