"""What the JSON Schemas say of a position in a document: its keys, its values, its names.

The annotation `x-name` of a schema says what a text there names: `kind` is the kind of the name.
In `propertyNames` it is about the keys that `properties` does not list; with the `role`
`definition`, they are where such names come from. `parts` is the pattern of a text that has
several names in it: each group is called by its kind. `x-names: false` says that below there
are names of no document.
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
    return _followed(validator(kind).schema) if kind in KINDS else None


def schema_inside(schema: Schema, step: str | int) -> Schema | None:
    """Return the schema of an entry or item, None where a schema knows no such one."""
    if isinstance(step, int):
        inner = schema.get("items")
    else:
        inner = schema.get("properties", {}).get(step, schema.get("additionalProperties"))
    if not isinstance(inner, dict):
        return None
    inner = _followed(inner)
    return {**inner, "x-names": False} if schema.get("x-names") is False else inner


def schema_at(kind: str, path: Path) -> tuple[Schema | None, About]:
    """Return the schema of a position, and the name whose entry it stands in, if any."""
    schema, about = schema_of(kind), ("", "")
    for step in path:
        if schema is None:
            break
        about = about_inside(schema, step, about)
        schema = schema_inside(schema, step)
    return schema, about


def about_inside(schema: Schema, step: str | int, about: About) -> About:
    """Return the name whose entry the entry at a key stands in: that key, where it is a name."""
    name = key_name(schema) if step not in schema.get("properties", {}) else None
    return (name["kind"], str(step)) if name and isinstance(step, str) else about


def text_name(schema: Schema) -> NameAnnotation | None:
    """Return what a text names, also where it stands in place of a list of such texts."""
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
    """Return the pattern of a text with several names, whose groups schemas write as ECMA does."""
    return re.compile(parts.replace("(?<", "(?P<"), re.DOTALL)


@cache
def definitions() -> Mapping[str, tuple[str, str]]:
    """Return by kind of name the kind of document that declares it, and the key of the entries."""
    found = {}
    for kind in KINDS:
        for key in validator(kind).schema.get("properties", {}):
            schema, _ = schema_at(kind, (key,))
            name = key_name(schema) if schema else None
            if name and name.get("role") == "definition":
                found[name["kind"]] = (kind, key)
    return found


def keys_at(kind: str, path: Path) -> dict[str, str]:
    """Return the keys that are known at a position, each with what is said of it."""
    schema, _ = schema_at(kind, path)
    entries = schema.get("properties", {}) if schema else {}
    return {name: entry.get("description", "") for name, entry in entries.items()}


def values_at(kind: str, path: Path) -> list[str]:
    """Return the values that a position may have, where its schema lists them."""
    schema, _ = schema_at(kind, path)
    return [scalar_text(each) for each in _listed(schema or {}) if each is not None]


def _listed(schema: Schema) -> Iterator[Any]:
    yield from schema.get("enum", [])
    yield from [schema["const"]] if "const" in schema else []
    yield from [True, False] if schema.get("type") == "boolean" else []


def description(kind: str, path: Path) -> str:
    """Return what is said of a position."""
    schema, _ = schema_at(kind, path)
    return str(schema.get("description", "")) if schema else ""


def _followed(schema: Any) -> Any:
    """Return a schema, or what it refers to: only conditions are not written in place."""
    if "$ref" not in schema:
        return schema
    siblings = {key: each for key, each in schema.items() if key != "$ref"}
    return {**validator("condition").schema, **siblings}
