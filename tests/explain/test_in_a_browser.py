"""Pages of prose in Chromium: they load nothing, fit, and can be read, in light and in dark."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.commands import checker
from tests.conftest import PROJECT
from tests.report.browsing import FAINT, LONGEST

REFERENCES = [
    "kuaishou/flash-purchase",
    "eu/consumer-withdrawal",
    "returns",
    "cn/no-reason-measures",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_load_nothing_fit_and_can_be_read(
    browser: Browser, tmp_path: Path, language: str, scheme: str
) -> None:
    for reference in REFERENCES:
        options = ["--lang", language, "--format", "html", "--root", PROJECT / "policy"]
        file = tmp_path / "page.html"
        file.write_text(checker("explain", reference, *options).out, encoding="utf-8")
        size = {"width": 360, "height": 740}
        page = browser.new_page(color_scheme=scheme, viewport=size)  # type: ignore[arg-type]
        page.set_default_timeout(LONGEST)
        requests: list[str] = []
        messages: list[str] = []
        page.on("request", lambda request, to=requests: to.append(request.url))
        page.on("console", lambda message, to=messages: to.append(message.text))
        page.goto(file.as_uri())
        assert requests == [file.as_uri()]
        assert messages == []
        assert page.evaluate(FAINT) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
        assert page.locator("h1").count() == 1
        assert page.locator("html").get_attribute("lang") in ("en", "zh-Hans")
        page.close()
