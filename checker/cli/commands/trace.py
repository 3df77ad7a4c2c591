"""`checker trace`: clauses and the rules that carry them out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from checker.analysis.check.clause_coverage import ClauseCoverage, trace
from checker.cli.echo import echo, echo_json
from checker.cli.options import format_option, roots_option
from checker.language.resolve.project import open_target
from checker.language.syntax.localized import english
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import UsageError


@click.command("trace")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="[PATH]...")
@roots_option
@format_option
def command(paths: tuple[Path, ...], roots: tuple[Path, ...], form: str) -> None:
    """Show every clause of the sources, and which rule carries it out.

    Without a PATH, every source of the roots.
    """
    target = open_target(roots, paths)
    sources = [document for document in target.documents if document.kind == "source"]
    if not sources and not target.problems:
        raise UsageError("found no sources: no document has `kind: source`")
    problems = [*target.problems]
    for document in sources:
        problems += target.resolver.source(document)[1]
    _print(trace(target.resolver, sources), form)
    for problem in problems:
        echo(str(problem), err=True)
    sys.exit(1 if problems else 0)


def _print(traced: list[ClauseCoverage], form: str) -> None:
    if form == "json":
        for traced_clause in traced:
            echo_json(_json(traced_clause))
        return
    source = ""
    for traced_clause in traced:
        if traced_clause.source != source:
            source = traced_clause.source
            echo(styled(source, "bold"))
        for line in _lines(traced_clause):
            echo(line)


def _json(traced: ClauseCoverage) -> dict[str, object]:
    rules = [{"document": doc, "at": at, "position": where} for doc, at, where in traced.rules]
    clause = traced.clause
    return {
        "clause": f"{traced.source}#{clause.id}",
        "status": clause.status,
        "gist": clause.gist,
        "why": clause.why,
        "rules": rules,
    }


_COLOURS = {"encoded": "green", "advice": "cyan", "superseded": "yellow"}


def _lines(traced: ClauseCoverage) -> list[str]:
    clause = traced.clause
    status = styled(f"{clause.status:10}", _COLOURS[clause.status])
    lines = [f"  {clause.id:6} {status} {english(clause.gist)}"]
    lines += [f"{'':20}← {document} {at}" for document, at, _ in traced.rules]
    if clause.why:
        lines.append(f"{'':20}{styled('why: ' + english(clause.why), 'dim')}")
    if clause.status == "encoded" and not traced.rules:
        lines.append(f"{'':20}{styled('no rule cites it', 'red')}")
    return lines
