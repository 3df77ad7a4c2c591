"""`checker schema`: the JSON Schemas, for editors and for other programs."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.echo import echo, echo_json_text
from checker.language.model.schema import SCHEMAS, schema_text
from checker.language.syntax.problems import UsageError, system_reason


@click.command("schema")
@click.argument("name", required=False, type=click.Choice(SCHEMAS))
@click.option("--out", type=click.Path(path_type=Path), metavar="DIR", help="Write all into DIR.")
def command(name: str | None, out: Path | None) -> None:
    """Print the schema NAME, or the names of all; `--out DIR` writes them side by side."""
    if out:
        try:
            out.mkdir(parents=True, exist_ok=True)
            for each in SCHEMAS:
                (out / f"{each}.schema.json").write_text(schema_text(each), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"{out}: can't be written: {system_reason(error)}") from None
    elif name:
        echo_json_text(schema_text(name).removesuffix("\n"))
    else:
        echo(*SCHEMAS)
