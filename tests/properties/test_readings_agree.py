"""Every reading says what the reference reading says, on drawn worlds and cases.

`pytest tests/properties --worlds 20000` compares as many worlds; the count is printed.
"""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from checker.language.resolve.facts import BadCase
from tests import document_strategies as drawn
from tests import reference
from tests.drawing import drawing, print_counts, share
from tests.worlds import decider, problems

CASES_A_WORLD = 6
ENOUGH = 200  # worlds, for each verdict to come up


@st.composite
def worlds(draw: st.DrawFn) -> reference.World:
    vocabulary = draw(drawn.vocabularies())
    policy = draw(drawn.policies(vocabulary))
    law = draw(drawn.policies(vocabulary, "law")) if draw(st.booleans()) else None
    override = draw(drawn.overrides(vocabulary, policy)) if draw(st.integers(0, 2)) else None
    policy["upholds"] = ["law"] if law else []
    calendars = {**drawn.CALENDARS}
    return reference.World(vocabulary, policy, [law] if law else [], override, calendars)


def decided(read: Any, stated: dict[str, Any]) -> dict[str, Any]:
    found = read.decide(read.admit(stated)).as_json("case")
    return {key: found[key] for key in found if key not in ("case", "policy", "override")}


def test_compiled_and_reference_readings_agree(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(worlds_to_draw, phases=[Phase.generate, Phase.shrink])
    @given(st.data())
    def agree(data: st.DataObject) -> None:
        resolved = data.draw(worlds())
        read = decider(resolved)
        seen["worlds"] += 1
        for _ in range(CASES_A_WORLD):
            stated = data.draw(drawn.stated_cases(resolved.vocabulary))
            try:
                expected = reference.decide(resolved, stated)
            except reference.Refused:
                with pytest.raises(BadCase):
                    read.admit(stated)
                seen["refused cases"] += 1
                continue
            found = decided(read, stated)
            assert found == expected, json.dumps(stated)
            seen["decided cases"] += 1
            seen[f"verdict {expected['verdict']}"] += 1
            seen[f"response {expected['response']}"] += 1
            for check in expected["findings"]:
                seen[f"finding {check}"] += 1

    agree()
    print_counts(seen)
    assert seen["worlds"] >= worlds_to_draw
    if worlds_to_draw >= ENOUGH:
        assert min(seen[f"verdict {each}"] for each in ("must_accept", "unknown", "may_reject")) > 0


@drawing(share(60))
@given(worlds())
def test_drawn_documents_are_valid(resolved: reference.World) -> None:
    documents = [
        resolved.vocabulary,
        *resolved.calendars.values(),
        resolved.policy,
        *resolved.upholds,
    ]
    documents += [resolved.override] if resolved.override else []
    found = [each for each in problems(documents) if each.severity == "error"]
    assert not found, "\n".join(map(str, found))
