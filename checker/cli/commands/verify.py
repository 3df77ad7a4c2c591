"""`checker verify`: certificates checked against the documents."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checker.cli.echo import echo
from checker.cli.options import progress, roots_option
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library
from checker.language.resolve.project import open_library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.printable import styled
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
            try:
                verified = verify(CertificateFile(path), Resolver(library))
            except OSError as error:
                unusable = True
                echo(f"checker: {path}: can't be read: {system_reason(error)}", err=True)
            except InvalidCertificate as error:
                unusable = True
                echo(f"checker: {path}: is no certificate: {error}", err=True)
            except Refuted as error:
                refuted = True
                verdict = styled("does not hold", "red")
                echo(f"{path}: {verdict}: {error}")
            else:
                holds = styled("holds", "green")
                document = verified.document
                echo(f"{path}: {holds}: {_what(verified)}")
                echo(f"    {document.file}, SHA-256 {document.sha256}")
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
