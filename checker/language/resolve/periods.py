"""When a document is in force: its `effective` (docs/language.md, section 1.3)."""

from __future__ import annotations

from datetime import date

from checker.language.model.types import FIRST_DAY, LAST_DAY, ValueType
from checker.language.syntax.documents import Document, Reporter
from checker.language.syntax.problems import Finding


def period(document: Document) -> tuple[int, int]:
    """Return the first day in force and the first day no longer in force, as ordinals."""
    effective = document.data.get("effective")
    days = [FIRST_DAY, LAST_DAY + 1]
    for number, key in enumerate(("from", "until")):
        text = effective.get(key) if isinstance(effective, dict) else None
        try:
            days[number] = date.fromisoformat(text).toordinal() if text else days[number]
        except (TypeError, ValueError):
            continue  # a bad date is reported where the document is checked
    return days[0], days[1]


def period_problems(document: Document) -> list[Finding]:
    """Return the findings about the `effective` of a document that follows its schema."""
    report, days = Reporter(document), []
    for key, text in document.data.get("effective", {}).items():
        try:
            days.append(ValueType("date").read(text))
        except ValueError as error:
            report.error(("effective", key), str(error))
    start, end = period(document)
    if len(days) == 2 and end <= start:
        ends = document.data["effective"]
        message = f"the period is turned round: {ends['until']} is not after {ends['from']}"
        report.error(("effective", "until"), message, "`until` is the first day without it")
    return report.problems
