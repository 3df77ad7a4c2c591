"""Sources that are named by a URL: tables of databases, and what a Spark cluster reads.

    duckdb:///orders.db?table=returns             a file here; `duckdb:////` begins an absolute path
    postgresql://auditor@db:5432/shop?table=audit.returns
    spark://master:7077?table=shop.returns        a Spark cluster, with the driver in this process
    sc://server:15002?path=/data/returns.parquet  Spark Connect

A dot separates a schema from its table; a name with a dot in it is put in double quotes. Names are
case-sensitive; characters that a URL can't hold are percent-encoded (`%20`). Other parameters of
`postgresql` go to libpq. A URL with a password is refused.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Literal
from urllib.parse import unquote

from checker.audit.connections.url_secrets import (
    NAMES,
    REMEDIES,
    is_connection_text,
    refuse_passwords,
    shown_name,
    shown_url,
)
from checker.language.syntax.problems import UsageError, did_you_mean, quoted

Kind = Literal["duckdb", "postgres", "spark"]

# By scheme: the engine and its parameters; None leaves them to libpq.
SCHEMES: dict[str, tuple[Kind, tuple[str, ...] | None]] = {
    "duckdb": ("duckdb", ("table",)),
    "postgresql": ("postgres", None),
    "postgres": ("postgres", None),
    "spark": ("spark", ("table", "path")),
    "sc": ("spark", ("table", "path")),
}
FORMATS = {"parquet": "parquet", "csv": "csv", "json": "json", "jsonl": "json", "ndjson": "json"}
MOST_PARTS = {"duckdb": 2, "postgres": 2, "spark": 3}
_PART = re.compile(r'"((?:[^"]|"")+)"|([^".]+)')
_HOST = re.compile(r"(?:[\w.-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")


@dataclass(frozen=True, slots=True)
class TableSource:
    """The table or files to audit, and the engine that has them.

    Attributes:
        kind: the engine, and the name of its extra (`returns-checker[spark]`).
        name: the URL, for messages and reports; `…` stands for what may be a secret.
        address: what the engine's driver takes: a file's path, a URI of libpq, a Spark master or a
            Spark Connect server.
        table: the parts of the table's name, itself last; None where `path` is given.
        path: the files that Spark reads; None where `table` is given.
        format: the format of `path`: `parquet`, `csv` or `json`.
    """

    kind: Kind
    name: str
    address: str
    table: tuple[str, ...] | None = None
    path: str | None = None
    format: str | None = None


def is_url(text: str) -> bool:
    """Return whether `text` is meant as a URL rather than as a path of files."""
    if "://" in text or text.partition(":")[0] in SCHEMES:
        return True
    return is_connection_text(text) and not os.path.lexists(text.replace("\0", ""))


def parse_source(text: str) -> TableSource:
    """Return the source that a URL names.

    Raises:
        UsageError: the scheme or a parameter is unknown, the table is missing, or the URL has a
            password; no message shows one.
    """
    if "://" not in text:  # the rest may be a password and is not shown
        begins = text.partition(":")[0]
        if begins not in SCHEMES:
            raise UsageError(
                "no such file, and no URL of a database, like `postgresql://me@host/shop?table=…`;"
                f" a password doesn't belong in it: {REMEDIES['postgres']}"
            )
        raise UsageError(f"a URL of a database begins with `{begins}://`")
    scheme, _, rest = text.partition("://")
    if scheme not in SCHEMES:
        hint = did_you_mean(scheme, SCHEMES) if scheme.isalnum() else None
        hint = hint or f"expected {quoted(name + '://' for name in SCHEMES)} or a path of files"
        raise UsageError(f"`{_harmless(scheme)}://…`: no such kind of source; {hint}")
    kind, parameters = SCHEMES[scheme]
    location, _, query = rest.partition("?")
    refuse_passwords(scheme, kind, location, query)
    text = shown_url(text)  # the only form that is shown
    arguments = _arguments(text, parameters_of(query), parameters)
    table = _table(text, kind, arguments) if "table" in arguments else None
    path = arguments.get("path") if kind == "spark" else None
    if bool(table) == bool(path):
        raise UsageError(f"{text}: {_table_message(kind, arguments, both=bool(table))}")
    address = {"duckdb": _file, "postgres": _libpq, "spark": _server}[kind]
    form = _format(text, path) if path else None
    return TableSource(kind, text, address(text, location, query), table, path, form)


def parameters_of(query: str) -> list[tuple[str, str]]:
    """Return the names and values of a URL's query, after its `?`."""
    parts = (parameter.partition("=") for parameter in query.split("&") if parameter)
    return [(unquote(name), unquote(value)) for name, _, value in parts]


