"""Findings as no document would give them: any text in every place."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from checker.analysis.check.findings import Examined
from checker.language.checks import CHECKS
from checker.language.syntax.problems import VALID, Finding, PlainestCase, Position, UnusualFact

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
facts = st.dictionaries(texts, texts | st.booleans() | st.integers(), max_size=3)
unusual = st.builds(UnusualFact, texts, texts | st.booleans() | st.integers(), texts, st.none())


def _case(stated: dict[str, Any], unusual: list[UnusualFact]) -> PlainestCase:
    document = {"kind": "cases", "cases": [{"facts": stated}]}
    return PlainestCase(stated, tuple(unusual), document)


def _of(check: str) -> st.SearchStrategy[Finding]:
    return st.builds(
        Finding,
        positions,
        texts,
        st.none() | texts,
        st.just(check),
        texts,
        st.booleans() if CHECKS[check].warning_where else st.just(False),
        st.none() | st.dates().map(date.toordinal),
        st.none() | st.builds(_case, facts, st.lists(unusual, max_size=3)),
        st.none() | texts | st.fixed_dictionaries({"en": texts}),
        st.sampled_from([VALID, "case a"]) | texts,
    )


# what audits find concerns records, and is in none of these reports
of_documents = sorted(id for id, row in CHECKS.items() if row.severity != "finding")
findings = st.sampled_from(of_documents).flatmap(_of)
examined = st.builds(
    Examined, texts, st.lists(findings, max_size=4), st.just(0), st.lists(texts, max_size=3)
)
