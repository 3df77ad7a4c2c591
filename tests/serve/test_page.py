"""The playground in a browser: texts edited, cases decided and proved, sliders with their stops."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.serve.server import POLICY, SELLER, Server, served
from tests.serve.visiting import Visit, choose, edit, settled, text

pytestmark = pytest.mark.slow

REFUSES = "    respond: reject\n    cites: [not-resaleable]\n"
NUMBERS = ("integer", "duration", "money")
LAW = "eu/consumer-withdrawal@1.0.0"
# the first request for a document of each kind waits until `held` releases it
HOLD_DOCUMENTS = """() => {
  const send = window.fetch;
  window.held = {};
  window.fetch = async (url, options) => {
    const kind = url.match(/document\\?kind=(\\w+)/)?.[1];
    if (kind && !(kind in held)) await new Promise((release) => (held[kind] = release));
    return send(url, options);
  };
}"""
GENEROUS = "sellers/generous-shop@1.0.0"


def test_the_page_opens_with_a_seller_and_its_policy(visit: Visit) -> None:
    page = visit()
    expect(page.get_by_role("heading", level=2)).to_have_text(
        ["Policy", "Override", "Proof", "Settings", "A case", "Decision"]
    )
    expect(page.locator("#policy-name")).to_have_value(POLICY)
    expect(text(page, "override")).to_have_value(re.compile("^kind: override$", re.MULTILINE))
    expect(page.locator("#verdict")).to_have_text("must be accepted")
    expect(page.locator("#proofs article.holds")).to_have_count(2)


def test_the_counterexample_is_filled_into_the_form(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    failure = page.locator("#proofs article.fails li").first
    expect(failure.locator(".example code")).to_have_text(["category: cosmetics", "opened: true"])
    expect(page.locator("#response")).to_have_text(f"{SELLER} accepts")
    failure.get_by_role("button", name="Fill in this case").click()
    expect(page.get_by_role("heading", name="Decision")).to_be_focused()
    expect(page.locator("#fact-category")).to_have_value("cosmetics")
    expect(page.get_by_role("group", name="opened").get_by_label("yes")).to_be_checked()
    expect(page.get_by_label("Versions in force on")).to_have_value("2024-09-01")
    expect(page.locator("#verdict")).to_have_text("must be accepted")
    expect(page.locator("#response")).to_contain_text("refuses, by the rule opened-is-final")
    shown = page.locator("#decided .problems span.error")
    expect(shown).to_have_text("refuses a return that must be accepted rejects-required-return")
    edit(page, "override", REFUSES, "    respond: follow\n")
    expect(page.locator("#proofs article.holds")).to_have_count(2)
    expect(page.locator("#response")).to_have_text(f"{SELLER} accepts, by the rule opened-is-final")
    expect(page.locator("#decided .problems")).to_have_count(0)


def test_an_edit_of_the_policy_is_proved_against_the_law(visit: Visit) -> None:
    page = visit()
    edit(page, "policy", "default: 7", "default: 2")
    finding = page.locator("#proofs article.fails li", has_text="gives less than what it upholds")
    expect(finding.first).to_be_visible()
    expect(page.locator("#setting-window_days-hint")).to_contain_text("passes: 7 to 365")


def test_what_is_mistaken_is_said_where_it_is(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    before = text(page, "override").input_value()
    edit(page, "override", "respond: reject", "respond: rejct")
    problem = page.locator("#override-problems li")
    expect(problem.first).to_contain_text("line 12 found rejct, expected one of follow")
    expect(text(page, "override")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#proving")).to_have_text("Proofs wait for documents without mistakes.")
    expect(page.locator("#proofs article")).to_have_count(0)
    expect(page.locator("#decided")).to_contain_text("This case can't be decided")
    page.get_by_role("button", name="line 12").click()
    chosen = "([from, to]) => document.activeElement.value.slice(from, to)"
    ends = page.evaluate(
        "[document.activeElement.selectionStart, document.activeElement.selectionEnd]"
    )
    assert page.evaluate(chosen, ends) == "rejct"
    page.get_by_role("button", name="Undo all edits").click()
    expect(text(page, "override")).to_have_value(before)
    expect(text(page, "override")).to_be_focused()
    settled(page)
    expect(problem).to_have_text("No mistakes.")


def test_what_is_edited_is_still_there_when_one_comes_back(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    edit(page, "override", "otherwise: follow", "otherwise: manual")
    choose(page, "override", GENEROUS)
    expect(page.get_by_role("button", name="Undo all edits")).to_have_count(0)
    choose(page, "override", SELLER)
    expect(text(page, "override")).to_have_value(re.compile("otherwise: manual"))
    choose(page, "policy", "cn/consumer-returns@2.0.0")
    expect(text(page, "override")).to_have_value(re.compile("otherwise: manual"))


def test_what_is_not_known_leads_to_its_field(visit: Visit) -> None:
    page = visit()
    page.get_by_role("button", name="Nothing known").click()
    expect(page.locator("#verdict")).to_have_text("not known yet")
    expect(page.locator(".fact.needed").first).to_be_visible()
    page.locator(".needs button", has_text="used").click()
    expect(page.get_by_role("group", name="used").get_by_label("unknown")).to_be_focused()
    page.get_by_role("button", name="The usual case").click()
    expect(page.locator("#verdict")).to_have_text("must be accepted")
    page.get_by_text("Days and moments").click()
    page.get_by_label("completed_on").fill("2024-09-01")
    page.get_by_label("requested_on").fill("2024-09-02")
    expect(page.locator("#decided")).to_contain_text("days_since_completion")


def test_the_last_text_counts_however_fast_one_types(visit: Visit) -> None:
    page = visit()
    choose(page, "override", SELLER)
    text(page, "override").press("Control+End")
    text(page, "override").press_sequentially("settings: {window_days: 30}\n", delay=20)
    settled(page)
    expect(page.locator("#setting-window_days")).to_have_attribute("aria-valuetext", "30")
    expect(page.locator("#proofs article.fails h3")).to_contain_text(SELLER)


@pytest.mark.parametrize("policy", [POLICY, "eu/consumer-withdrawal@1.0.0"])
def test_sliders_stop_where_the_proof_says(policy: str, visit: Visit, server: Server) -> None:
    page = visit()
    choose(page, "policy", policy)
    limits = server.ask("api/limits", {"policy": policy}).data["settings"]
    numbers = {name: each["allowed"] for name, each in limits.items() if each["type"] in NUMBERS}
    assert len(numbers) > 3
    for name, ((low, high),) in numbers.items():
        slider = page.locator(f"#setting-{name}")
        expect(page.locator(f"#setting-{name}-hint")).to_contain_text(f"passes: {low}")
        slider.press("Home")
        for key, beyond, end in (("End", "ArrowRight", high), ("Home", "ArrowLeft", low)):
            slider.press(key)
            slider.press(beyond)
            expect(slider).to_have_attribute("aria-valuetext", re.compile(f"^{end}(,|$)"))
            if low != high:
                _stated(page, name, end)
    expect(page.locator("#proofs article.holds")).to_have_count(2)


def _stated(page: Page, name: str, value: object) -> None:
    """Wait until the override says so, and is proved."""
    stated = re.compile(rf'{name}: "?{re.escape(str(value))}"?[,}}\n]')
    expect(text(page, "override")).to_have_value(stated)
    settled(page)


def test_a_hand_on_a_slider_is_stopped_too(visit: Visit) -> None:
    page = visit()
    choose(page, "override", GENEROUS)
    slider = page.locator("#setting-review_limit")
    slider.scroll_into_view_if_needed()
    box = slider.bounding_box()
    assert box
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] - 5, box["y"] + box["height"] / 2, steps=5)
    stop = page.locator(".setting", has=slider).locator(".stop")
    expect(stop).to_have_text("It stops here: what lies beyond fails a proof.")
    page.mouse.up()
    _stated(page, "review_limit", "2d")
    expect(page.locator("#proofs article.fails")).to_have_count(0)
    expect(stop).to_contain_text("It stops here")
    slider.press("ArrowLeft")
    expect(stop).to_be_empty()


def test_a_value_outside_of_the_limits_can_be_put_right(visit: Visit) -> None:
    page = visit()
    choose(page, "override", "examples/short-window@1.0.0")
    hint = page.locator("#setting-window_days-hint")
    expect(hint).to_contain_text("Outside of what passes.")
    page.locator("#setting-window_days").press("ArrowRight")
    _stated(page, "window_days", 7)
    expect(hint).not_to_contain_text("Outside of what passes.")


def test_choices_that_fail_cannot_be_made(visit: Visit) -> None:
    page = visit()
    choose(page, "policy", "eu/consumer-withdrawal@1.0.0")
    choice = page.locator("#setting-refund_means")
    assert choice.locator("option:not(:disabled)").count() == 1
    assert choice.locator("option:disabled").count() > 0
    page.locator("#setting-seller_pays_return").select_option("true")
    _stated(page, "seller_pays_return", "true")


def test_the_last_choice_counts_where_an_earlier_one_is_still_loading(visit: Visit) -> None:
    page = visit()
    page.evaluate(HOLD_DOCUMENTS)
    page.select_option("#policy-name", LAW)
    page.select_option("#override-name", SELLER)
    page.evaluate("held.policy()")
    expect(text(page, "policy")).to_have_value(re.compile("^id: eu/consumer-withdrawal$", re.M))
    page.evaluate("held.override()")
    expect(text(page, "override")).to_have_value(re.compile("opened-is-final"))
    expect(page.locator("#policy-name")).to_have_value(POLICY)
    expect(page.locator("#override-name")).to_have_value(SELLER)


def test_a_policy_that_is_chosen_last_gets_a_new_override(visit: Visit) -> None:
    page = visit()
    page.evaluate(HOLD_DOCUMENTS)
    page.select_option("#override-name", SELLER)
    page.select_option("#policy-name", LAW)
    page.evaluate("held.policy()")
    expect(text(page, "override")).to_have_value(re.compile("^id: sellers/my-shop$", re.M))
    page.evaluate("held.override()")
    page.wait_for_load_state("networkidle")
    expect(page.locator("#override-name")).to_have_value("new")
    expect(text(page, "override")).to_have_value(re.compile("^id: sellers/my-shop$", re.M))


def test_a_setting_without_an_override_makes_one(visit: Visit) -> None:
    page = visit()
    page.select_option("#override-name", "none")
    expect(page.locator("#proofs article")).to_have_count(1)
    settled(page)
    page.locator("#setting-window_days").press("End")
    _stated(page, "window_days", 365)
    expect(page.locator("#override-name")).to_have_value("new")


def test_no_text_at_all_is_no_mistake(visit: Visit) -> None:
    page = visit()
    text(page, "override").fill("")
    text(page, "policy").fill("")
    expect(page.locator("#decided")).to_contain_text("Choose a policy")
    expect(page.locator("#proofs article")).to_have_count(0)


def test_a_server_that_is_gone_is_said_to_be(visit: Visit) -> None:
    with served() as own:
        page = visit(own)
        trouble = page.get_by_role("alert")
        expect(trouble).to_be_hidden()
    text(page, "override").fill("kind: override\n")
    expect(trouble).to_have_text("The server does not answer. What you typed is still here.")
    expect(text(page, "override")).to_have_value("kind: override\n")
