"""Passwords in URLs are refused, before any part of a URL is shown.

What may be a password is taken for one: a URL is read here with every escape undone, however
often it was made, as one that is not understood is shown where it is refused.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from checker.language.syntax.problems import UsageError

PLACES = {
    "duckdb": "a DuckDB file has none",
    "postgres": "put it into PGPASSWORD, or a file that PGPASSFILE or PGSERVICE names",
    "spark": "a token for Spark Connect goes into SPARK_CONNECT_AUTHENTICATE_TOKEN",
}
NAMES = ("table", "path")  # parameters that name what is audited, whatever it is called
# also within another parameter, like libpq's `options`; a user with a colon has a password
_STATED = re.compile(
    r"(password|passwd|secret|token|scram_client_key|scram_server_key)[=:\s+]|(^|&)user=[^&]*:",
    re.IGNORECASE,
)
_HOST = r"([^:,\[\]]*|\[[^\[\]]*\])(:\d*)?"
_HOSTS = re.compile(f"{_HOST}(,{_HOST})*")


def refuse_passwords(scheme: str, kind: str, location: str, query: str) -> None:
    """Raise `UsageError` where a URL may hold a password; say where to put it, and show no part."""
    authority, _, path = location.partition("/")
    user, _, hosts = _decoded(authority).rpartition("@")
    options = path.partition(";")[2]  # as Spark Connect has them
    if ":" in user or any(_STATED.search(_decoded(each)) for each in (_asked(query), options)):
        raise UsageError(f"{scheme}://…: a password doesn't belong in a URL: {PLACES[kind]}")
    odd = None
    if "@" in path + query:  # a password may hold a `/` or a `?`, and then what follows is its end
        odd = "an `@` after the host is written `%40`; if it ends a password"
    elif not _HOSTS.fullmatch(hosts):
        odd = "what follows a host and a colon is no port; if it is a password"
    if odd:
        raise UsageError(f"{scheme}://…: {odd}, that doesn't belong in a URL: {PLACES[kind]}")


def _decoded(text: str) -> str:
    """Return a text without escapes, nor escapes of escapes."""
    while (plain := unquote(text)) != text:
        text = plain
    return text


def _asked(query: str) -> str:
    """Return the parameters of a query but for those that name what is audited."""
    parts = (part for part in query.split("&") if unquote(part.partition("=")[0]) not in NAMES)
    return "&".join(parts)
