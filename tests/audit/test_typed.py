"""Raw columns are read as the language reads the cells of a table, in every engine."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.intake.messages import LARGEST
from checker.audit.intake.typed import can_be, typed_column
from checker.language.model.types import FIRST_DAY, LAST_DAY, ValueType
from checker.language.resolve.facts import _cell, plain_value
from checker.language.syntax.problems import UsageError
from tests.audit.engines import ENGINES, Engine
from tests.drawing import drawing, share

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
SMALL = ValueType("integer", range=(-1000, 10**6))
TYPES = {
    "boolean": ValueType("boolean"),
    "integer": ValueType("integer", range=(-LARGEST, LARGEST)),
    "small integer": SMALL,
    "money": ValueType("money", range=(-(10**17), 10**17)),
    "price": ValueType("money", range=(0, 100_00)),
    "enum": ValueType("enum", ("a b", "食品", "a.b", "on", "x|y", "(", "\\d")),
    "date": ValueType("date", range=(FIRST_DAY, LAST_DAY)),
    "datetime": ValueType("datetime"),
    "duration": ValueType("duration"),
}
TEXTS = {
    "boolean": "true TRUE True tRue false FALSE False yes no on 1 0 ~ null | true|true |\ttrue",
    "integer": (
        "5 +5 -5 -0 05 5. 5.0 .0 .5 -.0e0 1e2 1E+2 150e-1 15e-1 0e40 0e41 0e-40 0e-41 .0e-39 1e17 "
        "1e18 12.50e1 12.50e2 1e99999 1e-99999 0x1F 0xg 0x 0XFF 0x00000000000000000000ff 0o17 0o8 "
        "0x7fffffffffffffff 0xfffffffffffffff 0o777777777777777777 0o7777777777777777777 "
        "999999999999999999 1000000000000000000 9223372036854775808 99999999999999999999999 "
        "-999999999999999999 0000000000000000000000000000000000000012 "
        "00000000000000000000000000000000000000012 -000000000000000000000000000000000000012 "
        "-0000000000000000000000000000000000000012 1_000 1,000 ٣ ５ .inf -.inf .nan . - + e5 ~ "
        "100000000000000000000000000000000000000e-38 0.0000000000000000000000000000000000001e37"
    ),
    "money": (
        "5 +5 -5 5.0 5.00 5.000 5.5 5.55 5.555 -0.05 .5 5. 1e2 0x1F 99.99 100 100.00 100.01 abc "
        "9999999999999999 9999999999999999.99 10000000000000000 99999999999999999999999999 "
        "1000000000000000 1000000000000000.01 00000000000000000000000000000000000000000000005.10 "
        "5,00 ¥5 -0 -0.00 5.0.0 ٣.٠٠"
    ),
    "enum": "食品 a.b axb on off true X|Y x|y ( \\d 5",
    "date": (
        "2024-02-29 2023-02-29 2100-02-28 2100-02-29 2000-02-29 1972-02-29 1969-12-31 1970-01-01 "
        "2199-12-31 2200-01-01 2024-04-30 2024-04-31 2024-00-10 2024-13-01 2024-01-00 2024-01-32 "
        "2024-4-1 20240401 2024-04-01T00:00:00Z 0000-01-01 9999-12-31 2024-04-01\n ２０２４-01-01"
    ),
    "datetime": (
        "2024-08-19T09:26:01+08:00 2024-08-19t09:26:01z 2024-08-19T09:26:01.5Z "
        "2024-08-19T09:26:01.123456789-03:30 2024-08-19T09:26:60Z 2024-08-19T09:26:61Z "
        "2016-12-31T23:59:60.999999999Z 2024-08-19T24:00:00Z 2024-08-19T23:60:00Z "
        "2024-08-19T09:26:01 2024-08-19T09:26Z 2024-08-19 2024-02-30T00:00:00Z "
        "1969-12-31T23:59:59Z 1970-01-01T00:00:00+14:00 2199-12-31T23:59:59-14:00 "
        "2199-12-31T23:59:60Z 2199-12-31T23:59:59.999999999Z 2200-01-01T00:00:00+08:00 "
        "2024-08-19T09:26:01+23:59 2024-08-19T09:26:01+24:00 2024-08-19T09:26:01+0800 "
        "2024-08-19T09:26:01-00:00 2024-08-19T09:26:01.Z 2024-08-19T09:26:01,5Z 1724031961"
    ),
    "duration": "48h 7d 90m 0m 00h 1w h 1.5h -1h 999999999d 1234567890m 48H 48 P2D ４８h",
}
LONG = ["", " ", "a b", "2024-08-19 09:26:01Z", "true ", " 5", "5\n", "x" * 81, "5" * 100]
KEPT = [
    pytest.param(TYPES[name], [*TEXTS[name.rpartition(" ")[2]].split(" "), *LONG, None], id=name)
    for name in TYPES
    if name != "price"
]


def kept(value: Any) -> Any:
    return (value - EPOCH) // timedelta(microseconds=1) if isinstance(value, datetime) else value


def expected(type_: ValueType, data: Any, *, text: bool) -> tuple[Any, bool]:
    """Return what the language keeps of a cell, and whether it is wrong."""
    if data is None or (text and data == ""):
        return None, False
    if text and type_.name == "integer" and str(data)[:2] in ("0x", "0o"):
        return None, True  # are read in decimal only
    try:
        value = type_.read(_cell(type_, data) if text else plain_value(data))
        type_.check_range(value)
    except ValueError:
        return None, True
    if isinstance(value, int) and abs(value) > LARGEST:
        return None, True
    return kept(value), False


def read(
    engine: Engine, type_: ValueType, kind: str, raw: list[Any], dtype: Any
) -> list[tuple[Any, bool, str | None]]:
    columns = engine.columns
    typed = typed_column(columns, columns.column("raw"), kind, type_)
    reason = columns.first_match([(typed.wrong, typed.reason)], columns.absent(str))
    outputs = {"column": typed.column, "wrong": typed.wrong, "reason": reason}
    outputs |= {f"m{n}": member for n, member in enumerate(typed.members.values())}
    return engine.run(pl.DataFrame({"raw": pl.Series(raw, dtype=dtype)}), [], outputs)


def agree(engine: Engine, type_: ValueType, kind: str, raw: list[Any], dtype: Any) -> None:
    values = read(engine, type_, kind, raw, dtype)
    for data, (value, wrong, reason) in zip(raw, values, strict=True):
        expected_values = expected(type_, data, text=kind == "text")
        assert (value, wrong) == expected_values, repr(data)
        assert (reason is not None) == wrong, repr(data)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("type_", "texts"), KEPT)
def test_texts(engine: Engine, type_: ValueType, texts: list[str]) -> None:
    agree(engine, type_, "text", texts, pl.String)


DIGITS = st.text("0123456789", min_size=1, max_size=42)
NUMBERS = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["", "", "-", "+"]),
    st.text("0123456789", max_size=20),
    st.one_of(st.just(""), st.text("0123456789", max_size=5).map(".{}".format)),
    st.one_of(st.just(""), st.integers(-45, 45).map("e{}".format)),
)
OTHER = st.text("0123456789+-.eExXoO_truefalsTRUE:TZhdm |\n", max_size=12)
BASED = st.one_of(st.integers(0, 10**20).map(hex), st.integers(0, 10**20).map(oct))
DATES = st.builds(
    "{}-{}-{}".format,
    st.sampled_from(["1969", "1970", "1972", "2000", "2023", "2024", "2100", "2199", "2200"]),
    st.integers(0, 13).map("{:02d}".format),
    st.integers(0, 32).map("{:02d}".format),
)
CLOCKS = st.builds(
    "{:02d}:{:02d}:{:02d}".format, st.integers(0, 24), st.integers(0, 60), st.integers(0, 61)
)
OFFSETS = st.one_of(
    st.sampled_from(["Z", "z", ""]),
    st.builds(
        "{}{:02d}:{:02d}".format, st.sampled_from("+-"), st.integers(0, 24), st.integers(0, 60)
    ),
)
MOMENTS = st.builds(
    "{}{}{}{}{}".format,
    DATES,
    st.sampled_from("Tt "),
    CLOCKS,
    st.one_of(st.just(""), DIGITS.map(".{}".format)),
    OFFSETS,
)
DURATIONS = st.builds("{}{}".format, st.integers(0, 10**10), st.sampled_from("dhmw"))
ANY = st.one_of(NUMBERS, DIGITS, BASED, DATES, MOMENTS, DURATIONS, OTHER, st.text(max_size=9))


@drawing(share(15))
@given(st.lists(ANY, min_size=20, max_size=60))
def test_drawn_texts(texts: list[str]) -> None:
    texts = [text.replace("\0", "") for text in texts]  # no database holds it
    for type_ in TYPES.values():
        for engine in ENGINES.values():
            agree(engine, type_, "text", texts, pl.String)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("name", ["integer", "small integer", "money", "price"])
def test_numbers(engine: Engine, name: str) -> None:
    integers = [0, 1, -1, 99, 100, 101, -1001, 10**6, 10**6 + 1, 10**15, None]
    agree(engine, TYPES[name], "integer", [*integers, 10**18, -(2**63), 2**63 - 1], pl.Int64)
    agree(engine, TYPES[name], "integer", [0, 100, 127, None], pl.Int8)
    agree(engine, TYPES[name], "integer", [0, 2**63, 2**64 - 1, None], pl.UInt64)
    floats = [0.0, -0.0, 0.1, 0.29, 1.005, 99.99, 5.5, 1e6, 1e12, 0.1 + 0.2, 1e300, 5e-324, None]
    agree(engine, TYPES[name], "float", [*floats, math.inf, -math.inf, math.nan], pl.Float64)
    decimals = [None if integer is None else Decimal(integer) for integer in integers]
    agree(engine, TYPES[name], "decimal", decimals, pl.Decimal(38, 0))
    decimals = [Decimal(text) for text in ("0.00", "-0.05", "99.99", "100.01", "5.00", "5.10")]
    agree(engine, TYPES[name], "decimal", [*decimals, None], pl.Decimal(20, 2))


@drawing(share(30))
@given(
    st.lists(st.one_of(st.floats(), st.integers(-(10**14), 10**14).map(lambda n: n / 100))),
    st.integers(0, 4),
)
def test_drawn_floats(floats: list[float], places: int) -> None:
    floats += [round(number, places) for number in floats if abs(number) < 1e9]
    floats = [number for number in floats if not 1e13 <= abs(number) < math.inf]
    for name in ("integer", "money"):
        for engine in ENGINES.values():
            agree(engine, TYPES[name], "float", floats, pl.Float64)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_decimals_count_by_their_value_whatever_their_scale(engine: Engine) -> None:
    raw = [Decimal(text) for text in ("5.0000", "5.5000", "5.5500", "5.5550", "-0.0100")]
    money = read(engine, TYPES["money"], "decimal", raw, pl.Decimal(20, 4))
    assert [row[0] for row in money] == [500, 550, 555, None, -1]
    read_integers = read(engine, TYPES["integer"], "decimal", raw, pl.Decimal(20, 4))
    assert [row[0] for row in read_integers] == [5, None, None, None, None]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_typed_columns(engine: Engine) -> None:
    agree(engine, TYPES["boolean"], "boolean", [True, False, None], pl.Boolean)
    days = [date(1970, 1, 1), date(2199, 12, 31), date(1969, 12, 31), date(2200, 1, 1)]
    agree(engine, TYPES["date"], "date", [*days, date(2024, 2, 29), None], pl.Date)
    moments = [datetime(1970, 1, 1), datetime(2024, 8, 19, 9, 26, 1, 5), datetime(2199, 12, 31, 23)]
    moments += [datetime(1969, 12, 31, 23), datetime(2200, 1, 1), datetime(1500, 1, 1)]
    aware = [*[moment.replace(tzinfo=UTC) for moment in moments], None]
    agree(engine, TYPES["datetime"], "moment", aware, pl.Datetime("us", "UTC"))
    nanoseconds = [datetime(2024, 8, 19, 9, 26, 1, 5, timezone(timedelta(hours=8)))]
    agree(engine, TYPES["datetime"], "moment", nanoseconds, pl.Datetime("ns", "Asia/Shanghai"))


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_sets(engine: Engine) -> None:
    type_ = ValueType("set", ("food", "a.b", "foo"), of="category")
    texts = ["food", "food|foo", "a.b", "axb", "|food", "food|", "food||foo", "x", "", None]
    expected_values = [
        ("food", False, True, False, False),
        ("food|foo", False, True, False, True),
        ("a.b", False, False, True, False),
        *[(None, True, None, None, None)] * 5,
        *[(None, False, None, None, None)] * 2,
    ]
    values = read(engine, type_, "text", texts, pl.String)
    assert [(row[0], row[1], *row[3:]) for row in values] == expected_values
    lists = [["food"], ["food", "foo"], [], ["x"], ["food", None], None]
    values = read(engine, type_, "list", lists, pl.List(pl.String))
    assert [(row[1], *row[3:]) for row in values] == [
        (False, True, False, False),
        (False, True, False, True),
        (False, False, False, False),
        (True, None, None, None),
        (True, None, None, None),
        (False, None, None, None),
    ]


REASONS = [
    ("boolean", "yes", "found `yes`, expected true or false"),
    ("integer", "x", "found `x`, expected a whole number"),
    ("small integer", "-1001", "`-1001` is outside of the range -1000 to 1000000"),
    ("price", "-5", "`-5.00` is outside of the range 0.00 to 100.00"),
    ("price", "100.01", "`100.01` is outside of the range 0.00 to 100.00"),
    ("price", "5.555", "found `5.555`, expected at most 2 decimal places"),
    ("price", "dear", "found `dear`, expected an amount of money, like `99.00`"),
    ("date", "2024-04-31", "found `2024-04-31`, which is no day of the calendar"),
    ("date", "1969-12-31", "found `1969-12-31`, expected a day from 1970-01-01 to 2199-12-31"),
    ("date", "x", "found `x`, expected a date like `2024-08-19`"),
    ("duration", "2w", "found `2w`, expected a duration like `48h`, `7d` or `90m`"),
    ("integer", "x" * 90, f"found `{'x' * 77}…`, expected a whole number"),
]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("name", "text", "reason"), REASONS)
def test_reasons_are_those_of_the_language(
    engine: Engine, name: str, text: str, reason: str
) -> None:
    type_ = TYPES[name]
    with pytest.raises(ValueError) as raised:
        type_.check_range(type_.read(_cell(type_, text)))
    stated, _, _ = str(raised.value).partition("; write ")  # tables say no more than what is wrong
    assert stated == reason
    assert read(engine, type_, "text", [text], pl.String)[0][2] == reason


IN_RANGE = "expected a day from 1970-01-01 to 2199-12-31"
UTC_MS = pl.Datetime("ms", "UTC")
REASONS_BY_KIND = [
    ("integer", "float", 2.5, pl.Float64, "found `2.5`, expected a whole number"),
    ("integer", "float", -0.000001, pl.Float64, "found `-0.000001`, expected a whole number"),
    ("integer", "float", 123456789.25, pl.Float64, "found `123456789.25`, expected a whole number"),
    (
        "integer",
        "float",
        -9876543210.5,
        pl.Float64,
        "found `-9876543210.5`, expected a whole number",
    ),
    ("integer", "float", math.nan, pl.Float64, "found no exact number, expected a whole number"),
    ("integer", "float", -math.inf, pl.Float64, "found no exact number, expected a whole number"),
    ("integer", "float", 1e300, pl.Float64, "found no exact number, expected a whole number"),
    ("integer", "float", 5e-324, pl.Float64, "found no exact number, expected a whole number"),
    ("integer", "float", 1 / 3, pl.Float64, "found no exact number, expected a whole number"),
    (
        "integer",
        "decimal",
        Decimal("2.50"),
        pl.Decimal(9, 2),
        "found `2.50`, expected a whole number",
    ),
    ("integer", "integer", 2**64 - 1, pl.UInt64, f"found `{2**64 - 1}`, expected a whole number"),
    (
        "price",
        "float",
        1.005,
        pl.Float64,
        "found `1.005`, expected an amount of money, like `99.00`",
    ),
    ("price", "float", 100.01, pl.Float64, "`100.01` is outside of the range 0.00 to 100.00"),
    ("date", "date", date(1969, 12, 31), pl.Date, f"found `1969-12-31`, {IN_RANGE}"),
    ("date", "date", date(9999, 12, 31), pl.Date, f"found `9999-12-31`, {IN_RANGE}"),
    ("date", "date", 4_000_000, pl.Date, f"found a day outside of the years 1 to 9999, {IN_RANGE}"),
    (
        "datetime",
        "moment",
        datetime(1969, 12, 31, 23, 59, 59, 7),
        UTC_MS,
        f"found `1969-12-31`, {IN_RANGE}",
    ),
    ("datetime", "moment", datetime(1, 1, 1), UTC_MS, f"found `0001-01-01`, {IN_RANGE}"),
    (
        "datetime",
        "moment",
        10**15,
        UTC_MS,
        f"found a day outside of the years 1 to 9999, {IN_RANGE}",
    ),
    (
        "datetime",
        "moment",
        -(10**14),
        UTC_MS,
        f"found a day outside of the years 1 to 9999, {IN_RANGE}",
    ),
]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(("name", "kind", "value", "dtype", "reason"), REASONS_BY_KIND)
def test_reasons_are_those_of_every_engine(
    engine: Engine, name: str, kind: str, value: Any, dtype: Any, reason: str
) -> None:
    assert read(engine, TYPES[name], kind, [value], dtype) == [(None, True, reason)]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("boolean", "enum"),
        ("boolean", "integer"),
        ("integer", "boolean"),
        ("integer", "enum"),
        ("integer", "datetime"),
        ("timestamp", "datetime"),
        ("date", "datetime"),
        ("moment", "date"),
        ("list", "enum"),
        ("Binary", "integer"),
        ("float", "duration"),
    ],
)
def test_a_column_that_can_not_be_of_the_type_is_named(kind: str, name: str) -> None:
    assert not can_be(kind, TYPES[name])
    columns = ENGINES["polars"].columns
    with pytest.raises(UsageError, match=r"the column `paid` is of type .*, expected .* --columns"):
        typed_column(columns, columns.column("paid"), kind, TYPES[name], "paid")
