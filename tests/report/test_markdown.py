"""Words inside Markdown: GitHub's own reader shows them as they are, and makes nothing of them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import cmarkgfm
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from checker.report.markdown_escape import NOTHING, code, fenced, table, visible, words

HOSTILE = [
    "`a` | b",
    "``",
    "`",
    "a\\|b",
    "a\\\\|b\\",
    "|\n| --- |\n| x |",
    "@someone, see #12 and GH-7",
    "<img src=x onerror=alert(1)><!-- ",
    "&lt;b&gt; &amp;",
    "[text](https://example.org) ![x](y)",
    "https://example.org www.example.org a@example.org ftp://x.y mailto:a@example.org",
    "# heading",
    "- item",
    "12. item",
    "=====",
    "> quoted",
    "    indented",
    "~~~\n```\nx",
    "***bold*** __b__ ~~s~~ $x$",
    "\x1b[31m\u202ered\ud800",
    "全角\u3000空格",
]
texts = st.text(st.sampled_from("ab1 `|\\*_<>&#@[]()!~-+=.:/\n\x00") | st.characters()) | st.one_of(
    *map(st.just, HOSTILE)
)


class Page(HTMLParser):
    """What a reader sees: the tags, and the text of each cell or paragraph."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.texts: list[str] = []
        self.called: list[str] = []  # text outside of code, where GitHub looks for names
        self.inside: list[str] = []
        self.feed(cmarkgfm.github_flavored_markdown_to_html(source))
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)
        self.inside.append(tag)
        if tag in ("p", "td", "th", "pre"):
            self.texts.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside.pop()

    def handle_data(self, data: str) -> None:
        if self.texts and {"p", "td", "th", "pre"} & {*self.inside}:
            self.texts[-1] += data
            if "code" not in self.inside:
                self.called.append(data)


def calls(page: Page) -> list[str]:
    """Return what GitHub would take for a name or an issue."""
    return re.findall(r"@\w|#\d|\bGH-\d", " ".join(page.called), re.IGNORECASE)


def seen(text: str) -> str:
    """Return a message as it is to be read: backticks that come in pairs are not."""
    parts = visible(text).strip().split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(part or '""' if at % 2 else part for at, part in enumerate(parts))


@given(texts)
def test_a_code_span_shows_its_text(text: str) -> None:
    page = Page(f"x {code(text)} y")
    assert page.tags == ["p", "code"]
    assert page.texts[0] == f"x {visible(text) or chr(34) * 2} y"


@given(texts)
@example("a `b``c``` d")
def test_words_are_shown_and_mean_nothing(text: str) -> None:
    page = Page(words(text))
    assert {*page.tags} <= {"p", "code"}
    assert "".join(page.texts).replace(NOTHING, "") == seen(text)
    assert not calls(page)


@given(st.lists(st.lists(texts, min_size=3, max_size=3), max_size=4))
def test_a_table_keeps_its_columns(rows: list[list[str]]) -> None:
    cells = [[code(one), words(two), code(three)] for one, two, three in rows]
    page = Page("\n".join(table(["a", "b", "c"], cells)))
    assert {*page.tags} <= {"table", "thead", "tbody", "tr", "th", "td", "code"}
    assert page.texts[:3] == ["a", "b", "c"]
    assert len(page.texts) == 3 * (len(rows) + 1)
    for at, (one, two, three) in enumerate(rows, 1):
        wanted = [visible(one) or '""', seen(two), visible(three) or '""']
        shown = [text.replace(NOTHING, "") for text in page.texts[3 * at : 3 * at + 3]]
        assert shown == [text.replace("\\|", "\\ |") for text in wanted]
    assert not calls(page)


@given(texts)
def test_a_block_of_code_is_one(text: str) -> None:
    block = f"a: 1\n{text}".encode(errors="replace").decode().replace("\0", "").replace("\r", "")
    page = Page(fenced(block, "yaml"))
    assert page.tags == ["pre", "code"]
    assert page.texts == [block.rstrip() + "\n"]


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        (
            "refuses what `a|b` requires, as of 2024-09-01",
            "refuses what `a|b` requires, as of 2024-09-01",
        ),
        ("1. x", "1\\. x"),
        ("found `[`, see @me", f"found `[`, see @{NOTHING}me"),
    ],
)
def test_plain_words_stay_legible(message: str, shown: str) -> None:
    assert words(message) == shown
