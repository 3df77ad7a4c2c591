"""`checker verify`: certificates checked against the documents."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from checker.cli.options import progress, roots_option
from checker.language.model.schema import validator
from checker.language.model.types import ValueType
from checker.language.resolve.library import Library, NotFound
from checker.language.resolve.project import open_library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError
from checker.verify.certificates import Refuted, verify

LARGEST = 64 * 2**20


@click.command("verify")
@click.argument(
    "certificates",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
    metavar="CERTIFICATE...",
)
@roots_option
def command(certificates: tuple[Path, ...], roots: tuple[Path, ...]) -> None:
    """Check certificates that `prove --certificates` wrote against the documents.

    What checks them shares no code with what proves. It fails where a document has changed, or
    where a step of the proof does not show what it claims.
    """
    library, _ = open_library(roots)
    refuted = unusable = False
    with progress([*certificates], "certificates") as paths:
        for path in paths:
            try:
                data = _read(path)
                steps = verify(data, _document(data, library), Resolver(library))
            except UsageError as error:
                unusable = True
                click.echo(f"checker: {error}", err=True)
            except Refuted as error:
                refuted = True
                click.echo(f"{path}: " + click.style("does not hold", fg="red") + f": {error}")
            else:
                held = click.style("holds", fg="green")
                what = f"no error stands for {data['document']} on {data['on']}"
                click.echo(f"{path}: {held}: {what}, in {steps:,} steps")
    sys.exit(2 if unusable else 1 if refuted else 0)


def _read(path: Path) -> dict[str, Any]:
    """Return the certificate in the file; UsageError where there is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(LARGEST + 1)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: can't be read: {reason}") from None
    if len(raw) > LARGEST:
        raise UsageError(f"{path}: is larger than 64 MiB, which no certificate is")
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError):
        raise UsageError(f"{path}: is no JSON") from None
    wrong = next(validator("certificate").iter_errors(data), None)
    if wrong is not None:
        raise UsageError(f"{path}: is no certificate: {wrong.json_path}: {wrong.message[:200]}")
    found: dict[str, Any] = data
    try:
        ValueType("date").read(found["on"])
    except ValueError as error:
        raise UsageError(f"{path}: is no certificate: $.on: {error}") from None
    return found


def _document(data: dict[str, Any], library: Library) -> Document:
    """Return the document that the certificate is about: of the roots, or else of its file."""
    kind, name = data["kind"], data["document"]
    try:
        return library.named(kind, name)[0]
    except NotFound:
        files = [each["file"] for each in data["documents"] if each["kind"] == kind]
        for file in files:
            found = library.add_file(Path(file)) if Path(file).is_file() else None
            if found and found.name == name:
                return found
        raise Refuted(f"the {kind} `{name}` is in none of the roots") from None
