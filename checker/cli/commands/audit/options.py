"""What both audits share at the command line: options, the source, and how results are shown."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from checker.cli.echo import echo, echo_json
from checker.language.syntax.printable import styled
from checker.language.syntax.problems import UsageError, counted

if TYPE_CHECKING:
    import polars as pl

    from checker.audit.intake.columns_file import ColumnsFile

Command = TypeVar("Command", bound=Callable[..., Any])
MOST_SHOWN = 20  # findings that are printed for people


def source_options(command: Command) -> Command:
    """Add what says where rows come from and where results go."""
    options = [
        click.argument("source", metavar="SOURCE"),
        click.option("--policy", metavar="REF", help="The policy that sellers are held to."),
        click.option(
            "--columns",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="How the table's own columns, units and codes map to facts.",
        ),
        click.option(
            "--engine",
            type=click.Choice(["polars", "duckdb"]),
            default="polars",
            show_default=True,
            help="What reads files; duckdb takes less memory and more time.",
        ),
        click.option(
            "--out",
            type=click.Path(path_type=Path, file_okay=False),
            metavar="DIR",
            help="Write findings, sellers, refused rows, a summary and a page there.",
        ),
        click.option(
            "--tables",
            type=click.Choice(["parquet", "csv"]),
            default="parquet",
            show_default=True,
            help="What tables are written as.",
        ),
    ]
    for option in reversed(options):
        command = option(command)
    return command


def columns_file(path: Path | None) -> ColumnsFile | None:
    """Return the columns file; UsageError says what is wrong with it, and where."""
    if path is None:
        return None
    from checker.audit.intake.columns_file import read_columns_file

    return read_columns_file(path)


@contextmanager
def results_folder(out: Path | None) -> Iterator[Path]:
    """Give a folder for results: moved to `out` when complete, or else removed."""
    if out is None:
        with tempfile.TemporaryDirectory(prefix="checker-audit-") as folder:
            yield Path(folder)
        return
    from checker.audit.results import workplace

    with workplace(out) as folder:
        yield folder


@contextmanager
def rows_watched() -> Iterator[Callable[[int], None] | None]:
    """Give what rows are told to as they are read, with a count where a person watches."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.completed:,} rows"),
        TextColumn("{task.fields[pace]} a second"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading", total=None, pace="0")

        def watch(rows: int) -> None:
            bar.advance(task, rows)
            known = bar.tasks[task]
            bar.update(task, pace=f"{known.completed / max(known.elapsed or 0, 0.1):,.0f}")

        yield watch


def show(summary: Mapping[str, Any], findings: pl.LazyFrame, out: Path | None, form: str) -> None:
    """Print the findings: all of them as JSON, one a line; or figures, and the first for people."""
    if form == "json":
        for batch in findings.collect_batches():
            for row in batch.iter_rows(named=True):
                echo_json(row, default=_text)
        return
    for line in _figures(summary):
        echo(line)
    for row in findings.head(MOST_SHOWN).collect().iter_rows(named=True):
        echo(_finding(row))
    rest = summary["findings"] - MOST_SHOWN
    if rest > 0:
        where = f"see {out}" if out else "write them all with --out DIR"
        echo(f"  … and {rest:,} more; {where}")
    if out:
        echo(f"{out / 'report.html'} shows sellers and their cases")


def _text(value: Any) -> str:
    return str(value.isoformat() if hasattr(value, "isoformat") else value)


def _figures(summary: Mapping[str, Any]) -> Iterator[str]:
    rows = summary["rows"]
    yield styled(", ".join(summary["policies"]), "bold")
    read = counted(rows["read"], "row")
    refused = f"{rows['accepted']:,} accepted, {rows['refused']:,} refused"
    yield f"  {read} read, {refused}; {counted(summary['sellers'], 'seller')}"
    for entry in summary["refusals"][:MOST_SHOWN]:
        rows = counted(entry["rows"], "row")
        yield f"  {styled('refused', 'red')} {rows}: {entry['reason']}"
    for entry in summary["checks"]:
        check = styled(entry["check"], "red")
        sellers = counted(entry["sellers"], "seller")
        yield f"  {check}: {counted(entry['findings'], 'finding')}, {sellers}"
    for entry in summary.get("ladder", ()):
        yield f"  {entry['rung']}: {counted(entry['sellers'], 'seller')}"


def _finding(row: Mapping[str, Any]) -> str:
    about = row.get("limit") if "failure" in row else row.get("because")
    case = f" {row['case']}" if row.get("case") else ""
    return f"  {row['seller']}{case}: {row['check']}" + (f" ({about})" if about else "")


def leave(summary: Mapping[str, Any], warnings: Sequence[str] = ()) -> None:
    """Exit with 2 where rows were refused, else 1 where more than `warnings` was found."""
    if summary["rows"]["refused"]:
        sys.exit(2)
    sys.exit(1 if any(entry["check"] not in warnings for entry in summary["checks"]) else 0)


def need(policy: str | None) -> str:
    """Return the policy that is named; UsageError where none is."""
    if policy is None:
        raise UsageError("no policy is named: name one by --policy")
    return policy
