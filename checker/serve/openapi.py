"""The description of the API: `openapi.json` with the schemas of reports inserted."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from checker import __version__
from checker.language.model.schema import schema
from checker.language.model.schema_messages import error_messages
from checker.report.html_page import part

_REPORTS = ("decision", "findings", "proof")
_COMMON = "common.schema.json#/$defs/"
_COMPONENTS = "#/components/schemas/"


@cache
def description() -> dict[str, Any]:
    """Return the API as OpenAPI 3.1 describes it."""
    api: dict[str, Any] = json.loads(part("checker.serve", "openapi.json"))
    api["info"]["version"] = __version__
    schemas, common = api["components"]["schemas"], schema("common")["$defs"]
    for name in _REPORTS:
        report = schema(name)
        schemas[name] = {key: report[key] for key in report if key not in ("$schema", "$id")}
    for name in sorted(_common_names(schemas)):
        schemas[name] = common[name]
    moved: dict[str, Any] = json.loads(json.dumps(api).replace(_COMMON, _COMPONENTS))
    return moved


def _common_names(schema: Any) -> set[str]:
    """Return the common definitions that a schema refers to."""
    names = set()
    for value in schema.values() if isinstance(schema, dict) else schema:
        if isinstance(value, dict | list):
            names |= _common_names(value)
        elif isinstance(value, str) and value.startswith(_COMMON):
            names.add(value.removeprefix(_COMMON))
    return names


@cache
def _validator(task: str) -> Any:
    reference = {"$ref": f"{_COMPONENTS}{task}-request", "components": description()["components"]}
    return Draft202012Validator(reference)


def request_error(body: Any, task: str) -> str:
    """Return why a body is no valid request of the task, an empty text if it is valid."""
    for error in sorted(
        _validator(task).iter_errors(body), key=lambda error: [*map(str, error.path)]
    ):
        for path, message, help, _ in error_messages(error):
            position = f"`{'.'.join(map(str, path))}`: " if path else ""
            return f"{position}{message}" + (f" ({help})" if help else "")
    return ""
