"""Validation of documents by JSON Schema 2020-12, with messages for the people who write them."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from checker.language.model.operators import OPERATORS
from checker.language.model.schema_messages import causes, invalid_paths, is_one_edit
from checker.language.syntax import resources
from checker.language.syntax.documents import KINDS, Document, Path, Reporter, string_keys
from checker.language.syntax.lookalikes import lookalike_help
from checker.language.syntax.parser import Mark
from checker.language.syntax.problems import Finding, did_you_mean, quoted
from checker.language.syntax.scalars import found_text

REPORTS = ("decision", "findings", "proof", "certificate", "audit-summary")
SCHEMAS = ("common", "condition", *KINDS, *REPORTS)


@cache
def schema(name: str) -> Any:
    """Return the JSON Schema `name`, one of SCHEMAS, as data.

    The tests of a condition come from the table of operators, not from the file.
    """
    data: Any = json.loads(resources.schema_text(name))
    if name == "condition":
        data["$defs"]["test"]["properties"] = {
            operator.name: operator.schema() for operator in OPERATORS.values()
        }
    return data


def schema_text(name: str) -> str:
    """Return the JSON text of the schema `name`."""
    return json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n"


@cache
def validator(name: str) -> Any:
    """Return the validator of the schema `name`; it never loads a schema from elsewhere."""
    common = _definitions(schema("common"))
    resources_by_id = []
    for schema_name in ("condition", name):
        data = schema(schema_name)
        inlined = _inlined(data, {**common, **_definitions(data)})
        resources_by_id.append((inlined["$id"], DRAFT202012.create_resource(inlined)))
    registry: Registry[Any] = Registry().with_resources(resources_by_id)
    return Draft202012Validator(resources_by_id[-1][1].contents, registry=registry)


def _definitions(schema: Any) -> dict[str, Any]:
    """Return the `$defs` of a schema, by the `$ref` that names them."""
    file = schema["$id"] if schema["$id"] == "common.schema.json" else ""
    return {f"{file}#/$defs/{name}": entry for name, entry in schema.get("$defs", {}).items()}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """Return `schema` with each `$ref` replaced by the definition that it names.

    The validator takes longer to look a reference up than to check what it names. None of these
    definitions is recursive.
    """
    if isinstance(schema, list):
        return [_inlined(item, definitions) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if schema.get("$ref") in definitions:
        definition = definitions[schema["$ref"]]
        schema = {**definition, **{key: schema[key] for key in schema if key != "$ref"}}
        return _inlined(schema, definitions)
    inlined = {key: _inlined(value, definitions) for key, value in schema.items() if key != "$defs"}
    if isinstance(inlined.get("pattern"), str):  # in Python, `$` matches before a last newline too
        inlined["pattern"] = inlined["pattern"].removesuffix("$") + r"\Z"
    return inlined


def check_shape(document: Document) -> tuple[Document | None, list[Finding]]:
    """Return the part of the document that follows its schema, and the errors of the rest.

    A node with an error is left out, with the nodes that need it, so that the others can be checked
    further. The part is None where nothing is left.
    """
    report = Reporter(document)
    if not document.kind:
        _report_kind(document, report)
        return None, report.problems
    errors = [*validator(document.kind).iter_errors(document.data)]
    if errors:
        messages = [*causes(errors)]
        # A bracket or comma that is none joins what stands around it to one key.
        odd_keys = [row for row in messages if row[3] and lookalike_help(str(row[0][-1]))]
        for path, message, help, key in odd_keys or messages:
            report.error(path, message, help, key=key)
    data, mark = document.data, document.mark
    while errors:
        paths = {path for error in errors for path in invalid_paths(error)}
        if () in paths:
            return None, report.problems
        data, mark = _without(data, mark, paths)
        errors = [*validator(document.kind).iter_errors(data)]
    return replace(document, data=data, mark=mark), report.problems


def _report_kind(document: Document, report: Reporter) -> None:
    if "kind" not in document.data:
        keys = string_keys(document.data)
        near = next((key for key in keys if is_one_edit(key, "kind")), None)
        if near:
            report.error((near,), f"unknown key `{near}`", "did you mean `kind`?", key=True)
        else:
            report.error((), "`kind` is missing", f"expected one of {quoted(KINDS)}")
        return
    kind = document.data["kind"]
    hint = did_you_mean(kind, KINDS) if isinstance(kind, str) else None
    message = f"found the kind {found_text(kind)}, expected one of {quoted(KINDS)}"
    report.error(("kind",), message, hint)


def _without(data: Any, mark: Mark, paths: set[Path]) -> tuple[Any, Mark]:
    """Return `data` and its marks without the nodes at `paths`."""
    paths_below: dict[Any, set[Path]] = {}
    for path in paths:
        paths_below.setdefault(path[0], set()).add(path[1:])
    kept = []
    for step, value in data.items() if isinstance(data, dict) else enumerate(data):
        below = paths_below.get(step, set())
        if () not in below:
            child_mark = mark.children[step]
            kept.append(
                (step, *(_without(value, child_mark, below) if below else (value, child_mark)))
            )
    if isinstance(data, dict):
        child_marks: dict[Any, Mark] = {step: child_mark for step, _, child_mark in kept}
        rest: Any = {step: value for step, value, _ in kept}
    else:
        child_marks = {number: child_mark for number, (_, _, child_mark) in enumerate(kept)}
        rest = [value for _, value, _ in kept]
    return rest, replace(mark, children=child_marks)
