"""The playground by keyboard, in English and Chinese, in light and dark, on small screens."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.report.browsing import FAINT, TEXTS, open_all
from tests.serve.server import SELLER
from tests.serve.visiting import Visit, choose, settled, text

pytestmark = pytest.mark.slow

NAMELESS = """() => [...document.querySelectorAll("button, input, select, textarea")]
  .filter((each) => each.checkVisibility() && !each.textContent.trim())
  .filter((each) => ![...(each.labels ?? [])].some((label) => label.textContent.trim()))
  .map((each) => each.outerHTML)"""
HAN = re.compile(r"[\u4e00-\u9fff]")
LATIN = re.compile(r"[A-Za-z]{2}")


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(120):
        page.keyboard.press("Tab")
        if page.evaluate("(selector) => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"no way to {selector} by Tab")


def test_the_keyboard_is_enough(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    _tab_to(page, "#override-name")
    page.keyboard.type("examples/refuses-o")
    expect(page.locator("#override-name")).to_have_value(SELLER)
    expect(page.locator("#proofs h3", has_text=SELLER)).to_be_visible()
    settled(page)
    _tab_to(page, ".fill")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Decision")).to_be_focused()
    expect(page.locator("#response")).to_contain_text("refuses")
    page.locator("#usual").focus()
    _tab_to(page, "#fact-opened input")
    page.keyboard.press("ArrowRight")
    expect(page.locator("#response")).to_have_text(f"{SELLER} accepts")
    page.locator("#proof-heading").evaluate("(each) => { each.tabIndex = -1; each.focus(); }")
    _tab_to(page, "#setting-window_days")
    page.keyboard.press("ArrowRight")
    expect(text(page, "override")).to_have_value(re.compile("window_days: 8"))
    settled(page)
    expect(page.locator("#setting-window_days")).to_be_focused()


def test_everything_one_can_use_has_a_name(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    open_all(page)
    assert page.evaluate(NAMELESS) == []
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len({*ids})


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_can_be_read_on_every_screen(scheme: Any, visit: Visit) -> None:
    page = visit(color_scheme=scheme)
    choose(page, "override", SELLER)
    page.get_by_role("button", name="Fill in this case").first.click()
    expect(page.locator("#decided .problems")).to_be_visible()
    open_all(page)
    assert page.evaluate(FAINT) == []
    for width in (1280, 400, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_page_speaks_chinese(visit: Visit) -> None:
    page = visit(locale="zh-CN")
    choose(page, "override", SELLER)
    page.get_by_role("button", name="填入此情形").first.click()
    expect(page.locator("#verdict")).to_have_text("必须接受")
    assert page.title().startswith("试验台")
    expect(page.locator("html")).to_have_attribute("lang", "zh")
    page.get_by_role("button", name="全部未知").click()
    expect(page.locator("#verdict")).to_have_text("尚不确定")
    texts = page.evaluate(TEXTS)
    english = [each for each in texts if LATIN.search(each) and not HAN.search(each)]
    assert [each for each in english if not _is_name(each)] == []


def _is_name(found: str) -> bool:
    """Return whether a text is a name or value of a document, in the page's own place."""
    return bool(re.fullmatch(r"[\w/@.+:#, -]*[\w/@.]+|\(\w+\)| ?\d.*|CNY", found))


def test_the_language_changes_in_place_and_is_remembered(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    text(page, "override").press("Control+End")
    text(page, "override").press_sequentially("# mine\n")
    settled(page)
    page.get_by_role("button", name="Fill in this case").first.click()
    expect(page.locator("#response")).to_contain_text("refuses")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("#response")).to_contain_text("拒绝")
    expect(page.locator("#proving")).to_have_text("已对所有可能的情形完成证明。")
    expect(page.locator("#fact-category")).to_have_value("cosmetics")
    expect(text(page, "override")).to_have_value(re.compile("# mine\n$"))
    expect(page.locator("#setting-window_days-hint")).to_contain_text("可通过：7 至 365")
    page.get_by_role("button", name="撤销全部修改").click()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("试验台")
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Playground")
