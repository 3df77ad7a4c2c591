"""Findings as no document would give them: any text in every place."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from checker.analysis.check.findings import VALID, Examined, Finding
from checker.language.checks import CHECKS
from checker.language.syntax.problems import Position, Problem

texts = st.text(max_size=20) | st.text(
    st.sampled_from("a%:,`{}[]()|<&@#\\\r\n\t\x00\x1b]("), max_size=12
)
names = st.text(
    st.characters(exclude_characters="\0", exclude_categories=["Cs"]) | st.sampled_from(" %#?:/."),
    min_size=1,
    max_size=12,
).filter(lambda name: name.strip("/.") and not {"", ".."} & {*name.split("/")})
positions = st.builds(Position, names) | st.builds(
    Position, names, st.integers(1, 10_000), st.integers(1, 500)
)
problems = st.builds(
    Problem,
    positions,
    texts,
    st.none() | texts,
    st.sampled_from(["error", "warning", "accepted"]),
    st.sampled_from(sorted(CHECKS)),
    texts,
)
facts = st.dictionaries(texts, texts | st.booleans() | st.integers(), max_size=3)


def _case(stated: dict[str, Any] | None) -> dict[str, Any] | None:
    return None if stated is None else {"kind": "cases", "cases": [{"facts": stated}]}


findings = st.builds(
    Finding,
    problems,
    (st.none() | facts).map(_case),
    st.none() | facts,
    st.none() | texts | st.fixed_dictionaries({"en": texts}),
    st.sampled_from([VALID, "case a"]) | texts,
)
examined = st.builds(
    Examined, texts, st.lists(findings, max_size=4), st.just(0), st.lists(texts, max_size=3)
)
