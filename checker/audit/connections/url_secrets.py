"""Refuses passwords in URLs, before a message shows any part of a URL.

What may be a password counts as one. All escapes are decoded, also repeated ones, because later
messages show the URL as it is.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from checker.language.syntax.problems import UsageError

REMEDIES = {
    "duckdb": "a DuckDB file has none",
    "postgres": "put it into PGPASSWORD, or a file that PGPASSFILE or PGSERVICE names",
    "spark": "a token for Spark Connect goes into SPARK_CONNECT_AUTHENTICATE_TOKEN",
}
NAMES = ("table", "path")  # their values may be any text
# also inside another parameter, like `options` of libpq; a user with a colon has a password
_STATED = re.compile(
    r"(password|passwd|secret|token|scram_client_key|scram_server_key)[=:\s+]|(^|&)user=[^&]*:",
    re.IGNORECASE,
)
_HOST = r"([^:,\[\]]*|\[[^\[\]]*\])(:\d*)?"
_HOSTS = re.compile(f"{_HOST}(,{_HOST})*")


def refuse_passwords(scheme: str, kind: str, location: str, query: str) -> None:
    """Raise UsageError where a URL may have a password; the message says where to put it."""
    authority, _, path = location.partition("/")
    user, _, hosts = _decoded(authority).rpartition("@")
    options = path.partition(";")[2]  # of Spark Connect
    if ":" in user or any(
        _STATED.search(_decoded(part)) for part in (_other_parameters(query), options)
    ):
        raise UsageError(f"{scheme}://…: a password doesn't belong in a URL: {REMEDIES[kind]}")
    odd = None
    if "@" in path + query:  # a password with a `/` or a `?` reaches into the path or the query
        odd = "an `@` after the host is written `%40`; if it ends a password"
    elif not _HOSTS.fullmatch(hosts):
        odd = "what follows a host and a colon is no port; if it is a password"
    if odd:
        raise UsageError(f"{scheme}://…: {odd}, that doesn't belong in a URL: {REMEDIES[kind]}")


def _decoded(text: str) -> str:
    """Return a text with all escapes decoded, repeatedly."""
    while (plain := unquote(text)) != text:
        text = plain
    return text


def _other_parameters(query: str) -> str:
    """Return the parameters of a query without `NAMES`."""
    parts = (
        parameter
        for parameter in query.split("&")
        if unquote(parameter.partition("=")[0]) not in NAMES
    )
    return "&".join(parts)
