"""The tables of phrases: both languages say the same things, and nothing is said twice."""

from __future__ import annotations

from string import Formatter

import pytest

from checker.readings import words_phrases
from checker.report.prose import phrases
from checker.report.prose.phrases import decisions, every_page, others, policies

ALL = {**phrases.PHRASES, **words_phrases.PHRASES}


@pytest.mark.parametrize("key", ALL)
def test_both_languages_say_the_same_things(key: str) -> None:
    english, chinese = (
        sorted(name for _, name, _, _ in Formatter().parse(words) if name) for words in ALL[key]
    )
    assert english == chinese


def test_no_key_is_in_two_tables() -> None:
    tables = [each.PHRASES for each in (every_page, policies, others, decisions)]
    assert sum(map(len, tables)) == len(phrases.PHRASES)
