"""What the SOURCE of an audit names: files, or a database's table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from checker.audit.connections import Connection, connect, files
from checker.audit.connections.urls import is_url, parse_source

if TYPE_CHECKING:
    from checker.audit.files.scan import Scanned


def shown_source(source: str) -> str:
    """Return the source as results show it, without passwords; UsageError where it is a bad URL."""
    return parse_source(source).name if is_url(source) else source


@contextmanager
def open_source(source: str, engine: str) -> Iterator[Scanned | Connection]:
    """Give the source's files as Polars scans them, or a connection to its table.

    `engine` is what reads files: `polars` or `duckdb`. UsageError where the source can't be read.
    """
    if is_url(source):
        with closing(connect(parse_source(source))) as connection:
            yield connection
        return
    from checker.audit.files.scan import found_files, scan

    if engine == "polars":
        yield scan(source)
        return
    with closing(files(*found_files(source))) as connection:
        yield connection
