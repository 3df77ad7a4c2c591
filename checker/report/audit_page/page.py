"""The auditor's page: one HTML file that contains everything and loads nothing."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from checker.report.audit_page.data import COLUMNS, embedded, titles
from checker.report.html_page import digest, part, style

_PACKAGE = "checker.report.audit_page"
_SCRIPTS = ("dom.js", "table.js", "seller.js", "page.js")
_WORST = 10  # sellers in the part that works without a script
_MOST = 100  # refusals and failures shown


def audit_page(
    summary: Mapping[str, Any],
    sellers: Sequence[Mapping[str, Any]],
    cases: Mapping[str, Sequence[Mapping[str, Any]]],
) -> str:
    """Return the page of an audit as HTML, in English and Chinese.

    The page needs no network, runs its own script only, and shows all names as text, never as
    markup. Values are texts, integers, booleans and None.

    Args:
        summary: the summary, by `audit-summary.schema.json`.
        sellers: rows of the table of sellers, most findings first; the page says how many of the
            summary's sellers it leaves out.
        cases: rows of the table of findings, by seller; keys that are not columns are facts.
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
    """Return a copy that UTF-8 can encode: a file's name may have bytes that are no text."""
    return json.loads(json.dumps(value, ensure_ascii=False).encode("utf-8", "replace"))
