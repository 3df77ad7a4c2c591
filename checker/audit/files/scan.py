"""Tables in files: a file, a folder or a glob of Parquet, CSV or JSON lines, also compressed.

No row is dropped and nothing is guessed. A file that can't be read, or whose columns differ from
those of the first file, is an error with its name. Every cell of CSV is text. So is every value of
JSON lines except lists of texts: numbers keep all digits, and `5.50` is the same as `"5.50"`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from glob import escape, glob
from pathlib import Path
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from checker.audit.files.column_types import as_kinds, kind_of
from checker.audit.files.csv_check import check_csv, header_of
from checker.audit.files.json_lines_check import check_json_lines
from checker.audit.files.text_lines import check_unpacked_size
from checker.language.resolve.table_header import check_header
from checker.language.syntax.problems import UsageError, quoted

ROW_NUMBER = "row_number"
FORMS = {"parquet": "parquet", "csv": "csv", "jsonl": "jsonl", "ndjson": "jsonl"}
PACKED = (".gz", ".zst")  # for CSV and JSON lines only
_EXPECTED = "expected .parquet, .csv or .jsonl, or .csv.gz, .csv.zst, .jsonl.gz, .jsonl.zst"
_IS_GLOB = re.compile(r"[*?\[]")


class Scanned(NamedTuple):
    """Rows of files, numbered from 1 in `row_number`, the kinds of their columns, and the files."""

    frame: pl.LazyFrame
    kinds: Mapping[str, str]
    paths: Sequence[Path]


def scan(source: str) -> Scanned:
    """Return the rows of the files that a path, a folder or a glob names.

    Raises:
        UsageError: there is no file, or one can't be read.
    """
    return scan_files(*found_files(source))


def scan_files(paths: Sequence[Path], form: str) -> Scanned:
    """Return the rows of files of one form (`FORMS`), in the order of the files.

    Raises:
        UsageError: a file can't be read, or its columns are not those of the first.
    """
    try:
        for path in paths:
            check_unpacked_size(path)
        frame = _SCANS[form](paths)
        schema = frame.collect_schema()
    except (PolarsError, OSError) as error:
        raise _unread(paths[0], error) from None
    columns = {name: dtype for name, dtype in schema.items() if name != ROW_NUMBER}
    check_header([*columns], str(paths[0]))
    frame = frame.with_columns(pl.col(ROW_NUMBER).cast(pl.Int64), *as_kinds(columns))
    return Scanned(frame, {name: kind_of(dtype) for name, dtype in columns.items()}, paths)


@contextmanager
def reading(scanned: Scanned) -> Iterator[None]:
    """Turn an error while rows are read into a UsageError that names the damaged file.

    An error that is not the fault of a file, like a full disk, is raised as it is.
    """
    try:
        yield
    except PolarsError as error:
        check_whole(scanned.paths)
        raise error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Polars; not a subclass of Exception
            raise
        raise UsageError(f"{scanned.paths[0]}: can't be read: {error}") from None


def check_whole(paths: Sequence[Path]) -> None:
    """Read all files to their ends; raise UsageError for the first that is damaged."""
    for path in paths:
        try:
            scan(str(path)).frame.select(pl.all().null_count()).collect(engine="streaming")
        except PolarsError as damage:
            raise _unread(path, damage) from None


def sliceable(scanned: Scanned, folder: Path) -> pl.LazyFrame:
    """Return the rows as a frame whose slices are read fast.

    Args:
        scanned: the rows.
        folder: where to write a Parquet file with the rows of text files, so that each is parsed
            once only.
    """
    if _form(scanned.paths[0]) == "parquet":
        return scanned.frame
    path = folder / "rows.parquet"
    scanned.frame.sink_parquet(path, compression="lz4")
    return pl.scan_parquet(path)


def found_files(source: str) -> tuple[list[Path], str]:
    """Return the files of a path, a folder or a glob, sorted, and their form (`FORMS`).

    In a folder, and below it, names that begin with `.` or `_` are ignored.

    Raises:
        UsageError: there is no file, or the files differ in form.
    """
    path = Path(source)
    if path.is_dir():
        paths = sorted(
            file for file in path.rglob("*") if file.is_file() and _is_visible(file, path)
        )
        empty = "a folder without a table"
    elif path.exists() or not _IS_GLOB.search(source):
        paths, empty = [path], ""
        if not path.exists():
            raise UsageError(f"{source}: no such file")
        if not path.is_file():
            raise UsageError(f"{source}: can't be read: it is no regular file")
    else:
        paths = sorted(Path(name) for name in glob(source, recursive=True) if Path(name).is_file())
        empty = "no file matches"
    if not paths:
        raise UsageError(f"{source}: {empty}; {_EXPECTED}")
    forms = {file: _form(file) for file in paths}
    first = forms[paths[0]]
    for file, form in forms.items():
        if form != first:
            raise UsageError(
                f"{file}: found {form} beside {first} in {paths[0]}; audit one at a time"
            )
    return paths, first


def _is_visible(path: Path, folder: Path) -> bool:
    """Return whether no part of the path below the folder begins with `.` or `_`."""
    return not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _form(path: Path) -> str:
    """Return the form of a file by its name's ending."""
    name = path.name.lower()
    packed = name.endswith(PACKED)
    form = FORMS.get((name.rpartition(".")[0] if packed else name).rpartition(".")[2])
    if form is None or (packed and form == "parquet"):
        raise UsageError(f"{path}: the name's ending says nothing of its form; {_EXPECTED}")
    return form


