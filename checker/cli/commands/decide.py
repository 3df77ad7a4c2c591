"""`checker decide`: cases in, decisions out."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click

from checker.cli.echo import echo, echo_json
from checker.cli.options import format_option, on_option, roots_option
from checker.evaluate.case_decider import CaseDecider, open_case_decider
from checker.evaluate.decider import owed_by_policy
from checker.explain.pages.decision import decision_blocks
from checker.explain.render.text import text
from checker.explain.writer import PageWriter
from checker.language.resolve.case_files import (
    StatedCase,
    cases_of_document,
    cases_of_stdin,
    cases_of_table,
    table_path,
)
from checker.language.resolve.facts import BadCase
from checker.language.resolve.folders import SUFFIXES
from checker.language.resolve.library import Library
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document, read_document
from checker.language.syntax.localized import LANGUAGES
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import Finding, UsageError
from checker.report.decisions import decision_text


@click.command("decide")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--policy", metavar="REF", help="The policy, whatever the file says.")
@click.option("--override", metavar="REF-or-FILE", help="The seller, whatever the file says.")
@roots_option
@on_option
@format_option
@click.option("--explain", is_flag=True, help="Say in sentences why, and what comes next.")
@click.option("--lang", type=click.Choice(LANGUAGES), help="Of the sentences; English by default.")
def command(
    files: tuple[str, ...],
    policy: str | None,
    override: str | None,
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
    explain: bool,
    lang: str | None,
) -> None:
    """Decide the cases in each FILE: YAML, .jsonl, .csv, .parquet, or - for JSON lines.

    Exits with 2 where a file or a case could not be used; the others are still decided.
    """
    is_file = override is not None and override.lower().endswith(SUFFIXES)
    library, _ = open_library(roots, [Path(override)] if override and is_file else [])
    resolver = Resolver(library)
    seller = _override(override, library) if override and is_file else override
    if form == "json" and explain:
        raise UsageError("`--explain` is for people: it can't stand with `--format json`")
    if lang and not explain:
        raise UsageError("`--lang` is that of sentences: it stands with `--explain` alone")
    writer = PageWriter(lang or "en", resolver, today()) if explain else None
    failed = False
    for file in files:
        try:
            case_decider, cases = _open(file, resolver, policy, seller, on)
            failed |= _decide_all(cases, case_decider, form, writer)
        except UsageError as error:
            echo(f"checker: {error}", err=True)
            failed = True
    sys.exit(2 if failed else 0)


def _override(named: str, library: Library) -> Document:
    """Return the override in the file that the command line names."""
    document = library.add_file(Path(named))
    if document is None:
        problems = [each for each in library.problems if each.position.file == named]
        raise UsageError(str(problems[0]) if problems else f"{named}: can't be read")
    if document.kind != "override":
        raise UsageError(f"{named}: found no override, but `kind: {document.data.get('kind')}`")
    return document


def _open(
    file: str,
    resolver: Resolver,
    policy: str | None,
    override: str | Document | None,
    on: int | None,
) -> tuple[CaseDecider, Iterable[StatedCase]]:
    """Return what decides a file's cases, and the cases."""
    cases: Iterable[StatedCase]
    if file == "-":
        cases = cases_of_stdin()
    elif file.lower().endswith(SUFFIXES):
        document, problems = _cases_document(Path(file), resolver)
        policy = policy or document.data.get("policy")
        override = override or document.data.get("override")
        cases = cases_of_document(document, problems)
    else:
        cases = cases_of_table(table_path(file))
    try:
        return open_case_decider(resolver, policy, override, on=on, today=today()), cases
    except UsageError as error:
        name = "standard input" if file == "-" else file
        raise UsageError(f"{name}: {error}") from None


def _cases_document(path: Path, resolver: Resolver) -> tuple[Document, list[Finding]]:
    """Return the `cases` document at `path`, and what is wrong with its shape.

    UsageError where that concerns more than single cases.
    """
    document, problems = read_document(path)
    if document is not None:
        if document.kind not in ("cases", ""):
            raise UsageError(f"{path}: found `kind: {document.kind}`, expected `kind: cases`")
        _, problems = resolver.shape(document)
    whole = [problem for problem in problems if not problem.at.startswith("cases.")]
    if document is None or whole:
        raise UsageError("\n".join(map(str, whole)))
    return document, problems


def _decide_all(
    cases: Iterable[StatedCase], case_decider: CaseDecider, form: str, writer: PageWriter | None
) -> bool:
    """Print every case's decision, with `writer` as prose; return whether a case had none."""
    failed = False
    for case in cases:
        try:
            decision = case_decider.decide(case)
        except BadCase as error:
            failed = True
            if form == "json":
                echo_json({"case": case.name, "error": str(error)})
            else:
                name = styled(str(case.name), "bold")
                echo(f"{name}: {styled('error', 'red')}: {error}")
            continue
        if form == "json":
            echo_json(decision.as_json(case.name))
        elif writer:
            of_day = replace(writer, day=case_decider.day(case))
            echo(*text([*decision_blocks(case.name, decision, of_day)]), "")
        else:
            owed = owed_by_policy(decision)
            echo(*decision_text(case.name, decision, owed))
    return failed
