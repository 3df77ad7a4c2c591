"""The folder of results: whole or not at all, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from checker.audit.results import workplace, write_results, write_tables
from checker.language.model.schema import validator
from checker.language.syntax.problems import UsageError
from tests.waiting import HANGS

SUMMARY: dict[str, Any] = {
    "audit": "settings",
    "checker": "0.1.0",
    "source": "settings.csv",
    "engine": "polars",
    "policies": ["rules@1.0.0"],
    "documents": [{"kind": "policy", "name": "rules@1.0.0", "sha256": "0" * 64}],
    "rows": {"read": 1, "accepted": 1, "refused": 0},
    "refusals": [],
    "sellers": 1,
    "findings": 1,
    "checks": [{"check": "worse-term", "findings": 1, "sellers": 1}],
    "clauses": [],
    "failures": [],
}
FINDINGS = pl.DataFrame({"seller": ["a"], "check": ["worse-term"]})
TABLES = {
    "findings": FINDINGS,
    "sellers": FINDINGS.lazy().select("seller"),
    "refused": pl.DataFrame(schema={"row": pl.Int64, "reason": pl.String}),
}
FILES = {"findings", "sellers", "refused"}


def written(out: Path, form: Any = "parquet") -> None:
    write_results(out, TABLES, SUMMARY, "<html></html>", form)


def beside(out: Path) -> list[str]:
    return sorted(path.name for path in out.parent.iterdir() if path != out)


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_every_file_is_written_even_an_empty_table(tmp_path: Path, form: str) -> None:
    out = tmp_path / "new" / "out"
    written(out, form)
    names = {f"{name}.{form}" for name in FILES} | {"summary.json", "report.html"}
    assert {path.name for path in out.iterdir()} == names
    assert beside(out) == []
    assert json.loads((out / "summary.json").read_text()) == SUMMARY
    read_table = pl.read_parquet if form == "parquet" else pl.read_csv
    assert read_table(out / f"refused.{form}").is_empty()
    assert read_table(out / f"findings.{form}").equals(FINDINGS)


def test_the_summary_of_these_tests_follows_the_schema() -> None:
    validator("audit-summary").validate(SUMMARY)


def test_others_may_read_what_they_may_read_of_other_folders(tmp_path: Path) -> None:
    out, plain = tmp_path / "out", tmp_path / "plain"
    plain.mkdir()
    written(out)
    assert out.stat().st_mode == plain.stat().st_mode


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_an_empty_folder_and_an_earlier_audit_are_replaced(tmp_path: Path, form: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    written(out)
    written(out, form)
    assert (out / f"findings.{form}").exists()
    assert len([*out.iterdir()]) == len(FILES) + 2
    assert beside(out) == []


def test_a_link_to_a_folder_stays(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "real")
    written(tmp_path / "out")
    assert (tmp_path / "out").is_symlink()
    assert (tmp_path / "real" / "report.html").exists()


def make_file(out: Path) -> None:
    out.write_text("mine")


def make_notes(out: Path) -> None:
    written(out)
    (out / "notes.txt").write_text("mine")


def make_no_summary(out: Path) -> None:
    written(out)
    (out / "summary.json").unlink()


def make_other_summary(out: Path) -> None:
    out.mkdir()
    (out / "summary.json").write_text('{"audit": "of my own"}')


@pytest.mark.parametrize(
    ("write", "message"),
    [
        (make_file, "no folder"),
        (make_notes, "`notes.txt`"),
        (make_no_summary, "summary.json"),
        (make_other_summary, "summary.json"),
    ],
    ids=["a file", "a file of one's own beside", "no summary", "another summary"],
)
def test_what_no_audit_wrote_is_left_alone(
    tmp_path: Path, write: Callable[[Path], None], message: str
) -> None:
    out = tmp_path / "out"
    write(out)
    before = snapshot(tmp_path)
    with pytest.raises(UsageError, match=message):
        written(out)
    assert snapshot(tmp_path) == before


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError, SystemExit, PermissionError])
def test_an_interruption_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    out = tmp_path / "out"
    written(out)
    before = snapshot(tmp_path)
    with pytest.raises(error), workplace(out) as results:
        write_tables(results, TABLES, "csv")
        raise error
    assert snapshot(tmp_path) == before
    assert beside(out) == []


def test_a_failing_table_leaves_nothing(tmp_path: Path) -> None:
    out = tmp_path / "out"
    failing = pl.LazyFrame({"seller": ["a"]}).select(pl.col("seller").cast(pl.Int64))
    with pytest.raises(pl.exceptions.PolarsError):
        write_results(out, {**TABLES, "sellers": failing}, SUMMARY, "", "parquet")
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path, number: int) -> None:
    out = tmp_path / "out"
    with pytest.raises(UsageError, match="out: can't be written"), workplace(out) as results:
        (results / "findings.csv").write_text("half")
        raise OSError(number, os.strerror(number))
    assert [*tmp_path.iterdir()] == []


LIMITED = """
import resource, sys
from pathlib import Path
import polars as pl
from checker.audit.results import write_results
from checker.language.syntax.problems import UsageError
from tests.audit.test_results import SUMMARY
table = pl.LazyFrame({"seller": range(200_000)}).select(pl.col("seller").hash())
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    write_results(Path(sys.argv[1]), {"sellers": table}, SUMMARY, "", sys.argv[2])
except UsageError as error:
    print(error)
