"""Puts the keys of a document in the order of its schema, where the order has no meaning."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from checker.language.model.schema import schema as json_schema
from checker.language.syntax.documents import KINDS

# keys with maps in which the order has a meaning: the first notion that fits a statement counts
_ORDERED_MAPS = {"says"}


def in_schema_order(data: Any) -> Any:
    """Return the data of a document with its keys in the order of its schema.

    Maps whose keys are names that the author chose (facts, grounds) keep their order. An unknown
    key stays after the key that it follows. Data without a known `kind` stay as they are.
    """
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return data
    return _ordered(data, {"$ref": f"{kind}.schema.json"}, "")


def _ordered(data: Any, schema: Any, file: str, *, keep_order: bool = False) -> Any:
    """Return the data in the order of a schema, which stands in the schema file `file`."""
    if not isinstance(data, dict | list):
        return data
    while "$ref" in schema:
        schema, file = _referenced_schema(schema["$ref"], file)
    if isinstance(data, list):
        return [_ordered(item, schema.get("items", {}), file) for item in data]
    properties, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    # a schema that allows any key has names in its map
    keys = data if others is not False or keep_order else _sorted_keys(data, properties)
    others_schema = others if isinstance(others, dict) else {}
    return {
        key: _ordered(
            data[key], properties.get(key, others_schema), file, keep_order=key in _ORDERED_MAPS
        )
        for key in keys
    }


def _sorted_keys(keys: Iterable[str], properties: Mapping[str, Any]) -> list[str]:
    """Return the keys in the order of the properties, an unknown one after its neighbour."""
    ranks = {name: rank for rank, name in enumerate(properties)}
    ranked, rank = [], -1
    for key in keys:
        rank = ranks.get(key, rank)
        ranked.append((rank, key))
    return [key for _, key in sorted(ranked, key=lambda pair: pair[0])]


def _referenced_schema(reference: str, file: str) -> tuple[Any, str]:
    """Return the schema that a `$ref` in a schema file names, and the file that has it."""
    name, _, pointer = reference.partition("#")
    schema = json_schema((name or file).removesuffix(".schema.json"))
    for step in filter(None, pointer.split("/")):
        schema = schema[step]
    return schema, name or file
