"""Tables in files: every form, and a file that can't be read is named."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from checker.audit.files import ROW_NUMBER, found_files, kind_of, scan
from checker.language.problems import Unusable

ROWS = [("a", "1"), ("b", "2"), ("c", "3")]
CSV = "id,n\n" + "".join(f"{id},{n}\n" for id, n in ROWS)
LINES = "".join(f'{{"id": "{id}", "n": {n}}}\n' for id, n in ROWS)


def rows(source: object) -> list[tuple[object, ...]]:
    return scan(str(source)).frame.collect(engine="streaming").rows()


FILES: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda path: path.write_text(CSV),
    "t.CSV": lambda path: path.write_text(CSV),
    "t.csv.gz": lambda path: path.write_bytes(gzip.compress(CSV.encode())),
    "bom.csv": lambda path: path.write_text("\ufeff" + CSV),
    "crlf.csv": lambda path: path.write_bytes(CSV.replace("\n", "\r\n").encode()),
    "quoted.csv": lambda path: path.write_text(CSV.replace("b", '"b"')),
    "[t]*.csv": lambda path: path.write_text(CSV),
    "t.jsonl": lambda path: path.write_text(LINES),
    "t.ndjson": lambda path: path.write_text("\n" + LINES),
    "t.jsonl.gz": lambda path: path.write_bytes(gzip.compress(LINES.encode())),
    "t.parquet": lambda path: pl.DataFrame(ROWS, ["id", "n"], orient="row").write_parquet(path),
}


@pytest.mark.parametrize("name", FILES)
def test_every_form(tmp_path: Path, name: str) -> None:
    FILES[name](tmp_path / name)
    scanned = scan(str(tmp_path / name))
    assert scanned.kinds == {"id": "text", "n": "text"}
    assert scanned.frame.collect(engine="streaming").rows() == [
        (number, *row) for number, row in enumerate(ROWS, 1)
    ]


def test_many_files_are_one_table(tmp_path: Path) -> None:
    for number in range(3):
        folder = tmp_path / "all" / f"day={number}"
        folder.mkdir(parents=True)
        pl.DataFrame({"id": [f"{number}"], "n": [number]}).write_parquet(folder / "part.parquet")
    (tmp_path / "all" / "_SUCCESS").touch()
    (tmp_path / "all" / ".part.parquet.crc").touch()
    expected = [(1, "0", 0), (2, "1", 1), (3, "2", 2)]
    assert rows(tmp_path / "all") == expected
    assert rows(tmp_path / "all" / "*" / "*.parquet") == expected
    assert rows(tmp_path / "all" / "**" / "*.parquet") == expected
    assert rows(tmp_path / "all" / "day=[12]" / "*") == [(1, "1", 1), (2, "2", 2)]
    paths, form = found_files(str(tmp_path / "all"))
    assert (len(paths), form) == (3, "parquet")


def test_kinds() -> None:
    kinds = {
        pl.Boolean(): "boolean",
        pl.Int8(): "integer",
        pl.UInt64(): "integer",
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
        pl.List(pl.Int64()): "other",
        pl.Array(pl.String(), 2): "list",
        pl.Struct({"a": pl.Int8()}): "other",
        pl.Binary(): "other",
        pl.Time(): "other",
    }
    assert {dtype: kind_of(dtype) for dtype in kinds} == kinds


def test_parquet_keeps_its_types(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "day": [date(2024, 8, 19)],
            "at": [datetime(2024, 8, 19, 1, tzinfo=UTC)],
            "paid": [Decimal("5.50")],
            "weight": pl.Series([0.1], dtype=pl.Float32),
            "kind": pl.Series(["x"], dtype=pl.Categorical),
            "cites": [["a"]],
            "none": [None],
        }
    )
    frame.write_parquet(tmp_path / "t.parquet")
    scanned = scan(str(tmp_path / "t.parquet"))
    kinds = ["date", "moment", "decimal", "float", "text", "list", "text"]
    assert [*scanned.kinds.values()] == kinds
    found = scanned.frame.collect(engine="streaming")
    assert found["weight"].to_list() == [0.1]
    assert found.schema[ROW_NUMBER] == pl.Int64
    assert found.schema["kind"] == found.schema["none"] == pl.String


def test_cells_of_csv_are_text_and_empty_ones_absent(tmp_path: Path) -> None:
    text = 'id,n,x\n007,,"a ""b"", c"\n,"",\n"two\nlines",1e5,é\n'
    (tmp_path / "t.csv").write_text(text)
    found = [[cell or None for cell in row[1:]] for row in rows(tmp_path / "t.csv")]
    assert found == [["007", None, 'a "b", c'], [None] * 3, ["two\nlines", "1e5", "é"]]


def test_values_of_json_lines_are_text_and_exact(tmp_path: Path) -> None:
    lines = [
        '{"n": 9007199254740993, "amount": 99.90, "used": true, "cites": ["a", "b"], "m": 1}',
        '{"n": 123456789012345678901234, "amount": "5.50", "used": null, "cites": [], "m": "x"}',
        '{"n": -1, "amount": 0.29, "used": false, "cites": null, "m": [1, {"a": true}]}',
        '{"late": "x"}',
    ]
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    scanned = scan(str(tmp_path / "t.jsonl"))
    assert scanned.kinds["cites"] == "list"
    assert {kind for name, kind in scanned.kinds.items() if name != "cites"} == {"text"}
    found = scanned.frame.collect(engine="streaming").to_dict(as_series=False)
    assert found["n"] == ["9007199254740993", "123456789012345678901234", "-1", None]
    assert found["amount"] == ["99.9", "5.50", "0.29", None]
    assert found["used"] == ["true", None, "false", None]
    assert found["cites"] == [["a", "b"], [], None, None]
    assert found["late"] == [None, None, None, "x"]
    assert found["m"][:2] == ["1", "x"]


def put(folder: Path, name: str, data: bytes | str) -> Path:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("t.csv", "id,n\na,1\nb\n", ":3: found 1 cell, expected 2"),
        ("t.csv", "id,n\na,1\nb,2,3\n", ":3: found 3 cells, expected 2"),
        ("t.csv", "id,n\na,1\n\nb,2\n", ":3: found an empty line, expected 2"),
        ("t.csv", 'id,n\na,"1"x\n', ":2: not CSV"),
        ("t.csv", 'id,n\na,"1\nb,2\n', ": not CSV"),
        ("t.csv", 'id,n\na,"1\nb",2,3\n', ":3: found 4 cells, expected 2"),
        ("t.csv", b"id,n\na,\xff\n", "t.csv: can't be read: invalid utf"),
        ("t.csv", "", "t.csv: found no header"),
        ("t.csv", "id,,n\n", "t.csv:1: the column 2 has no name"),
        ("t.csv", "id,id\n", "t.csv:1: the column `id` stands twice"),
        ("t.csv", "row_number,id\n", "a column can't be called `row_number`"),
        ("t.csv.gz", gzip.compress(CSV.encode() * 999)[:-20], "t.csv.gz: can't be read"),
        ("t.jsonl", '{"id": 1}\n[1]\n', "t.jsonl:2: found no object, expected a JSON object"),
        ("t.jsonl", '{"id": 1}\n5\n', "t.jsonl:2: found no object"),
        ("t.jsonl", '{"id": 1}\n{"id": }\n', "t.jsonl:2: not JSON"),
        ("t.jsonl", '{"id": 1}\n{"id": 1} {}\n', "t.jsonl:2: not JSON"),
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
    tmp_path: Path, name: str, data: bytes | str, said: str
) -> None:
    path = put(tmp_path, name, data)
    with pytest.raises(Unusable, match=re.escape(said)):
        scan(str(path))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match="no such file"):
        scan(str(tmp_path / "t.parquet"))
    with pytest.raises(Unusable, match="a folder without a table"):
        scan(str(tmp_path))
    with pytest.raises(Unusable, match="no file matches"):
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


@pytest.mark.parametrize("what", BAD)
def test_a_bad_file_among_many_is_named(tmp_path: Path, what: str) -> None:
    for number in range(50):
        good = pl.DataFrame({"id": ["x"], "n": [number]})
        good.write_parquet(tmp_path / f"part-{number:03d}.parquet")
    bad, said = BAD[what]
    bad.write_parquet(tmp_path / "part-031.parquet")
    with pytest.raises(Unusable, match=re.escape(f"part-031.parquet: {said}")):
        scan(str(tmp_path))


def test_an_unreadable_file_among_many_is_named(tmp_path: Path) -> None:
    for number in range(20):
        put(tmp_path, f"part-{number:02d}.csv", CSV)
    put(tmp_path, "part-13.csv", CSV + "d\n")
    with pytest.raises(Unusable, match=r"part-13.csv:5: found 1 cell, expected 2"):
        scan(str(tmp_path))
    put(tmp_path, "part-13.csv", "id,m\na,1\n")
    with pytest.raises(Unusable, match=r"part-13.csv: lacks the columns `n` and has .* `m` more"):
        scan(str(tmp_path))
    put(tmp_path, "part-13.csv", "n,id\n1,a\n")
    with pytest.raises(Unusable, match=r"part-13.csv: its columns stand in another order"):
        scan(str(tmp_path))
    (tmp_path / "part-13.csv").unlink()
    put(tmp_path, "part-13.jsonl", LINES)
    with pytest.raises(Unusable, match=r"part-13.jsonl: found jsonl beside csv"):
        scan(str(tmp_path))
