"""No certificate of `forgeries.yaml` is accepted that must not be, and the honest ones are."""

from __future__ import annotations

from tests.verify import forgeries
from tests.verify.mutants import mutants


def test_no_forgery_is_accepted_and_the_honest_ones_are() -> None:
    assert [*forgeries.mistakes()] == []


def test_a_change_of_the_verifier_is_one_change() -> None:
    """`python -m tests.verify.mutants` makes these of `checker/verify`, one at a time."""
    source = "def f(a, b):\n    if a < b:\n        raise E\n    return negate(a)\n"
    changes = {(line, what) for line, what, _ in mutants(source)}
    assert {(2, "LtE"), (2, "if True"), (3, "left out"), (4, "without negate")} <= changes
