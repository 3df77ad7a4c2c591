"""`checker diff`: what changes between two policies or two overrides."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from checker.analysis.diff.compare import diff_documents
from checker.analysis.diff.folders import sellers
from checker.analysis.diff.impact import broken_sellers
from checker.analysis.diff.results import BrokenSellers, Diff
from checker.cli.echo import echo, echo_json, echo_text
from checker.cli.options import on_option, roots_option
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError
from checker.report.diffs import Alone, Compared
from checker.solver.box_search import Undecided

KINDS = ("policy", "override")


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--overrides",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="List the overrides below DIR that pass against OLD and fail against NEW.",
)
@roots_option
@on_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, one JSON object a line, or a comment on a pull request.",
)
def command(
    old: str, new: str, overrides: Path | None, roots: tuple[Path, ...], on: int | None, form: str
) -> None:
    """Say what changes from OLD to NEW, two policies or two overrides, for every possible case.

    Each is a file or a reference like `rules@1.0.0`. Of two folders, every policy is compared
    with what the other has of it, and each override that was edited.

    Exits with 1 where a document has errors, where the version number of a policy hides what
    changed, or where --overrides finds sellers that the new policy breaks.
    """
    if overrides and not overrides.is_dir():
        raise UsageError(f"no folder `{overrides}`")
    if Path(old).is_dir() and Path(new).is_dir():
        from checker.cli.diff_folders import diff_folders

        items, failed = diff_folders([Path(old), Path(new)], overrides, roots, on)
    else:
        items, failed = [_diff(old, new, overrides, roots, on)], False
    show(items, form)
    sys.exit(1 if failed or any(fails(each) for each in items) else 0)


def _diff(
    old: str, new: str, overrides: Path | None, roots: tuple[Path, ...], on: int | None
) -> Compared:
    """Return the comparison; ends the program where a document has errors."""
    files = [Path(each) for each in (old, new) if _is_file(each)]
    library, _ = open_library(roots, files)
    day = on if on is not None else today()
    before, after = (_document(each, library, day) for each in (old, new))
    if before.kind != after.kind:
        raise UsageError(f"{old} is of the kind {before.kind}, and {new} of the kind {after.kind}")
    if overrides and after.kind != "policy":
        raise UsageError("--overrides goes with two policies")
    resolver = Resolver(library)
    try:
        found = diff_documents(before, after, resolver, on=on, today=today())
    except InvalidDocument as error:
        for problem in error.problems:
            echo(str(problem), err=True)
    except Undecided:
        names = f"{before.name} and {after.name}"
        echo(f"checker: {names} can't be compared within the budget", err=True)
    else:
        return Compared(found, _broken(found, overrides, resolver) if overrides else None)
    sys.exit(1)


def fails(item: Compared | Alone) -> bool:
    """Return whether a document has errors, a number is dishonest, or a seller breaks."""
    if isinstance(item, Alone):
        return item.failed
    version = item.diff.version
    dishonest = version is not None and not version.honest
    return dishonest or bool(item.broken and item.broken.broken)


def _is_file(named: str) -> bool:
    return named.lower().endswith(SUFFIXES)


def _document(named: str, library: Library, day: int) -> Document:
    """Return the policy or override that the command line names; UsageError where it is none."""
    if Path(named).is_dir():
        raise UsageError(f"{named} is a folder, and goes with another folder")
    if not _is_file(named):
        return _referred(named, library, day)
    document = library.add_file(Path(named))
    if document is None:
        problems = [each for each in library.problems if each.position.file == named]
        raise UsageError(str(problems[0]) if problems else f"{named}: can't be read")
    if document.kind not in KINDS:
        kind = document.data.get("kind")
        raise UsageError(f"{named}: found `kind: {kind}`, expected a policy or an override")
    return document


def _referred(reference: str, library: Library, day: int) -> Document:
    errors = []
    for kind in KINDS:
        try:
            library.versions(kind, reference.partition("@")[0])
        except NotFound as error:
            errors.append(error)
            continue
        try:
            return library.find(kind, reference, day)
        except NotFound as error:
            errors = [error]  # it is of this kind
            break
    told = next((each for each in errors if each.help), errors[0])
    raise UsageError(f"{told.message} ({told.help})" if told.help else told.message)


def _broken(found: Diff, folder: Path, resolver: Resolver) -> BrokenSellers:
    """Return the overrides below the folder that NEW breaks; files that can't be read are noted."""
    documents = sellers(folder, resolver.library)
    for problem in resolver.library.problems:
        if problem.check == "unreadable":
            echo(str(problem), err=True)
    return broken_sellers(documents, resolver, found.old, found.new)


def show(items: Sequence[Compared | Alone], form: str) -> None:
    """Print what was compared."""
    if form == "markdown":
        from checker.report.diff_markdown import comment

        echo_text(comment(items))
        return
    for each in items:
        if form == "json":
            echo_json(each.as_json())
        else:
            for line in each.text():
                echo(line)
    if form == "text" and not items:
        echo("nothing changes")
