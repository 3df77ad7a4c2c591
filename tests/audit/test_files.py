"""Tables in files: every form, on both engines, and a file that can't be read is named."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from sqlglot import exp

from checker.audit.connections import files
from checker.audit.files.column_types import kind_of
from checker.audit.files.scan import ROW_NUMBER, found_files, scan
from checker.language.syntax.problems import UsageError

ROWS = [("a", "1"), ("b", "2"), ("c", "3")]
CSV = "id,n\n" + "".join(f"{id},{n}\n" for id, n in ROWS)
TABLE = pl.DataFrame(ROWS, ["id", "n"], orient="row")
LINES = "".join(f'{{"id": "{id}", "n": {n}}}\n' for id, n in ROWS)


def by_polars(source: object) -> tuple[dict[str, str], pl.DataFrame]:
    """Return the kinds of the columns, and the rows."""
    scanned = scan(str(source))
    numbered = scanned.frame.collect(engine="streaming")
    assert numbered[ROW_NUMBER].to_list() == [*range(1, numbered.height + 1)]
    return dict(scanned.kinds), numbered.drop(ROW_NUMBER)


def by_duckdb(source: object) -> tuple[dict[str, str], pl.DataFrame]:
    """Return the kinds of the columns, and the rows."""
    with closing(files(*found_files(str(source)))) as connection:
        kinds = connection.columns()
        columns = [exp.column(name, quoted=True) for name in kinds]
        return kinds, connection.fetch(exp.select(*columns).from_(connection.relation()))


READERS = {"polars": by_polars, "duckdb": by_duckdb}
both = pytest.mark.parametrize("read", READERS.values(), ids=READERS)
Read = Callable[[object], tuple[dict[str, str], pl.DataFrame]]


FILES: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda path: path.write_text(CSV),
    "t.CSV": lambda path: path.write_text(CSV),
    "t.csv.gz": lambda path: path.write_bytes(gzip.compress(CSV.encode())),
    "bom.csv": lambda path: path.write_text("\ufeff" + CSV),
    "crlf.csv": lambda path: path.write_bytes(CSV.replace("\n", "\r\n").encode()),
    "quoted.csv": lambda path: path.write_text(CSV.replace("b", '"b"')),
    "header.csv": lambda path: path.write_text(CSV.replace("id,n", '"id",n')),
    "[t]*.csv": lambda path: path.write_text(CSV),
    "[t]*.jsonl": lambda path: path.write_text(LINES),
    "{t}?.parquet": TABLE.write_parquet,
    "t.jsonl": lambda path: path.write_text(LINES),
    "t.ndjson": lambda path: path.write_text("\n" + LINES),
    "t.jsonl.gz": lambda path: path.write_bytes(gzip.compress(LINES.encode())),
    "t.parquet": TABLE.write_parquet,
}


@both
@pytest.mark.parametrize("name", FILES)
def test_every_form(tmp_path: Path, read: Read, name: str) -> None:
    (tmp_path / "t.jsonl").write_text('{"other": 1}')  # which some names match as a glob
    FILES[name](tmp_path / name)
    kinds, rows = read(tmp_path / name)
    assert kinds == {"id": "text", "n": "text"}
    assert rows.rows() == ROWS


@both
def test_many_files_are_one_table(tmp_path: Path, read: Read) -> None:
    for number in range(3):
        folder = tmp_path / "all" / f"day={number}"
        folder.mkdir(parents=True)
        pl.DataFrame({"id": [f"{number}"], "n": [number]}).write_parquet(folder / "part.parquet")
    (tmp_path / "all" / "_SUCCESS").touch()
    (tmp_path / "all" / ".part.parquet.crc").touch()
    expected = [("0", 0), ("1", 1), ("2", 2)]
    assert read(tmp_path / "all")[1].rows() == expected
    assert read(tmp_path / "all" / "*" / "*.parquet")[1].rows() == expected
    assert read(tmp_path / "all" / "**" / "*.parquet")[1].rows() == expected
    assert read(tmp_path / "all" / "day=[12]" / "*")[1].rows() == expected[1:]
    paths, form = found_files(str(tmp_path / "all"))
    assert (len(paths), form) == (3, "parquet")


def test_kinds() -> None:
    kinds = {
        pl.Boolean(): "boolean",
        pl.Int8(): "integer",
        pl.UInt64(): "integer",
        pl.Int128(): "Int128",
        pl.Float64(): "float",
        pl.Float32(): "float",
        pl.Decimal(10, 2): "decimal",
        pl.String(): "text",
        pl.Categorical(): "text",
        pl.Enum(["a"]): "text",
        pl.Null(): "text",
        pl.Date(): "date",
        pl.Datetime("ms"): "timestamp",
        pl.Datetime("ns", "UTC"): "moment",
        pl.List(pl.String()): "list",
        pl.List(pl.Categorical()): "list",
        pl.List(pl.Int64()): "List(Int64)",
        pl.Array(pl.String(), 2): "list",
        pl.Struct({"a": pl.Int8()}): "Struct({'a': Int8})",
        pl.Binary(): "Binary",
        pl.Time(): "Time",
        pl.Duration("us"): "Duration(time_unit='us')",
    }
    assert {dtype: kind_of(dtype) for dtype in kinds} == kinds


MOMENT = datetime(2024, 8, 19, 1, tzinfo=UTC)
CLOCK = datetime(2024, 8, 19, 9, 26, 1)
COLUMNS: dict[str, tuple[pl.Series, str, list[object]]] = {
    "i8": (pl.Series([1, None], dtype=pl.Int8), "integer", [1, None]),
    "u64": (pl.Series([2**64 - 1, None], dtype=pl.UInt64), "integer", [2**64 - 1, None]),
    "f16": (pl.Series([0.5, None], dtype=pl.Float16), "float", [0.5, None]),
    "f32": (pl.Series([0.1, None], dtype=pl.Float32), "float", [0.1, None]),
    "f64": (pl.Series([0.1, None], dtype=pl.Float64), "float", [0.1, None]),
    "paid": (pl.Series([Decimal("5.50"), None]), "decimal", [Decimal("5.50"), None]),
    "used": (pl.Series([True, None]), "boolean", [True, None]),
    "day": (pl.Series([date(2024, 8, 19), None]), "date", [date(2024, 8, 19), None]),
    "ms": (pl.Series([CLOCK, None], dtype=pl.Datetime("ms")), "timestamp", [CLOCK, None]),
    "ns": (pl.Series([CLOCK, None], dtype=pl.Datetime("ns")), "timestamp", [CLOCK, None]),
    "at": (pl.Series([MOMENT, None]), "moment", [MOMENT, None]),
    "at_ns": (pl.Series([MOMENT], dtype=pl.Datetime("ns", "UTC")), "moment", [MOMENT]),
    "there": (pl.Series([MOMENT], dtype=pl.Datetime("ns", "Asia/Tokyo")), "moment", [MOMENT]),
    "kind": (pl.Series(["x", None], dtype=pl.Categorical), "text", ["x", None]),
    "enum": (pl.Series(["x", None], dtype=pl.Enum(["x"])), "text", ["x", None]),
    "none": (pl.Series([None]), "text", [None]),
    "cites": (pl.Series([["a"], [], None]), "list", [["a"], [], None]),
    "kinds": (pl.Series([["a"]], dtype=pl.List(pl.Categorical)), "list", [["a"]]),
    "pair": (pl.Series([["a", "b"]], dtype=pl.Array(pl.String, 2)), "list", [["a", "b"]]),
}


@both
@pytest.mark.parametrize("name", COLUMNS)
def test_parquet_keeps_its_types(tmp_path: Path, read: Read, name: str) -> None:
    series, kind, values = COLUMNS[name]
    pl.DataFrame({name: series}).write_parquet(tmp_path / "t.parquet")
    kinds, rows = read(tmp_path / "t.parquet")
    assert kinds == {name: kind}
    assert rows[name].to_list() == values


@both
def test_what_only_one_engine_knows_is_of_no_kind(tmp_path: Path, read: Read) -> None:
    table = pl.DataFrame(
        {
            "i128": pl.Series([1], dtype=pl.Int128),
            "took": [timedelta(days=1)],
            "numbers": [[1]],
            "raw": [b"x"],
            "clock": [time(1)],
            "both": [{"a": 1}],
        }
    )
    table.write_parquet(tmp_path / "t.parquet")
    assert [*read(tmp_path / "t.parquet")[0].values()] == [str(dtype) for dtype in table.dtypes]


@both
def test_cells_of_csv_are_text_and_empty_ones_absent(tmp_path: Path, read: Read) -> None:
    text = '\ufeffid,"a ""n""","b, c"\r\n#7,007,"a ""b"", c"\r\n,"",\r\n"two\nlines",1e5,é\r\n'
    path = tmp_path / "t.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    kinds, rows = read(path)
    assert kinds == {"id": "text", 'a "n"': "text", "b, c": "text"}
    cells = [[cell or None for cell in row] for row in rows.rows()]
    assert cells == [["#7", "007", 'a "b", c'], [None] * 3, ["two\nlines", "1e5", "é"]]


