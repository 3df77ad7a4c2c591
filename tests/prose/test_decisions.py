"""Decisions as prose, over every case of the conformance suite: they say what was decided."""

from __future__ import annotations

from typing import Any

import pytest

from checker.evaluate.decider import Decision
from checker.explain.conditions.lines import Name, plain
from checker.explain.pages.decision import decision_blocks
from checker.language.syntax.localized import LANGUAGES
from tests.prose.said import lines_of, names_in, phrase, prose, slips
from tests.test_conformance import DECIDED, world_of
from tests.worlds import decider


def decided(file: dict[str, Any], group: dict[str, Any], test: dict[str, Any]) -> Decision | None:
    if "error" in test:
        return None
    read = decider(world_of(file, group))
    return read.decide(read.admit(test["facts"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_decision_is_said(language: str) -> None:
    said = 0
    for each in DECIDED:
        decision = decided(*each.values)
        if decision is None:
            continue
        lines = [*lines_of(decision_blocks("case", decision, prose(language)))]
        assert slips(lines) == [], each.id
        agrees(decision, [plain(line) for line in lines], language)
        assert set(decision.needs) <= names_in(lines, "fact"), each.id
        said += 1
    assert said >= 200


def agrees(decision: Decision, lines: list[str], language: str) -> None:
    """Hold what is said against the decision as data."""
    required, answer, text = decision.required, decision.answer, "\n".join(lines)
    assert lines[1] == phrase(required.verdict, language)
    owed = phrase("why.owed", language)
    for id in required.entitlements:
        by = [owed.format(title=id, policy=each.name) for each in decision.resolved.policies]
        assert any(line.startswith((*by,)) for line in lines)
    for id in (*required.grounds, *(answer.cites if answer else ())):
        assert f"“{id}”" in text
    if answer:
        response = phrase(f"seller.{answer.response}", language).partition("{seller}")
        assert any(response[0] in line and response[2] in line for line in lines)
        assert not answer.rule or answer.response == "unknown" or f"“{answer.rule}”" in text
    for check in ("rejects-required-return", "rejects-without-ground", "defers-required-return"):
        found = any(each.check == check for each in decision.findings)
        assert (phrase(f"finding.{check}", language) in lines) is found


def test_names_in_sentences_know_what_they_name() -> None:
    decision = next(filter(None, (decided(*each.values) for each in DECIDED)))
    lines = lines_of(decision_blocks("case", decision, prose("en")))
    assert any(isinstance(part, Name) for line in lines for part in line)
