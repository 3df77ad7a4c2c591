"""HTML pages: places are exact, letters are right, and no page takes long."""

from __future__ import annotations

import gc
import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.exchange.schema_org import read
from checker.language.syntax.problems import UsageError

POLICY = '{"@type": "MerchantReturnPolicy", "name": "Käse", "merchantReturnDays": 14}'
SCRIPT = f'<script type="application/ld+json">{POLICY}</script>'
MICRODATA = """<div itemscope itemtype="https://schema.org/MerchantReturnPolicy">
<b itemprop="name">Käse</b><b itemprop="merchantReturnDays">14</b></div>"""


def _position_of_days(page: str) -> tuple[int, int]:
    """Return the line and column at which the days stand."""
    before = page[: page.index('"merchantReturnDays"')]
    before = before[: before.rindex("<b")] if before.endswith("itemprop=") else before
    return before.count("\n") + 1, len(before) - before.rfind("\n")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("markup", [SCRIPT, MICRODATA])
@pytest.mark.parametrize(
    "before",
    [
        "",
        "<!-- " + SCRIPT.replace('"merch', '"nerch') + " -->",
        "<p>\n\n<p title='>' data-a=\"<script>\">\n",
        SCRIPT.replace("14", "30").replace('"merch', '"nerch'),
        MICRODATA.replace('"merchantReturnDays"', '"name"'),
        "<style>\n<!-- </style>\n<title>a<b</title><textarea>" + MICRODATA[:60] + "</textarea>",
        "<script>\nlet a = '<!-- <b'; a < b\n</script>ä€🜁",
        "<iframe><p itemprop=name></iframe><xmp>" + SCRIPT.replace('"merch', '"nerch') + "</xmp>",
        "<br/><a href=x/>\n<p\n class=a\n\n",
    ],
)
def test_positions_are_exact(markup: str, before: str, end: str) -> None:
    page = f"<html><body>\n{before}>{markup}"
    document = read(page.replace("\n", end).encode(), "f.html")
    statement = next(s for each in document.stated for s in each.statements if s.value == 14)
    assert (statement.position.line, statement.position.column) == _position_of_days(page)


@pytest.mark.parametrize("markup", [SCRIPT, MICRODATA])
@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", ""),
        ("utf-8-sig", ""),
        ("utf-8", "iso-8859-1"),
        ("utf-8", "no-such-thing"),
        ("utf-16", ""),
        ("windows-1252", ""),
        ("windows-1252", "ISO-8859-1"),
        ("windows-1252", "utf-16"),
        ("windows-1252", "gbnone"),
        ("windows-1250", "windows-1250"),
    ],
)
def test_letters_are_read_whatever_is_declared(markup: str, encoding: str, declared: str) -> None:
    meta = f"<meta charset={declared}>" if declared else ""
    (stated,) = read(f"<html>{meta}{markup}".encode(encoding), "f.html").stated
    assert stated.name == ("Käse" if declared != "utf-16" else "K\ufffdse")


def test_chinese_pages() -> None:
    page = f"<meta http-equiv=Content-Type content='text/html; charset=gbk'>{SCRIPT}"
    (stated,) = read(page.replace("Käse", "退货").encode("gbk"), "f.html").stated
    assert stated.name == "退货"


@pytest.mark.parametrize(
    "raw",
    [
        b'<!DOCTYPE html [<!ENTITY a SYSTEM "file:///etc/passwd">]><html>' + SCRIPT.encode(),
        b'<?xml version="1.0" encoding="utf-16"?>\n<html xmlns="http://www.w3.org/1999/xhtml">'
        + SCRIPT.encode(),
        b"\0\x01<p>" + SCRIPT.encode(),
        SCRIPT.encode() + b"</html>" * 3,
    ],
)
def test_odd_beginnings_and_ends(raw: bytes) -> None:
    (stated,) = read(raw, "f").stated if raw[:1] == b"<" else read(raw, "f.htm").stated
    assert stated.value("window_days") == 14


def test_entities_are_not_expanded() -> None:
    declared = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(20))
    page = f'<!DOCTYPE html [<!ENTITY a0 "x">{declared}]>{MICRODATA.replace("Käse", "&a20;")}'
    (stated,) = read(page.encode(), "f.html").stated
    assert stated.name == "&a20;"


