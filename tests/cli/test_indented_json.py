"""JSON with an indentation is written as the standard library writes it."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from checker.report.indented_json import indented

SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats()
DATA = st.recursive(
    SCALARS,
    lambda data: (
        st.lists(data, max_size=3) | st.dictionaries(st.text(max_size=3), data, max_size=3)
    ),
    max_leaves=12,
)


@given(DATA)
def test_equal_to_the_standard_library(data: Any) -> None:
    assert indented(data) == json.dumps(data, ensure_ascii=False, indent=2)
