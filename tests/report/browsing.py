"""What the browser tests share: pages opened and watched, and what they are asked."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from checker.report.audit_page.page import audit_page
from tests.report import pages
from tests.servers import Missing, needed
from tests.waiting import HANGS

ARGUMENTS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
LONGEST = 1000 * HANGS  # milliseconds
AUDITS = {"returns": pages.returns, "settings": pages.settings}
VIEWS = [("returns", ""), ("returns", "#seller=shop-11"), ("settings", "#seller=shop-1")]


# The texts that are seen and are the page's own: not names, not the switch of languages.
TEXTS = """() => {
  const texts = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const parent = node.parentElement;
    const own = !parent.closest("[translate=no], .switch, script, noscript");
    if (own && node.data.trim() && parent.checkVisibility()) texts.push(node.data.trim());
  }
  return texts;
}"""
# What can be read less well than 4.5 to 1, or 3 to 1 where it is large or no text.
FAINT = """() => {
  const levels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => [r, g, b].map((each) => each / 255)
    .map((each) => (each <= 0.04045 ? each / 12.92 : ((each + 0.055) / 1.055) ** 2.4))
    .reduce((sum, each, at) => sum + each * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = levels(getComputedStyle(each).backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return colour;
    }
    return [255, 255, 255];
  };
  const ratio = (colour, element) => {
    const [low, high] = [light(levels(colour)), light(behind(element))].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };
  const faint = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement, style = getComputedStyle(element);
    if (!node.data.trim() || !element.checkVisibility()) continue;
    const size = parseFloat(style.fontSize), bold = Number(style.fontWeight) >= 700;
    const least = size >= 24 || (bold && size >= 18.66) ? 3 : 4.5;
    const found = ratio(element.closest("svg") ? style.fill : style.color, element);
    if (found < least) faint.push(`${found.toFixed(2)}: ${node.data.trim()}`);
  }
  for (const each of document.querySelectorAll("svg rect, svg line.limit, input")) {
    const { tagName } = each, style = getComputedStyle(each);
    const colour = { rect: style.fill, line: style.stroke, INPUT: style.borderTopColor }[tagName];
    if (each.checkVisibility() && ratio(colour, each) < 3) faint.push(`${tagName}: ${colour}`);
  }
  return faint;
}"""


Visit = Callable[..., Page]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give Debian's Chromium; Missing where it is not installed."""
    program = shutil.which("chromium")
    if program is None:
        raise Missing("Chromium", "`apt-get install chromium fonts-noto-cjk`")
    expect.set_options(timeout=LONGEST)
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=program, args=ARGUMENTS, timeout=LONGEST
        )
        yield started
        started.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with needed(chromium()) as started:
        yield started


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Visit]:
    """Open a page of an audit; in the end nothing may have gone wrong, or to the network."""
    trouble: list[str] = []
    asked: list[str] = []
    files: set[str] = set()
    contexts = []

    def opened(audit: tuple[Any, Any, Any], fragment: str = "", **options: Any) -> Page:
        file = tmp_path / f"report-{len(contexts)}.html"
        file.write_text(audit_page(*audit), encoding="utf-8")
        contexts.append(browser.new_context(**{"locale": "en-US", **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONGEST)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: asked.append(request.url.partition("#")[0]))
        page.goto(file.as_uri() + fragment)
        files.add(file.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
    assert trouble == []
    assert set(asked) == files, "the page asks for itself, and for nothing else"


def seen(found: Locator) -> list[str]:
    """Return the texts as they are seen, blanks evened out."""
    return [" ".join(each.split()) for each in found.all_inner_texts()]


def open_all(page: Page) -> None:
    page.evaluate("document.querySelectorAll('details').forEach((each) => (each.open = true))")
