"""Tables in files: a file, a folder or a glob of Parquet, CSV or JSON lines, also compressed.

Nothing of a file's rows is dropped or guessed at: a file that can't be read, or has other columns
than the first, is an error that names it. Every cell of CSV is text; so is every value of JSON
lines but lists of texts, as numbers and mixed types lose nothing then: `5.50` and `"5.50"` are
one there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from glob import glob
from pathlib import Path
from typing import NamedTuple

import polars as pl
from polars.exceptions import PolarsError

from checker.audit.files_text import check_csv, check_json_lines, header_of
from checker.language.problems import Unusable, quoted

ROW_NUMBER = "row_number"
FORMS = {"parquet": "parquet", "csv": "csv", "jsonl": "jsonl", "ndjson": "jsonl"}
PACKED = (".gz", ".zst")  # of text only
_EXPECTED = "expected .parquet, .csv or .jsonl, or .csv.gz, .csv.zst, .jsonl.gz, .jsonl.zst"
_IS_GLOB = re.compile(r"[*?\[]")


class Scanned(NamedTuple):
    """Rows of files, numbered from 1 in `row_number`, the kinds of their columns, and the files."""

    frame: pl.LazyFrame
    kinds: Mapping[str, str]
    paths: Sequence[Path]


def scan(source: str) -> Scanned:
    """Return the rows of a file, a folder's files or a glob's; Unusable where there are none."""
    paths, form = found_files(source)
    try:
        frame = _SCANS[form](paths)
        schema = frame.collect_schema()
    except (PolarsError, OSError) as error:
        raise _unread(source, error) from None
    columns = {name: dtype for name, dtype in schema.items() if name != ROW_NUMBER}
    texts = [pl.col(name).cast(as_) for name, dtype in columns.items() if (as_ := _cast(dtype))]
    # the shortest decimal that gives a 32-bit float is not that of the 64-bit one
    floats = [
        pl.col(name).cast(pl.String).cast(pl.Float64)
        for name, dtype in columns.items()
        if dtype == pl.Float32
    ]
    frame = frame.with_columns(pl.col(ROW_NUMBER).cast(pl.Int64), *texts, *floats)
    return Scanned(frame, {name: kind_of(dtype) for name, dtype in columns.items()}, paths)


@contextmanager
def reading(scanned: Scanned) -> Iterator[None]:
    """Run what reads the rows; Unusable names the file that turns out to be damaged.

    What is no fault of a file, like a full disk, stays what it is.
    """
    try:
        yield
    except PolarsError as error:
        for path in scanned.paths:
            try:
                scan(str(path)).frame.select(pl.all().null_count()).collect(engine="streaming")
            except PolarsError as damage:
                raise _unread(path, damage) from None
        raise error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Polars', which is no Exception
            raise
        raise Unusable(f"{scanned.paths[0]}: can't be read: {error}") from None


def sliceable(scanned: Scanned, place: Path) -> pl.LazyFrame:
    """Return the rows as a frame of which a slice is quickly read; text is parsed only once.

    `place` is a folder for a file that takes the place of text.
    """
    if _form(scanned.paths[0]) == "parquet":
        return scanned.frame
    path = place / "rows.parquet"
    scanned.frame.sink_parquet(path, compression="lz4")
    return pl.scan_parquet(path)


def found_files(source: str) -> tuple[list[Path], str]:
    """Return the files of a source, in order, and their form: parquet, csv or jsonl.

    In a folder, and below it, names that begin with `.` or `_` are passed over.
    """
    path = Path(source)
    if path.is_dir():
        paths = sorted(each for each in path.rglob("*") if each.is_file() and _seen(each, path))
        empty = "a folder without a table"
    elif path.exists() or not _IS_GLOB.search(source):
        paths, empty = [path], ""
        if not path.exists():
            raise Unusable(f"{source}: no such file")
    else:
        paths = sorted(Path(each) for each in glob(source, recursive=True) if Path(each).is_file())
        empty = "no file matches"
    if not paths:
        raise Unusable(f"{source}: {empty}; {_EXPECTED}")
    forms = {each: _form(each) for each in paths}
    first = forms[paths[0]]
    for each, form in forms.items():
        if form != first:
            raise Unusable(
                f"{each}: found {form} beside {first} in {paths[0]}; audit one at a time"
            )
    return paths, first


def _seen(path: Path, folder: Path) -> bool:
    return not any(part.startswith((".", "_")) for part in path.relative_to(folder).parts)


def _form(path: Path) -> str:
    name = path.name.lower()
    packed = name.endswith(PACKED)
    form = FORMS.get((name.rpartition(".")[0] if packed else name).rpartition(".")[2])
    if form is None or (packed and form == "parquet"):
        raise Unusable(f"{path}: the name's ending says nothing of its form; {_EXPECTED}")
    return form


def kind_of(dtype: pl.DataType) -> str:
    """Return the kind of a column of Polars."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_decimal():
        return "decimal"
    if dtype.is_float():
        return "float"
    if isinstance(dtype, pl.Datetime):
        return "moment" if dtype.time_zone else "timestamp"
    if isinstance(dtype, pl.List | pl.Array):
        inner = dtype.inner
        return "list" if inner == pl.String or _cast(inner) == pl.String() else "other"  # type: ignore[arg-type]
    kinds = {pl.Boolean: "boolean", pl.Date: "date", pl.String: "text"}
    return "text" if _cast(dtype) else kinds.get(type(dtype), "other")