def _parquet(paths: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of Parquet files of one schema."""
    first: dict[str, pl.DataType] = {}
    for path in paths:
        try:
            schema = dict(pl.read_parquet_schema(path))
        except (PolarsError, OSError) as error:
            raise _unread(path, error) from None
        first = first or schema
        _compare(path, schema, paths[0], first)
    return pl.scan_parquet(
        [*paths],
        glob=False,
        hive_partitioning=False,
        row_index_name=ROW_NUMBER,
        row_index_offset=1,
    )


def _csv(paths: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of checked CSV files with one header."""
    first: list[str] = []
    for path in paths:
        try:
            header = header_of(path)
            first = first or header
            if header != first:
                _compare(path, dict.fromkeys(header), paths[0], dict.fromkeys(first))
                raise UsageError(f"{path}: its columns stand in another order than in {paths[0]}")
            check_csv(path, header)
        except (PolarsError, OSError) as error:
            raise _unread(path, error) from None
    _refuse_row_number(first, paths[0])
    return pl.scan_csv(
        [*paths],
        glob=False,
        infer_schema=False,
        new_columns=first,  # Polars leaves doubled quotes in a name
        row_index_name=ROW_NUMBER,
        row_index_offset=1,
    )


def _json_lines(paths: Sequence[Path]) -> pl.LazyFrame:
    """Return the rows of checked files of JSON lines."""
    types: dict[str, set[pl.DataType]] = {}
    for path in paths:
        try:
            schema = check_json_lines(path)
        except (PolarsError, OSError) as error:
            raise _unread(path, error) from None
        for name, dtype in schema.items():
            types.setdefault(name, set()).add(dtype)
    _refuse_row_number([*types], paths[0])
    return pl.scan_ndjson(
        [escape(str(path)) for path in paths],
        schema={name: _as_text(dtypes) for name, dtypes in types.items()},
        row_index_name=ROW_NUMBER,
        row_index_offset=1,
    )


def _as_text(types: Set[pl.DataType]) -> pl.DataType:
    """Return the type that a column of JSON lines gets, by its types in the files."""
    stated = types - {pl.Null()}
    lists = {pl.List(pl.String()), pl.List(pl.Null())}
    return pl.List(pl.String()) if stated and stated <= lists else pl.String()


_SCANS: dict[str, Callable[[Sequence[Path]], pl.LazyFrame]] = {
    "parquet": _parquet,
    "csv": _csv,
    "jsonl": _json_lines,
}


def _compare(
    path: Path, columns: Mapping[str, object], first: Path, expected: Mapping[str, object]
) -> None:
    """Raise UsageError where a file's columns, or their types, are not those of the first."""
    _refuse_row_number(columns, path)
    missing = [name for name in expected if name not in columns]
    extra = [name for name in columns if name not in expected]
    if missing or extra:
        lacks = f"lacks the columns {quoted(missing)}" if missing else ""
        has = f"has the columns {quoted(extra)} more" if extra else ""
        difference = " and ".join(part for part in (lacks, has) if part)
        raise UsageError(f"{path}: {difference}, other than {first}")
    for name, dtype in columns.items():
        if dtype != expected[name]:
            was = f"in {first} it is {expected[name]}"
            raise UsageError(f"{path}: the column `{name}` is of type {dtype}, {was}")


def _refuse_row_number(names: Sequence[str] | Mapping[str, object], path: Path) -> None:
    """Raise UsageError where a file has a column with the name of our row numbers."""
    if ROW_NUMBER in names:
        raise UsageError(f"{path}: a column can't be called `{ROW_NUMBER}`; rename it")


def _unread(path: object, error: Exception) -> UsageError:
    """Return the error for a file that can't be read."""
    reason = (getattr(error, "strerror", None) or str(error) or "no reason given").splitlines()[0]
    return UsageError(f"{path}: can't be read: {reason[:1].lower()}{reason[1:]}")
