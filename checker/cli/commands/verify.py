"""`checker verify`: certificates checked against the documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checker.cli.options import progress, roots_option
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library
from checker.language.resolve.project import open_library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.printable import printable
from checker.language.syntax.problems import UsageError, system_reason
from checker.verify.certificate_file import CertificateFile
from checker.verify.certificates import Refuted, Verified, verify
from checker.verify.tokens import InvalidCertificate


@click.command("verify")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@roots_option
def command(files: tuple[Path, ...], roots: tuple[Path, ...]) -> None:
    """Check certificates that `prove --certificates` wrote against the documents.

    FILE is a certificate, or a document (.yaml) that certificates are checked against beside those
    of the roots; what a certificate says of files is not followed. What checks them shares no code
    with what proves. It fails where a document has changed, or where a step of the proof does not
    show what it claims. The certificate may be of any size: it is read a step at a time.
    """
    documents = [file for file in files if file.suffix in SUFFIXES]
    certificates = [file for file in files if file.suffix not in SUFFIXES]
    if not certificates:
        raise UsageError("found documents alone; name the certificates to check")
    library, _ = open_library(roots)
    for file in documents:
        _add(library, file)
    refuted = unusable = False
    with progress(certificates, "certificates") as paths:
        for path in paths:
            shown = printable(str(path))
            try:
                verified = verify(CertificateFile(path), Resolver(library))
            except OSError as error:
                unusable = True
                click.echo(f"checker: {shown}: can't be read: {system_reason(error)}", err=True)
            except InvalidCertificate as error:
                unusable = True
                click.echo(
                    f"checker: {shown}: is no certificate: {printable(str(error))}", err=True
                )
            except Refuted as error:
                refuted = True
                verdict = click.style("does not hold", fg="red")
                click.echo(f"{shown}: {verdict}: {printable(str(error))}")
            else:
                holds = click.style("holds", fg="green")
                document = verified.document
                click.echo(f"{shown}: {holds}: {printable(_what(verified))}")
                click.echo(f"    {printable(document.file)}, SHA-256 {document.sha256}")
    sys.exit(2 if unusable else 1 if refuted else 0)


def _add(library: Library, file: Path) -> None:
    """Add a document to verify against; UsageError where it can't be read."""
    known = len(library.problems)
    if library.add_file(file) is None:
        problems = library.problems[known:]
        raise UsageError(str(problems[0]) if problems else f"{file}: can't be read")


def _what(verified: Verified) -> str:
    name, steps = verified.document.name, verified.steps
    return f"no error stands for {name} on {verified.on}, in {steps:,} steps"
