"""`checker lsp`: the language server, for editors."""

from __future__ import annotations

from pathlib import Path

import click

from checker.cli.log import start_log
from checker.cli.options import roots_option
from checker.language.syntax.problems import UsageError


@click.command("lsp")
@roots_option
def command(roots: tuple[Path, ...]) -> None:
    """Serve an editor: the language server protocol on standard input and output.

    Editors start it; docs/editors.md says how. Without --root, each document is looked up in the
    `policy` folder nearest to it.
    """
    for root in roots:
        if not root.is_dir():
            raise UsageError(f"no folder `{root}`")
    try:
        from checker.lsp.server import language_server
    except ModuleNotFoundError:
        help = "`pip install 'returns-checker[lsp]'`"
        raise UsageError(
            f"the language server needs pygls, which is not installed; {help}"
        ) from None
    start_log()
    language_server(tuple(root.resolve() for root in roots)).start_io()
