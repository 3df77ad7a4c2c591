"""`--columns` files: what is read, and what is wrong with one is message with its position."""

from __future__ import annotations

import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from checker.audit.intake.columns_file import ColumnMapping, ColumnsFile, read_columns_file
from checker.language.model.types import ValueType
from checker.language.syntax.problems import UsageError

TARGETS: dict[str, ValueType | None] = {
    "seller": None,
    "cites": ValueType("set", ("worn", "late"), of="ground"),
    "amount": ValueType("money", range=(0, 100_00)),
    "days": ValueType("integer", range=(0, 30)),
    "used": ValueType("boolean"),
    "category": ValueType("enum", ("cosmetics", "food")),
    "requested_at": ValueType("datetime"),
}
TABLE = dict.fromkeys(("shop", "paid", "created", "cat", "note"), "text")


def written(folder: Path, text: str) -> ColumnsFile:
    path = folder / "columns.yaml"
    path.write_text(f"kind: columns\n{text}", encoding="utf-8")
    return read_columns_file(path)


def test_everything_that_a_file_can_say(tmp_path: Path) -> None:
    file = written(
        tmp_path,
        "columns:\n"
        "  seller: shop\n"
        "  amount: {from: paid, unit: cents}\n"
        "  category: {from: cat, values: {'1': food, x: cosmetics}}\n"
        "  used: {from: note, values: {'0': false, '1': true}}\n"
        "  cites: {from: cat, values: {'1': worn|late}}\n"
        "  requested_at: {from: created, time_zone: Asia/Shanghai}\n"
        "ignore: [note, paid]\n",
    )
    assert file.columns == {
        "seller": ColumnMapping("shop"),
        "amount": ColumnMapping("paid", unit="cents"),
        "category": ColumnMapping("cat", {"1": "food", "x": "cosmetics"}),
        "used": ColumnMapping("note", {"0": "false", "1": "true"}),
        "cites": ColumnMapping("cat", {"1": "worn|late"}),
        "requested_at": ColumnMapping("created", time_zone=ZoneInfo("Asia/Shanghai")),
    }
    assert file.ignored == {"note", "paid"}
    file.check(TABLE, TARGETS)
    assert written(tmp_path, "columns: {seller: shop}\nignore: others\n").ignored is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("columns: {}", "2:10: error: found an empty map"),
        ("ignore: others", "`columns` is missing"),
        ("columns: {seller: 3}", "2:19: error: found `3`, expected a string or a map"),
        ("columns: {seller: {unit: cents}}", "2:19: error: `from` is missing"),
        ("columns: {seller: {form: a}}", "2:20: error: unknown key `form` (did you mean `from`?)"),
        ("columns: {amount: {from: a, unit: dollars}}", "2:35: error: found `dollars`, expected"),
        ("columns: {seller: a}\nignore: all", "3:9: error: found `all`, expected `others`"),
        ("columns: {seller: a}\nignore: [a, a]", "found the same item twice"),
        ("columns: {seller: a, seller: b}", "2:22: error: found key `seller` twice"),
        (
            "columns: {used: {from: a, values: {x: true}, unit: cents}}",
            "2:46: error: `unit` has no place beside `values`",
        ),
        (
            "columns: {requested_at: {from: a, time_zone: Moon}}",
            "2:46: error: unknown time zone `Moon`",
        ),
    ],
)
def test_what_is_wrong_with_a_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(UsageError, match=re.escape(message)):
        written(tmp_path, text)


def test_another_kind_of_document_is_no_columns_file(tmp_path: Path) -> None:
    path = tmp_path / "policy.yaml"
    path.write_text("kind: policy\nid: shop\n")
    with pytest.raises(UsageError, match=r"policy.yaml:1:7: error: found `kind: policy`, expected"):
        read_columns_file(path)
    path.write_text("columns: {}\n")
    with pytest.raises(UsageError, match=r"`kind` is missing, expected `columns`"):
        read_columns_file(path)
    with pytest.raises(UsageError, match="can't be read: no such file"):
        read_columns_file(tmp_path / "none.yaml")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{amont: paid}", "2:11: error: unknown fact `amont` (did you mean `amount`?)"),
        ("{amount: pade}", "2:19: error: the table has no column `pade` (did you mean `paid`?)"),
        ("{amount: {from: pade}}", "2:26: error: the table has no column `pade`"),
        ("{days: {from: paid, unit: cents}}", "2:36: error: the unit `cents` for a integer"),
        ("{amount: {from: paid, unit: seconds}}", "the unit `seconds` for a money, expected one"),
        ("{amount: {from: paid, time_zone: UTC}}", "a time zone for a money, which has none"),
        ("{seller: {from: paid, unit: cents}}", "the unit `cents` for a text, which has none"),
        (
            "{category: {from: cat, values: {'1': foot}}}",
            "2:47: error: found `foot`, expected one of `cosmetics`, `food`; did you mean `food`?",
        ),
        ("{days: {from: cat, values: {x: 31}}}", "`31` is outside of the range 0 to 30"),
        ("{used: {from: cat, values: {x: yes}}}", "found `yes`, expected true or false"),
        ("{cites: {from: cat, values: {x: torn}}}", "found `torn`, expected one of"),
        ("{amount: paid}\nignore: [nota]", "3:10: error: the table has no column `nota`"),
    ],
)
def test_what_does_not_fit_a_table_or_the_facts(tmp_path: Path, text: str, message: str) -> None:
    file = written(tmp_path, f"columns: {text}")
    with pytest.raises(UsageError, match=re.escape(message)):
        file.check(TABLE, TARGETS)