def test_a_page_of_twenty_megabytes() -> None:
    row = "<div class=row><p>Some <b>text</b> &amp; <a href='/x?y=1&z'>more</a></p></div>\n"
    items = '<span itemscope itemtype="https://schema.org/Thing"><b itemprop="name">x</b></span>\n'
    page = row * (18_000_000 // len(row)) + items * (2_000_000 // len(items)) + SCRIPT + MICRODATA
    raw = page.encode()
    assert len(raw) > 20_000_000 - 200
    started = time.process_time()
    document = read(raw, "f.html")
    assert [each.value("window_days") for each in document.stated] == [14, 14]
    lines = page.count("\n") + 1
    assert [each.statements[0].position.line for each in document.stated] == [lines - 1, lines]
    assert time.process_time() - started < 60


HOSTILE = [
    *("<", "<a", '<a b="', "<a b='\">", '<a b=">"', "<!--", "<script>", "<title>", "<div>", "&"),
    *("<p itemprop=a>", "<p id=a itemscope itemref=a>", "<p itemscope itemprop=a>", "</p>"),
    *('<script type="application/ld+json">{', '<script type="application/ld+json">{}</script>'),
    *("<!-- <script type='application/ld+json'> -->", "=", "<a =", "\t", "<![CDATA["),
]


@pytest.mark.parametrize("part", HOSTILE)
def test_no_page_takes_long(part: str) -> None:
    raw = (part * (400_000 // len(part)) + MICRODATA + SCRIPT).encode()
    started = time.process_time()
    read(raw, "f.html")
    assert time.process_time() - started < 10


@pytest.mark.parametrize("part", ["<div>", "<font>x\n", "<b><i>"])
def test_a_page_that_is_too_deep_is_not_read_in_silence(part: str) -> None:
    page = f"<html>{SCRIPT}\n{part * 100_000}{SCRIPT.replace('14', '30')}"
    document = read(page.encode(), "f.html")
    assert [each.value("window_days") for each in document.stated] == [14]
    (problem,) = document.problems
    assert problem.check == "unreadable" and problem.position.column == 1
    assert 1 < problem.position.line <= page.count("\n") + 1
    assert problem.message == "elements are nested too deeply for the page to be read to its end"


def test_a_long_script_takes_no_longer() -> None:
    graph = ",".join(f'{{"@id": "#{n}", "name": "x", "b": [{{"c": {n}}}]}}' for n in range(50_000))
    page = f'<script type="application/ld+json">{{"@graph": [{graph}, {POLICY}]}}</script>'
    started = time.process_time()
    (stated,) = read(page.encode(), "f.html").stated
    assert stated.statements[0].position.column == page.index('"merchantReturnDays"') + 1
    assert time.process_time() - started < 20


PARTS = st.sampled_from(
    [
        *HOSTILE,
        *(SCRIPT, MICRODATA, POLICY, "</div>", "</script>", "-->", "]]>", '"', "'", ">", " ", "x"),
        *('<link itemprop="returnFees" href="https://schema.org/FreeReturn">', "<table><tr>"),
        '<p itemprop="hasMerchantReturnPolicy" itemscope itemid="#a" itemref="a b" id=b>',
        '<html itemscope itemtype="https://schema.org/Product">',
    ]
)


@given(st.lists(PARTS))
def test_any_markup_is_read(parts: list[Any]) -> None:
    read("".join(parts).encode(), "f.html")


def test_without_lxml_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "checker.exchange.schema_org.pages", raising=False)
    monkeypatch.delitem(sys.modules, "checker.exchange.schema_org.microdata", raising=False)
    monkeypatch.setitem(sys.modules, "lxml", None)
    assert read(POLICY.encode(), "f.json").stated
    with pytest.raises(UsageError, match=r"f\.html: `lxml` is not installed"):
        read(SCRIPT.encode(), "f.html")


@pytest.mark.parametrize("markup", [SCRIPT, MICRODATA])
def test_the_memory_of_a_page_is_free_once_it_is_read(markup: str) -> None:
    gc.collect()
    gc.disable()  # which many pages must not wait for
    try:
        read(f"<html><body>{markup}".encode(), "f.html")
        assert not [each for each in gc.get_objects() if type(each).__name__ == "Page"]
    finally:
        gc.enable()
