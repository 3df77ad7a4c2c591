"""Days and moments by column expressions are those of `counting`, around holidays too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.columns import counting as counting_columns
from checker.columns import days as day_columns
from checker.language.model import counting
from checker.language.model.calendars import Calendar, Counting, Roll
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.model.vocabulary import Derivation
from tests.audit.engines import ENGINES, Engine
from tests.drawing import drawing, share

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ZONES = [
    ZoneInfo(name)
    for name in (
        "UTC",
        "Asia/Shanghai",
        "America/New_York",
        "Asia/Kolkata",
        "America/Sao_Paulo",  # skips midnight
        "Pacific/Apia",  # skipped a day
        "Africa/Monrovia",  # an offset with seconds
    )
]
CLOSE = [ZoneInfo(name) for name in ("Asia/Gaza", "America/Noronha")]  # change within a week
NAMES = ("a", "b", "place")
ORDINARY = Derivation("a", "b", Counting(), before_is_zero=False)


def day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


CALENDAR = Calendar(
    "rest",
    (2023, 2024),
    frozenset(
        [
            *range(day("2023-01-01"), day("2023-01-04")),
            *range(day("2024-05-01"), day("2024-05-06")),
            day("2024-12-31"),
        ]
    ),
    frozenset([day("2024-04-28"), day("2024-05-11"), day("2024-05-12")]),
)
LATER = Calendar(
    "later", (2024, 2025), frozenset([day("2024-05-02"), day("2025-01-02")]), frozenset()
)
CALENDARS = {"rest": CALENDAR, "later": LATER}
BY_PLACE = Roll({"x": "rest", "y": "later", "z": "rest"}, "place")
PLACES = ["x", "y", "z", "other", None]
SPRING = range(day("2024-04-24"), day("2024-05-18"))
EDGES = [
    *range(day("2022-12-30"), day("2023-01-09")),
    *range(day("2024-12-27"), day("2025-01-03")),
]


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // MICROSECOND


def values(engine: Engine, columns: dict[str, list[Any]], *outputs: Any) -> list[tuple[Any, ...]]:
    schema = {name: pl.String if name == "place" else pl.Int64 for name in columns}
    table = pl.DataFrame(columns, schema=schema)
    return engine.run(table, [], {f"o{n}": output for n, output in enumerate(outputs)})


def counted(cases: list[tuple[Any, ...]], derivation: Derivation, zone: ZoneInfo) -> list[Any]:
    results = []
    for case in cases:
        try:
            facts = dict(zip(NAMES, case, strict=False))
            days = counting.days_between(facts, derivation, CALENDARS, zone)
            if isinstance(days, counting.Period):
                counts = sorted({days.count(last) for last in days.ends()})
                uncertain = len(counts) > 1
                assert uncertain <= (days.calendar is not None)
                message = days.not_covered() if uncertain else None
                results.append((counts[-1], counts[0], tuple(counts), False, None, message))
            else:
                counts = [] if days is None else [days]
                results.append((days, days, tuple(counts), False, None, None))
        except ValueError as error:
            results.append((None, None, (), True, str(error), None))
    return results


def rolling(engine: Engine, roll: Roll) -> counting_columns.Rolling[Any]:
    facts = {"place": engine.columns.column("place")}
    return counting_columns.Rolling.of(
        engine.columns, roll, CALENDARS, facts, lambda column: column
    )


def in_columns(
    engine: Engine, cases: list[tuple[Any, ...]], derivation: Derivation, zone: ZoneInfo
) -> list[Any]:
    datetimes = isinstance(cases[0][0], datetime)
    columns = {
        name: [micros(value) if isinstance(value, datetime) else value for value in column]
        for name, column in zip(NAMES, zip(*cases, strict=True), strict=False)
    }
    facts = {name: engine.columns.column(name) for name in columns}
    roll = derivation.counting.roll
    count = counting_columns.days_between(
        engine.columns, facts, derivation, roll and rolling(engine, roll), zone, datetimes
    )
    no_text = engine.columns.absent(str)
    message = engine.columns.first_match([(count.problem, count.reason)], no_text)
    several = engine.columns.less(count.least, count.most)
    not_covered = engine.columns.first_match([(several, count.not_covered)], no_text)
    outputs = (count.most, count.least, count.above, count.problem, message, not_covered)
    rows = values(engine, columns, *outputs)
    return [
        (most, least, _possible(most, least, above), *rest) for most, least, above, *rest in rows
    ]


def _possible(most: int | None, least: int | None, above: int | None) -> tuple[int, ...]:
    if most is None or least is None or above is None:
        return ()
    return (
        tuple(sorted({least, *range(max(least, above + 1), most + 1)})) if least < most else (most,)
    )


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("weekends", [False, True])
@pytest.mark.parametrize(
    "roll", [None, Roll({"": "rest"}), BY_PLACE], ids=["plain", "rolled", "by-place"]
)
@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("days", [SPRING, EDGES], ids=["spring", "edges"])
def test_every_pair_of_days_around_holidays(
    engine: Engine, weekends: bool, roll: Roll | None, zero: bool, days: range
) -> None:
    derivation = Derivation("a", "b", Counting(False, roll, weekends), zero)
    places = PLACES if roll is BY_PLACE else [None]
    cases = [*product(days, days, places)]
    results = in_columns(engine, cases, derivation, ZONES[0])
    assert results == counted(cases, derivation, ZONES[0])


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("and_days", [0, 14])
@pytest.mark.parametrize("roll", [None, Roll({"": "rest"})], ids=["plain", "rolled"])
def test_months_between_days(engine: Engine, and_days: int, roll: Roll | None) -> None:
    counting = Counting(roll=roll, months=True, and_days=and_days)
    derivation = Derivation("a", "b", counting, before_is_zero=True)
    starts = [*range(day("2023-12-28"), day("2024-03-04"))]
    ends = [*starts, *EDGES, *range(day("2024-12-25"), day("2025-03-03"), 3), day("2198-02-28")]
    cases = [*product(starts, ends)]
    results = in_columns(engine, cases, derivation, ZONES[0])
    assert results == counted(cases, derivation, ZONES[0])


def around_clock_changes(zone: ZoneInfo) -> Iterator[datetime]:
    changes = day_columns.offsets(zone)
    for start, _ in [*changes[:3], *changes[-8:], *changes[len(changes) // 2 :][:3]]:
        for minutes in (-1441, -61, -30, -1, 0, 1, 30, 61, 1441):
            yield EPOCH + timedelta(microseconds=start, minutes=minutes)
            yield EPOCH + timedelta(microseconds=start - 1, minutes=minutes)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_local_days_around_clock_changes(engine: Engine, zone: ZoneInfo) -> None:
    moments = [*around_clock_changes(zone), EPOCH, EPOCH - timedelta(days=1, microseconds=1)]
    local = day_columns.local_day(engine.columns, engine.columns.column("m"), zone)
    days = values(engine, {"m": [micros(moment) for moment in moments]}, local)
    assert days == [(counting.local_day(moment, zone),) for moment in moments]


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_a_moment_of_a_clock_in_the_zone(engine: Engine, zone: ZoneInfo) -> None:
    clocks = [moment.replace(tzinfo=None) for moment in around_clock_changes(zone)]
    clock_column = engine.columns.column("c")
    moments = day_columns.moment_of(engine.columns, clock_column, zone)
    utc = [micros(clock.replace(tzinfo=UTC)) for clock in clocks]
    expected = [(micros(clock.replace(tzinfo=zone).astimezone(UTC)),) for clock in clocks]
    assert values(engine, {"c": utc}, moments) == expected


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("zone", ZONES, ids=str)
def test_the_end_of_a_day_is_the_first_moment_after_it(engine: Engine, zone: ZoneInfo) -> None:
    days = sorted({counting.local_day(moment, zone) for moment in around_clock_changes(zone)})
    days = [day_number for day_number in days if FIRST_DAY <= day_number <= LAST_DAY]
    ends = day_columns.end_of_day(engine.columns, engine.columns.column("d"), zone)
    for (end,), day_number in zip(values(engine, {"d": days}, ends), days, strict=True):
        moment = EPOCH + end * MICROSECOND
        assert counting.local_day(moment, zone) > day_number
        assert counting.local_day(moment - MICROSECOND, zone) <= day_number


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize(
    "derivation",
    [
        ORDINARY,
        replace(ORDINARY, before_is_zero=True),
        replace(ORDINARY, counting=Counting(elapsed=True)),
        replace(ORDINARY, counting=Counting(elapsed=True), before_is_zero=True),
    ],
)
def test_days_between_moments(engine: Engine, derivation: Derivation) -> None:
    zone = ZoneInfo("America/New_York")
    moments = [*around_clock_changes(zone)][-40:]
    moments += [moment + timedelta(days=1) for moment in moments[:9]]
    pairs = [(start, end) for start in moments for end in moments]
    assert in_columns(engine, pairs, derivation, zone) == counted(pairs, derivation, zone)


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
@pytest.mark.parametrize("weekends", [False, True])
def test_a_deadline_moves_to_the_next_day_that_is_not_off(engine: Engine, weekends: bool) -> None:
    def moved(number: int, picked: str | None) -> tuple[int | None, bool]:
        if picked is None:
            return None, False
        try:
            while CALENDARS[picked].is_off(number, weekends):
                number += 1
        except ValueError:
            return number, True
        return number, False

    for roll in (Roll({"": "rest"}), BY_PLACE):
        cases = [*product([*SPRING, *EDGES], PLACES)]
        days, places = map(list, zip(*cases, strict=True))
        moving = rolling(engine, roll)
        outputs = counting_columns.rolled(moving, engine.columns.column("d"), weekends)
        picked = [roll.calendar({"place": place}) for place in places]
        results = values(engine, {"d": days, "place": places}, *outputs)
        assert results == [moved(*case) for case in zip(days, picked, strict=True)]
        nothing = values(engine, {"d": [None] * 5, "place": PLACES}, *outputs)
        assert nothing == [(None, False)] * 5


@pytest.mark.parametrize("engine", ENGINES.values(), ids=ENGINES)
def test_every_day_as_text(engine: Engine) -> None:
    days = [*range(FIRST_DAY, LAST_DAY + 1)]
    text = day_columns.day_text(engine.columns, engine.columns.column("d"))
    texts = values(engine, {"d": days}, text)
    assert texts == [(date.fromordinal(number).isoformat(),) for number in days]


MOMENTS = st.datetimes(datetime(1970, 1, 2), datetime(2199, 12, 30), timezones=st.just(UTC))


@drawing(share(60))
@given(st.lists(st.tuples(MOMENTS, MOMENTS), min_size=1), st.sampled_from(ZONES), st.booleans())
def test_days_between_drawn_moments(
    pairs: list[tuple[datetime, datetime]], zone: ZoneInfo, elapsed: bool
) -> None:
    derivation = replace(ORDINARY, counting=Counting(elapsed=elapsed))
    for engine in ENGINES.values():
        assert in_columns(engine, pairs, derivation, zone) == counted(pairs, derivation, zone)


@pytest.mark.parametrize("zone", [*ZONES, *CLOSE], ids=str)
def test_offsets_are_those_of_each_day(zone: ZoneInfo) -> None:
    changes = iter([*day_columns.offsets(zone), (10**18, 0)])
    (_, offset), (until, after) = next(changes), next(changes)
    for number in range(LAST_DAY - FIRST_DAY + 1):
        moment = EPOCH + timedelta(days=number)
        while (moment - EPOCH) // MICROSECOND >= until:
            offset, (until, after) = after, next(changes)
        assert moment.astimezone(zone).utcoffset() == offset * MICROSECOND
