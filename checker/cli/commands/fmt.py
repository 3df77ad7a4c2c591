"""`checker fmt`: documents in the one layout."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from checker.cli.echo import echo
from checker.cli.options import roots_option
from checker.cli.output_files import write
from checker.language.formatter.format import formatted
from checker.language.resolve.project import files_at, nearest_root
from checker.language.syntax.documents import KINDS, Document, read_document
from checker.language.syntax.problems import InternalError, UsageError, counted, quoted


@click.command("fmt")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@click.option("--check", "only_check", is_flag=True, help="Change nothing; name what would be.")
@roots_option
def command(paths: tuple[Path, ...], only_check: bool, roots: tuple[Path, ...]) -> None:
    """Lay documents out in the one way: order of keys, quotes, line breaks.

    Comments and blank lines stay, and so does all that a document says. Without a PATH, every
    document of the roots. Exits with 1 where a file could not be read, and with --check where one
    is laid out otherwise.
    """
    folders = paths or roots or nearest_root()
    files = dict.fromkeys(file for folder in folders for file in files_at(folder))
    if not files:
        raise UsageError("found no documents: name a file or a folder")
    changed, status = 0, 0
    for file in files:
        document, problems = read_document(file)
        for problem in problems:
            echo(str(problem), err=True)
        try:
            differs = document is not None and _format(document, roots, only_check=only_check)
        except (InternalError, UsageError) as error:
            echo(f"checker: {error}", err=True)
            differs, status = False, 2
        changed += differs
        status = max(status, 1 if problems or (differs and only_check) else 0)
    done = "to format" if only_check else "formatted"
    echo(f"{counted(len(files), 'document')}, {changed} {done}")
    sys.exit(status)


def _format(document: Document, roots: Iterable[Path], *, only_check: bool) -> bool:
    """Lay the document out, or only check it; return whether it was laid out otherwise."""
    if not document.kind:
        echo(f"{document.file}: left as it is: no `kind` of {quoted(KINDS)}", err=True)
        return False
    text = formatted(document)
    if text == document.text:
        return False
    if not only_check:
        write(document, text, roots)
    echo(f"{document.file}: {'not ' if only_check else ''}formatted")
    return True