JSON = [
    ("1", "1"),
    ("1.0", "1"),
    ("99.90", "99.9"),
    ("1e2", "100"),
    ("1e-7", "0.0000001"),
    ("9007199254740993", "9007199254740993"),
    ("123456789012345678901234", "123456789012345678901234"),
    ("true", "true"),
    ("null", None),
    ('"5.50"', "5.50"),
    ('"2024-1-05"', "2024-1-05"),
    ('""', ""),
    ('"\\ud83d\\ude00"', "😀"),
    ('"\\\\ud83d"', "\\ud83d"),
    ('"say \\"a\\": 1"', 'say "a": 1'),
    ('{"b": 1, "c": [null]}', '{"b": 1, "c": [null]}'),
    ("[1, 2.0]", "[1, 2]"),
    ("[]", "[]"),
]


@both
def test_values_of_json_lines_are_text(tmp_path: Path, read: Read) -> None:
    lines = [f'{{"a": {written}, "cites": ["x"]}}' for written, _ in JSON]
    lines += ['{"cites": []}', '{"cites": null, "late" : "x"}']
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    kinds, rows = read(tmp_path / "t.jsonl")
    assert kinds == {"a": "text", "cites": "list", "late": "text"}
    assert rows["a"].to_list() == [*(text for _, text in JSON), None, None]
    assert rows["cites"].to_list() == [*[["x"]] * len(JSON), [], None]
    assert rows["late"].to_list()[-2:] == [None, "x"]


