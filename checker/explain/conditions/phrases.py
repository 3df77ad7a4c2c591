"""Phrases of conditions, in English and Chinese; `{name}` stands for a line.

The words of each operator stand in its row (`language/model/operators.py`).
"""

from __future__ import annotations

from checker.explain.conditions.lines import LANGUAGE_PLACE, Line, Listing, Said, fill

PHRASES: dict[str, tuple[str, str]] = {
    # what is said of a subject
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
