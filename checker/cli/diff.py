"""`checker diff`: what changes between two policies or two overrides."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from checker.analysis.broken_sellers import BrokenSellers, broken_sellers
from checker.analysis.diff import Diff, diff_documents
from checker.cli.common import format_option, on_option, open_library, roots_option, today
from checker.language.documents import Document
from checker.language.library import SUFFIXES, Library, NotFound, documents_below
from checker.language.problems import Unusable
from checker.language.worlds import Broken, Resolver
from checker.readings.boxes import Undecided
from checker.report.diffs import broken_text, diff_text

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
@format_option
def command(
    old: str, new: str, overrides: Path | None, roots: tuple[Path, ...], on: int | None, form: str
) -> None:
    """Say what changes from OLD to NEW, two policies or two overrides, for every possible case.

    Each is a file or a reference like `rules@1.0.0`. Exits with 1 where a document has errors,
    where the version number of a policy hides what changed, or where --overrides finds sellers
    that the new policy breaks.
    """
    files = [Path(each) for each in (old, new) if _is_file(each)]
    library, _ = open_library(roots, files)
    day = on if on is not None else today()
    before, after = (_document(each, library, day) for each in (old, new))
    if before.kind != after.kind:
        raise Unusable(f"{old} is of the kind {before.kind}, and {new} of the kind {after.kind}")
    if overrides and after.kind != "policy":
        raise Unusable("--overrides goes with two policies")
    resolver = Resolver(library)
    found = _diff(before, after, resolver, on)
    broken = _broken(found, overrides, library, resolver) if overrides else None
    _print(found, broken, form)
    dishonest = found.version is not None and not found.version.honest
    sys.exit(1 if dishonest or (broken and broken.broken) else 0)


def _is_file(named: str) -> bool:
    return named.lower().endswith(SUFFIXES)


def _document(named: str, library: Library, day: int) -> Document:
    """Return the policy or override that the command line names; Unusable where it is none."""
    if not _is_file(named):
        return _referred(named, library, day)
    document = library.add_file(Path(named))
    if document is None:
        problems = [each for each in library.problems if each.position.file == named]
        raise Unusable(str(problems[0]) if problems else f"{named}: can't be read")
    if document.kind not in KINDS:
        kind = document.data.get("kind")
        raise Unusable(f"{named}: found `kind: {kind}`, expected a policy or an override")
    return document


def _referred(reference: str, library: Library, day: int) -> Document:
    errors = []
    for kind in KINDS:
        try:
            library.named(kind, reference.partition("@")[0])
        except NotFound as error:
            errors.append(error)
            continue
        try:
            return library.find(kind, reference, day)
        except NotFound as error:
            errors = [error]  # it is of this kind
            break
    told = next((each for each in errors if each.help), errors[0])
    raise Unusable(f"{told.message} ({told.help})" if told.help else told.message)


def _diff(old: Document, new: Document, resolver: Resolver, on: int | None) -> Diff:
    """Return the comparison; ends the program where a document has errors."""
    try:
        return diff_documents(old, new, resolver, on=on, today=today())
    except Broken as error:
        for problem in error.problems:
            click.echo(str(problem), err=True)
    except Undecided:
        names = f"{old.name} and {new.name}"
        click.echo(f"checker: {names} can't be compared within the budget", err=True)
    sys.exit(1)


def _broken(found: Diff, folder: Path, library: Library, resolver: Resolver) -> BrokenSellers:
    """Return the overrides below the folder that NEW breaks; files that can't be read are noted."""
    if not folder.is_dir():
        raise Unusable(f"no folder `{folder}`")
    documents = [library.add_file(path) for path in documents_below(folder)]
    for problem in library.problems:
        if problem.check == "unreadable":
            click.echo(str(problem), err=True)
    known = [each for each in documents if each]
    return broken_sellers(known, resolver, found.old.world, found.new.world)


def _print(found: Diff, broken: BrokenSellers | None, form: str) -> None:
    if form == "json":
        shown = {**found.as_json(), "overrides": broken.as_json() if broken else None}
        click.echo(json.dumps(shown, ensure_ascii=False))
        return
    for line in diff_text(found):
        click.echo(line)
    for line in broken_text(broken, found) if broken else ():
        click.echo(line)
