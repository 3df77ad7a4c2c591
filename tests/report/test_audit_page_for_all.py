"""The auditor's page for all: two languages, light and dark, any width, paper, no sight."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest

from tests.report import pages
from tests.report.browsing import AUDITS, FAINT, TEXTS, VIEWS, Visit, open_all, seen


@pytest.mark.parametrize(("audit", "fragment"), VIEWS)
def test_every_word_is_there_in_both_languages(audit: str, fragment: str, visit: Visit) -> None:
    page = visit(AUDITS[audit](), fragment)
    open_all(page)
    english = {each for each in page.evaluate(TEXTS) if re.search("[A-Za-z]", each)}
    assert not any(re.search("[\u4e00-\u9fff]", each) for each in english)
    page.locator("#language").click()
    chinese = {each for each in page.evaluate(TEXTS) if re.search("[A-Za-z\u4e00-\u9fff]", each)}
    assert page.locator("html").get_attribute("lang") == "zh"
    assert english & chinese == set()
    assert [each for each in chinese if not re.search("[\u4e00-\u9fff]", each)] == []
    assert re.search("[\u4e00-\u9fff]", page.title())
    hidden_words = "[aria-label], [placeholder], [alt], [title], svg title"
    assert page.locator(hidden_words).count() == 0, "words in attributes have one language"
    page.locator("#language").click()
    assert {each for each in page.evaluate(TEXTS) if re.search("[A-Za-z]", each)} == english


def test_the_browser_s_language_is_spoken_first_and_the_choice_remembered(visit: Visit) -> None:
    page = visit(pages.settings(), locale="zh-CN")
    assert page.locator("html").get_attribute("lang") == "zh"
    assert seen(page.locator("h1")) == ["商家设置审计"]
    page.locator("#language").click()
    assert seen(page.locator("h1")) == ["Audit of sellers' settings"]
    page.reload()
    assert seen(page.locator("h1")) == ["Audit of sellers' settings"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("audit", "fragment"), VIEWS)
def test_all_can_be_read_in_light_and_dark(
    audit: str, fragment: str, scheme: str, visit: Visit
) -> None:
    page = visit(AUDITS[audit](), fragment, color_scheme=scheme)
    open_all(page)
    assert page.evaluate(FAINT) == []
    paper = {"light": "rgb(252, 251, 248)", "dark": "rgb(22, 24, 26)"}[scheme]
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == paper


@pytest.mark.parametrize("width", [320, 375, 768, 1280])
@pytest.mark.parametrize(("audit", "fragment"), VIEWS)
def test_no_width_makes_the_page_scroll_sideways(
    audit: str, fragment: str, width: int, visit: Visit
) -> None:
    summary, rows, cases = AUDITS[audit]()
    summary["source"] = "a" * 500
    page = visit((summary, rows, cases), fragment, viewport={"width": width, "height": 800})
    open_all(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_all_sections_no_controls_and_light_colours(visit: Visit) -> None:
    page = visit(pages.returns(), color_scheme="dark")
    page.emulate_media(media="print")
    for name in ("#language", "#search", "#next", ".skip", "nav", "footer"):
        assert not page.locator(name).first.is_visible(), name
    sections = ["about", "totals", "by-check", "by-clause", "refusals", "metrics", "ladder"]
    for name in (*sections, "terms", "worst", "sellers"):
        assert page.locator(f"#{name}").is_visible(), name
    assert page.locator("#table tbody tr").count() == 50
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(31, 33, 36)"
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.get_by_text(pages.DOCUMENTS[0]["sha256"]).is_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


@pytest.mark.parametrize(("audit", "fragment"), VIEWS)
def test_those_who_do_not_see_it_find_their_way(audit: str, fragment: str, visit: Visit) -> None:
    page = visit(AUDITS[audit](), fragment)
    open_all(page)
    assert page.locator("html").get_attribute("lang") == "en"
    for role in ("banner", "main", "contentinfo"):
        assert page.get_by_role(role).count() == 1
    assert page.locator("h1").count() == 1
    levels = page.evaluate(
        "[...document.querySelectorAll('h1, h2, h3, h4')].filter((each) => each.checkVisibility())"
        ".map((each) => Number(each.tagName[1]))"
    )
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert page.evaluate("[...document.querySelectorAll('input')].every((each) => each.labels[0])")
    assert page.evaluate("[...document.querySelectorAll('table')].every((each) => each.caption)")
    assert page.locator("[tabindex]:not([tabindex='0'], [tabindex='-1'])").count() == 0
    assert page.locator("#shown[role=status]").count() == 1
    assert page.locator("svg:not([aria-hidden], [aria-labelledby])").count() == 0
    named = "[...document.querySelectorAll('[aria-labelledby]')].map((each) => "
    named += "document.getElementById(each.getAttribute('aria-labelledby'))?.textContent)"
    labels = page.evaluate(f"{named}.concat({named.replace('[aria', 'section[aria')})")
    assert None not in labels
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))
