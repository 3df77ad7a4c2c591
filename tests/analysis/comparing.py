"""Documents that are compared with themselves, edited; the edits are data, in `changes/`."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.diff.compare import diff_documents
from checker.analysis.diff.results import Diff
from checker.language.resolve.library import FileEntry, Library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.parser import compose

TODAY = date(2024, 9, 2).toordinal()
VOCABULARY = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  used: {type: boolean}
  opened: {type: boolean}
  days: {type: integer, range: [0, 30], typical: 3}
  kind_of: {type: enum, values: [toys, food]}
  asked_at: {type: datetime}
  answered_at: {type: datetime}
invariants:
  - {id: used-means-opened, always: {any: [{used: false}, {opened: true}]}}
"""
LAW = """\
kind: policy
id: law
version: 1.0.0
vocabulary: v
entitlements: {week: {when: {days: {at_most: 5}, used: false}}}
terms: {fast: {type: duration, better: lower, decide: [{then: 7d}]}}
"""
POLICY = """\
kind: policy
id: rules
version: 1.0.0
title: The rules
vocabulary: v@1
upholds: [law]
parameters:
  window: {type: integer, default: 7, range: [0, 20]}
  limit: {type: duration, default: 2d}
  firm: {type: duration, default: 2d, fixed: true}
  excluded: {type: set, of: kind_of, default: []}
  tone: {type: choice, values: [kind, firm], default: kind}
definitions:
  touched: {any: [{used: true}, {opened: true}]}
grounds:
  was-used: {when: {used: true}}
  late: {when: {days: {more_than: {param: window}}}}
  barred: {when: {kind_of: {one_of: {param: excluded}}, days: {at_least: 1}}}
entitlements:
  early: {when: {days: {at_most: {param: window}}}, unless: [was-used]}
otherwise: negotiate
terms:
  fast: {type: duration, better: lower, decide: [{when: {kind_of: food}, then: 1d}, {then: 3d}]}
  payer: {type: choice, values: [seller, buyer], decide: [{then: buyer}]}
standards:
  window: 30d
  ladder: [{id: ban, when: {late: {at_least: 3}}}]
"""
PLAIN = """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v@1.0.0
grounds: {was-used: {when: {used: true}}, late: {when: {days: {more_than: 7}}}}
entitlements: {early: {when: {days: {at_most: 7}}, unless: [was-used]}}
"""
SELLER = """\
kind: override
id: shop
version: 1.0.0
policy: rules@1
scope: {kind_of: [toys, food]}
settings: {window: 9}
rules:
  - {id: worn, when: {used: true}, respond: reject, cites: [was-used]}
  - {id: quick, when: {days: 0}, respond: accept}
otherwise: follow
"""


def changes(name: str) -> Any:
    """Return the edits of a table and what they change, as a test's parameters."""
    text = Path(__file__).with_name("changes").joinpath(f"{name}.yaml").read_text()
    rows, _ = compose(text)
    return pytest.mark.parametrize("row", rows, ids=[row["name"] for row in rows])


def resolver(*texts: str) -> Resolver:
    """Return what reads the documents; the first lines of each are kind, id and version."""
    library = Library()
    for text in texts:
        kind, id, version = heading(text)
        library.add(FileEntry(f"{id}-{version}.yaml", text.encode(), kind, id, version))
    return Resolver(library)


def heading(text: str) -> list[str]:
    return [line.partition(": ")[2] for line in text.splitlines()[:3]]


def edited(text: str, *edits: tuple[str, str]) -> str:
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new)
    return text


def compared(old: str, new: str, *others: str, on: int | None = None) -> Diff:
    found = resolver(old, new, *others)
    before, after = (
        found.library.find(kind, f"{id}@{version}", TODAY)
        for kind, id, version in map(heading, (old, new))
    )
    return diff_documents(before, after, found, on=on, today=TODAY)


def policies(*edits: tuple[str, str], version: str = "1.0.1") -> Diff:
    """Return how the policy differs from itself, edited."""
    new = edited(POLICY, ("1.0.0", version), *edits)
    return compared(POLICY, new, VOCABULARY, LAW)


def classes(diff: Diff) -> dict[str, str]:
    """Return the class of each item that changed."""
    return {each.at: each.effect for each in diff.changes if each.effect != "equal"}


def notes(diff: Diff) -> dict[str, list[str]]:
    return {each.at: [note.text for note in each.notes] for each in diff.changes if each.notes}
