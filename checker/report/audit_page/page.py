"""The auditor's page: one HTML file that holds all it shows and loads nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.report.audit_page.data import COLUMNS, embedded, titles
from checker.report.html_page import digest, part, style

_PACKAGE = "checker.report.audit_page"
_SCRIPTS = ("dom.js", "table.js", "seller.js", "page.js")
_WORST = 10  # so many sellers stand in the part that needs no script
_MOST = 100  # so many refusals and failures are shown


def audit_page(
    summary: Mapping[str, Any],
    sellers: Sequence[Mapping[str, Any]],
    cases: Mapping[str, Sequence[Mapping[str, Any]]],
) -> str:
    """Return the page of an audit as HTML, in English and Chinese.

    `summary` follows `audit-summary.schema.json`. `sellers` are rows of the table of sellers,
    worst first; the summary says how many there are, and the page how many it leaves out.
    `cases` are rows of the table of findings by seller; their keys beyond the known columns are
    facts. Values are texts, whole numbers, booleans and None. The page needs no network, runs
    nothing but its own script, and shows names, whatever they hold, as text.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    from checker.report.audit_page.markup import helpers

    summary, sellers, cases = _encodable(summary), _encodable(sellers), _encodable(cases)
    styles, script = style(_PACKAGE), "\n".join(part(_PACKAGE, name) for name in _SCRIPTS)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(helpers(titles(summary)))
    return environment.from_string(part(_PACKAGE, "page.html")).render(
        summary=summary,
        columns=COLUMNS[summary["audit"]],
        worst=[row for row in sellers[:_WORST] if row["findings"]],
        listed=len(sellers),
        limit=_MOST,
        style=Markup(styles),
        script=Markup(script),
        data=Markup(embedded(summary, sellers, cases)),
        digests={"style": digest(styles), "script": digest(script)},
    )


def _encodable(value: Any) -> Any:
    """Return a copy that UTF-8 can write: a file's name may hold bytes that are no text."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
