"""What the JSON Schemas say of a place in a document: its keys, its values, and about both."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from checker.language.model.schema import validator
from checker.language.syntax.documents import KINDS, Path
from checker.language.syntax.scalars import written


def schemas_at(kind: str, path: Path) -> list[Any]:
    """Return the schemas of a place in a document of a kind, none where it knows no such place."""
    if kind not in KINDS:
        return []
    here = [_followed(validator(kind).schema)]
    for step in path:
        here = [_followed(each) for schema in here for each in _inside(schema, step)]
    return here


def keys_at(kind: str, path: Path) -> dict[str, str]:
    """Return the keys that are known at a place, each with what is said of it."""
    found: dict[str, str] = {}
    for schema in schemas_at(kind, path):
        for name, entry in schema.get("properties", {}).items():
            found.setdefault(name, entry.get("description", ""))
    return found


def values_at(kind: str, path: Path) -> list[str]:
    """Return the values that a place may have, where its schema lists them."""
    found: list[Any] = []
    for schema in schemas_at(kind, path):
        found += schema.get("enum", [])
        found += [schema["const"]] if "const" in schema else []
        found += [True, False] if schema.get("type") == "boolean" else []
    return [written(each) for each in found if each is not None]


def is_map(kind: str, path: Path) -> bool:
    """Return whether there may be keys at a place."""
    wanted = ("properties", "additionalProperties", "patternProperties")
    return any(schema.get(key) for schema in schemas_at(kind, path) for key in wanted)


def description(kind: str, path: Path) -> str:
    """Return what is said of a place."""
    return next(
        (each["description"] for each in schemas_at(kind, path) if "description" in each), ""
    )


def _inside(schema: Any, step: str | int) -> Iterator[Any]:
    if isinstance(step, int):
        yield from [schema["items"]] if "items" in schema else []
    elif step in schema.get("properties", {}):
        yield schema["properties"][step]
    elif isinstance(schema.get("additionalProperties"), dict):
        yield schema["additionalProperties"]


def _followed(schema: Any) -> Any:
    """Return a schema, or what it refers to: only conditions are not written in place."""
    if "$ref" not in schema:
        return schema
    return {**_condition(), **{key: each for key, each in schema.items() if key != "$ref"}}


def _condition() -> Any:
    return validator("condition").schema
