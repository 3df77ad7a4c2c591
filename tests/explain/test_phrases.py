"""The tables of phrases: both languages say the same things, and nothing is said twice."""

from __future__ import annotations

from string import Formatter

import pytest

from checker.explain import phrases
from checker.explain.conditions import phrases as condition_phrases
from checker.explain.phrases import common, decisions, other_documents, policies
from checker.language.model.operators import OPERATORS

OPERATOR_WORDS = {
    f"{operator.name} is {which}: {variant}": words
    for operator in OPERATORS.values()
    for which, wording in (("true", operator.true), ("false", operator.false))
    for variant, words in {"": (wording.english, wording.chinese), **wording.variants}.items()
}
ALL = {**phrases.PHRASES, **condition_phrases.PHRASES, **OPERATOR_WORDS}


@pytest.mark.parametrize("key", ALL)
def test_both_languages_say_the_same_things(key: str) -> None:
    english, chinese = (
        sorted(name for _, name, _, _ in Formatter().parse(words) if name) for words in ALL[key]
    )
    assert english == chinese


def test_no_key_is_in_two_tables() -> None:
    tables = [module.PHRASES for module in (common, policies, other_documents, decisions)]
    assert sum(map(len, tables)) == len(phrases.PHRASES)
