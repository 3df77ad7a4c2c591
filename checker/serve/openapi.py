"""The description of the API: what is kept by hand, with the schemas of reports put in."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from checker import __version__
from checker.language.model.schema import schema_text, worded
from checker.report.html_page import part

_REPORTS = ("decision", "findings", "proof")
_COMMON = "common.schema.json#/$defs/"
_PLACE = "#/components/schemas/"


@cache
def description() -> dict[str, Any]:
    """Return the API as OpenAPI 3.1 describes it."""
    described: dict[str, Any] = json.loads(part("checker.serve", "openapi.json"))
    described["info"]["version"] = __version__
    schemas, common = described["components"]["schemas"], json.loads(schema_text("common"))["$defs"]
    for name in _REPORTS:
        report = json.loads(schema_text(name))
        schemas[name] = {key: report[key] for key in report if key not in ("$schema", "$id")}
    for name in sorted(_named(schemas)):
        schemas[name] = common[name]
    placed: dict[str, Any] = json.loads(json.dumps(described).replace(_COMMON, _PLACE))
    return placed


def _named(schema: Any) -> set[str]:
    """Return the common definitions that a schema refers to."""
    found = set()
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            found |= _named(value)
        elif isinstance(value, str) and value.startswith(_COMMON):
            found.add(value.removeprefix(_COMMON))
    return found


@cache
def _validator(task: str) -> Any:
    reference = {"$ref": f"{_PLACE}{task}-request", "components": description()["components"]}
    return Draft202012Validator(reference)


def wrong_with(body: Any, task: str) -> str:
    """Return what keeps a body from being a request of the task, an empty text where nothing."""
    for error in sorted(
        _validator(task).iter_errors(body), key=lambda each: [*map(str, each.path)]
    ):
        for path, message, help, _ in worded(error):
            where = f"`{'.'.join(map(str, path))}`: " if path else ""
            return f"{where}{message}" + (f" ({help})" if help else "")
    return ""
