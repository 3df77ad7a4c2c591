"""Where a name is declared, where it is used, and every place that changes when it is renamed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from checker.language.model.schema import validator
from checker.language.model.typecheck import RESERVED
from checker.language.model.vocabulary import NO_FACT_NAMES
from checker.language.syntax.documents import KINDS, Document
from checker.lsp.index.names import Name, layout_of, name_at, names
from checker.lsp.index.symbols import Meaning, Symbol, known, meaning
from checker.lsp.index.workspace import Snapshot, Workspace, resolved

RENAMED = ("fact", "parameter", "ground", "definition", "entitlement")
_SHARED = ("fact", "parameter")  # which are one name space


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of a document: its offsets, in the text that was read."""

    document: Document
    start: int
    end: int


class NotRenamed(Exception):
    """A name that can't be changed, or not to what is asked for; the message says why."""


def declaration(name: Name, document: Document, snapshot: Snapshot) -> Place | None:
    """Return where a name in a document is declared."""
    found = meaning(name, document, snapshot)
    return key_place(found) if found else None


def key_place(found: Meaning) -> Place | None:
    """Return where the key stands that declares a name, or the id of a document."""
    node, shown = layout_of(found.document), None
    for step in found.path:
        shown = node.entries[step] if found.path == ("id",) else node.keys.get(step)
        if step not in node.entries:
            break
        node = node.entries[step]
    return Place(found.document, shown.start, shown.end) if shown else None


def uses(
    name: Name, document: Document, snapshot: Snapshot, workspace: Workspace
) -> list[tuple[Place, Name]]:
    """Return every place that names what a name in a document means, its declarations too."""
    found = meaning(name, document, snapshot)
    if found is None or name.what == "value":
        return []
    homes = {resolved(Path(each.file)) for each in _versions(found, snapshot)}
    return [
        (Place(each, used.start, used.end), used)
        for each, its in workspace.everywhere(snapshot, found.name)
        for used in _naming(found, each)
        if _means(used, each, its, found.symbol, homes)
    ]


def _naming(wanted: Meaning, document: Document) -> Iterator[Name]:
    """Yield the names in a document that may mean what is looked for."""
    for name in names(document):
        alike = name.text == wanted.name
        if wanted.what in KINDS:  # a reference has a version behind the id
            alike = name.text.partition("@")[0] == wanted.name
        if alike and name.what in (wanted.what, "tested"):
            yield name


def _means(
    name: Name, document: Document, snapshot: Snapshot, symbol: Symbol, homes: set[Path]
) -> bool:
    found = meaning(name, document, snapshot)
    return (
        found is not None
        and found.symbol == symbol
        and resolved(Path(found.document.file)) in homes
    )


def _versions(found: Meaning, snapshot: Snapshot) -> list[Document]:
    """Return the versions of the document that declares a name."""
    same = snapshot.library.of_kind(found.document.kind)
    return [found.document, *(each for each in same if each.id == found.document.id)]


def renamable(document: Document, offset: int, snapshot: Snapshot, workspace: Workspace) -> Name:
    """Return the name at an offset, which can be renamed; NotRenamed says why it can't."""
    name = name_at(document, offset)
    found = meaning(name, document, snapshot) if name else None
    if name is None or found is None:
        raise NotRenamed("there is no name here that a document declares")
    if found.what not in RENAMED or name.what == "value":
        what = "value" if name.what == "value" else found.what
        raise NotRenamed(f"a {what} can't be renamed, only {', '.join(f'{r}s' for r in RENAMED)}")
    for each in _versions(found, snapshot):
        if workspace.came_along(Path(each.file)):
            raise NotRenamed(f"`{found.name}` is declared by `{each.name}`, of the program itself")
    return name


def rename(
    document: Document, offset: int, new: str, snapshot: Snapshot, workspace: Workspace
) -> list[Place]:
    """Return the places where the name at an offset gives way to a new one.

    NotRenamed where it can't be renamed, or the new name is none, is taken, or would have to be
    written into a file that came with the program.
    """
    name = renamable(document, offset, snapshot, workspace)
    found = meaning(name, document, snapshot)
    assert found
    if new != found.name:
        _check_new_name(new, found, snapshot, workspace)
    places = [place for place, _ in uses(name, document, snapshot, workspace)]
    for place in places:
        if workspace.came_along(Path(place.document.file)):
            raise NotRenamed(f"{place.document.file} came with the program, and uses the name")
    return places


def _check_new_name(new: str, found: Meaning, snapshot: Snapshot, workspace: Workspace) -> None:
    pattern = validator("policy").schema["properties"]["grounds"]["propertyNames"]
    if not re.fullmatch(pattern["pattern"].removeprefix("^"), new) or len(new) > 100:
        raise NotRenamed(f"found the name `{new}`, {pattern['patternErrorMessage']}")
    forbidden = NO_FACT_NAMES if found.what == "fact" else RESERVED
    if found.what in _SHARED and new in forbidden:
        raise NotRenamed(f"`{new}` can't name a {found.what}")
    kinds = _SHARED if found.what in _SHARED else (found.what,)
    declared = (workspace.everywhere(snapshot, name) for name in (found.name, new))
    for each, its in chain.from_iterable(declared):
        for kind in kinds if each.kind in ("policy", "vocabulary") else ():
            taken = known(kind, each, its).get(new)
            mine = known(found.what, each, its).get(found.name)
            if taken and mine and mine.symbol == found.symbol:
                raise NotRenamed(
                    f"`{new}` is the name of a {kind} of `{taken.document.name}` already"
                )