def without_values(message: str, source: TableSource) -> str:
    """Return a driver's message without the values of parameters that the source's name hides."""
    for name, value in parameters_of(source.address.partition("?")[2]):
        if name not in NAMES and len(value) > 2 and value not in unquote(source.name):
            message = message.replace(value, "…")
    return message


def _harmless(scheme: str) -> str:
    """Return the scheme, or an empty text where it may be a password by mistake."""
    return scheme if re.fullmatch(r"[A-Za-z0-9+.-]{1,20}", scheme) else ""


def _arguments(
    text: str, parameters: list[tuple[str, str]], allowed: tuple[str, ...] | None
) -> dict[str, str]:
    """Return the parameters by name; raise UsageError for one that is unknown or stands twice."""
    arguments: dict[str, str] = {}
    for name, value in parameters:
        if allowed is not None and name not in allowed:
            hint = did_you_mean(name, allowed) or f"expected {quoted(allowed)}"
            raise UsageError(f"{text}: no parameter `{shown_name(name)}`; {hint}")
        if name in arguments:
            raise UsageError(f"{text}: the parameter `{shown_name(name)}` stands twice")
        arguments[name] = value
    return arguments


def _table_message(kind: Kind, arguments: dict[str, str], both: bool) -> str:
    """Return the message for a URL with neither or both of `table` and `path`."""
    if both:
        return "give either `table` or `path`"
    near = next((name for name in arguments if did_you_mean(name, ["table"])), None)
    if near and near != "table":
        return f"no parameter `{near}`; did you mean `table`?"
    expected = "`?table=…` or `?path=…`" if kind == "spark" else "`?table=…`"
    return f"which table? end the URL with {expected}"


def _table(text: str, kind: Kind, arguments: dict[str, str]) -> tuple[str, ...]:
    """Return the parts of a table's name."""
    name = arguments["table"]
    parts = tuple(_parts(name))
    if name and not parts:
        raise UsageError(
            f"{text}: `{name}` is no table's name; expected `table` or `schema.table`, a part with"
            ' a dot or a quote in it in double quotes: `"my.table"`'
        )
    if len(parts) > MOST_PARTS[kind]:
        most = ".".join(("catalog", "schema", "table")[-MOST_PARTS[kind] :])
        raise UsageError(f"{text}: `{name}` has {len(parts)} parts; expected at most `{most}`")
    return parts


def _parts(name: str) -> Iterator[str]:
    """Yield the parts of a name, separated by dots; nothing for a malformed name."""
    if not re.fullmatch(rf"(?:{_PART.pattern})(?:\.(?:{_PART.pattern}))*", name):
        return
    for match in _PART.finditer(name):
        yield match[1].replace('""', '"') if match[1] else match[2]


def _format(text: str, path: str) -> str:
    """Return the format of a path by its ending, or by the one before that of compression."""
    for ending in reversed(PurePosixPath(path).suffixes[-2:]):
        form = FORMATS.get(ending[1:].lower())
        if form:
            return form
    endings = quoted(f".{ending}" for ending in FORMATS)
    raise UsageError(
        f"{text}: the ending of `{path}` doesn't say what it holds; expected {endings}"
        " (a folder may be given as `folder/*.parquet`)"
    )


def _file(text: str, location: str, query: str) -> str:
    """Return the path of a DuckDB file."""
    authority, _, path = location.partition("/")
    if authority or not path:
        raise UsageError(
            f"{text}: expected a file after three slashes, or after four where its path is"
            " absolute: `duckdb:///orders.db?table=…`"
        )
    return unquote(path)


def _libpq(text: str, location: str, query: str) -> str:
    """Return a PostgreSQL URL without the parameter that libpq doesn't know."""
    parts = [part for part in query.split("&") if part]
    rest = [part for part in parts if unquote(part.partition("=")[0]) != "table"]
    return f"postgresql://{location}" + ("?" + "&".join(rest) if rest else "")


def _server(text: str, location: str, query: str) -> str:
    """Return the URL of a Spark master or Connect server, without our parameters."""
    scheme = text.partition("://")[0]
    authority, _, options = location.partition("/")
    host = _HOST.fullmatch(authority)
    ported = host and 0 < int(host[1] or 0) < 65536
    # Spark Connect alone has options of its own, like `;use_ssl=true`
    if not ported or (options and not (scheme == "sc" and options.startswith(";"))):
        example = {"spark": "spark://master:7077", "sc": "sc://server:15002"}[scheme]
        raise UsageError(f"{text}: expected a host and a port, like `{example}?table=…`")
    return f"{scheme}://{authority}" + (f"/{options}" if options else "")
