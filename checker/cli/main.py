"""The command `checker`: finds a command's file by its name and runs it."""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import Any

import click

from checker import __version__
from checker.cli.echo import echo, echo_usage
from checker.cli.lazy_group import CommandEntry, LazyGroup
from checker.language.syntax.problems import UsageError, system_reason

COMMANDS = {
    "init": CommandEntry("init:command", "Begin a repository of policies."),
    "check": CommandEntry("check:check", "Validate, prove and test documents."),
    "validate": CommandEntry("check:validate", "Check schemas, references and types."),
    "decide": CommandEntry("decide:command", "Decide cases, with reasons."),
    "prove": CommandEntry("prove:command", "Prove overrides and policies, for every case."),
    "verify": CommandEntry("verify:command", "Check certificates of proofs against the documents."),
    "diff": CommandEntry("diff:command", "Say what changes between two versions, and for whom."),
    "repair": CommandEntry(
        "repair:command", "Print the smallest change that makes an override pass."
    ),
    "limits": CommandEntry("limits:command", "Print the values that each setting may take."),
    "audit": CommandEntry(
        "audit:command", "Audit sellers' settings, or returns that were handled, in bulk."
    ),
    "import": CommandEntry(
        "exchange.import_:command", "Turn settings and returns of other formats into documents."
    ),
    "export": CommandEntry(
        "exchange.export:command", "Print overrides as other formats state them."
    ),
    "test": CommandEntry(
        "check:test", "Test expectations, and look for cases that overrides fail."
    ),
    "fmt": CommandEntry("fmt:command", "Lay documents out in the one way."),
    "explain": CommandEntry("explain:command", "Print a document as prose, in English or Chinese."),
    "trace": CommandEntry("trace:command", "Show which rule carries out which clause."),
    "lsp": CommandEntry(
        "lsp:command", "Serve an editor: mistakes, proofs and completion while one types."
    ),
    "serve": CommandEntry("serve:command", "Serve a page to try documents on, and the HTTP API."),
    "cache": CommandEntry("cache:command", "Clear the results that are remembered."),
    "schema": CommandEntry("schema:command", "Print the JSON Schemas of documents and reports."),
}


@click.group(
    cls=LazyGroup,
    entries=COMMANDS,
    package="checker.cli.commands",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="checker")
def cli() -> None:
    """Decide returns by policies written as data, and check that no seller refuses too much."""


def main() -> Any:
    """Run the command line; returns its exit status to the system."""
    gc.set_threshold(200_000)  # start-up makes many objects that stay, and no garbage
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        # https://no-color.org: any value but an empty one; None leaves it to the terminal
        colour = False if os.environ.get("NO_COLOR") else None
        status = cli.main(standalone_mode=False, color=colour)
    except UsageError as error:
        echo(f"checker: {error}", err=True)
        status = 2
    except click.ClickException as error:
        echo_usage(error)
        status = 2
    except OSError as error:
        echo(f"checker: {error.filename or 'the system'}: {system_reason(error)}", err=True)
        status = 2
    except (click.Abort, KeyboardInterrupt):
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second one has nothing left to stop
        echo("checker: stopped", err=True)
        status = 130
    sys.exit(status if isinstance(status, int) else 0)
