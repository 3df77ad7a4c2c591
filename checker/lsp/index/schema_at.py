"""What the JSON Schemas say about a position in a document: its keys, its values, its names.

The annotation `x-name` of a schema says what a text there names; its `kind` is the kind of name. In
`propertyNames` it is about the keys that `properties` does not list. Names with the `role`
`definition` are declared there, others are references. `parts` is a pattern for a text with several
names: each group has the kind of its name. `x-names: false` excludes everything below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NotRequired, TypedDict

from checker.language.model.schema import validator
from checker.language.syntax.documents import KINDS, Path
from checker.language.syntax.scalars import scalar_text

Schema = Mapping[str, Any]
About = tuple[str, str]  # the kind of a name and the name


class NameAnnotation(TypedDict):
    """The value of `x-name`; a name without a `role` is a reference."""

    kind: str
    role: NotRequired[str]
    parts: NotRequired[str]


def schema_of(kind: str) -> Schema | None:
    """Return the schema of the documents of a kind, None where there is no such kind."""
    return _dereferenced(validator(kind).schema) if kind in KINDS else None


def schema_inside(schema: Schema, step: str | int) -> Schema | None:
    """Return the schema of an entry or item, None where the schema allows none."""
    if isinstance(step, int):
        inner = schema.get("items")
    else:
        inner = schema.get("properties", {}).get(step, schema.get("additionalProperties"))
    if not isinstance(inner, dict):
        return None
    inner = _dereferenced(inner)
    return {**inner, "x-names": False} if schema.get("x-names") is False else inner


def schema_at(kind: str, path: Path) -> tuple[Schema | None, About]:
    """Return the schema of a position, and the name whose entry it is in, if any."""
    schema, about = schema_of(kind), ("", "")
    for step in path:
        if schema is None:
            break
        about = about_inside(schema, step, about)
        schema = schema_inside(schema, step)
    return schema, about


def about_inside(schema: Schema, step: str | int, about: About) -> About:
    """Return the name that the entry at a key is about: the key if it is a name, else `about`."""
    name = key_name(schema) if step not in schema.get("properties", {}) else None
    return (name["kind"], str(step)) if name and isinstance(step, str) else about


def text_name(schema: Schema) -> NameAnnotation | None:
    """Return what a text names, also where it replaces a list of such texts."""
    if schema.get("x-names") is False:
        return None
    items = schema.get("items")
    name: NameAnnotation | None = schema.get("x-name")
    return name or (items.get("x-name") if isinstance(items, dict) else None)


def key_name(schema: Schema) -> NameAnnotation | None:
    """Return what the keys name that `properties` does not list."""
    if schema.get("x-names") is False:
        return None
    name: NameAnnotation | None = schema.get("propertyNames", {}).get("x-name")
    return name


@cache
def parts_pattern(parts: str) -> re.Pattern[str]:
    """Return the pattern of a text with several names; schemas write groups as ECMA-262 does."""
    return re.compile(parts.replace("(?<", "(?P<"), re.DOTALL)


@cache
def definitions() -> Mapping[str, tuple[str, str]]:
    """Return the kind of document that declares each kind of name, and the key of the entries."""
    declaring = {}
    for kind in KINDS:
        for key in validator(kind).schema.get("properties", {}):
            schema, _ = schema_at(kind, (key,))
            name = key_name(schema) if schema else None
            if name and name.get("role") == "definition":
                declaring[name["kind"]] = (kind, key)
    return declaring


def keys_at(kind: str, path: Path) -> dict[str, str]:
    """Return the keys that the schema knows at a position, with their descriptions."""
    schema, _ = schema_at(kind, path)
    entries = schema.get("properties", {}) if schema else {}
    return {name: entry.get("description", "") for name, entry in entries.items()}


def values_at(kind: str, path: Path) -> list[str]:
    """Return the values that the schema lists for a position."""
    schema, _ = schema_at(kind, path)
    return [scalar_text(value) for value in _listed(schema or {}) if value is not None]


def _listed(schema: Schema) -> Iterator[Any]:
    yield from schema.get("enum", [])
    yield from [schema["const"]] if "const" in schema else []
    yield from [True, False] if schema.get("type") == "boolean" else []


def description(kind: str, path: Path) -> str:
    """Return the schema's description of a position."""
    schema, _ = schema_at(kind, path)
    return str(schema.get("description", "")) if schema else ""


def _dereferenced(schema: Any) -> Any:
    """Return a schema with its `$ref` resolved; schemas refer to conditions only."""
    if "$ref" not in schema:
        return schema
    siblings = {key: value for key, value in schema.items() if key != "$ref"}
    return {**validator("condition").schema, **siblings}
