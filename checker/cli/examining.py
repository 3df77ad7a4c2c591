"""What `validate`, `test` and `check` have in common: documents in, findings out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from checker.analysis.examine import Examined, Examiner, Finding
from checker.analysis.validate import Validator
from checker.cli.common import open_target, progress, today
from checker.language.documents import Document
from checker.language.problems import Problem
from checker.report.findings import findings_json, findings_text, summary

Examine = Callable[[Examiner, Document], Examined]


def examine(
    examine_one: Examine,
    paths: Iterable[Path],
    roots: Iterable[Path],
    *,
    form: str,
    on: int | None,
    strict: bool = False,
    examples: int = 0,
    seed: int = 0,
    tests: bool = False,
) -> None:
    """Examine every document at `paths`, print what is found, and exit with 0 or 1."""
    target = open_target(roots, paths)
    examiner = Examiner(Validator(target.resolver, today(), on), examples, seed)
    done = [_of_file(file, problems) for file, problems in _by_file(target.problems).items()]
    with progress(target.documents, "documents") as documents:
        done += [examine_one(examiner, document) for document in documents]
    for examined in done:
        if form == "json":
            click.echo(findings_json(examined))
        else:
            for line in findings_text(examined):
                click.echo(line)
    if form == "text":
        click.echo(summary(done, tests=tests))
    errors = sum(each.errors for each in done)
    warnings = sum(len(each.findings) for each in done) - errors
    sys.exit(1 if errors or (strict and warnings) else 0)


def _of_file(file: str, problems: list[Problem]) -> Examined:
    return Examined(file, [Finding(problem) for problem in problems])


def _by_file(problems: list[Problem]) -> dict[str, list[Problem]]:
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.position.file, []).append(problem)
    return found
