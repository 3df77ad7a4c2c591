"""`checker prove`: the checks of section 6, for every case."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from checker.analysis.proving import Proof, prove_document
from checker.cli.common import (
    format_option,
    on_option,
    open_target,
    progress,
    roots_option,
    today,
)
from checker.language.documents import Document
from checker.language.library import NotFound
from checker.language.problems import Problem
from checker.language.worlds import Broken, Resolver
from checker.report.proofs import proof_text

KINDS = ("override", "policy")


@click.command("prove")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@roots_option
@on_option
@format_option
@click.option("--strict", is_flag=True, help="Let warnings fail the command.")
def command(
    files: tuple[Path, ...], roots: tuple[Path, ...], on: int | None, form: str, strict: bool
) -> None:
    """Prove that overrides refuse nothing they must accept, and that policies uphold the law.

    Decides every possible case, against every version in force during a document's period;
    without a FILE, every override and policy of the roots. Each failure comes with the plainest
    case that shows it.
    """
    target = open_target(roots, files)
    problems = [*target.problems]
    documents = [each for each in target.documents if each.kind in KINDS]
    failed = False
    with progress(documents, "documents") as watched:
        for document in watched:
            proofs, found = _prove(document, target.resolver, on)
            problems += found
            for proof in proofs:
                failed |= _fails(proof, strict)
                shown = [json.dumps(proof.as_json(), ensure_ascii=False)]
                click.echo("\n".join(shown if form == "json" else proof_text(proof)))
    for problem in problems:
        click.echo(str(problem), err=True)
    sys.exit(1 if failed or problems else 0)


def _prove(
    document: Document, resolver: Resolver, on: int | None
) -> tuple[list[Proof], list[Problem]]:
    """Return the proofs of the document, or the problem that keeps it from being proved."""
    problems = [each for each in resolver.shape(document)[1] if each.severity == "error"]
    if problems:
        return [], problems
    try:
        return [*prove_document(document, resolver, on=on, today=today())], []
    except NotFound as error:
        return [], [Problem(document.position(("policy",)), str(error), error.help)]
    except Broken as error:
        return [], [Problem(document.position(("policy",)), str(error))]


def _fails(proof: Proof, strict: bool) -> bool:
    standing = [each for each in proof.findings if not each.accepted]
    return not proof.holds or (strict and bool(standing))
