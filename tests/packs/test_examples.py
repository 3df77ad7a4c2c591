"""The examples show what they say they show."""

from __future__ import annotations

import json

import pytest

from tests.commands import checker

# seller: the finding that it is an example of
WRONG = {
    "literal-seller": "rejects-required-return",
    "short-window": "rejects-required-return",
    "refuses-opened": "rejects-required-return",
    "refuses-categories": "rejects-required-return",
    "without-ground": "rejects-without-ground",
    "slow-review": "worse-term",
}


@pytest.fixture(autouse=True)
def _here(in_project: None) -> None:
    """Run in the checkout."""


# those that drawn cases find whatever the seed; the others are needles, which proofs find
PLAIN = ("literal-seller", "refuses-opened", "refuses-categories", "slow-review")


def test_drawn_cases_catch_plainly_wrong_sellers_and_no_right_one() -> None:
    result = checker("test", "examples", "--format", "json", "--examples", 1000)
    assert result.status == 1
    found = {
        each["document"].partition("@")[0].removeprefix("examples/"): {
            finding["check"] for finding in each["findings"]
        }
        for each in map(json.loads, result.out.splitlines())
    }
    assert {name for name, checks in found.items() if checks} <= {*WRONG}
    assert all(WRONG[name] in found[name] for name in PLAIN), found


def test_proofs_find_all_that_drawn_cases_find() -> None:
    result = checker("prove", "examples", "--format", "json")
    assert result.status == 1
    found = {
        each["document"].partition("@")[0].removeprefix("examples/"): {
            finding["check"] for finding in each["findings"]
        }
        for each in map(json.loads, result.out.splitlines())
    }
    assert all(check in found[name] for name, check in WRONG.items()), found
    assert found["careful-shop"] == set()
    assert found["first-half"] == {"undercuts"}


def test_the_expectations_of_the_examples_are_met() -> None:
    result = checker("test", "examples/1-decide")
    assert result.status == 0, result.out


def test_a_case_that_was_found_is_one_that_decide_takes() -> None:
    found = checker("test", "examples", "--format", "json", "--examples", 600)
    cases = [
        (finding["check"], finding["case"])
        for each in map(json.loads, found.out.splitlines())
        for finding in each["findings"]
    ]
    assert cases
    for check, case in cases:
        facts = json.dumps(case["cases"][0]["facts"]).encode()
        named = ["--policy", case["policy"], "--override", case["override"]]
        roots = ["--root", "policy", "--root", "examples/2-first-half/policy"]
        roots += ["--root", "examples/3-sellers/policy"]
        result = checker("decide", "-", *named, *roots, "--format", "json", stdin=facts)
        assert result.status == 0, result.out
        assert check in json.loads(result.out)["findings"]