def _cast(dtype: pl.DataType) -> pl.DataType | None:
    """Return the type to read a column as, where it is text by another name."""
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return pl.String()
    if isinstance(dtype, pl.List | pl.Array) and (
        isinstance(dtype, pl.Array) or _cast(dtype.inner)  # type: ignore[arg-type]
    ):
        texts = dtype.inner == pl.String or _cast(dtype.inner)  # type: ignore[arg-type]
        return pl.List(pl.String()) if texts else None
    return None


def _parquet(paths: Sequence[Path]) -> pl.LazyFrame:
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
    first: list[str] = []
    for path in paths:
        try:
            header = header_of(path)
            first = first or header
            if header != first:
                _compare(path, dict.fromkeys(header), paths[0], dict.fromkeys(first))
                raise Unusable(f"{path}: its columns stand in another order than in {paths[0]}")
            check_csv(path, header)
        except (PolarsError, OSError) as error:
            raise _unread(path, error) from None
    _own(first, paths[0])
    return pl.scan_csv(
        [*paths],
        glob=False,
        infer_schema=False,
        row_index_name=ROW_NUMBER,
        row_index_offset=1,
    )


def _json_lines(paths: Sequence[Path]) -> pl.LazyFrame:
    lists: dict[str, set[bool]] = {}
    for path in paths:
        check_json_lines(path)
        try:
            found = pl.scan_ndjson(path, infer_schema_length=None).collect_schema()
        except (PolarsError, OSError) as error:
            raise _unread(path, error) from None
        for name, dtype in found.items():
            if dtype != pl.Null:
                texts = isinstance(dtype, pl.List) and dtype.inner in (pl.String, pl.Null)
                lists.setdefault(name, set()).add(texts)
            else:
                lists.setdefault(name, set())
    _own([*lists], paths[0])
    schema = {
        name: pl.List(pl.String()) if found == {True} else pl.String()
        for name, found in lists.items()
    }
    return pl.scan_ndjson([*paths], schema=schema, row_index_name=ROW_NUMBER, row_index_offset=1)


_SCANS: dict[str, Callable[[Sequence[Path]], pl.LazyFrame]] = {
    "parquet": _parquet,
    "csv": _csv,
    "jsonl": _json_lines,
}


def _compare(
    path: Path, found: Mapping[str, object], first: Path, expected: Mapping[str, object]
) -> None:
    """Refuse a file whose columns, or their types, are not those of the first."""
    _own(found, path)
    missing = [name for name in expected if name not in found]
    extra = [name for name in found if name not in expected]
    if missing or extra:
        lacks = f"lacks the columns {quoted(missing)}" if missing else ""
        has = f"has the columns {quoted(extra)} more" if extra else ""
        said = " and ".join(part for part in (lacks, has) if part)
        raise Unusable(f"{path}: {said}, other than {first}")
    for name, dtype in found.items():
        if dtype != expected[name]:
            was = f"in {first} it is {expected[name]}"
            raise Unusable(f"{path}: the column `{name}` is of type {dtype}, {was}")


def _own(names: Sequence[str] | Mapping[str, object], path: Path) -> None:
    if ROW_NUMBER in names:
        raise Unusable(f"{path}: a column can't be called `{ROW_NUMBER}`; rename it")


def _unread(path: object, error: Exception) -> Unusable:
    reason = (getattr(error, "strerror", None) or str(error) or "no reason given").splitlines()[0]
    return Unusable(f"{path}: can't be read: {reason[:1].lower()}{reason[1:]}")
