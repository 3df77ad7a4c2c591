"""Decisions as prose, over every case of the conformance suite: they say what was decided."""

from __future__ import annotations

from typing import Any

import pytest

from checker.evaluate.decision import Decision
from checker.explain.conditions.rich_text import Mention, plain_text
from checker.explain.pages.decision import decision_blocks
from checker.language.syntax.localized import LANGUAGES
from tests.explain.prose_checks import names_in, phrase, slips, texts_of, writer
from tests.test_conformance import DECIDED, world_of
from tests.worlds import decider


def decided(file: dict[str, Any], group: dict[str, Any], test: dict[str, Any]) -> Decision | None:
    if "error" in test:
        return None
    policy_decider = decider(world_of(file, group))
    return policy_decider.decide(policy_decider.admit(test["facts"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_decision_is_said(language: str) -> None:
    decisions = 0
    for example in DECIDED:
        decision = decided(*example.values)
        if decision is None:
            continue
        lines = [*texts_of(decision_blocks("case", decision, writer(language)))]
        assert slips(lines) == [], example.id
        agrees(decision, [plain_text(line) for line in lines], language)
        assert set(decision.needs) <= names_in(lines, "fact"), example.id
        decisions += 1
    assert decisions >= 200


def agrees(decision: Decision, lines: list[str], language: str) -> None:
    """Compare the prose with the decision as data."""
    required, answer, text = decision.required, decision.answer, "\n".join(lines)
    assert lines[1] == phrase(required.verdict, language)
    owed = phrase("why.owed", language)
    for id in required.entitlements:
        by = [owed.format(title=id, policy=policy.name) for policy in decision.resolved.policies]
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
    decision = next(filter(None, (decided(*example.values) for example in DECIDED)))
    lines = texts_of(decision_blocks("case", decision, writer("en")))
    assert any(isinstance(part, Mention) for line in lines for part in line)
