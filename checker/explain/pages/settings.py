"""Settings as prose: what each is where none is set, its range, and the values that pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.analysis.limits.joint import Joint, joint, ranges
from checker.analysis.limits.per_setting import Limit, limits
from checker.analysis.prove.requirements import RequirementFormulas
from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words
from checker.explain.conditions.values import Measure, listed
from checker.explain.pages.facts import type_words
from checker.explain.render.blocks import Block, Paragraph, Row, Table, sentence
from checker.explain.writer import Prose
from checker.language.model.policy import Parameter
from checker.language.model.typecheck import ConditionReader
from checker.language.model.types import Value
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Reporter
from checker.solver.box_search import Undecided

Limits = Mapping[str, Limit]


def settings_blocks(
    resolved: ResolvedPolicy, document: Document, words: Words, prose: Prose
) -> Iterator[Block]:
    """Yield the settings of a policy with their limits, alone and together."""
    required = RequirementFormulas(resolved)
    found = limits_of(required)
    yield _table(document, found, words, prose)
    if not found:
        undecided = found is None and any(not each.fixed for each in _parameters(words))
        if undecided:
            yield Paragraph(prose.say("settings.undecided"))
        return
    yield Paragraph(prose.say("settings.about"), quiet=True)
    yield from _together(joint(required), document, words, prose)


def limits_of(required: RequirementFormulas) -> Limits | None:
    """Return the limits of the settings, None where they can't be decided within the budget."""
    try:
        return limits(required)
    except Undecided:
        return None


def _parameters(words: Words) -> list[Parameter]:
    assert words.policy
    return [*words.policy.parameters.values()]


def _table(document: Document, found: Limits | None, words: Words, prose: Prose) -> Table:
    rows = []
    for each in _parameters(words):
        entry = document.data["parameters"][each.name]
        measure = words.measure(each.name)
        default: Line = (measure.said(each.default, prose.language),)
        about = prose.founded(entry)
        note = prose.text(entry.get("note"))
        about += (*(prose.say("blank") if about else ()), note) if note else ()
        cells = (
            words.parameter(each.name),
            prose.say("fixed", value=default) if each.fixed else default,
            type_words(measure, prose),
            limit_words(found[each.name], measure, prose) if found and not each.fixed else ("–",),
            about or ("–",),
        )
        rows.append(Row(cells, f"setting-{each.name}"))
    heads = ("setting", "default", "range", "limit", "founded")
    return Table(tuple(prose.say(head) for head in heads), tuple(rows))


def own_settings(
    settings: Mapping[str, Value], found: Limits | None, words: Words, prose: Prose
) -> Table:
    """Return a seller's settings beside the policy's own and what passes."""
    rows = []
    for name, value in settings.items():
        measure = words.measure(name)
        default = next(each.default for each in _parameters(words) if each.name == name)
        cells = (
            words.parameter(name),
            (measure.said(value, prose.language),),
            (measure.said(default, prose.language),),
            limit_words(found[name], measure, prose) if found else ("–",),
        )
        rows.append(Row(cells, f"setting-{name}"))
    heads = ("setting", "chosen", "default", "limit")
    return Table(tuple(prose.say(head) for head in heads), tuple(rows))


def limit_words(limit: Limit, measure: Measure, prose: Prose) -> Line:
    """Return the values that a setting may take."""
    language = prose.language
    if limit.members is not None:
        return _members(limit.members, measure, prose)
    if not measure.type.ordered:
        every = (True, False) if measure.type.name == "boolean" else measure.type.values
        if {*limit.values} == {*every}:
            return prose.say("any")
        values = [(measure.said(each, language),) for each in limit.values]
        return prose.listed(values, "or") if values else prose.say("no_value")
    intervals = [_interval(*limit.ends(each), measure, prose) for each in limit.allowed]
    return prose.listed(intervals, "or") if intervals else prose.say("no_value")


def _interval(low: int | None, high: int | None, measure: Measure, prose: Prose) -> Line:
    ends = {
        key: (measure.said(end, prose.language),)
        for key, end in (("low", low), ("high", high))
        if end is not None
    }
    if len(ends) == 2:
        return ends["low"] if low == high else prose.say("to", **ends)
    key = "or_more" if "low" in ends else "up_to" if ends else "any"
    return prose.say(key, **ends)


def _members(members: Mapping[str, str], measure: Measure, prose: Prose) -> Line:
    parts = []
    for fate, key in (("must", "must_have"), ("may", "may_have"), ("never", "never_has")):
        named = [measure.title(each, prose.language) for each in members if members[each] == fate]
        last = "or" if fate == "never" else "and"
        parts += [prose.say(key, values=listed(named, last, prose.language))] if named else []
    return prose.listed(parts) if parts else prose.say("no_value")


def _together(together: Joint, document: Document, words: Words, prose: Prose) -> Iterator[Block]:
    if {"any": []} in together.condition["all"]:
        yield Paragraph(prose.say("joint.none"))
    elif together.separate:
        yield Paragraph(prose.say("joint.separate"))
    else:
        assert words.policy
        known = [*ranges(words.policy)]  # the table says them
        parts = [part for part in together.condition["all"] if part not in known]
        reader = ConditionReader(words.policy.scope(), Reporter(document))
        condition = reader.condition({"all": parts}, ())
        assert condition
        lead = prose.say("joint" if together.exact else "joint.perhaps")
        said = replace(words, bare=True).condition(condition)
        yield from sentence(lead, said, prose.language)
