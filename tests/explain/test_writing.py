"""Rendered blocks: what documents say stays text, and lines fit a terminal."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.explain.conditions.rich_text import Mention, plain_text
from checker.explain.conditions.values import (
    ValueFormat,
    enumeration,
    format_day,
    format_duration,
    format_number,
    format_rate,
)
from checker.explain.render.blocks import (
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    TableRow,
    capitalized,
)
from checker.explain.render.html import html
from checker.explain.render.markdown import markdown
from checker.explain.render.text import WIDTH, text
from checker.language.model.types import ValueType
from checker.report.markdown_escape import visible
from tests.report.test_markdown import HOSTILE

texts = st.one_of(*map(st.just, HOSTILE)) | st.text(min_size=1)


class Rendered(HTMLParser):
    """The tags and the text of a page, but for its style and title."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.text = ""
        self.feed(source.partition("<main>")[2] or source)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += data


def evened(shown: str) -> str:
    return re.sub(r"[\s`]+", "", shown)


@given(texts, texts)
def test_what_documents_say_is_text(one: str, other: str) -> None:
    line = (one, " ", Mention("ground", "a", other), ".")
    items = ItemList((ListItem(line, (Paragraph(line, quiet=True),)),))
    blocks = [Heading(2, line, "h"), Paragraph(line), items, Table((line,), (TableRow((line,)),))]
    shown = Rendered(html(blocks, "en", "Contents"))
    assert {*shown.tags} <= {
        *("h2", "p", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
        *("bdi", "code"),
    }
    assert evened(shown.text).count(evened(visible(plain_text(line)))) == 6
    marked = Rendered(cmarkgfm.github_flavored_markdown_to_html(markdown(blocks)))
    assert not {"a", "img", "script", "h1", "hr", "pre"} & {*marked.tags}


@given(st.lists(texts, min_size=1, max_size=4))
def test_lines_fit_a_terminal_and_leave_nothing_out(parts: list[str]) -> None:
    lines = [*text([Paragraph(tuple(parts))])]
    assert evened("".join(lines)) == evened(visible("".join(parts)))
    assert all(len(line) <= WIDTH for line in lines if " " in line.strip())


def test_no_line_of_chinese_begins_with_a_mark() -> None:
    said = "依据 a9-1、a9-2（见第三条）、a10和“收到商品后十四日内撤回”；" * 9
    lines = [*text([Paragraph((said,))])]
    assert len(lines) > 4
    assert not [line for line in lines if line[0] in "，。；：、”）》" or line[-1] in "“（《"]


BEGUN = {
    "the goods": "The goods",
    "eBay's rule": "eBay's rule",
    "kind-of x": "kind-of x",
    "天": "天",
}


@pytest.mark.parametrize("written", BEGUN)
def test_headings_begin_with_a_capital(written: str) -> None:
    block = capitalized(Heading(2, (written,)))
    assert isinstance(block, Heading)
    assert plain_text(block.content) == BEGUN[written]
    named = capitalized(Heading(2, (Mention("ground", written, written),)))
    assert isinstance(named, Heading)
    assert plain_text(named.content) == written  # an id


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (format_number(1, "day", "en"), "1 day"),
        (format_number(0, "day", "en"), "0 days"),
        (format_number(2, "copy", "en"), "2 copies"),
        (format_number(3, "block of 24 hours", "en"), "3 blocks of 24 hours"),
        (format_number(2, "tray", "en"), "2 trays"),
        (format_number(1234, None, "en"), "1,234"),
        (format_number(7, "day", "zh"), "7天"),
        (format_number(7, {"en": "tin", "zh": "罐"}, "zh"), "7罐"),
        (format_duration(2880, "en"), "48 hours"),
        (format_duration(2880, "en", in_days=True), "2 days"),
        (format_duration(90, "en"), "90 minutes"),
        (format_duration(10080, "zh"), "7天"),
        (format_duration(0, "en"), "0 days"),
        (format_rate(25), "0.25%"),
        (format_rate(10000), "100%"),
        (format_day(date(2024, 8, 9).toordinal(), "en"), "9 August 2024"),
        (format_day(date(2024, 8, 9).toordinal(), "zh"), "2024年8月9日"),
        (ValueFormat(ValueType("money"), currency="CNY").text(123450, "en"), "1,234.50 CNY"),
        (ValueFormat(ValueType("money"), currency="CNY").text(-50, "zh"), "-0.50元"),
        (ValueFormat(ValueType("boolean")).text(True, "zh"), "是"),
        (ValueFormat(ValueType("enum", ("a_b",))).text("a_b", "en"), "`a_b`"),
        (enumeration(["a", "b", "c"], "or", "en"), "a, b or c"),
        (enumeration(["a", "b", "c"], "or", "zh"), "a、b或c"),
    ],
)
def test_values_are_said_as_people_write_them(shown: str, said: str) -> None:
    assert shown == said
