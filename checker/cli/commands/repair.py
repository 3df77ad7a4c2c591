"""`checker repair`: the smallest change with which an override passes its proof."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from checker.analysis.prove.engine import Engines
from checker.analysis.repair.repair import NoRepair, Repair, repair
from checker.cli.echo import echo, echo_json, echo_patch
from checker.cli.options import format_option, on_option, progress, roots_option
from checker.cli.output_files import byte_order_mark, relative_name, write
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.project import Target, open_library, open_target, today
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError
from checker.report.patches import patch


@click.command("repair")
@click.argument("overrides", nargs=-1, metavar="[OVERRIDE]...")
@click.option("--all", "every", is_flag=True, help="Repair every override of folders or the roots.")
@click.option("--write", "writes", is_flag=True, help="Change the files.")
@roots_option
@on_option
@format_option
def command(
    overrides: tuple[str, ...],
    every: bool,
    writes: bool,
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
) -> None:
    """Print the smallest change that makes each OVERRIDE, a file or a reference, pass.

    It is a diff that `git apply` and `patch -p1` take, proved against every version in force
    during the override's period; comments and layout stay. With --write the files are changed
    instead. Rules that never answer are dropped. Exits with 1 where something is left to repair.
    """
    if every:
        target = _every(overrides, roots)
    else:
        target = _named(overrides, roots, on if on is not None else today())
    for problem in target.problems:
        echo(str(problem), err=True)
    statuses, engines = [1] if target.problems else [], Engines()
    with progress(target.documents, "overrides") as watched:
        for document in watched:
            found = _repaired(document, target.resolver, on, engines)
            _print(document, found, form, writes)
            statuses.append(_finish(document, found, writes, roots))
    sys.exit(max(statuses, default=0))


def _every(folders: Iterable[str], roots: Iterable[Path]) -> Target:
    """Return the overrides of the folders, or of the roots where none is given."""
    target = open_target(roots, map(Path, folders))
    target.documents = [document for document in target.documents if document.kind == "override"]
    if not target.documents and not target.problems:
        raise UsageError("found no overrides: no document has `kind: override`")
    return target


def _named(overrides: tuple[str, ...], roots: Iterable[Path], day: int) -> Target:
    """Return the overrides that the command line names; UsageError where one is none."""
    if not overrides:
        raise UsageError("no override is named: name a file or a reference, or add --all")
    files = [override for override in overrides if override.lower().endswith(SUFFIXES)]
    for override in overrides:
        if Path(override).is_dir():
            raise UsageError(f"{override} is a folder: add --all to repair every override in it")
        if override in files and not Path(override).exists():
            raise UsageError(f"{override}: no such file")
    library, _ = open_library(roots, map(Path, files))
    named_documents = [
        _in_file(override, library) if override in files else _referred(override, library, day)
        for override in overrides
    ]
    problems = [problem for problem in library.problems if problem.position.file in files]
    documents = dict.fromkeys(document for document in named_documents if document)
    return Target(Resolver(library), [*documents], problems)


def _in_file(named: str, library: Library) -> Document | None:
    document = library.add_file(Path(named))
    if document and document.kind != "override":
        kind = document.data.get("kind")
        raise UsageError(f"{named}: found `kind: {kind}`, expected `kind: override`")
    return document


def _referred(reference: str, library: Library, day: int) -> Document:
    try:
        return library.find("override", reference, day)
    except NotFound as error:
        raise UsageError(error.with_help) from None


def _repaired(
    document: Document, resolver: Resolver, on: int | None, engines: Engines
) -> Repair | None:
    """Return the repair of an override; None, and why is said, where there is none."""
    problems = resolver.shape_errors(document)
    for problem in problems:
        echo(str(problem), err=True)
    if problems:
        return None
    try:
        return repair(document, resolver, on=on, today=today(), engines=engines)
    except NoRepair as error:
        echo(f"{document.file}: found no repair: {error}", err=True)
    except InvalidDocument as error:
        for problem in error.problems:
            echo(str(problem), err=True)
    except NotFound as error:
        echo(f"{document.position(('policy',))}: error: {error.with_help}", err=True)
    return None


def _print(document: Document, repaired: Repair | None, form: str, writes: bool) -> None:
    """Print the diff to standard output, unless it is made, and a sentence an edit beside it."""
    diff = ""
    if repaired and repaired.edits:
        mark, name = byte_order_mark(document), relative_name(document)
        diff = patch(mark + document.text, mark + repaired.document.text, name)
    edits = repaired.edits if repaired else ()
    emptied = repaired.emptied if repaired else ()
    if form == "json":
        entry = {
            "document": document.name,
            "repaired": repaired is not None,
            "edits": [{"at": edit.at, "change": edit.change} for edit in edits],
            "emptied": [*emptied],
            "diff": diff,
        }
        echo_json(entry)
        return
    if repaired and not edits:
        echo(f"{document.file}: nothing to repair", err=True)
    for edit in edits:
        echo(f"{document.file}: `{edit.at}`: {edit.change}", err=True)
    for at in emptied:
        echo(f"{document.file}: `{at}` never answers any more: look at it again", err=True)
    if diff and not writes:
        echo_patch(diff)


def _finish(
    document: Document, repaired: Repair | None, writes: bool, roots: Iterable[Path]
) -> int:
    """Write the repair where that is asked for; return the exit status of this override."""
    if repaired is None or (repaired.edits and not writes):
        return 1
    try:
        if repaired.edits:
            write(document, repaired.document.text, roots)
            echo(f"{document.file}: written", err=True)
    except UsageError as error:
        echo(f"checker: {error}", err=True)
        return 2
    return 0
