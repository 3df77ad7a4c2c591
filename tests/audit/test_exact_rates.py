"""The ladder compares exact rates; what is shown is rounded (docs/language.md, section 8.1)."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.audit.returns.metrics import with_metrics
from checker.audit.returns.outcome import METRICS
from checker.language.model.standards import Standards, read_standards
from checker.language.syntax.documents import Document, Reporter
from checker.language.syntax.parser import compose
from tests.audit.plain_records import RATES
from tests.drawing import drawing, share


def standards(*tests: Any) -> Standards:
    """Return a ladder with a rung for each test, named by its number."""
    ladder = [{"id": f"r{number}", "when": when} for number, when in enumerate(tests)]
    data = {"window": "30d", "ladder": ladder}
    report = Reporter(Document("ladder.yaml", "", {}, compose("{}")[1]))
    made = read_standards(data, report)
    assert not report.problems
    return made


def rung(counts: dict[str, int], *tests: Any) -> str | None:
    frame = pl.LazyFrame([dict.fromkeys(METRICS, 0) | counts])
    found: str | None = with_metrics(frame, standards(*tests)).collect()["rung"][0]
    return found


@pytest.mark.parametrize(
    ("wrongful", "rejected", "test", "holds"),
    [
        (800, 4_001, {"at_least": "0.2"}, False),
        (801, 4_001, {"at_least": "0.2"}, True),
        (800, 4_000, {"at_least": "0.2"}, True),
        (800, 4_000, {"more_than": "0.2"}, False),
        (800, 3_999, {"more_than": "0.2"}, True),
        (800, 3_999, {"at_most": "0.2"}, False),
        (800, 4_001, {"less_than": "0.2"}, True),
        (800, 4_000, {"less_than": "0.2"}, False),
        (800, 4_000, {"is": "0.2"}, True),
        (800, 4_001, {"is": "0.2"}, False),
        (800, 4_001, {"is_not": "0.2"}, True),
        (800, 4_000, {"one_of": ["0.1", "0.2"]}, True),
        (800, 4_001, {"one_of": ["0.1", "0.2"]}, False),
        (800, 4_001, {"none_of": ["0.1", "0.2"]}, True),
        (800, 4_001, {"between": ["0.2", "0.3"]}, False),
        (0, 0, {"at_most": "1"}, False),
        (0, 0, {"none_of": ["0.1"]}, False),
        (2**31, 2**33, {"is": "0.25"}, True),
    ],
)
def test_a_rate_beside_a_bound(wrongful: int, rejected: int, test: Any, holds: bool) -> None:
    counts = {"wrongful_rejections": wrongful, "rejected": rejected}
    assert (rung(counts, {"wrongful_rejection_rate": test}) == "r0") == holds


def test_refusals_without_a_reason_are_a_metric() -> None:
    test = {"rejected_without_reason": {"at_least": 2}}
    assert [rung({"rejected_without_reason": n}, test) for n in (1, 2)] == [None, "r0"]


COUNTS = st.sampled_from([0, 1, 2, 3, 799, 800, 801, 3_999, 4_000, 4_001, 20_000])
OPERATORS = {
    "at_most": lambda rate, bound: rate <= bound,
    "at_least": lambda rate, bound: rate >= bound,
    "more_than": lambda rate, bound: rate > bound,
    "less_than": lambda rate, bound: rate < bound,
    "is": lambda rate, bound: rate == bound,
    "is_not": lambda rate, bound: rate != bound,
}


@drawing(share(200))
@given(
    st.fixed_dictionaries(dict.fromkeys(METRICS, COUNTS)),
    st.sampled_from([*RATES]),
    st.sampled_from([*OPERATORS]),
    st.sampled_from(["0.1999", "0.2", "0.2001", "0.5"]) | st.sampled_from([*RATES]),
    st.sampled_from([0, 0, 1, -2]),
)
def test_rates_are_compared_as_fractions(
    counts: dict[str, int], name: str, operator: str, bound: str, plus: int
) -> None:
    def fraction(name: str) -> Fraction | None:
        count, total = RATES[name](counts)
        return Fraction(count, total) if total else None

    operand: Any = {"fact": bound, "plus": plus} if bound in RATES else bound
    limit = fraction(bound) if bound in RATES else Fraction(bound)
    rate = fraction(name)
    expected = rate is not None and limit is not None
    if rate is not None and limit is not None:
        limit += Fraction(plus, 10_000) if bound in RATES else 0
        expected = OPERATORS[operator](rate, limit)
    assert (rung(counts, {name: {operator: operand}}) == "r0") == expected
