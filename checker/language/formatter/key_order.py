"""The order of keys: that of the schemas, where authors have no say in it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from checker.language.model.schema import schema_text
from checker.language.syntax.documents import KINDS

_KEPT = {"says"}  # of two notions that say something of a place, the first one counts


def in_schema_order(data: Any) -> Any:
    """Return a document's data with its keys in order.

    Names that documents give to things stay as they stand; an unknown key stays behind the one that
    it follows.
    """
    kind = data.get("kind") if isinstance(data, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        return data
    return _arranged(data, {"$ref": f"{kind}.schema.json"}, "")


def _arranged(data: Any, schema: Any, file: str, *, kept: bool = False) -> Any:
    """Return the data by a schema, which stands in a file."""
    while "$ref" in schema:
        schema, file = _named(schema["$ref"], file)
    if isinstance(data, list):
        return [_arranged(each, schema.get("items", {}), file) for each in data]
    if not isinstance(data, dict):
        return data
    known, others = schema.get("properties", {}), schema.get("additionalProperties", {})
    names = data if others is not False or kept else _sorted(data, known)
    below = others if isinstance(others, dict) else {}
    return {
        name: _arranged(data[name], known.get(name, below), file, kept=name in _KEPT)
        for name in names
    }


def _sorted(names: Iterable[str], known: Mapping[str, Any]) -> list[str]:
    ranks = {name: number for number, name in enumerate(known)}
    ranked, rank = [], -1
    for name in names:
        rank = ranks.get(name, rank)
        ranked.append((rank, name))
    return [name for _, name in sorted(ranked, key=lambda each: each[0])]


def _named(reference: str, file: str) -> tuple[Any, str]:
    """Return the schema that a reference names from a file, and the file that it stands in."""
    name, _, place = reference.partition("#")
    schema = _schema(name or file)
    for step in filter(None, place.split("/")):
        schema = schema[step]
    return schema, name or file


@cache
def _schema(file: str) -> Any:
    return json.loads(schema_text(file.removesuffix(".schema.json")))
