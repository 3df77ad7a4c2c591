"""Honest version numbers: how far a number must rise, and whether it did."""

from __future__ import annotations

import pytest

from checker.analysis.diff.semver import raised
from tests.analysis.comparing import LAW, POLICY, VOCABULARY, compared, edited, policies


@pytest.mark.parametrize(
    ("number", "bump", "least"),
    [
        ((1, 2, 3), "none", (1, 2, 3)),
        ((1, 2, 3), "patch", (1, 2, 4)),
        ((1, 2, 3), "minor", (1, 3, 0)),
        ((1, 2, 3), "major", (2, 0, 0)),
        ((0, 2, 3), "none", (0, 2, 3)),
        ((0, 2, 3), "patch", (0, 2, 4)),
        ((0, 2, 3), "minor", (0, 2, 4)),
        ((0, 2, 3), "major", (0, 3, 0)),
    ],
)
def test_the_least_number_that_states_a_change(
    number: tuple[int, ...], bump: str, least: tuple[int, ...]
) -> None:
    assert raised(number, bump) == least


@pytest.mark.parametrize(
    ("number", "window", "stated", "honest"),
    [
        ("1.0.1", 7, "patch", True),
        ("1.0.1", 6, "patch", False),
        ("1.1.0", 6, "minor", True),
        ("1.1.0", 9, "minor", False),
        ("1.9.9", 9, "minor", False),
        ("2.0.0", 9, "major", True),
        ("3.1.4", 7, "major", True),
        ("0.9.0", 7, "none", False),
    ],
)
def test_a_number_is_honest_if_it_rises_enough(
    number: str, window: int, stated: str, honest: bool
) -> None:
    diff = policies(("default: 7", f"default: {window}"), version=number)
    assert diff.version
    assert (diff.version.stated, diff.version.honest) == (stated, honest)


def test_numbers_are_of_one_policy() -> None:
    other = edited(POLICY, ("id: rules", "id: others"), ("default: 7", "default: 9"))
    assert compared(POLICY, other, VOCABULARY, LAW).version is None