def test_keys_that_look_like_others_are_told_apart(tmp_path: Path) -> None:
    keys = ['{"x\\"a": 1, "a": 2}', '{"\\u0061": 1}', '{"b": {"a": 1}, "a": 2}', '{"c" :1}']
    (tmp_path / "t.jsonl").write_text("\n".join(keys))
    kinds, rows = by_polars(tmp_path / "t.jsonl")
    assert [*kinds] == ['x"a', "a", "b", "c"]
    assert rows["a"].to_list() == ["2", "1", "2", None]


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("t.csv", "id,n\na,1\nb\n", ":3: found 1 cell, expected 2"),
        ("t.csv", "id,n\na,1\nb,2,3\n", ":3: found 3 cells, expected 2"),
        ("t.csv", "id,n\na,1\n\nb,2\n", ":3: found an empty line, expected 2"),
        ("t.csv", "id,n\na,1\n\n", ":3: found an empty line, expected 2"),
        ("t.csv", 'id,n\na,"1"x\n', ":2: not CSV"),
        ("t.csv", "id,n\ra,1\rb,2\r", ":1: not CSV: a carriage return without"),
        ("t.csv", "id,n\na,1\rb,2\n", ":2: not CSV: a carriage return without"),
        ("t.csv", "id\na\rb\n", ":2: not CSV: a carriage return without"),
        ("t.csv", '"id\n",n\na,1\n', ":1: not CSV"),
        ("t.csv", 'id,n\na,"1\nb,2\n', ": not CSV"),
        ("t.csv", 'id,n\na,"1\nb",2,3\n', ":3: found 4 cells, expected 2"),
        ("t.csv", b"id,n\na,\xff\n", "t.csv: can't be read: invalid utf"),
        ("t.csv", "", "t.csv: found no header"),
        ("t.csv", "id,,n\n", "t.csv:1: the column 2 has no name"),
        ("t.csv", "id,id\n", "t.csv:1: the column `id` stands twice"),
        ("t.csv", 'id,"a ""b""","a ""b"""\n', 'the column `a "b"` stands twice'),
        ("t.csv", "row_number,id\n", "a column can't be called `row_number`"),
        ("t.csv.gz", gzip.compress(CSV.encode() * 999, mtime=0)[:-20], "t.csv.gz: can't be read"),
        ("t.jsonl", '{"id": 1}\n[1]\n', "t.jsonl:2: found no object, expected a JSON object"),
        ("t.jsonl", '{"id": 1}\n5\n', "t.jsonl:2: found no object"),
        ("t.jsonl", '{"id": 1}\n{"id": }\n', "t.jsonl:2: not JSON"),
        ("t.jsonl", '{"id": 1}\n{"id": 1} {}\n', "t.jsonl:2: not JSON"),
        ("t.jsonl", '{"id": NaN}\n', ":1: not JSON that can be read: `NaN`, which is no number"),
        ("t.jsonl", '{"id": 1}\n{"id": -1e999}\n', ":2: not JSON that can be read: `-1e999`"),
        ("t.jsonl", f'{{"id": {2**128}}}\n', ":1: not JSON that can be read: a number of 39"),
        ("t.jsonl", '{"id": 1}\n{"id": 1, "id": 1}\n', ":2: not JSON that can be read: the key"),
        ("t.jsonl", '{"id": 1, "n": 1}\n{"id": 1, "id": 1}\n', ":2: not JSON that can be read"),
        ("t.jsonl", '{"id" : 1, "id" : 1}\n', ":1: not JSON that can be read: the key `id`"),
        ("t.jsonl", '{"id": 1, "\\u0069d": 1}\n', ":1: not JSON that can be read: the key `id`"),
        ("t.jsonl", '{"x\\"id": 1, "x\\"id": 1}\n{"id": 1}', ":1: not JSON that can be read"),
        ("t.jsonl", '{"id": {"a": 1, "a": 2}}\n', ":1: not JSON that can be read: the key `a`"),
        ("t.jsonl", '{"id": "\\ud83d"}\n', "t.jsonl:1: not Unicode: half of a surrogate"),
        ("t.jsonl", '{"id": "\\uDE00\\ud83d"}\n', "t.jsonl:1: not Unicode: half of a surrogate"),
        ("t.jsonl", '\ufeff{"id": 1}\n', "t.jsonl:1: found a byte order mark"),
        ("t.jsonl", "\n", "t.jsonl: found no line"),
        ("t.jsonl", b'{"id": "\xff"}\n', "t.jsonl: can't be read"),
        ("t.parquet", "PAR1 no more", "t.parquet: can't be read"),
        ("t.parquet", b"", "t.parquet: can't be read"),
        ("t.xlsx", b"", "t.xlsx: the name's ending says nothing of its form; expected .parquet"),
        ("t.parquet.gz", b"", "t.parquet.gz: the name's ending says nothing of its form"),
        ("none", b"", "none: the name's ending says nothing"),
    ],
)
def test_a_file_that_can_not_be_read(
    tmp_path: Path, name: str, data: bytes | str, message: str
) -> None:
    path = put(tmp_path, name, data)
    with pytest.raises(UsageError, match=re.escape(message)) as refused:
        by_polars(path)
    with pytest.raises(UsageError, match=f"^{re.escape(str(refused.value))}$"):
        by_duckdb(path)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        scan(str(tmp_path / "t.parquet"))
    with pytest.raises(UsageError, match="a folder without a table"):
        scan(str(tmp_path))
    with pytest.raises(UsageError, match="no file matches"):
        scan(str(tmp_path / "*.parquet"))


