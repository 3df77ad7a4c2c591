"""Settings as prose: the default of each, its range, and the values that pass."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from checker.analysis.limits.joint import joint, ranges
from checker.analysis.limits.per_setting import limits
from checker.analysis.limits.results import Joint, Limit
from checker.analysis.prove.requirements import RequirementFormulas
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter
from checker.explain.conditions.values import ValueFormat, enumeration
from checker.explain.pages.facts import type_text
from checker.explain.render.blocks import Block, Paragraph, Table, TableRow, sentence_blocks
from checker.explain.writer import PageWriter
from checker.language.model.policy import Parameter
from checker.language.model.typecheck import ConditionReader
from checker.language.model.types import Value
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document, Reporter
from checker.solver.box_search import Undecided

Limits = Mapping[str, Limit]


def settings_blocks(
    resolved: ResolvedPolicy, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    """Yield the settings of a policy with their limits, alone and together."""
    required = RequirementFormulas(resolved)
    setting_limits = limits_of(required)
    yield _table(document, setting_limits, sentences, writer)
    if not setting_limits:
        settable = any(not parameter.fixed for parameter in _parameters(sentences))
        if setting_limits is None and settable:
            yield Paragraph(writer.phrase("settings.undecided"))
        return
    yield Paragraph(writer.phrase("settings.about"), quiet=True)
    yield from _together(joint(required), document, sentences, writer)


def limits_of(required: RequirementFormulas) -> Limits | None:
    """Return the limits of the settings, None where they can't be decided within the budget."""
    try:
        return limits(required)
    except Undecided:
        return None


def _parameters(sentences: SentenceWriter) -> list[Parameter]:
    assert sentences.policy
    return [*sentences.policy.parameters.values()]


def _table(
    document: Document, setting_limits: Limits | None, sentences: SentenceWriter, writer: PageWriter
) -> Table:
    rows = []
    for parameter in _parameters(sentences):
        entry = document.data["parameters"][parameter.name]
        value_format = sentences.parameter_format(parameter.name)
        default: RichText = (value_format.text(parameter.default, writer.language),)
        origin = writer.basis(entry)
        note = writer.text(entry.get("note"))
        origin += (*(writer.phrase("blank") if origin else ()), note) if note else ()
        cells = (
            sentences.parameter(parameter.name),
            writer.phrase("fixed", value=default) if parameter.fixed else default,
            type_text(value_format, writer),
            limit_text(setting_limits[parameter.name], value_format, writer)
            if setting_limits and not parameter.fixed
            else ("–",),
            origin or ("–",),
        )
        rows.append(TableRow(cells, f"setting-{parameter.name}"))
    heads = ("setting", "default", "range", "limit", "founded")
    return Table(tuple(writer.phrase(head) for head in heads), tuple(rows))


def seller_settings(
    settings: Mapping[str, Value],
    setting_limits: Limits | None,
    sentences: SentenceWriter,
    writer: PageWriter,
) -> Table:
    """Return a table of a seller's settings with the defaults and the values that pass."""
    defaults = {parameter.name: parameter.default for parameter in _parameters(sentences)}
    rows = []
    for name, value in settings.items():
        value_format = sentences.parameter_format(name)
        cells = (
            sentences.parameter(name),
            (value_format.text(value, writer.language),),
            (value_format.text(defaults[name], writer.language),),
            limit_text(setting_limits[name], value_format, writer) if setting_limits else ("–",),
        )
        rows.append(TableRow(cells, f"setting-{name}"))
    heads = ("setting", "chosen", "default", "limit")
    return Table(tuple(writer.phrase(head) for head in heads), tuple(rows))


def limit_text(limit: Limit, value_format: ValueFormat, writer: PageWriter) -> RichText:
    """Return the values of a setting with which a seller passes."""
    language = writer.language
    if limit.members is not None:
        return _members(limit.members, value_format, writer)
    if not value_format.type.ordered:
        all_values = (
            (True, False) if value_format.type.name == "boolean" else value_format.type.values
        )
        if {*limit.values} == {*all_values}:
            return writer.phrase("any")
        values = [(value_format.text(value, language),) for value in limit.values]
        return writer.enumeration(values, "or") if values else writer.phrase("no_value")
    intervals = [_interval(*ends, value_format, writer) for ends in limit.allowed]
    return writer.enumeration(intervals, "or") if intervals else writer.phrase("no_value")


def _interval(
    low: int | None, high: int | None, value_format: ValueFormat, writer: PageWriter
) -> RichText:
    ends = {
        key: (value_format.text(end, writer.language),)
        for key, end in (("low", low), ("high", high))
        if end is not None
    }
    if len(ends) == 2:
        return ends["low"] if low == high else writer.phrase("to", **ends)
    key = "or_more" if "low" in ends else "up_to" if ends else "any"
    return writer.phrase(key, **ends)


def _members(members: Mapping[str, str], value_format: ValueFormat, writer: PageWriter) -> RichText:
    parts = []
    for fate, key in (("must", "must_have"), ("may", "may_have"), ("never", "never_has")):
        titles = [
            value_format.title(member, writer.language)
            for member in members
            if members[member] == fate
        ]
        conjunction = "or" if fate == "never" else "and"
        if titles:
            values = enumeration(titles, conjunction, writer.language)
            parts.append(writer.phrase(key, values=values))
    return writer.enumeration(parts) if parts else writer.phrase("no_value")


def _together(
    together: Joint, document: Document, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if {"any": []} in together.condition["all"]:
        yield Paragraph(writer.phrase("joint.none"))
    elif together.separate:
        yield Paragraph(writer.phrase("joint.separate"))
    else:
        assert sentences.policy
        in_table = [*ranges(sentences.policy)]
        parts = [part for part in together.condition["all"] if part not in in_table]
        reader = ConditionReader(sentences.policy.scope(), Reporter(document))
        condition = reader.condition({"all": parts}, ())
        assert condition
        lead = writer.phrase("joint" if together.exact else "joint.perhaps")
        sentence = replace(sentences, bare=True).condition(condition)
        yield from sentence_blocks(lead, sentence, writer.language)
