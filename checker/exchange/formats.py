"""The formats that are read and written, by the names that the command line has for them."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from checker.exchange.statements import Read, Stated
from checker.language.syntax.problems import Finding, UsageError

_MODULES = {
    "schema.org": "schema_org",
    "google": "google",
    "ebay": "ebay",
    "kuaishou": "kuaishou",
}
FORMATS = tuple(_MODULES)
WRITTEN = ("schema.org", "google")
_DATA = (".json", ".jsonld", ".jsonl", ".ndjson", ".yaml", ".yml")
ENDINGS = {**dict.fromkeys(FORMATS, _DATA), "schema.org": (*_DATA, ".html", ".htm", ".xhtml")}


def read(format: str, raw: bytes, file: str) -> Read:
    """Return what a document of the format says; nothing is fetched, whatever it refers to.

    UsageError where a package is not installed that reading it needs.
    """
    try:
        found: Read = _module(format).read(raw, file)
    except ModuleNotFoundError as error:
        message = f"{file}: to read pages, {error.name} is needed"
        raise UsageError(f"{message}; `pip install 'returns-checker[exchange]'`") from None
    return found


def write(format: str, versions: Sequence[Stated]) -> tuple[dict[str, Any], list[Finding]]:
    """Return what the versions of one override state in the format, and what that can't say."""
    found: tuple[dict[str, Any], list[Finding]] = _module(format).write(versions)
    return found


def _module(format: str) -> Any:
    return importlib.import_module(f"checker.exchange.{_MODULES[format]}")
