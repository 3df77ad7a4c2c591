"""Phrases of conditions, in English and Chinese; `{name}` stands for a line.

`{name}.{type}` says the same of values of that type, where a language has another word for it.
"""

from __future__ import annotations

from checker.explain.conditions.lines import LANGUAGE_PLACE, Line, Listing, Said, fill

PHRASES: dict[str, tuple[str, str]] = {
    # what is said of a subject
    "test": ("{subject} {predicate}", "{subject}{predicate}"),
    "is": ("is {value}", "为{value}"),
    "is_not": ("is not {value}", "不是{value}"),
    "same": ("is the same as {value}", "与{value}相同"),
    "not_same": ("is not the same as {value}", "与{value}不同"),
    "one_of": ("is {value}", "为{value}"),
    "one_of.none": ("is one of {value}", "属于{value}"),
    "none_of": ("is none of {value}", "不是{value}"),
    "none_of.one": ("is not {value}", "不是{value}"),
    "none_of.none": ("is none of {value}", "不属于{value}"),
    "among": ("is one of {value}", "属于{value}"),
    "not_among": ("is none of {value}", "不属于{value}"),
    "at_least": ("is at least {value}", "不少于{value}"),
    "at_least.money": ("is at least {value}", "不低于{value}"),
    "at_least.rate": ("is at least {value}", "不低于{value}"),
    "at_least.date": ("is {value} or later", "不早于{value}"),
    "at_most": ("is at most {value}", "不超过{value}"),
    "at_most.date": ("is {value} or earlier", "不晚于{value}"),
    "more_than": ("is more than {value}", "超过{value}"),
    "more_than.date": ("is after {value}", "晚于{value}"),
    "less_than": ("is less than {value}", "少于{value}"),
    "less_than.money": ("is less than {value}", "低于{value}"),
    "less_than.rate": ("is less than {value}", "低于{value}"),
    "less_than.date": ("is before {value}", "早于{value}"),
    "between": ("is from {value} to {high}", "在{value}至{high}之间（含两端）"),
    "outside": ("is outside of {value} to {high}", "不在{value}至{high}之间"),
    "includes": ("includes {value}", "包括{value}"),
    "includes.none": ("includes all of {value}", "包括{value}的各项"),
    "lacks": ("does not include all of {value}", "不全包括{value}"),
    "lacks.one": ("does not include {value}", "不包括{value}"),
    "excludes": ("includes none of {value}", "不包括{value}中的任何一项"),
    "excludes.one": ("does not include {value}", "不包括{value}"),
    "includes_some": ("includes {value}", "包括{value}"),
    "includes_some.none": ("includes one of {value}", "包括{value}中的一项"),
    # a boolean
    "true": ("{subject} is true", "{subject}为是"),
    "false": ("{subject} is false", "{subject}为否"),
    "untrue": ("“{subject}” does not hold", "“{subject}”不成立"),
    "both": ("“{subject}” and “{value}” both hold, or neither", "“{subject}”与“{value}”同真同假"),
    "either": (
        "exactly one of “{subject}” and “{value}” holds",
        "“{subject}”与“{value}”恰有一个成立",
    ),
    # what is named
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
    # what a case states
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


def phrase(key: str, language: str, **values: Line) -> Line:
    """Return the words of `key` in the language, with the values put in."""
    return fill(PHRASES[key][LANGUAGE_PLACE[language]], values)


def inline(said: Said, language: str) -> Line:
    """Return what is said as one line, lists within it in brackets."""
    if not isinstance(said, Listing):
        return said
    if not said.parts:
        return phrase("always" if said.every else "never", language)
    parts = [inline(part, language) for part in said.parts]
    for at, part in enumerate(said.parts):
        if isinstance(part, Listing) and part.parts:
            parts[at] = phrase("brackets", language, value=parts[at])
    last = "and" if said.every else "or"
    line = parts[0]
    for number, part in enumerate(parts[1:], 2):
        between = last if len(parts) == 2 else f"then_{last}" if number == len(parts) else "then"
        line += phrase(between, language) + part
    return line
