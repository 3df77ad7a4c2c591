"""Worlds made of data: the program's resolver and the reference's world from one set of documents."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from checker.analysis.validate import Validator
from checker.language.documents import Document, parse_document
from checker.language.library import Library
from checker.language.problems import Problem
from checker.language.worlds import Resolver
from checker.readings.decide import Decider
from tests import reference

DAY = date(2024, 9, 2).toordinal()


def document(data: dict[str, Any]) -> Document:
    """Return the document that holds `data`; JSON is YAML."""
    name = f"{data.get('id', data['kind'])}.yaml"
    read, problems = parse_document(json.dumps(data, default=str).encode(), name)
    assert read, problems
    return read


def library(documents: list[dict[str, Any]]) -> Library:
    made = Library()
    for data in documents:
        made._add(document(data), None)
    return made


def problems(documents: list[dict[str, Any]]) -> list[Problem]:
    """Return what is wrong with the documents."""
    made = library(documents)
    validator = Validator(Resolver(made), DAY)
    return [*made.problems, *(p for each in made.documents for p in validator.problems(each))]


def decider(world: reference.World) -> Decider:
    """Return what decides the cases of the world; fails where a document has errors."""
    documents = [world.vocabulary, *world.calendars.values(), world.policy, *world.upholds]
    documents += [world.override] if world.override else []
    resolver = Resolver(library(documents))
    made = resolver.world(world.policy["id"], DAY)
    if not world.override:
        return Decider(made)
    return Decider(made, resolver.override_in(world.override["id"], made, DAY))
