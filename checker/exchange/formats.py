"""The formats that can be read and written, by their names on the command line."""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from typing import Any

from checker.exchange.statements import ReadDocument, StatedPolicy
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


def read(format: str, raw: bytes, file: str) -> ReadDocument:
    """Return what a document of the format states. Nothing is fetched.

    Raises:
        UsageError: A package that reading the document needs is not installed.
    """
    try:
        document: ReadDocument = _module(format).read(raw, file)
    except ModuleNotFoundError as error:
        message = f"{file}: to read pages, {error.name} is needed"
        raise UsageError(f"{message}; `pip install 'returns-checker[exchange]'`") from None
    return document


def write(format: str, versions: Sequence[StatedPolicy]) -> tuple[dict[str, Any], list[Finding]]:
    """Return the versions of one override in the format, and what the format can't state."""
    written: tuple[dict[str, Any], list[Finding]] = _module(format).write(versions)
    return written


def _module(format: str) -> Any:
    return importlib.import_module(f"checker.exchange.{_MODULES[format]}")
