"""What `validate`, `test` and `check` have in common: documents in, findings out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.findings import Examined
from checker.analysis.check.validator import Validator
from checker.cli.echo import echo, echo_command, echo_json_text, echo_xml
from checker.cli.options import REPORTS, progress
from checker.cli.parallel import in_processes
from checker.language.resolve.project import select, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
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
    jobs: int = 1,
    remembers: bool = False,
    tests: bool = False,
) -> None:
    """Examine every document at `paths`, print what is found, and exit with 0 or 1."""
    roots, day = [*roots], today()
    selection = select(roots, paths)
    library, results = selection.library, None
    if remembers:
        from checker.cli.cache.results import remembered_results  # validation does without

        options = (examine_one.__name__, day, on, examples, seed)
        results = remembered_results(library, roots, *options)
    remembered = [results.get(entry) if results else None for entry in selection.entries]
    pairs = [*zip(selection.entries, remembered, strict=True)]
    unknown = [entry for entry, examined in pairs if examined is None]
    readable = [entry for entry in unknown if library.open_all([entry])]
    examiner = Examiner(Validator(Resolver(library), day, on), examples, seed)

    def examine_at(place: int) -> Examined:
        document = readable[place].document
        assert document
        return examine_one(examiner, document)

    of_files = by_file(selection.problems())
    examined_documents = in_processes(examine_at, range(len(readable)), jobs)
    found: dict[int, Examined] = {}
    with progress(examined_documents, "documents", len(readable)) as watched:
        for entry, examined in zip(readable, watched, strict=True):
            found[id(entry)] = examined
            if results:
                results.put(entry, examined)
    if results:
        results.store.save()
    done = []
    for entry, known in pairs:
        result = known or found.get(id(entry))
        if result:
            result.findings[:0] = of_files.pop(entry.file, [])
            done.append(result)
    done[:0] = [Examined(file, findings) for file, findings in of_files.items()]
    if form in REPORTS:
        report(done, form, strict=strict)
    else:
        _print(done, form, tests=tests)
    errors = sum(each.errors for each in done)
    warnings = sum(each.warnings for each in done)
    sys.exit(1 if errors or (strict and warnings) else 0)


def _print(done: Iterable[Examined], form: str, *, tests: bool) -> None:
    for examined in done:
        if form == "json":
            echo_json_text(findings_json(examined))
        else:
            for line in findings_text(examined):
                echo(line)
    if form == "text":
        echo(summary(done, tests=tests))


def report(done: Iterable[Examined], form: str, *, strict: bool) -> None:
    """Print the findings as one of REPORTS, which is complete or absent."""
    if form == "sarif":
        from checker.report.sarif import sarif

        echo_json_text(sarif(done))
    elif form == "junit":
        from checker.report.junit import junit

        echo_xml(junit(done, strict=strict))
    else:
        from checker.report.github import commands

        for line in commands(done):
            echo_command(line)


def by_file(problems: Iterable[Finding]) -> dict[str, list[Finding]]:
    """Return the problems of files as findings, by the file's name."""
    found: dict[str, list[Finding]] = {}
    for problem in problems:
        found.setdefault(problem.position.file, []).append(problem)
    return found
