"""The auditor's page in a browser: what it shows, and getting about in it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from checker.report.audit_page.formatting import bucket, number, percent, visible
from checker.report.audit_page.page import audit_page
from tests.report import pages
from tests.report.browsing import AUDITS, Visit, seen


def names_in(page: Page) -> list[str]:
    return page.locator("#table tbody th").all_text_contents()


# what it shows


def test_an_audit_of_returns_is_shown(visit: Visit) -> None:
    summary, rows, _ = audit = pages.returns()
    page = visit(audit)
    assert page.title() == "Audit of returns"
    findings, accepted = number(summary["findings"]), number(summary["rows"]["accepted"])
    assert seen(page.locator(".lede")) == [
        f"{findings} findings in {accepted} returns of 120 sellers."
    ]
    about = page.locator("#about").inner_text()
    assert f"{number(summary['rows']['read'])} read = {accepted} accepted + 10 refused" in about
    assert "kuaishou/flash-purchase@2.0.0" in about
    page.get_by_text("Documents, with their digests").first.click()
    assert pages.DOCUMENTS[0]["sha256"] in page.locator("#about").inner_text()
    assert seen(page.locator("#by-check tbody tr")) == [
        "Rejected, though owed 40 214",
        "Late: reviewing the request review_within 20 107",
        "Overdue: reviewing the request review_within 10 53",
        "Rejected on grounds that do not hold 5 26",
        "Rejected without a reason 2 13",
        "Late: refund after the goods came back refund_within 1 6",
    ]
    assert "A return may be requested within 7 days" in page.locator("#by-clause").inner_text()
    assert (
        seen(page.locator("#refusals tbody tr"))[0]
        == "fact amount: 12.345 has more than two places 7"
    )
    assert "Wrongful rejection rate" in page.locator("#metrics").inner_text()
    assert seen(page.locator("#ladder tbody tr")) == ["banned from selling banned 6", "warned 33"]
    worst = page.locator("#worst tbody th").all_text_contents()
    assert worst == [row["seller"] for row in rows[:10]]


def test_times_taken_are_drawn_with_their_limits_and_told_in_a_table(visit: Visit) -> None:
    summary, *_ = audit = pages.returns()
    page = visit(audit)
    figures = page.locator("#terms figure")
    assert figures.count() == len(summary["terms"])
    for figure, term in zip(figures.all(), summary["terms"], strict=True):
        drawn = [each for each in term["taken"] if each["deadlines"]]
        assert figure.locator("rect.taken").count() == len(drawn)
        assert figure.locator("line.limit").count() == (len(term["limits"]) if drawn else 0)
        if not drawn:
            assert "No deadline has come to its end yet." in figure.inner_text()
            continue
        figure.get_by_text("The same as a table").click()
        table = figure.locator("table").last
        assert table.locator("tbody tr").count() == len(term["taken"])
        assert seen(table.locator("tbody tr").last)[0].startswith(bucket(term["taken"][-1])[0])


def test_an_audit_of_settings_is_shown(visit: Visit) -> None:
    page = visit(pages.settings())
    assert page.title() == "Audit of sellers' settings"
    failure = page.locator("#failures article").first.inner_text()
    assert "window_days: {at_least: 7}" in failure
    assert "Found at 12 sellers, such as shop-1." in failure
    assert "days_since_completion" in failure
    first = seen(page.locator("#table tbody tr"))[0]
    assert first.startswith("shop-1 no Rejects what is owed Term worse than required window_days")
    page.locator("#table").get_by_role("link", name="shop-1", exact=True).click()
    expect(page.locator("#view-heading")).to_have_text("shop-1")
    cases = page.locator("#cases").inner_text()
    assert "settings.window_days rejects a return that must be accepted." in cases
    assert "terms.review_within is worse for the buyer" in cases
    assert "This is Failure 2." in cases


@pytest.mark.parametrize("audit", AUDITS)
def test_an_audit_that_found_nothing_is_shown(audit: str, visit: Visit) -> None:
    summary = AUDITS[audit]()[0]
    emptied = {name: [] for name, value in summary.items() if isinstance(value, list)}
    summary |= {**emptied, "findings": 0, "sellers": 0}
    summary.pop("window", None)
    summary.pop("ladder", None)
    page = visit((summary, [], {}))
    assert "0 findings in" in page.locator(".lede").inner_text()
    assert "No seller matches." in page.locator("#shown").inner_text()


def test_numbers_are_written_alike_by_page_and_script(visit: Visit) -> None:
    audit = _, rows, _ = pages.returns(40)
    page = visit(audit)
    cells = [seen(row.locator("td")) for row in page.locator("#table tbody tr").all()]
    expected = [
        [
            *(number(row[name]) for name in ("findings", "requests", "accepted", "rejected")),
            *(percent(row[name]) for name in ("rejection_rate", "on_time_rate")),
        ]
        for row in rows
    ]
    assert [[*each[1:5], each[11], each[13]] for each in cells] == expected


def test_a_case_says_what_was_found_by_which_clause_on_which_facts(visit: Visit) -> None:
    page = visit(pages.returns(), "#seller=shop-11")
    cases = seen(page.locator("article"))
    assert "must be accepted; it is owed by no-reason-return, quality-return." in cases[0]
    assert "The seller cites used-or-damaged, window-passed." in cases[0]
    assert "By kuaishou/flash-purchase-article#B2 — A return may be requested" in cases[0]
    assert "required: must accept · response: rejected" in cases[0]
    assert "It took 3 d 15 min; the limit is 2 d." in cases[1]
    assert "It has not come after 3 d 15 min; the limit is 2 d." in cases[2]
    assert "none of the grounds cited holds: used-or-damaged, window-passed." in cases[3]
    assert "gave no reason" in cases[4]
    facts = seen(page.locator("article").first.locator(".facts tr"))
    assert facts[0] == "request_type return_refund"
    assert "opened true" in facts
    assert len(facts) == len(pages.FACTS) - 1, "an absent fact is left out"
    assert "6 of 90 findings." in page.locator("#cases").inner_text()


# names are only ever text


@pytest.mark.parametrize("audit", AUDITS)
def test_hostile_names_are_shown_as_text_and_run_nothing(audit: str, visit: Visit) -> None:
    summary, rows, cases = AUDITS[audit](len(pages.HOSTILE), pages.HOSTILE)
    bad = pages.HOSTILE[1]
    summary |= {"source": bad, "engine": bad, "checker": bad, "policies": [bad]}
    summary["refusals"] = [{"reason": f"fact `{bad}`: {bad}", "rows": 1}]
    summary["clauses"] = [{"clause": bad, "gist": {"en": bad, "zh": bad}, "findings": 1}]
    kept = {"seller", "check", "verdict", "response", "counterexample"}
    for row in (row for found in cases.values() for row in found):
        texts = {name for name in row if isinstance(row[name], str)}
        row.update(dict.fromkeys(texts - kept, bad))
    page = visit((summary, rows, cases))
    written = [visible(name.encode("utf-8", "replace").decode()) for name in pages.HOSTILE]
    written[pages.HOSTILE.index("  ")] = '"  "'
    assert sorted(names_in(page)) == sorted(written)
    assert page.locator("#about dd").first.text_content() == bad
    for name in written:
        page.locator("#table tbody a").nth(names_in(page).index(name)).click()
        expect(page.locator("#view-heading bdi")).to_have_text(name)
        assert page.locator("#view-heading").text_content() == name
        assert page.locator("#record div").count() > 0
        page.go_back()
        expect(page.locator("#overview")).to_be_visible()
    assert page.evaluate("window.hacked") is None
    assert page.locator("script").count() == 2
    assert page.locator("img, iframe, object, [onerror], [onmouseover]").count() == 0
    assert page.locator("a:not([href^='#'])").count() == 0


def test_the_page_refers_to_nothing_outside() -> None:
    html = audit_page(*pages.returns())
    assert re.findall(r'(?:src|href)="(?!#)[^"]*"', html) == []
    assert "://" not in html
    assert "default-src 'none'" in html
    assert "unsafe" not in html


# the table of sellers


def test_ten_thousand_sellers_are_searched_sorted_and_paged(visit: Visit) -> None:
    summary, rows, cases = pages.returns(10_000)
    summary["sellers"] = 123_456
    page = visit((summary, rows, cases))
    assert "the 10,000 worst of 123,456 sellers" in page.locator("#sellers").inner_text()
    shown = page.locator("#shown")
    assert seen(shown) == ["1–50 of 10,000 sellers"]
    assert names_in(page) == [row["seller"] for row in rows[:50]]

    page.locator("#next").click()
    assert seen(shown) == ["51–100 of 10,000 sellers"]
    page.locator("#last").click()
    assert seen(page.locator("#page")) == ["Page 200 of 200"]
    assert names_in(page) == [row["seller"] for row in rows[-50:]]
    page.locator("#next").click(force=True)  # there is none, but it keeps the focus
    assert page.locator("#next").get_attribute("aria-disabled") == "true"
    assert seen(page.locator("#page")) == ["Page 200 of 200"]

    heads = page.locator("#table thead th")
    heads.nth(3).get_by_role("button").click()
    most = sorted(rows, key=lambda row: -row["requests"])[:50]
    assert names_in(page) == [row["seller"] for row in most]
    assert heads.nth(3).get_attribute("aria-sort") == "descending"
    heads.nth(3).get_by_role("button").click()
    least = sorted(rows, key=lambda row: row["requests"])[:50]
    assert names_in(page) == [row["seller"] for row in least]
    assert heads.nth(3).get_attribute("aria-sort") == "ascending"
    heads.nth(3).get_by_role("button").click()
    assert names_in(page) == [row["seller"] for row in rows[:50]], "worst first again"
    assert heads.nth(3).get_attribute("aria-sort") == "none"

    page.locator("#search").fill("SHOP-99")
    found = [row["seller"] for row in rows if "shop-99" in row["seller"]]
    assert seen(shown) == [f"1–50 of {len(found)} sellers"]
    assert names_in(page) == found[:50]
    page.locator("#search").fill("shop-9999")
    assert names_in(page) == ["shop-9999"]
    assert seen(shown) == ["1–1 of 1 seller"]
    page.locator("#search").fill("nobody")
    assert seen(shown) == ["No seller matches."]


@pytest.mark.parametrize("audit", AUDITS)
def test_every_column_sorts_both_ways_with_absent_values_last(audit: str, visit: Visit) -> None:
    page = visit(AUDITS[audit](45))
    for head in page.locator("#table thead th").all():
        column = head.evaluate("head => head.cellIndex")
        orders = []
        for _ in range(2):
            head.get_by_role("button").click()
            cells = page.locator(f"#table tbody tr > :nth-child({column + 1})")
            orders.append(cells.all_text_contents())
        stated = [[each for each in order if each != "–"] for order in orders]
        assert stated[0] == stated[1][::-1]
        assert all(order[: len(some)] == some for order, some in zip(orders, stated, strict=True))


def test_rungs_sort_in_the_order_of_the_ladder(visit: Visit) -> None:
    page = visit(pages.returns())
    page.locator("#table thead th").nth(1).get_by_role("button").click()
    rungs = seen(page.locator("#table tbody td:nth-child(2)"))
    assert rungs == sorted(rungs, key=["banned from selling", "warned", "–"].index)
    assert rungs[0] == "banned from selling"


# getting about


def test_the_keyboard_alone_is_enough(visit: Visit) -> None:
    _, rows, _ = audit = pages.returns(30)
    page = visit(audit)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    tab_until(page, "document.activeElement.id === 'search'")
    page.keyboard.type(rows[4]["seller"])
    name = f"document.activeElement.textContent === {rows[4]['seller']!r}"
    tab_until(page, f"{name} && document.activeElement.closest('#table')")
    page.keyboard.press("Enter")
    heading = page.locator("#view-heading")
    expect(heading).to_be_focused()
    assert heading.text_content() == rows[4]["seller"]
    assert not page.locator("#overview").is_visible()
    page.go_back()
    expect(page.locator("#table").get_by_role("link")).to_be_focused()
    assert page.evaluate(name)
    assert page.locator("#search").input_value() == rows[4]["seller"]
    page.go_forward()
    expect(heading).to_be_focused()
    tab_until(page, "document.activeElement.id === 'back'", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#overview")).to_be_visible()


def tab_until(page: Page, condition: str, key: str = "Tab") -> None:
    """Press Tab until the condition holds; whatever has the focus on the way shows it."""
    for _ in range(60):
        page.keyboard.press(key)
        style = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert style != "none", page.evaluate("document.activeElement.outerHTML")
        if page.evaluate(condition):
            return
    raise AssertionError(f"never: {condition}")


@pytest.mark.parametrize("fragment", ["#seller=nobody", "#seller=%ff%", "#seller=", "#seller=%3Cb"])
def test_an_address_of_no_seller_says_so(fragment: str, visit: Visit) -> None:
    page = visit(pages.returns(), fragment)
    assert seen(page.locator("#view-heading")) == ["No such seller on this page"]
    page.locator("#back").click()
    expect(page.locator("#sellers")).to_be_visible()


def test_without_a_script_the_findings_are_there(visit: Visit) -> None:
    page = visit(pages.returns(), java_script_enabled=False)
    assert page.locator("#terms svg").first.is_visible()
    assert page.locator("#worst tbody tr").count() == 10
    assert page.locator("noscript p").is_visible()
    assert not page.locator("#search").is_visible()
    assert not page.locator("#language").is_visible()
