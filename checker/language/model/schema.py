"""Validation of documents by JSON Schema 2020-12, with messages for the people who write them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from checker.language.model.operators import OPERATORS
from checker.language.syntax import resources
from checker.language.syntax.documents import KINDS, Document, Path, Reporter, string_keys
from checker.language.syntax.parser import Mark
from checker.language.syntax.problems import Finding, did_you_mean, quoted
from checker.language.syntax.scalars import scalar_text

Error = Any  # jsonschema.ValidationError, whose attributes are typed as perhaps unset
REPORTS = ("decision", "findings", "proof", "certificate", "audit-summary")
SCHEMAS = ("common", "condition", *KINDS, *REPORTS)
_TYPE_NAMES = {
    "object": "a map",
    "array": "a list",
    "string": "a string",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "nothing",
}


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
    for error in errors:
        for path, message, help, key in error_messages(error):
            report.error(path, message, help, key=key)
    data, mark = document.data, document.mark
    while errors:
        paths = {path for error in errors for path in _invalid_paths(error)}
        if () in paths:
            return None, report.problems
        data, mark = _without(data, mark, paths)
        errors = [*validator(document.kind).iter_errors(data)]
    return replace(document, data=data, mark=mark), report.problems


def _report_kind(document: Document, report: Reporter) -> None:
    if "kind" not in document.data:
        report.error((), "`kind` is missing", f"expected one of {quoted(KINDS)}")
        return
    kind = document.data["kind"]
    hint = did_you_mean(kind, KINDS) if isinstance(kind, str) else None
    message = f"found the kind {_found(kind)}, expected one of {quoted(KINDS)}"
    report.error(("kind",), message, hint)


def _invalid_paths(error: Error) -> list[Path]:
    """Return the paths of the nodes to leave out because of an error."""
    here = tuple(error.absolute_path)
    if _is_about_name(error):
        return [(*here, str(error.instance))]
    if "dependentSchemas" in error.absolute_schema_path:
        return [_misplaced(error)[0]]
    if error.validator == "additionalProperties":
        return [(*here, name) for name in _extra_names(error)]
    return [here]


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


ErrorMessage = tuple[Path, str, str | None, bool]  # path, message, help, whether at the key


def error_messages(error: Error) -> Iterator[ErrorMessage]:
    """Yield path, message, help, and whether the error is at the key, of one schema error."""
    here = tuple(error.absolute_path)
    if _is_about_name(error):
        name = str(error.instance)
        yield (*here, name), f"found the name `{name}`, {_pattern(error)}", None, True
    elif error.validator == "additionalProperties":
        known = string_keys(error.schema.get("properties"))
        for name in _extra_names(error):
            yield (*here, name), f"unknown key `{name}`", _known_keys(name, known), True
    elif "dependentSchemas" in error.absolute_schema_path:
        yield _misplaced(error)
    else:
        message_of = _MESSAGES.get(str(error.validator))
        message = message_of(error) if message_of else error.message
        yield here, message, None, False


def _misplaced(error: Error) -> ErrorMessage:
    """Return the message about a key that is allowed only beside some values of another key."""
    steps = [*error.absolute_schema_path]
    key = steps[steps.index("dependentSchemas") + 1]
    here = tuple(error.absolute_path)
    if error.validator == "required":
        return (*here, key), f"`{key}` needs `{error.validator_value[0]}` beside it", None, True
    wanted = error.validator_value
    wanted = wanted if isinstance(wanted, list) else [wanted]
    message = f"`{key}` has no place beside {_found(error.instance)}, only beside {quoted(wanted)}"
    return (*here[:-1], key), message, None, True


def _is_about_name(error: Error) -> bool:
    """Return whether a name that the author chose breaks its pattern."""
    return "propertyNames" in error.absolute_schema_path


def _extra_names(error: Error) -> list[str]:
    known = {*string_keys(error.schema.get("properties"))}
    return [name for name in string_keys(error.instance) if name not in known]


def _known_keys(name: str, known: Iterable[str]) -> str:
    return did_you_mean(name, known) or f"known here: {quoted(known)}"


def _found(data: Any) -> str:
    """Return data as messages name what was found."""
    if data is None:
        return "nothing"
    if isinstance(data, dict):
        return "an empty map" if not data else "a map"
    if isinstance(data, list):
        return "an empty list" if not data else "a list"
    text = scalar_text(data)
    return f"`{text}`" if len(text) <= 80 else f"`{text[:77]}…`"


def _type(error: Error) -> str:
    wanted = error.validator_value
    names = [_TYPE_NAMES[name] for name in ([wanted] if isinstance(wanted, str) else wanted)]
    special = error.schema.get("patternErrorMessage")
    expected = special or f"expected {' or '.join(names)}"
    return f"found {_found(error.instance)}, {expected}"


def _pattern(error: Error) -> str:
    return str(error.schema.get("patternErrorMessage", f"expected {error.validator_value}"))


def _missing_one(error: Error) -> str:
    return str(error.message).replace("'", "`").replace(" is a required property", " is missing")


def _exactly_one(error: Error) -> str:
    names = [branch["required"][0] for branch in error.validator_value]
    return f"expected exactly one of {quoted(names)}"


def _dependent(error: Error) -> str:
    for name, required in error.validator_value.items():
        missing = [key for key in required if key not in error.instance]
        if name in error.instance and missing:
            return f"`{name}` needs `{missing[0]}` beside it"
    return str(error.message)


def _items(data: list[Any]) -> str:
    return "1 item" if len(data) == 1 else f"{len(data)} items"


_MESSAGES: dict[str, Callable[[Error], str]] = {
    "type": _type,
    "const": lambda e: f"found {_found(e.instance)}, expected `{e.validator_value}`",
    "enum": lambda e: (
        f"found {_found(e.instance)}, expected one of "
        + quoted(str(value) for value in e.validator_value if value is not None)
    ),
    "pattern": lambda e: f"found {_found(e.instance)}, {_pattern(e)}",
    "required": _missing_one,
    "dependentRequired": _dependent,
    "minProperties": lambda e: "found an empty map, expected at least one entry",
    "minItems": lambda e: f"found {_items(e.instance)}, expected {e.validator_value} or more",
    "maxItems": lambda e: f"found {_items(e.instance)}, expected {e.validator_value} at most",
    "uniqueItems": lambda e: "found the same item twice",
    "minLength": lambda e: "found an empty string",
    "maxLength": lambda e: f"found {len(e.instance)} characters, at most {e.validator_value}",
    "minimum": lambda e: f"found {_found(e.instance)}, expected at least {e.validator_value}",
    "maximum": lambda e: f"found {_found(e.instance)}, expected at most {e.validator_value}",
    "oneOf": _exactly_one,
}
