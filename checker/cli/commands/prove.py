"""`checker prove`: the checks of docs/language.md, section 6, for every case."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from checker.analysis.check.examiner import add_proof
from checker.analysis.check.findings import Examined
from checker.analysis.prove.engine import ENGINES, Engines
from checker.analysis.prove.proof import NotProved, Proof, not_proved_json
from checker.analysis.prove.prove_document import proofs
from checker.cli.echo import echo, echo_json_text
from checker.cli.findings import by_file, report
from checker.cli.options import (
    REPORTS,
    findings_format_option,
    jobs_option,
    on_option,
    progress,
    roots_option,
)
from checker.cli.output_files import make_folder, write_whole
from checker.cli.parallel import in_processes
from checker.language.resolve.project import Target, open_target, today
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding, UsageError
from checker.report.proofs import proof_text

KINDS = ("override", "policy")


@click.command("prove")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path), metavar="[FILE]...")
@roots_option
@on_option
@findings_format_option
@click.option("--strict", is_flag=True, help="Let warnings fail the command.")
@click.option(
    "--engine",
    type=click.Choice(ENGINES),
    help="What proves; by default boxes, and z3 where their budget is spent.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60,
    show_default=True,
    metavar="SECONDS",
    help="How long z3 may think about one document.",
)
@jobs_option("prove")
@click.option(
    "--certificates",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a certificate of every proof that holds, for `checker verify`.",
)
def command(
    files: tuple[Path, ...],
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
    strict: bool,
    engine: str | None,
    timeout: float,
    jobs: int,
    certificates: Path | None,
) -> None:
    """Prove that overrides refuse nothing they must accept, and that policies uphold the law.

    Decides every possible case, against every version in force during a document's period;
    without a FILE, every override and policy of the roots. Each failure comes with the plainest
    case that shows it.
    """
    if engine in ("z3", "both"):
        _need_z3()
    if certificates:
        make_folder(certificates)
    target = open_target(roots, files)
    work = _Work(target, on, today(), form, strict, Engines(engine, timeout), certificates)
    places = [i for i, each in enumerate(target.documents) if each.kind in KINDS]
    if not places and not target.problems:
        raise UsageError("found no override and no policy to prove")
    problems, failed = target.problems, False
    examined = [Examined(file, findings) for file, findings in by_file(problems).items()]
    proved = in_processes(work.proved, places, jobs)
    with progress(proved, "documents", len(places)) as watched:
        for done in watched:
            for line in done.lines:
                (echo_json_text if form == "json" else echo)(line)
            for note in done.notes:
                echo(f"checker: {note}", err=True)
            failed |= done.fails
            examined.append(done.examined)
    if form in REPORTS:
        report(examined, form, strict=strict)
    else:
        for problem in problems:
            echo(str(problem), err=True)
    sys.exit(1 if failed or problems else 0)


def _need_z3() -> None:
    from checker.solver.smt.solver import NoSolver, z3

    try:
        z3()
    except NoSolver as error:
        raise UsageError(str(error)) from None


@dataclass(slots=True)
class _Done:
    """What proving one document comes to: lines to be printed, or what a report is made of."""

    examined: Examined
    lines: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fails: bool = False


@dataclass(slots=True)
class _Work:
    """Proves the documents of a target, by their places in it."""

    target: Target
    on: int | None
    today: int
    form: str
    strict: bool
    engines: Engines
    certificates: Path | None

    def proved(self, place: int) -> _Done:
        """Return the proofs of the document, or the problem that keeps it from being proved."""
        document = self.target.documents[place]
        done = _Done(Examined(document.name))
        try:
            for proof in self._proofs(document):
                done.fails |= self._fails(proof)
                if self.form in REPORTS:
                    add_proof(proof, done.examined)
                elif self.form == "json":
                    done.lines.append(json.dumps(proof.as_json(), ensure_ascii=False))
                else:
                    done.lines += proof_text(proof)
                if self.certificates and proof.holds:
                    done.notes += self._certified(proof, self.certificates)
        except NotProved as error:
            return self._not_proved(document, error.problems)
        return done

    def _not_proved(self, document: Document, problems: Sequence[Finding]) -> _Done:
        """Return the errors that keep a document from being proved, as findings."""
        done = _Done(Examined(document.name, [*problems]), fails=True)
        if self.form == "text":
            done.lines += map(str, problems)
        if self.form == "json":
            day = self.on if self.on is not None else self.today
            done.lines.append(
                json.dumps(not_proved_json(document, problems, day), ensure_ascii=False)
            )
        return done

    def _proofs(self, document: Document) -> Iterator[Proof]:
        return proofs(
            document, self.target.resolver, on=self.on, today=self.today, engines=self.engines
        )

    def _certified(self, proof: Proof, folder: Path) -> list[str]:
        """Write the certificate of a proof that holds; return why there is none, if so."""
        from checker.analysis.prove.certificate import NoCertificate, certify
        from checker.analysis.prove.split_tree import TooLong

        required = self.engines.required(proof.resolved)
        try:
            found = certify(
                proof.document, proof.resolved, required, self.target.resolver, proof.on
            )
        except (NoCertificate, TooLong) as error:
            return [f"no certificate for {proof.document.name}: {error}"]
        write_whole(folder / found.name, json.dumps(found.data, ensure_ascii=False) + "\n")
        return []

    def _fails(self, proof: Proof) -> bool:
        standing = [each for each in proof.findings if not each.accepted]
        return not proof.holds or (self.strict and bool(standing))
