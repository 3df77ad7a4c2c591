"""Refuses passwords in URLs, before a message shows any part of a URL.

What may be a password counts as one. All escapes are decoded, also repeated ones. Messages show of
a URL what is known to be harmless: its place, and the parameters that hold no secrets.
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
    r"(password|passwd|pwd|\bpw|secret|token|credential|authorization|scram_client_key|scram_server_key)[=:\s+]|(^|&)user=[^&]*:",
    re.IGNORECASE,
)
# Parameters of libpq (PostgreSQL 18, Parameter Key Words) and of Spark Connect without secrets,
# with the values that are shown; another value may be a password at the wrong place
_COUNT, _TEXT = r"[0-9,]{1,30}", r"[^\0]*"
_KEYWORD = (
    "allow|any|auto|creds|database|direct|disable|false|gss|gssapi|md5|none|off|on|password|postgres"
    "|prefer|prefer-standby|primary|random|read-only|read-write|require|scram-sha-256|sspi|standby"
    "|true|utf-?8|verify-ca|verify-full|0|1"
)
_WORD = rf"(?i:!?(?:{_KEYWORD})(?:,!?(?:{_KEYWORD}))*)"
HARMLESS: dict[str, str] = {
    **dict.fromkeys(NAMES, _TEXT),
    **dict.fromkeys(("host", "hostaddr", "dbname", "user", "options", "service"), _TEXT),
    **dict.fromkeys(("passfile", "sslcert", "sslkey", "sslrootcert", "sslcrl"), _TEXT),
    **dict.fromkeys(("sslcrldir", "servicefile", "krbsrvname", "user_agent"), _TEXT),
    **dict.fromkeys(("application_name", "fallback_application_name", "requirepeer"), _TEXT),
    **dict.fromkeys(("sslmode", "gssencmode", "require_auth", "channel_binding"), _WORD),
    **dict.fromkeys(("target_session_attrs", "load_balance_hosts", "sslnegotiation"), _WORD),
    **dict.fromkeys(("client_encoding", "gsslib", "replication", "ssl", "use_ssl"), _WORD),
    **dict.fromkeys(("port", "connect_timeout", "keepalives", "keepalives_idle"), _COUNT),
    **dict.fromkeys(("keepalives_interval", "keepalives_count", "tcp_user_timeout"), _COUNT),
    **dict.fromkeys(("sslcompression", "sslsni", "gssdelegation"), _COUNT),
}
# what begins a connection string of libpq, ODBC or JDBC, or a URL without its colon
_KEYWORDS = (
    r"host|hostaddr|port|dbname|database|user|uid|user ?id|username|server|data source|service"
    r"|driver|dsn|passfile|options|sslmode|\w*(?:pass(?:word|wd)?|pwd|secret|token)"
)
_CONNECTION = re.compile(
    rf"""^['"\s]*(?:{_KEYWORDS})\s*=|(?:^|[;&?\s])\w*(?:password|passwd|pwd|secret|token)\s*="""
    r"|//[^/]*:[^/]*@|^[^/]*:[^/]*@|^jdbc:|^[a-z]+[;,.]?//",
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
    elif kind != "duckdb" and "#" in location:
        odd = "a `#` is written `%23`; if it is of a password"
    elif not _HOSTS.fullmatch(hosts):
        odd = "what follows a host and a colon is no port; if it is a password"
    if odd:
        raise UsageError(f"{scheme}://…: {odd}, that doesn't belong in a URL: {REMEDIES[kind]}")


def is_connection_text(text: str) -> bool:
    """Return whether a text may be meant as a connection to a database, though it is no URL."""
    return _CONNECTION.search(text) is not None


def shown_url(text: str) -> str:
    """Return a URL with `…` for what may be a secret: unknown parameters and their values."""
    scheme, _, rest = text.partition("://")
    location, mark, query = rest.partition("?")
    place, semicolon, options = location.partition(";")
    if scheme in ("spark", "sc"):
        authority, slash, path = place.partition("/")
        place = f"{authority}{slash}{'…' if path else ''}"
        location = place + semicolon + ";".join(map(_shown_parameter, options.split(";")))
    shown = "&".join(_shown_parameter(part) for part in query.split("&"))
    return f"{scheme}://{location}{mark}{shown}"


def shown_name(name: str) -> str:
    """Return the name of an unknown parameter, or `…` where it may be a value by mistake."""
    return name if re.fullmatch(r"[A-Za-z_]{1,30}", name) else "…"


def _shown_parameter(parameter: str) -> str:
    name, equals, value = parameter.partition("=")
    plain = unquote(name)
    if not equals:
        return parameter if not parameter or plain in HARMLESS else "…"
    if re.fullmatch(HARMLESS.get(plain, r"(?!)"), unquote(value)):
        return parameter
    return f"{name if plain in HARMLESS else shown_name(plain)}=…"


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
