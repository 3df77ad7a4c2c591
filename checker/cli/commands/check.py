"""`checker check`, `checker test` and `checker validate`: documents in, findings out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from checker.analysis.check.examiner import Examiner
from checker.cli.findings import examine
from checker.cli.options import (
    cache_option,
    examples_option,
    findings_format_option,
    jobs_option,
    on_option,
    roots_option,
    seed_option,
)

Command = TypeVar("Command", bound=Callable[..., Any])


def _documents(command: Command) -> Command:
    """Add what the three commands share: the paths, `--root`, `--on`, `--format`, `--strict`."""
    path = click.Path(path_type=Path)
    strict = click.option("--strict", is_flag=True, help="Let warnings fail the command.")
    paths = click.argument("paths", nargs=-1, type=path, metavar="[PATH]...")
    return paths(roots_option(on_option(findings_format_option(strict(command)))))


def _sampling(command: Command) -> Command:
    """Add what drawing cases needs, `--jobs` and `--no-cache`."""
    jobs = jobs_option("share the documents")
    return examples_option(seed_option(jobs(cache_option(command))))


@click.command("check")
@_documents
@_sampling
def check(paths: tuple[Path, ...], roots: tuple[Path, ...], **options: Any) -> None:
    """Validate, prove and test documents.

    Without a PATH, every document of the roots. Overrides and policies are proved for every
    case; cases are drawn only where a proof comes to no end.
    """
    examine(Examiner.checked, paths, roots, tests=True, **options)


@click.command("test")
@_documents
@_sampling
def test(paths: tuple[Path, ...], roots: tuple[Path, ...], **options: Any) -> None:
    """Test the expectations of cases, and look for cases that overrides fail.

    Without a PATH, every document of the roots. Cases are drawn along the conditions
    of documents; finding none that an override fails proves nothing.
    """
    examine(Examiner.tested, paths, roots, tests=True, **options)


@click.command("validate")
@_documents
def validate(paths: tuple[Path, ...], roots: tuple[Path, ...], **options: Any) -> None:
    """Check the schemas, references and types of documents.

    Without a PATH, every document of the roots.
    """
    examine(Examiner.validated, paths, roots, **options)
