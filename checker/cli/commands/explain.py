"""`checker explain`: a document as prose."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.echo import echo_text
from checker.cli.options import on_option, roots_option
from checker.explain.page import page
from checker.explain.writer import PageWriter
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.periods import period
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, Resolver
from checker.language.syntax.documents import KINDS, Document
from checker.language.syntax.localized import LANGUAGES
from checker.language.syntax.problems import UsageError, did_you_mean


@click.command("explain")
@click.argument("document", metavar="REF-or-FILE")
@click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    help="The language: English or Chinese.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html"]),
    default="markdown",
    show_default=True,
    help="Markdown, or a page of HTML that holds all it shows.",
)
@roots_option
@on_option
def command(document: str, lang: str, form: str, roots: tuple[Path, ...], on: int | None) -> None:
    """Print what a document says, as prose for people who read no YAML.

    REF-or-FILE is a file, or the id of a document in the roots, like `kuaishou/flash-purchase`.
    """
    is_file = document.lower().endswith(SUFFIXES)
    library, _ = open_library(roots, [Path(document)] if is_file else [])
    day = on if on is not None else today()
    document_found = (
        _of_file(document, library) if is_file else _of_reference(document, library, day)
    )
    if on is None:
        start, end = period(document_found)
        day = min(max(day, start), end - 1)  # a document that is not in force: as of its own days
    try:
        echo_text(page(document_found, PageWriter(lang, Resolver(library), day), form))
    except NotFound as error:
        raise UsageError(error.with_help) from None
    except InvalidDocument as error:
        raise UsageError(f"{error} (`checker validate` says all that is wrong)") from None


def _of_file(file: str, library: Library) -> Document:
    """Return the document in a file; UsageError where there is none."""
    document = library.add_file(Path(file))
    if document is None:
        problems = [problem for problem in library.problems if problem.position.file == file]
        raise UsageError(str(problems[0]) if problems else f"{file}: can't be read")
    if not document.kind:
        raise UsageError(
            f"{file}: found no `kind` that is known, expected one of {', '.join(KINDS)}"
        )
    return document


def _of_reference(reference: str, library: Library, day: int) -> Document:
    """Return the document of any kind that a reference picks, in force or not."""
    help = None
    for kind in KINDS:
        try:
            return library.find(kind, reference, day)
        except NotFound as error:
            help = help or error.help
        try:
            return library.versions(kind, reference)[0]
        except NotFound:
            continue
    ids = {document.id for document in library.documents if document.id}
    hint = did_you_mean(reference, ids) or help
    message = f"no document `{reference}`"
    raise UsageError(f"{message} ({hint})" if hint else message)