"""


@pytest.mark.parametrize("form", ["parquet", "csv"])
def test_a_file_that_may_not_grow_is_said_and_leaves_nothing(
    tmp_path: Path, form: str, project: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", LIMITED, str(out), form]
    run = subprocess.run(
        command, cwd=project, capture_output=True, text=True, timeout=HANGS, check=False
    )
    assert "out: can't be written" in run.stdout, run.stderr
    assert [*tmp_path.iterdir()] == []


WAITS = """
import sys, time
from pathlib import Path
from checker.audit.results import workplace
with workplace(Path(sys.argv[1])) as place:
    (place / "findings.csv").write_text("half")
    print("writing", flush=True)
    time.sleep(1000)
"""


def test_a_killed_run_leaves_a_hidden_folder_that_the_next_run_removes(
    tmp_path: Path, project: Path
) -> None:
    out = tmp_path / "out"
    command = [sys.executable, "-c", WAITS, str(out)]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout and run.stdout.readline() == "writing\n"
        written(out)  # another run leaves the folder of one that goes on alone
        assert len(beside(out)) == 1
        run.send_signal(signal.SIGKILL)
    assert [name.startswith(".out.") for name in beside(out)] == [True]
    written(out)
    assert beside(out) == []


def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match="can't be written"):
        written(tmp_path / "file" / "out")


def cells(tmp_path: Path, frame: pl.DataFrame) -> list[list[str]]:
    write_tables(tmp_path, {"findings": frame}, "csv")
    with (tmp_path / "findings.csv").open(newline="", encoding="utf-8") as file:
        return [*csv.reader(file)][1:]


@pytest.mark.parametrize(
    "start", [*"=+-@\t\r\n\v\f\0\x1b\ufeff\ufe62\ufe63\ufe66\ufe6b\u2212\uff0b\uff0d\uff1d\uff20"]
)
def test_a_cell_that_looks_like_a_formula_is_made_harmless(tmp_path: Path, start: str) -> None:
    text = f"{start}cmd|' /C calc'!A0"
    harmless = [f"{start}1", "a" + text, " " + text, "", None, "日本"]
    frame = pl.DataFrame({"seller": [text, *harmless]})
    texts = [row[0] for row in cells(tmp_path, frame.with_row_index().select("seller", "index"))]
    assert texts[0] == f"'{text}"
    assert texts[1] == f"'{start}1"
    assert texts[2:] == ["a" + text, " " + text, "", "", "日本"]


def test_lists_are_joined_and_other_values_stay_as_they_are(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "because": [["-a", "b"], [], None],
            "amount": [Decimal("-12.30"), None, Decimal("0.00")],
            "taken": [-1, 2, None],
            "day": [date(2024, 9, 2), None, None],
            "holds": [True, False, None],
            "at": [datetime(2024, 9, 2, 1, 2, 3, 450_000, UTC), None, None],
        }
    )
    assert cells(tmp_path, frame) == [
        ["'-a|b", "-12.30", "-1", "2024-09-02", "true", "2024-09-02T01:02:03.450+00:00"],
        ["", "", "2", "", "false", ""],
        ["", "0.00", "", "", "", ""],
    ]


def test_columns_of_categories_are_texts(tmp_path: Path) -> None:
    frame = pl.DataFrame({"check": pl.Series(["=a", "b"], dtype=pl.Categorical), "n": [1, 2]})
    assert cells(tmp_path, frame) == [["'=a", "1"], ["b", "2"]]


def test_parquet_keeps_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "amount": pl.Series([Decimal("1.20")], dtype=pl.Decimal(18, 2)),
            "day": [date(2024, 9, 2)],
            "at": pl.Series([datetime(2024, 9, 2, tzinfo=UTC)], dtype=pl.Datetime("us", "UTC")),
        }
    )
    write_tables(tmp_path, {"findings": frame}, "parquet")
    assert pl.read_parquet(tmp_path / "findings.parquet").equals(frame)
