"""The playground opened in Chromium and watched."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.report.browsing import LONGEST
from tests.serve.server import Server

EXPECTED = tuple(  # of a request that is refused, and of a server that has ended
    f"Failed to load resource: {why}"
    for why in (
        "the server responded with a status of 4",
        "net::ERR_CONNECTION_",
        "net::ERR_EMPTY_RESPONSE",
    )
)
Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, server: Server) -> Iterator[Visit]:
    """Open the page; in the end nothing may have gone wrong, or to another address."""
    trouble: list[str] = []
    asked: list[tuple[str, str]] = []
    contexts = []

    def opened(at: Server = server, **options: Any) -> Page:
        contexts.append(browser.new_context(**{"locale": "en-US", **options}))
        page = contexts[-1].new_page()
        page.set_default_timeout(LONGEST)
        page.on("console", lambda message: trouble.append(message.text))
        page.on("pageerror", lambda error: trouble.append(str(error)))
        page.on("dialog", lambda dialog: (trouble.append("dialog"), dialog.dismiss()))
        page.on("request", lambda request: asked.append((at.url, request.url)))
        page.goto(at.url)
        settled(page)
        return page

    yield opened
    for context in contexts:
        context.close()
    wrong = [each for each in trouble if not each.startswith(EXPECTED)]
    assert not wrong, f"the page said what it should not: {wrong}"
    away = [url for site, url in asked if not url.startswith(site)]
    assert not away, f"the page asks its own server, and no other: {away}"


def settled(page: Page) -> None:
    """Wait until nothing is being proved."""
    expect(page.locator("#proof")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#limiting")).to_be_empty()


def choose(page: Page, kind: str, name: str) -> None:
    """Choose a document, and wait until it is proved."""
    page.select_option(f"#{kind}-name", name)
    expect(page.locator("#proofs h3", has_text=f"{name} ").first).to_be_visible()
    settled(page)


def text(page: Page, kind: str) -> Locator:
    return page.locator(f"#{kind}-text")


def edit(page: Page, kind: str, old: str, new: str) -> None:
    """Put something else into a text, and wait until that is proved."""
    found = text(page, kind).input_value()
    assert old in found
    text(page, kind).fill(found.replace(old, new))
    settled(page)
