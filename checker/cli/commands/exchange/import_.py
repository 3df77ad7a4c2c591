"""`checker import`: settings and returns that other formats state."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from checker.cli.commands.exchange.options import opened_exchange, scope_option
from checker.cli.echo import echo, echo_json, echo_json_text, echo_text
from checker.cli.options import format_option, on_option, progress, roots_option
from checker.cli.output_files import make_folder, write_new
from checker.exchange.formats import FORMATS
from checker.exchange.importing import Imported, import_file, latest_states
from checker.exchange.names import UsedIds, id_of
from checker.exchange.overrides import Scope
from checker.exchange.statements import Note
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.problems import Finding, counted
from checker.report.findings import finding_text
from checker.report.imports import import_json, override_text, parameters_text


@click.command("import")
@click.argument("format", type=click.Choice(FORMATS), metavar="FORMAT")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="FILE..."
)
@click.option("--policy", required=True, metavar="REF", help="The policy that it is held to.")
@scope_option
@click.option("--seller", default="", metavar="ID", help="Whose it is; else the file's name.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a new file for each override, and one for all records, there.",
)
@roots_option
@on_option
@format_option
def command(
    format: str,
    files: tuple[Path, ...],
    policy: str,
    scope: Scope,
    seller: str,
    out: Path | None,
    roots: tuple[Path, ...],
    on: int | None,
    form: str,
) -> None:
    """Turn each FILE of a FORMAT into overrides of a policy, its parameters, or records.

    FORMAT is one of schema.org (JSON-LD, or pages with it or microdata), google (Merchant API),
    ebay (Account and Metadata API) and kuaishou (items, categories, refunds). Everything that a
    file states is mapped, kept as a note, or reported as not understood; nothing is guessed, and
    nothing is fetched.

    Overrides are printed as YAML and records as JSON lines, what is to say of them on standard
    error. Exits with 1 where something was not understood, and with 2 where a file can't be read.
    """
    resolver = Resolver(open_library(roots)[0])
    exchange = opened_exchange(resolver, policy, on if on is not None else today(), scope)
    taken: UsedIds = {}
    with progress(files, "files") as watched:
        read = [import_file(format, each, exchange, scope, taken, seller) for each in watched]
    found = latest_states(read)
    if form == "json":
        for each in found:
            for line in import_json(each):
                # amounts that `--scope` asks for are decimals
                echo_json(line, default=str)
    if out:
        _write(out, found)
    elif form == "text":
        _print(found)
    problems = [problem for each in found for problem in each.findings()]
    if form == "text":
        _say(found, problems, to_output=out is not None)
    unread = not all(each.is_readable for each in found)
    sys.exit(2 if unread else 1 if any(each.severity == "error" for each in problems) else 0)


def _print(found: Sequence[Imported]) -> None:
    """Print overrides and parameters as YAML documents, records as JSON lines."""
    texts = [text for each in found for text in _texts(each)]
    if texts:
        echo_text("---\n".join(texts))
    for record in _records(found):
        echo_json_text(record)


def _texts(found: Imported) -> Iterator[str]:
    yield from (override_text(made) for made in found.overrides if made.data)
    yield from (parameters_text(made) for made in found.parameters if made.data)


def _records(found: Iterable[Imported]) -> Iterator[str]:
    for each in found:
        for record in each.records:
            if record.columns:
                yield json.dumps(record.columns, ensure_ascii=False)


def _write(out: Path, found: Sequence[Imported]) -> None:
    """Write overrides, parameters and records to new files of the folder, all or none."""
    made = [each for one in found for each in one.overrides if each.data]
    versions = Counter(each.data["id"] for each in made if each.data)
    make_folder(out)
    texts = {out / _file_name(each.data or {}, versions): override_text(each) for each in made}
    names: UsedIds = {}
    allowed = [each for one in found for each in one.parameters if each.data]
    for number, those in enumerate(allowed, 1):
        name = id_of(those.choices.name, str(number), names)
        texts[out / f"{name}.parameters.json"] = _pretty(those.data)
    records = [*_records(found)]
    if records:
        texts[out / "records.jsonl"] = "".join(f"{each}\n" for each in records)
    write_new(texts)


def _file_name(data: Mapping[str, Any], versions: Mapping[str, int]) -> str:
    """Return the name of an override's file: one in a folder where there are several versions."""
    id = data["id"]
    return f"{id}/{data['version']}.yaml" if versions[id] > 1 else f"{id}.yaml"


def _pretty(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def _say(found: Sequence[Imported], problems: Sequence[Finding], *, to_output: bool) -> None:
    """Say what was not understood, and count what was made."""
    for problem in problems:
        for line in finding_text(problem):
            echo(line, err=not to_output)
    made = [each for one in found for each in one.overrides]
    counts = {
        "override": sum(1 for each in made if each.data),
        "set of parameters": sum(1 for one in found for each in one.parameters if each.data),
        "record": sum(1 for one in found for each in one.records if each.columns),
        "note": sum(len(each.notes) for each in made),
        "finding": len(problems),
    }
    shown = [counted(number, what) for what, number in counts.items() if number]
    echo(f"checker: {', '.join(shown) or 'nothing'} from {counted(len(found), 'file')}", err=True)
    for each in made:
        if not each.data and not each.problems:
            why = "no override is made, as the policy is about none of its cases"
            _say_notes(f"{each.stated.position}: {why}", each.notes)
    for those in (each for one in found for each in one.parameters):
        if not those.data:
            _say_notes(f"{those.choices.position}: it sets no parameter", those.notes)


def _say_notes(why: str, notes: Iterable[Note]) -> None:
    """Say why nothing is made, and what stands in no document then."""
    echo(f"checker: {why}", err=True)
    for note in notes:
        echo(f"    note: {note.text}", err=True)
