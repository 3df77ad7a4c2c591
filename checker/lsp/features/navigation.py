"""Declarations and uses of names, and renaming."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from checker.language.model.schema import validator
from checker.language.model.typecheck import RESERVED
from checker.language.model.vocabulary import RESERVED_FACT_NAMES
from checker.language.syntax.documents import KINDS, Document
from checker.lsp.index.names import Name, layout_of, name_at, names
from checker.lsp.index.symbols import Declaration, Symbol, declaration_of, declarations
from checker.lsp.index.workspace import Snapshot, Workspace, real_path

RENAMED = ("fact", "parameter", "ground", "definition", "entitlement")
_SHARED = ("fact", "parameter")  # these share one name space


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A part of a document's text, by its offsets."""

    document: Document
    start: int
    end: int


class RenameRefused(Exception):
    """A renaming that is not possible; the message says why."""


def declaration(name: Name, document: Document, snapshot: Snapshot) -> TextSpan | None:
    """Return the declaration of a name in a document, None where there is none."""
    target = declaration_of(name, document, snapshot)
    return declaring_key(target) if target else None


def declaring_key(target: Declaration) -> TextSpan | None:
    """Return the key that declares a name, or the id of a document, None where there is none."""
    node, declaring = layout_of(target.document), None
    for step in target.path:
        declaring = node.entries[step] if target.path == ("id",) else node.keys.get(step)
        if step not in node.entries:
            break
        node = node.entries[step]
    return TextSpan(target.document, declaring.start, declaring.end) if declaring else None


def uses(
    name: Name, document: Document, snapshot: Snapshot, workspace: Workspace
) -> list[tuple[TextSpan, Name]]:
    """Return every use of what a name in a document means, with its declarations."""
    target = declaration_of(name, document, snapshot)
    if target is None or name.what == "value":
        return []
    homes = {real_path(Path(version.file)) for version in _versions(target, snapshot)}
    return [
        (TextSpan(user, use.start, use.end), use)
        for user, user_snapshot in workspace.documents_with(snapshot, target.name)
        for use in _candidates(target, user)
        if _means(use, user, user_snapshot, target.symbol, homes)
    ]


def _candidates(target: Declaration, document: Document) -> Iterator[Name]:
    """Yield the names in a document that may mean the target, by their texts."""
    for name in names(document):
        matches = name.text == target.name
        if target.what in KINDS:  # a reference has a version after the id
            matches = name.text.partition("@")[0] == target.name
        if matches and name.what in (target.what, "tested"):
            yield name


def _means(
    name: Name, document: Document, snapshot: Snapshot, symbol: Symbol, homes: set[Path]
) -> bool:
    """Return whether a name means the symbol, declared in one of the files `homes`."""
    declared = declaration_of(name, document, snapshot)
    return (
        declared is not None
        and declared.symbol == symbol
        and real_path(Path(declared.document.file)) in homes
    )


def _versions(target: Declaration, snapshot: Snapshot) -> list[Document]:
    """Return the versions of the document that declares a name."""
    documents = snapshot.library.of_kind(target.document.kind)
    return [target.document, *(other for other in documents if other.id == target.document.id)]


def name_to_rename(
    document: Document, offset: int, snapshot: Snapshot, workspace: Workspace
) -> Name:
    """Return the name at an offset, if it can be renamed.

    Raises:
        RenameRefused: It can't be renamed.
    """
    name = name_at(document, offset)
    target = declaration_of(name, document, snapshot) if name else None
    if name is None or target is None:
        raise RenameRefused("there is no name here that a document declares")
    if target.what not in RENAMED or name.what == "value":
        what = "value" if name.what == "value" else target.what
        raise RenameRefused(
            f"a {what} can't be renamed, only {', '.join(f'{r}s' for r in RENAMED)}"
        )
    for version in _versions(target, snapshot):
        if workspace.is_shipped(Path(version.file)):
            raise RenameRefused(
                f"`{target.name}` is declared by `{version.name}`, of the program itself"
            )
    return name


def rename(
    document: Document, offset: int, new: str, snapshot: Snapshot, workspace: Workspace
) -> list[TextSpan]:
    """Return the parts of documents where the new name replaces the one at an offset.

    Raises:
        RenameRefused: The name can't be renamed; the new name is invalid or taken; or a file that
            came with the program uses the name.
    """
    name = name_to_rename(document, offset, snapshot, workspace)
    target = declaration_of(name, document, snapshot)
    assert target
    if new != target.name:
        _check_new_name(new, target, snapshot, workspace)
    spans = [text_span for text_span, _ in uses(name, document, snapshot, workspace)]
    for text_span in spans:
        if workspace.is_shipped(Path(text_span.document.file)):
            raise RenameRefused(
                f"{text_span.document.file} came with the program, and uses the name"
            )
    return spans


def _check_new_name(
    new: str, target: Declaration, snapshot: Snapshot, workspace: Workspace
) -> None:
    pattern = validator("policy").schema["properties"]["grounds"]["propertyNames"]
    if not re.fullmatch(pattern["pattern"].removeprefix("^"), new) or len(new) > 100:
        raise RenameRefused(f"found the name `{new}`, {pattern['patternErrorMessage']}")
    forbidden = RESERVED_FACT_NAMES if target.what == "fact" else RESERVED
    if target.what in _SHARED and new in forbidden:
        raise RenameRefused(f"`{new}` can't name a {target.what}")
    kinds = _SHARED if target.what in _SHARED else (target.what,)
    documents = (workspace.documents_with(snapshot, name) for name in (target.name, new))
    for document, its_snapshot in chain.from_iterable(documents):
        for kind in kinds if document.kind in ("policy", "vocabulary") else ():
            taken = declarations(kind, document, its_snapshot).get(new)
            renamed = declarations(target.what, document, its_snapshot).get(target.name)
            if taken and renamed and renamed.symbol == target.symbol:
                raise RenameRefused(
                    f"`{new}` is the name of a {kind} of `{taken.document.name}` already"
                )
