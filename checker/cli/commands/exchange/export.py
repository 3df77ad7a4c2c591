"""`checker export`: an override as other formats state it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from checker.cli.commands.exchange.options import opened_exchange
from checker.cli.echo import echo, echo_json
from checker.cli.options import on_option, roots_option
from checker.exchange.exporting import statements_of
from checker.exchange.formats import WRITTEN, write
from checker.exchange.statements import StatedPolicy
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, UsageError
from checker.report.findings import finding_text


@click.command("export")
@click.argument("format", type=click.Choice(WRITTEN), metavar="FORMAT")
@click.argument("overrides", nargs=-1, required=True, metavar="OVERRIDE...")
@roots_option
@on_option
def command(
    format: str, overrides: tuple[str, ...], roots: tuple[Path, ...], on: int | None
) -> None:
    """Print each OVERRIDE, a reference or a file, as FORMAT states it: schema.org or google.

    Versions of one override that follow one another are a policy with seasons. Where all of it can
    be said, importing what is printed gives the same override. Prints JSON, and on standard error
    what the format can't say, and then exits with 1.
    """
    files = [Path(each) for each in overrides if each.lower().endswith(SUFFIXES)]
    library, _ = open_library(roots, files)
    resolver = Resolver(library)
    day = on if on is not None else today()
    sellers: dict[str, list[Document]] = {}
    for named in overrides:
        for document in _documents(named, library):
            sellers.setdefault(document.id or document.file, []).append(document)
    printed, failed = [], False
    for versions in sellers.values():
        data, problems = _written(format, versions, resolver, day)
        printed.append(data)
        for problem in problems:
            failed |= problem.severity == "error"
            for line in finding_text(problem):
                echo(line, err=True)
    whole = printed[0] if len(printed) == 1 else printed
    echo_json(whole, indent=2)
    sys.exit(1 if failed else 0)


def _documents(named: str, library: Library) -> Iterator[Document]:
    """Yield the versions that a reference names, or the document of a file."""
    if not named.lower().endswith(SUFFIXES):
        try:
            yield from library.versions("override", named)
        except NotFound as error:
            raise UsageError(error.with_help) from None
        return
    document = library.add_file(Path(named))
    if document is None:
        raise UsageError("\n".join(str(each) for each in library.problems))
    if document.kind != "override":
        raise UsageError(f"{named}: found no override, but `kind: {document.data.get('kind')}`")
    yield document


def _written(
    format: str, versions: list[Document], resolver: Resolver, day: int
) -> tuple[object, list[Finding]]:
    """Return the versions of one override in the format, and what it can't say."""
    stated: list[StatedPolicy] = []
    problems: list[Finding] = []
    for document in versions:
        errors = resolver.shape_errors(document)
        if errors:
            raise UsageError("\n".join(map(str, errors)))
        exchange = opened_exchange(resolver, str(document.data["policy"]), day)
        found, unsaid = statements_of(document, exchange)
        stated.append(found)
        problems += unsaid
    data, unwritten = write(format, stated)
    return data, sorted([*problems, *unwritten], key=lambda each: each.position)