BAD = {
    "lacks a column": (pl.DataFrame({"id": ["x"]}), "lacks the columns `n`"),
    "has a column more": (
        pl.DataFrame({"id": ["x"], "n": [1], "more": [1]}),
        "has the columns `more` more",
    ),
    "has another type": (
        pl.DataFrame({"id": ["x"], "n": ["1"]}),
        "the column `n` is of type String, in",
    ),
}


@both
@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_among_many_is_named(tmp_path: Path, read: Read, case: str) -> None:
    for number in range(50):
        good = pl.DataFrame({"id": ["x"], "n": [number]})
        good.write_parquet(tmp_path / f"part-{number:03d}.parquet")
    bad, message = BAD[case]
    bad.write_parquet(tmp_path / "part-031.parquet")
    with pytest.raises(UsageError, match=re.escape(f"part-031.parquet: {message}")):
        read(tmp_path)


@both
def test_an_unreadable_file_among_many_is_named(tmp_path: Path, read: Read) -> None:
    for number in range(20):
        put(tmp_path, f"part-{number:02d}.csv", CSV)
    put(tmp_path, "part-13.csv", CSV + "d\n")
    with pytest.raises(UsageError, match=r"part-13.csv:5: found 1 cell, expected 2"):
        read(tmp_path)
    put(tmp_path, "part-13.csv", "id,m\na,1\n")
    with pytest.raises(UsageError, match=r"part-13.csv: lacks the columns `n` and has .* `m` more"):
        read(tmp_path)
    put(tmp_path, "part-13.csv", "n,id\n1,a\n")
    with pytest.raises(UsageError, match=r"part-13.csv: its columns stand in another order"):
        read(tmp_path)
    (tmp_path / "part-13.csv").unlink()
    put(tmp_path, "part-13.jsonl", LINES)
    with pytest.raises(UsageError, match=r"part-13.jsonl: found jsonl beside csv"):
        read(tmp_path)


def test_a_header_of_very_many_columns_is_refused(tmp_path: Path) -> None:
    names = [f"column_{number}" for number in range(100_000)]
    for name, text in (
        ("wide.csv", ",".join(names) + "\n"),
        ("wide.jsonl", json.dumps(dict.fromkeys(names, 1)) + "\n"),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
        with pytest.raises(UsageError, match=r"found 100,000 columns; at most 10,000 are read"):
            scan(str(tmp_path / name))


def test_a_small_file_that_unpacks_to_gigabytes_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb") as file:
        file.writelines([b"a,b\n", *[b"1,2\n" * 250_000] * 80])
    with pytest.raises(UsageError, match="unpacks to more than 64 MiB, 100 times its size"):
        scan(str(path))
