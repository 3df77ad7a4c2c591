"""`checker serve`: the playground and the HTTP API."""

from __future__ import annotations

import sys
from ipaddress import ip_address
from pathlib import Path

import click

from checker.cli.echo import echo
from checker.cli.log import start_log
from checker.cli.options import jobs_option, roots_option
from checker.language.syntax.problems import UsageError


@click.command("serve")
@roots_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=0,
    metavar="N",
    help="The port; by default one that is free.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="Who can reach it: by default this machine alone.",
)
@click.option(
    "--open/--no-open",
    "opens",
    default=None,
    help="Open the page in the browser; by default where one sits at the terminal.",
)
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=30,
    show_default=True,
    metavar="SECONDS",
    help="How long a proof may take.",
)
@jobs_option("prove at once", default=1)
def command(
    roots: tuple[Path, ...], port: int, host: str, opens: bool | None, timeout: float, jobs: int
) -> None:
    """Serve the playground, a page to try policies and overrides on, and the HTTP API.

    Nothing is written: what is edited lives in the page. Ends with Ctrl+C. The API describes
    itself at /api/openapi.json; docs/playground.md has examples.
    """
    for root in roots:
        if not root.is_dir():
            raise UsageError(f"no folder `{root}`")
    try:
        from checker.serve.server import listen, serve
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("checker"):
            raise
        help = "`pip install 'returns-checker[serve]'`"
        raise UsageError(f"serving needs {error.name}, which is not installed; {help}") from None
    with listen(host, port) as listening:
        if not _is_loopback(listening.getsockname()[0]):
            echo(
                f"checker: warning: whoever reaches {host} can read the documents of the roots and "
                "have proofs done; without `--host`, only this machine can",
                err=True,
            )
        opens = sys.stderr.isatty() if opens is None else opens
        start_log()
        serve(listening, roots, host, opens=opens, proofs=jobs, seconds=timeout)


def _is_loopback(address: str) -> bool:
    return ip_address(address.partition("%")[0]).is_loopback
