"""Blocks written down: what documents say stays text, and lines fit a terminal."""

from __future__ import annotations

import re
from datetime import date
from html.parser import HTMLParser

import cmarkgfm
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.explain.conditions.lines import Name, plain
from checker.explain.conditions.values import Measure, day, duration, listed, number, rate
from checker.explain.render.blocks import Heading, Item, Items, Paragraph, Row, Table, begun
from checker.explain.render.html import html
from checker.explain.render.markdown import markdown
from checker.explain.render.text import WIDTH, text
from checker.language.model.types import ValueType
from checker.report.markdown_escape import visible
from tests.report.test_markdown import HOSTILE

texts = st.one_of(*map(st.just, HOSTILE)) | st.text(min_size=1)


class Shown(HTMLParser):
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
    line = (one, " ", Name("ground", "a", other), ".")
    items = Items((Item(line, (Paragraph(line, quiet=True),)),))
    blocks = [Heading(2, line, "h"), Paragraph(line), items, Table((line,), (Row((line,)),))]
    shown = Shown(html(blocks, "en", "Contents"))
    assert {*shown.tags} <= {
        *("h2", "p", "ul", "li", "div", "table", "thead", "tbody", "tr", "th", "td"),
        *("bdi", "code"),
    }
    assert evened(shown.text).count(evened(visible(plain(line)))) == 6
    marked = Shown(cmarkgfm.github_flavored_markdown_to_html(markdown(blocks)))
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
    block = begun(Heading(2, (written,)))
    assert isinstance(block, Heading)
    assert plain(block.line) == BEGUN[written]
    named = begun(Heading(2, (Name("ground", written, written),)))
    assert isinstance(named, Heading)
    assert plain(named.line) == written  # an id


@pytest.mark.parametrize(
    ("shown", "said"),
    [
        (number(1, "day", "en"), "1 day"),
        (number(0, "day", "en"), "0 days"),
        (number(2, "copy", "en"), "2 copies"),
        (number(3, "block of 24 hours", "en"), "3 blocks of 24 hours"),
        (number(2, "tray", "en"), "2 trays"),
        (number(1234, None, "en"), "1,234"),
        (number(7, "day", "zh"), "7天"),
        (number(7, {"en": "tin", "zh": "罐"}, "zh"), "7罐"),
        (duration(2880, "en"), "48 hours"),
        (duration(2880, "en", in_days=True), "2 days"),
        (duration(90, "en"), "90 minutes"),
        (duration(10080, "zh"), "7天"),
        (duration(0, "en"), "0 days"),
        (rate(25), "0.25%"),
        (rate(10000), "100%"),
        (day(date(2024, 8, 9).toordinal(), "en"), "9 August 2024"),
        (day(date(2024, 8, 9).toordinal(), "zh"), "2024年8月9日"),
        (Measure(ValueType("money"), currency="CNY").said(123450, "en"), "1,234.50 CNY"),
        (Measure(ValueType("money"), currency="CNY").said(-50, "zh"), "-0.50元"),
        (Measure(ValueType("boolean")).said(True, "zh"), "是"),
        (Measure(ValueType("enum", ("a_b",))).said("a_b", "en"), "`a_b`"),
        (listed(["a", "b", "c"], "or", "en"), "a, b or c"),
        (listed(["a", "b", "c"], "or", "zh"), "a、b或c"),
    ],
)
def test_values_are_said_as_people_write_them(shown: str, said: str) -> None:
    assert shown == said
