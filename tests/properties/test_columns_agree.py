"""Column expressions say what the reference reading says, on drawn worlds and cases.

`pytest tests/properties/test_columns_agree.py -s --worlds 2000 -m "slow or not slow"` compares a
twentieth as many worlds by each engine; the counts are printed.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import Phase, given
from hypothesis import strategies as st

from checker.language.resolve.facts import BadCase, Facts
from tests import document_strategies as drawn
from tests import reference
from tests.columns.column_engines import Request
from tests.columns.test_columns import Engine
from tests.columns.test_columns import engine as engine  # noqa: PLC0414  the fixture
from tests.drawing import drawing, print_counts
from tests.properties.test_readings_agree import worlds
from tests.worlds import decider

CASES_A_WORLD = 12
WORLDS_A_QUERY = 5


@st.composite
def drawn_worlds(draw: st.DrawFn) -> tuple[Request, list[dict[str, Any]]]:
    """Draw a world with cases, and what the reference reading decides of them."""
    resolved = draw(worlds())
    read = decider(resolved)
    cases, decisions = list[Facts](), list[dict[str, Any]]()
    for _ in range(CASES_A_WORLD):
        stated = draw(drawn.stated_cases(resolved.vocabulary))
        try:
            decisions.append(reference.decide(resolved, stated))
        except reference.Refused:
            continue
        cases.append(_admitted(read, stated))
    return (read, cases), decisions


def _admitted(read: Any, stated: dict[str, Any]) -> Facts:
    try:
        found: Facts = read.admit(stated)
    except BadCase as error:
        raise AssertionError("the reference reading takes the case") from error
    return found


def test_columns_and_reference_reading_agree(engine: Engine, worlds_to_draw: int) -> None:
    compare_drawn(engine, max(4, worlds_to_draw // 20 // WORLDS_A_QUERY))


def compare_drawn(decide: Engine, queries: int) -> None:
    """Compare what an engine decides of drawn worlds, several in one query."""
    seen: Counter[str] = Counter()

    @drawing(queries, phases=[Phase.generate])
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        worlds = [data.draw(drawn_worlds()) for _ in range(WORLDS_A_QUERY)]
        held = [each for each in worlds if each[1]]
        if not held:
            return
        answers = decide([asked for asked, _ in held])
        for (_, decisions), found in zip(held, answers, strict=True):
            seen["worlds"] += 1
            for said, decision in zip(found, decisions, strict=True):
                assert said == {key: decision[key] for key in said}
                seen["decided cases"] += 1
                seen[f"verdict {decision['verdict']}"] += 1

    agree()
    print_counts(seen)
    assert seen["decided cases"] > queries
