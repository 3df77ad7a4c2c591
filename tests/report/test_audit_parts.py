"""The parts of the auditor's page that need no browser: words, charts, and the schema."""

from __future__ import annotations

import re
import string
from typing import Any

import pytest

from checker.language.model.schema import validator
from checker.report.audit_page.catalog import WORDS
from checker.report.audit_page.charts import chart
from checker.report.audit_page.data import facts_of
from checker.report.audit_page.formatting import bucket, counted, duration, percent, visible
from tests.report import pages
from tests.report.browsing import AUDITS


@pytest.mark.parametrize("audit", AUDITS)
def test_the_made_up_summaries_follow_the_schema(audit: str) -> None:
    summary = AUDITS[audit]()[0]
    assert [error.message for error in validator("audit-summary").iter_errors(summary)] == []


@pytest.mark.parametrize(
    "change",
    [
        {"audit": "sellers"},
        {"extra": 1},
        {"findings": -1},
        {"as_of": "2024-10-01"},
        {"metrics": {}},
        {"rows": {"read": 1, "accepted": 1}},
        {"documents": [{"kind": "policy", "name": "a@1.0.0", "sha256": "8F"}]},
        {"policies": ["kuaishou/flash-purchase"]},
        {"failures": []},
    ],
    ids=str,
)
def test_the_schema_refuses_another_summary(change: dict[str, Any]) -> None:
    summary = pages.returns()[0] | change
    assert [*validator("audit-summary").iter_errors(summary)]


@pytest.mark.parametrize("key", WORDS)
def test_both_languages_name_the_same_values(key: str) -> None:
    fields = [{name for _, name, *_ in string.Formatter().parse(words)} for words in WORDS[key]]
    assert fields[0] - {None} == fields[1] - {None}
    assert not re.search("[<>&]", "".join(WORDS[key])), "words are no markup"


@pytest.mark.parametrize(
    ("minutes", "english", "chinese"),
    [
        (0, "0", "0"),
        (59, "59 min", "59 分钟"),
        (2880, "2 d", "2 天"),
        (4335, "3 d 15 min", "3 天 15 分钟"),
        (1501, "1 d 1 h 1 min", "1 天 1 小时 1 分钟"),
    ],
)
def test_a_length_of_time_in_words(minutes: int, english: str, chinese: str) -> None:
    assert duration(minutes) == (english, chinese)


@pytest.mark.parametrize(
    ("rate", "shown"),
    [("0.1010", "10.10%"), ("1.0000", "100.00%"), ("0.0001", "0.01%"), ("0", "0.00%"), (None, "–")],
)
def test_a_rate_is_shown_whole(rate: str | None, shown: str) -> None:
    assert percent(rate) == shown


def test_small_words() -> None:
    assert counted(1, "finding") == ("1 finding", "1 个问题")
    assert counted(1234, "seller") == ("1,234 sellers", "1,234 家商家")
    assert bucket({"from": 60, "to": 120}) == ("1 h to 2 h", "1 小时 至 2 小时")
    assert bucket({"from": 60, "to": None}) == ("1 h or more", "1 小时 及以上")
    assert visible("a\u202eb\tc 商") == "a\\u202eb\\u0009c 商"
    assert facts_of({"a": True, "b": None, "c": 1}) == [("a", "true"), ("c", "1")]


def a_term(limits: list[int], *counts: int, last_is_open: bool = False) -> dict[str, Any]:
    taken = [
        {"from": 60 * at, "to": 60 * (at + 1), "deadlines": each} for at, each in enumerate(counts)
    ]
    if last_is_open:
        taken[-1]["to"] = None
    stood = [{"limit": limit, "deadlines": 1} for limit in limits]
    return {"term": "x", "met": 1, "late": 0, "overdue": 0, "limits": stood, "taken": taken}


def test_bars_stand_on_the_line_and_limits_where_they_lie() -> None:
    drawn = chart(a_term([90], 4, 0, 1, 2))
    assert drawn
    assert [bar.x for bar in drawn.bars] == [1.5, 51.5, 76.5]
    assert all(bar.y + bar.size == drawn.bottom for bar in drawn.bars)
    assert drawn.bars[0].y == drawn.top, "the highest reaches the highest line"
    assert [line.label for line in drawn.grid] == ["0", "1", "2", "3", "4"]
    assert [line.x for line in drawn.limits] == [37.5]
    assert [tick.label[0] for tick in drawn.ticks] == ["0", "1 h", "2 h", "3 h", "4 h"]


@pytest.mark.parametrize(
    ("limit", "place"), [(0, 0), (60, 50), (61, 75), (9999, 75)], ids=["0", "edge", "in", "beyond"]
)
def test_a_limit_in_the_open_bucket_stands_in_its_middle(limit: int, place: float) -> None:
    drawn = chart(a_term([limit], 3, 1, last_is_open=True))
    assert drawn
    assert drawn.limits[0].x == place
    assert drawn.ticks[-1].label == ("≥ 1 h", "≥ 1 小时")


@pytest.mark.parametrize("peak", [1, 3, 9, 99, 1000, 123_456_789])
def test_the_scale_is_round_and_reaches_the_peak(peak: int) -> None:
    drawn = chart(a_term([], peak))
    assert drawn
    values = [int(str(line.label).replace(",", "")) for line in drawn.grid]
    assert 2 <= len(values) <= 5
    assert values[-2] < peak <= values[-1]
    assert str(values[1]).strip("0") in {"1", "2", "5"}


def test_of_many_limits_few_have_words_and_all_have_lines() -> None:
    drawn = chart(a_term([60 * each for each in range(1, 9)], *range(1, 25)))
    assert drawn
    assert len(drawn.limits) == 8
    assert sum(bool(line.label) for line in drawn.limits) == 3


def test_nothing_taken_is_no_chart() -> None:
    assert chart(a_term([60], 0, 0)) is None
    assert chart(a_term([])) is None
