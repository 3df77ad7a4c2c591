"""What documents say is text in the page, and nobody else's page can use the playground."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.report.browsing import LONGEST
from tests.serve.server import SELLER, Server, served
from tests.serve.visiting import Visit, choose, text

HOSTILE = Path(__file__).parent / "hostile"
ELSEWHERE = "http://elsewhere.example/"


@pytest.fixture(scope="module")
def hostile() -> Iterator[Server]:
    """Give a server of hostile documents; what is asked of it ends before it does."""
    with served(roots=(HOSTILE,)) as running:
        yield running


def test_what_documents_say_is_text(hostile: Server, visit: Visit) -> None:
    page = visit(hostile)
    choose(page, "override", "hostile/override@1.0.0")
    expect(page.get_by_text("<img src=x onerror=alert(1)>")).to_be_visible()
    expect(page.get_by_text("<script>alert(2)</script>")).to_be_visible()
    expect(page.get_by_text("<svg onload=alert(6)>")).to_be_visible()
    failure = page.locator("#proofs li", has_text="category: <b>bold</b>").first
    failure.get_by_role("button", name="Fill in this case").click()
    expect(page.locator("#fact-category")).to_have_value("<b>bold</b>")
    owed = page.locator("#decided", has_text=r"\u202e<style>*{display:none}</style>")
    expect(owed).to_be_visible()
    made = page.evaluate("document.querySelectorAll('img, svg, script, style, h1 h1').length")
    assert made == 1, "the page's own script, and nothing that a document says"
    page.get_by_role("button", name="中文").click()
    expect(page.get_by_text("</label><h1>标题</h1>")).to_be_visible()


def test_members_of_a_set_stay_where_the_proof_says(hostile: Server, visit: Visit) -> None:
    page = visit(hostile)
    choose(page, "override", "hostile/override@1.0.0")
    members = page.get_by_role("group", name="kinds").get_by_role("checkbox")
    expect(members).to_have_count(4)
    must = page.get_by_role("checkbox", name="must be there")
    expect(must).to_be_checked()
    expect(must).to_be_disabled()
    page.get_by_role("checkbox", name="<b>bold</b>").check()
    expect(text(page, "override")).to_have_value(re.compile(r'kinds: \["<b>bold</b>", plain\]'))


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    with browser.new_context() as made:
        made.set_default_timeout(LONGEST)
        yield made


@pytest.mark.parametrize(
    "attempt",
    [
        "document.body.innerHTML = '<b>x</b>'",
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))",
        "setTimeout('1')",
        "new Worker('data:text/javascript,1')",
        f"fetch('{ELSEWHERE}')",
    ],
)
def test_the_browser_lets_nothing_in(attempt: str, context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.goto(server.url)
    tried = f"() => Promise.resolve().then(() => {attempt}).then(() => 'done', (e) => e.name)"
    assert page.evaluate(tried) == "TypeError"


def test_another_site_can_neither_ask_nor_frame(context: BrowserContext, server: Server) -> None:
    context.route(
        f"{ELSEWHERE}**",
        lambda route: route.fulfill(
            content_type="text/html", body=f"<iframe src='{server.url}'></iframe>"
        ),
    )
    page = context.new_page()
    answers: list[int] = []
    page.on("response", lambda each: answers.append(each.status) if server.url in each.url else 0)
    page.goto(ELSEWHERE)
    assert page.frames[1].locator("#main").count() == 0
    for options in ("{}", "{mode: 'no-cors'}", "{mode: 'no-cors', method: 'POST', body: '{}'}"):
        asked = (
            f"fetch('{server.url}api/documents', {options}).then((a) => a.text(), (e) => e.name)"
        )
        assert page.evaluate(asked) in ("", "TypeError")
    assert 200 not in answers[1:], "the frame is sent, and not shown"


def test_a_tab_with_edits_asks_before_it_closes(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto(server.url)
    choose(page, "override", SELLER)
    page.reload()
    assert asked == []
    choose(page, "override", SELLER)
    text(page, "override").press("Control+End")
    text(page, "override").press_sequentially("#")
    page.reload()
    assert asked == ["beforeunload"]
