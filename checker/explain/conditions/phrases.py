"""Phrases of conditions, in English and Chinese; `{name}` stands for a text.

The words of each operator are in its row (`language/model/operators.py`).
"""

from __future__ import annotations

from checker.explain.conditions.rich_text import (
    LANGUAGE_INDEX,
    RichText,
    Sentence,
    SentenceList,
    fill,
)

PHRASES: dict[str, tuple[str, str]] = {
    # a subject and what is stated of it
    "test": ("{subject} {predicate}", "{subject}{predicate}"),
    # a boolean
    "true": ("{subject} is true", "{subject}为是"),
    "false": ("{subject} is false", "{subject}为否"),
    "untrue": ("“{subject}” does not hold", "“{subject}”不成立"),
    "both": ("“{subject}” and “{value}” both hold, or neither", "“{subject}”与“{value}”同真同假"),
    "either": (
        "exactly one of “{subject}” and “{value}” holds",
        "“{subject}”与“{value}”恰有一个成立",
    ),
    # settings, grounds and definitions by their names
    "setting": (
        "the seller's “{name}” ({value} unless the seller sets another)",
        "商家设置的“{name}”（默认{value}）",
    ),
    "setting.bare": ("“{name}”", "“{name}”"),
    "required.bare": ("the policy's “{name}”", "政策规定的“{name}”"),
    "own.bare": ("this seller's “{name}”", "该商家设置的“{name}”"),
    "fixed.bare": ("the fixed “{name}”", "规定的“{name}”"),
    "required": ("the policy's “{name}” ({value})", "政策规定的“{name}”（{value}）"),
    "own": ("this seller's “{name}” ({value})", "该商家设置的“{name}”（{value}）"),
    "fixed": ("the fixed “{name}” ({value})", "规定的“{name}”（{value}）"),
    "plus": ("{value} plus {number}", "{value}加{number}"),
    "minus": ("{value} less {number}", "{value}减{number}"),
    "ground": ("the ground “{name}” applies", "拒绝理由“{name}”成立"),
    "no_ground": ("the ground “{name}” does not apply", "拒绝理由“{name}”不成立"),
    "defined": ("it is a case of “{name}”", "属于“{name}”"),
    "not_defined": ("it is not a case of “{name}”", "不属于“{name}”"),
    # facts of a case with their values
    "which": ("{fact}, which {predicate}", "{fact}，{predicate}"),
    "as_stated": ("{name} ({value})", "{name}（{value}）"),
    # lists
    "always": ("always", "在任何情况下"),
    "never": ("never", "在任何情况下都不"),
    "all_of": ("all of these hold", "同时满足以下各项"),
    "one_of_these": ("at least one of these holds", "满足以下任一项"),
    "and": (", and ", "，且"),
    "or": (", or ", "，或者"),
    "then": ("; ", "；"),
    "then_and": ("; and ", "；且"),
    "then_or": ("; or ", "；或者"),
    "brackets": ("({value})", "（{value}）"),
}


def phrase(key: str, language: str, **values: RichText) -> RichText:
    """Return the phrase of `key` in the language, with the values put in."""
    return fill(PHRASES[key][LANGUAGE_INDEX[language]], values)


def inline(sentence: Sentence, language: str) -> RichText:
    """Return a sentence as one text, with lists inside of lists in brackets."""
    if not isinstance(sentence, SentenceList):
        return sentence
    if not sentence.parts:
        return phrase("always" if sentence.every else "never", language)
    texts = [inline(part, language) for part in sentence.parts]
    for index, part in enumerate(sentence.parts):
        if isinstance(part, SentenceList) and part.parts:
            texts[index] = phrase("brackets", language, value=texts[index])
    conjunction = "and" if sentence.every else "or"
    line = texts[0]
    for number, text in enumerate(texts[1:], 2):
        last = conjunction if len(texts) == 2 else f"then_{conjunction}"
        separator = last if number == len(texts) else "then"
        line += phrase(separator, language) + text
    return line
