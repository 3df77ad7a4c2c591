"""Worlds made of data: what the program and what the reference reading make of documents."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from checker.analysis.check.validator import Validator
from checker.evaluate.decider import Decider
from checker.language.resolve.library import FileEntry, Library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.problems import Finding
from tests import reference

DAY = date(2024, 9, 2).toordinal()


def library(documents: list[dict[str, Any]]) -> Library:
    """Return the library of the documents; JSON is YAML."""
    made = Library()
    for data in documents:
        raw = json.dumps(data, default=str).encode()
        kind, id, version = data["kind"], data.get("id", ""), data.get("version", "")
        made.add(FileEntry(f"{id or kind}.yaml", raw, kind, id, version))
    return made


def problems(documents: list[dict[str, Any]]) -> list[Finding]:
    """Return what is wrong with the documents."""
    made = library(documents)
    validator = Validator(Resolver(made), DAY)
    found = [problem for each in made.documents for problem in validator.problems(each)]
    return [*made.problems, *found]


def decider(resolved: reference.World) -> Decider:
    """Return what decides the cases of the world; fails where a document has errors."""
    documents = [
        resolved.vocabulary,
        *resolved.calendars.values(),
        resolved.policy,
        *resolved.upholds,
    ]
    documents += [resolved.override] if resolved.override else []
    resolver = Resolver(library(documents))
    made = resolver.resolve(resolved.policy["id"], DAY)
    if not resolved.override:
        return Decider(made)
    override = resolver.library.find("override", resolved.override["id"], DAY)
    return Decider(made, resolver.override_of(override, made))
