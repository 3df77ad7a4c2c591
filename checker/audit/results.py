"""The folder of an audit's results: written beside its place, and moved there when complete.

Whatever interrupts a run, there is never a part of its results in their place: at most a hidden
folder beside it, which the next run removes.
"""

from __future__ import annotations

import errno
import json
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from glob import escape
from pathlib import Path
from typing import Any, Literal

import polars as pl

from checker.language.model.schema import validator
from checker.language.syntax.problems import UsageError

Form = Literal["parquet", "csv"]
Table = pl.LazyFrame | pl.DataFrame
FORMS = ("parquet", "csv")
SUMMARY, PAGE = "summary.json", "report.html"
TABLES = ("findings", "sellers", "refused")
_NAMES = {SUMMARY, PAGE, *(f"{table}.{form}" for table in TABLES for form in FORMS)}
_UNFINISHED, _REPLACED = "unfinished", "replaced"
_FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
# what a spreadsheet takes for a formula (OWASP, CSV injection)
_FORMULA = r"^[=+\-@\t\r]"
_PATIENCE = (0.01, 0.1, 0.5, 1, 2)  # seconds between attempts to remove what threads still write
_MOMENT = "%Y-%m-%dT%H:%M:%S%.f%:z"


def write_results(
    out: Path, tables: Mapping[str, Table], summary: Mapping[str, Any], page: str, form: Form
) -> None:
    """Write the tables, the summary and the page to the folder `out`, all of them or none.

    UsageError where they can't be written there, or something else is there.
    """
    with workplace(out) as place:
        write_tables(place, tables, form)
        write_texts(place, summary, page)


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Give a folder to write results to, which is moved to `out` where the block ends well.

    Where it does not, nothing of it is left. UsageError where `out` is neither new, nor empty,
    nor an earlier audit's, or where there is no space left.
    """
    out = Path(os.path.realpath(out))
    check_place(out)
    place, before, lock = _beside(out, _UNFINISHED), _beside(out, _REPLACED), None
    try:
        with _said_of(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            _remove_left_over(out)
            place.mkdir()
        lock = _locked(place)
        with _space_left(out):
            yield place
        with _said_of(out):
            if out.exists():
                out.rename(before)
            place.rename(out)
    finally:
        # Ctrl+C may come at any moment, also at this one: what it cuts short is done again.
        # The loop stands here, as a function of its own could be interrupted before its first line.
        while True:
            try:
                _remove(place)
                with _said_of(out):
                    _remove_or_restore(before, out)
                break
            except KeyboardInterrupt:
                pass
        if lock is not None:
            os.close(lock)


def _remove(place: Path) -> None:
    """Remove the folder, also where another thread still puts a file there.

    Where one table fails, Polars returns before the threads that write the others have ended.
    """
    for seconds in _PATIENCE:
        with suppress(OSError):  # which an interrupted `rmtree` raises in spite of `ignore_errors`
            shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(seconds)


def check_place(out: Path) -> None:
    """Raise UsageError where results would replace what is no earlier audit."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out}: is no folder; name one that is new, for the results")
    with _said_of(out):
        others = sorted({*os.listdir(out)} - _NAMES)
    if others:
        raise UsageError(f"{out}: holds `{others[0]}`, which no audit wrote; name another folder")
    if any(out.iterdir()) and not _is_an_audit(out):
        raise UsageError(f"{out}: holds files without an audit's {SUMMARY}; name another folder")


def _is_an_audit(out: Path) -> bool:
    try:
        summary = json.loads((out / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return bool(validator("audit-summary").is_valid(summary))


def write_tables(place: Path, tables: Mapping[str, Table], form: Form) -> None:
    """Write each table to a file of its name, all of them in one go."""
    pl.collect_all(
        [sink(table, place / f"{name}.{form}") for name, table in tables.items()],
        engine="streaming",
    )


def sink(table: Table, path: Path) -> pl.LazyFrame:
    """Return what writes the table to `path`, in the form of its ending, once it is collected."""
    frame = table.lazy()
    if path.suffix == ".parquet":
        return frame.sink_parquet(path, compression="zstd", compression_level=1, lazy=True)
    return spreadsheet(frame).sink_csv(path, lazy=True)


def spreadsheet(frame: pl.LazyFrame) -> pl.LazyFrame:
    """Return the table as cells: lists joined, moments with their offset, no formulas."""
    cells = []
    for name, type_ in frame.collect_schema().items():
        cell = pl.col(name)
        if isinstance(type_, pl.List):
            cell = cell.list.eval(pl.element().cast(pl.String)).list.join("|")
        elif isinstance(type_, pl.Datetime):
            cell = cell.dt.replace_time_zone(type_.time_zone or "UTC").dt.to_string(_MOMENT)
        elif type_ in (pl.Categorical, pl.Enum):
            cell = cell.cast(pl.String)
        elif type_ != pl.String:
            cells.append(cell)
            continue
        formula = cell.str.contains(_FORMULA)
        cells.append(pl.when(formula).then(pl.concat_str(pl.lit("'"), cell)).otherwise(cell))
    return frame.select(
        cell.alias(name) for cell, name in zip(cells, frame.collect_schema(), strict=True)
    )


def write_texts(place: Path, summary: Mapping[str, Any], page: str) -> None:
    """Write the summary and the page."""
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (place / PAGE).write_text(page, encoding="utf-8")
    (place / SUMMARY).write_text(text, encoding="utf-8")


def _beside(out: Path, state: str) -> Path:
    return out.with_name(f".{out.name[:50]}.{secrets.token_hex(6)}.{state}")


def _remove_or_restore(before: Path, out: Path) -> None:
    """Remove the results that were replaced, or put them back where no others took their place."""
    if not out.exists() and before.exists():
        before.rename(out)
    _remove(before)


def _remove_left_over(out: Path) -> None:
    """Remove what runs left that were killed; what a run still writes to is locked by it."""
    for state in (_UNFINISHED, _REPLACED):
        for path in out.parent.glob(f".{escape(out.name[:50])}.????????????.{state}"):
            lock = _locked(path)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """Return the handle of the folder, locked; None where another run has it, or locks lack."""
    try:
        import fcntl
    except ImportError:
        return None
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
        else:
            return handle
    return None


@contextmanager
def _said_of(out: Path) -> Iterator[None]:
    """Raise UsageError for what the system says about the folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{out}: can't be written: {_reason(error)}") from None


@contextmanager
def _space_left(out: Path) -> Iterator[None]:
    """Raise UsageError where the disk is full; other errors are not about the results."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or _is_full(str(error)):
            raise UsageError(f"{out}: can't be written: {_reason(error)}") from None
        raise
    except pl.exceptions.PolarsError as error:
        if _is_full(str(error)):
            raise UsageError(f"{out}: can't be written: no space left on the device") from None
        raise


def _is_full(message: str) -> bool:
    return any(f"(os error {number})" in message for number in _FULL)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
