"""The folder of an audit's results: written beside the target, and moved there when complete.

Whatever interrupts a run, the target never has a part of the results. At most a hidden folder is
left beside it, which the next run removes.
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
from checker.language.syntax.problems import UsageError, system_reason

Form = Literal["parquet", "csv"]
Table = pl.LazyFrame | pl.DataFrame
FORMS = ("parquet", "csv")
SUMMARY, PAGE = "summary.json", "report.html"
TABLES = ("findings", "sellers", "refused")
_NAMES = {SUMMARY, PAGE, *(f"{table}.{form}" for table in TABLES for form in FORMS)}
_UNFINISHED, _REPLACED = "unfinished", "replaced"
_FULL = frozenset([errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
# what a spreadsheet takes for a formula, or drops before one (OWASP, CSV injection), with the signs
# of other widths
_FORMULA = r"^[=+\-@\x00-\x1f\x7f\x{2212}\x{FE62}\x{FE63}\x{FE66}\x{FE6B}\x{FEFF}＝＋－＠]"
_DELAYS = (0.01, 0.1, 0.5, 1, 2)  # seconds between attempts to remove a folder in use
_MOMENT = "%Y-%m-%dT%H:%M:%S%.f%:z"


def write_results(
    out: Path, tables: Mapping[str, Table], summary: Mapping[str, Any], page: str, form: Form
) -> None:
    """Write the tables, the summary and the page to the folder `out`, all of them or none.

    Raises:
        UsageError: they can't be written, or `out` holds something else.
    """
    with workplace(out) as folder:
        write_tables(folder, tables, form)
        write_texts(folder, summary, page)


@contextmanager
def workplace(out: Path) -> Iterator[Path]:
    """Give a folder to write results to; it is moved to `out` when the block ends without an error.

    After an error the folder is removed.

    Raises:
        UsageError: `out` is neither new, nor empty, nor from an earlier audit, or the disk is full.
    """
    out = Path(os.path.realpath(out))
    _check_target(out)
    folder, before, lock = _beside(out, _UNFINISHED), _beside(out, _REPLACED), None
    try:
        with _system_errors(out):
            out.parent.mkdir(parents=True, exist_ok=True)
            _remove_left_over(out)
            folder.mkdir()
        lock = _locked(folder)
        with _full_disk_errors(out):
            yield folder
        with _system_errors(out):
            if out.exists():
                out.rename(before)
            folder.rename(out)
    finally:
        # Ctrl+C may come at any moment, also at this one: what it cuts short is done again.
        # The loop stands here, as a function of its own could be interrupted before its first line.
        while True:
            try:
                _remove(folder)
                with _system_errors(out):
                    _remove_or_restore(before, out)
                break
            except KeyboardInterrupt:
                pass
        if lock is not None:
            os.close(lock)


def _remove(folder: Path) -> None:
    """Remove the folder, also while another thread still creates files in it.

    When one table fails, Polars returns before the threads that write other tables have ended.
    """
    for seconds in _DELAYS:
        with suppress(OSError):  # which an interrupted `rmtree` raises in spite of `ignore_errors`
            shutil.rmtree(folder, ignore_errors=True)
        if not folder.exists():
            return
        time.sleep(seconds)


def _check_target(out: Path) -> None:
    """Raise UsageError where results would replace something else than an earlier audit."""
    if not out.exists():
        return
    if not out.is_dir():
        raise UsageError(f"{out}: is no folder; name one that is new, for the results")
    with _system_errors(out):
        strangers = sorted({*os.listdir(out)} - _NAMES)
    if strangers:
        raise UsageError(
            f"{out}: holds `{strangers[0]}`, which no audit wrote; name another folder"
        )
    if any(out.iterdir()) and not _is_audit(out):
        raise UsageError(f"{out}: holds files without an audit's {SUMMARY}; name another folder")


def _is_audit(out: Path) -> bool:
    """Return whether the folder has a valid summary of an audit."""
    try:
        summary = json.loads((out / SUMMARY).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return bool(validator("audit-summary").is_valid(summary))


def write_tables(folder: Path, tables: Mapping[str, Table], form: Form) -> None:
    """Write each table to a file of its name, all of them in one go."""
    pl.collect_all(
        [sink(table, folder / f"{name}.{form}") for name, table in tables.items()],
        engine="streaming",
    )


def sink(table: Table, path: Path) -> pl.LazyFrame:
    """Return a query that writes the table when it is collected; the ending of `path` says how."""
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


def write_texts(folder: Path, summary: Mapping[str, Any], page: str) -> None:
    """Write the summary and the page."""
    text = json.dumps(summary, ensure_ascii=False, indent=2) + "\n"
    (folder / PAGE).write_text(page, encoding="utf-8")
    (folder / SUMMARY).write_text(text, encoding="utf-8")


def _beside(out: Path, state: str) -> Path:
    """Return the path of a new hidden folder beside `out`."""
    return out.with_name(f".{out.name[:50]}.{secrets.token_hex(6)}.{state}")


def _remove_or_restore(before: Path, out: Path) -> None:
    """Remove the results that were replaced, or put them back where no others took their place."""
    if not out.exists() and before.exists():
        before.rename(out)
    _remove(before)


def _remove_left_over(out: Path) -> None:
    """Remove the folders of killed runs; a running one has its folder locked."""
    for state in (_UNFINISHED, _REPLACED):
        for path in out.parent.glob(f".{escape(out.name[:50])}.????????????.{state}"):
            lock = _locked(path)
            if lock is not None:
                shutil.rmtree(path, ignore_errors=True)
                os.close(lock)


def _locked(folder: Path) -> int | None:
    """Lock the folder and return its handle; None where it is locked, or without `fcntl`."""
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
def _system_errors(out: Path) -> Iterator[None]:
    """Turn an error of the operating system into a UsageError about the folder."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"{out}: can't be written: {system_reason(error)}") from None


@contextmanager
def _full_disk_errors(out: Path) -> Iterator[None]:
    """Turn an error that the disk is full into a UsageError; raise any other as it is."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or _is_full(str(error)):
            raise UsageError(f"{out}: can't be written: {system_reason(error)}") from None
        raise
    except pl.exceptions.PolarsError as error:
        if _is_full(str(error)):
            raise UsageError(f"{out}: can't be written: no space left on the device") from None
        raise


def _is_full(message: str) -> bool:
    return any(f"(os error {number})" in message for number in _FULL)
