"""Sentences of conditions, on drawn worlds: each has one, it leaves out no fact, and it is true."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import Phase, given
from hypothesis import strategies as st

from checker.evaluate.decider import Decider
from checker.explain.conditions.phrases import inline
from checker.explain.conditions.reasons import Reasons
from checker.explain.conditions.rich_text import leaves, plain_text
from checker.explain.conditions.sentences import SentenceWriter, policy_sentences
from checker.explain.pages.policy import every_condition
from checker.language.model import conditions as tree
from checker.language.model.conditions import Condition, Not, facts_in
from checker.language.model.operators import OPERATORS, Operator
from checker.language.resolve.facts import BadCase, Facts
from checker.language.syntax.localized import LANGUAGES
from tests import document_strategies as drawn
from tests.drawing import drawing, share
from tests.explain.prose_checks import names_in, slips
from tests.properties.test_readings_agree import worlds
from tests.worlds import decider

generated = drawing(share(60), phases=[Phase.generate, Phase.shrink])


def conditions_of(
    case_decider: Decider, language: str
) -> Iterator[tuple[Condition, SentenceWriter]]:
    """Yield the conditions of a resolved policy with what writes sentences about them."""
    for policy in case_decider.resolved.policies:
        sentences = policy_sentences(policy, language)
        yield from ((condition, sentences) for condition in every_condition(policy))
    override = case_decider.override
    if override:
        sentences = policy_sentences(override.policy, language, override.settings)
        scope = [override.scope] if override.scope else []
        conditions = (*scope, *(rule.when for rule in override.rules))
        yield from ((condition, sentences) for condition in conditions)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_condition_has_a_sentence_that_names_all_that_it_looks_at(language: str) -> None:
    @generated
    @given(worlds())
    def every(resolved: Any) -> None:
        for condition, sentences in conditions_of(decider(resolved), language):
            sentence = sentences.condition(condition)
            assert slips([inline(sentence, language)]) == []
            assert names_in(leaves(sentence), "fact") == _tested_facts(condition)
            assert sentences.condition(condition, holds=False) == sentences.condition(
                Not(condition)
            )
            assert sentences.condition(Not(Not(condition))) == sentence

    every()


def _tested_facts(condition: Condition) -> set[str]:
    """Return the facts that a condition names itself, and not by a ground or definition."""
    if isinstance(condition, tree.Test):
        return {*facts_in(condition, tree.NO_NAMES)}
    if isinstance(condition, Not):
        return _tested_facts(condition.part)
    return {fact for part in getattr(condition, "parts", ()) for fact in _tested_facts(part)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_test_and_its_opposite_are_said_otherwise(language: str) -> None:
    @generated
    @given(worlds())
    def every(resolved: Any) -> None:
        for condition, sentences in conditions_of(decider(resolved), language):
            for test in _tests(condition):
                both = [
                    inline(sentences.condition(test, holds), language) for holds in (True, False)
                ]
                assert plain_text(both[0]) != plain_text(both[1])

    every()


def _tests(condition: Condition) -> Iterator[tree.Test]:
    if isinstance(condition, tree.Test):
        yield condition
    elif isinstance(condition, Not):
        yield from _tests(condition.part)
    for part in getattr(condition, "parts", ()):
        yield from _tests(part)


@pytest.mark.parametrize("operator", OPERATORS.values(), ids=lambda row: row.name)
def test_an_operator_is_said_otherwise_where_it_is_false(operator: Operator) -> None:
    wordings = (operator.true, operator.false)
    true, false = ({(each.english, each.chinese)} | {*each.variants.values()} for each in wordings)
    assert not true & false


@generated
@given(st.data())
def test_the_facts_of_a_reason_are_reason_enough(data: st.DataObject) -> None:
    resolved = data.draw(worlds())
    for condition, reasons in cases_of(resolved, data):
        value = reasons.value(condition)
        if value is None:
            continue
        named = names_in(reasons.why(condition), "fact")
        alone = {name: v if name in named else None for name, v in reasons.facts.items()}
        assert named <= facts_in(condition, reasons.names)
        assert of(reasons, alone).value(condition) is value


@generated
@given(st.data())
def test_what_is_left_of_an_unknown_condition_is_what_decides_it(data: st.DataObject) -> None:
    resolved = data.draw(worlds())
    for condition, reasons in cases_of(resolved, data):
        if reasons.value(condition) is not None:
            continue
        left = reasons.left(condition)
        assert reasons.value(left) is None
        assert any(reasons.facts[each] is None for each in facts_in(left, reasons.names))
        others = admitted(resolved, data.draw(drawn.stated_cases(resolved.vocabulary)))
        for name, value in reasons.facts.items():
            others[name] = others.get(name) if value is None else value
        settled = of(reasons, others)
        assert settled.value(left) is settled.value(condition)


def cases_of(resolved: Any, data: st.DataObject) -> Iterator[tuple[Condition, Reasons]]:
    """Yield the conditions of a world, and why each holds or fails in a drawn case."""
    facts = admitted(resolved, data.draw(drawn.stated_cases(resolved.vocabulary)))
    for policy in decider(resolved).resolved.policies if facts else ():
        reasons = Reasons(policy_sentences(policy, "en"), policy.names, policy.defaults(), facts)
        yield from ((each, reasons) for each in every_condition(policy))


def admitted(resolved: Any, stated: dict[str, Any]) -> Facts:
    """Return the facts of a possible case, none where it is impossible."""
    try:
        return decider(resolved).admit(stated)
    except BadCase:
        return {}


def of(reasons: Reasons, facts: Facts) -> Reasons:
    """Return the same reasons in another case."""
    return Reasons(reasons.sentences, reasons.names, reasons.parameters, facts)
