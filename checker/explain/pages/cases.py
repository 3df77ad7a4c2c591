"""The pages of cases, and of files that say what a table's columns are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from checker.evaluate.case_decider import CaseDecider, open_case_decider
from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words, words_under
from checker.explain.conditions.values import moment
from checker.explain.pages.expected import expected
from checker.explain.pages.facts import asked
from checker.explain.render.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    Row,
    Table,
    code,
)
from checker.explain.writer import Prose
from checker.language.model.types import Value
from checker.language.resolve.case_files import StatedCase, cases_of_document
from checker.language.resolve.facts import BadCase, Facts, read_facts
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError
from checker.language.syntax.scalars import written


def cases_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a `cases` document."""
    data = document.data
    _, problems = prose.resolver.shape(document)
    yield from prose.head(document)
    case_decider = _case_decider(data, prose)
    for kind in ("policy", "override"):
        if kind in data:
            named = {kind: prose.reference(kind, data[kind])}
            yield Paragraph(prose.say(f"cases.{kind}", **named))
    for case in cases_of_document(document, problems):
        entry = data["cases"][case.index]
        title = prose.text(entry.get("title"))
        yield Heading(2, (title or code(str(case.name)),), f"case-{case.index + 1}")
        yield from prose.note(entry)
        yield from _case(case, case_decider, prose)


def _case_decider(data: Mapping[str, Any], prose: Prose) -> CaseDecider | None:
    try:
        policy, override = data.get("policy"), data.get("override")
        return open_case_decider(prose.resolver, policy, override, on=None, today=prose.day)
    except UsageError:
        return None


def _case(case: StatedCase, case_decider: CaseDecider | None, prose: Prose) -> Iterator[Block]:
    """Yield what a case states and what is expected; its plain data where it can't be read."""
    try:
        if case_decider is None or case.error:
            raise BadCase(case.error)
        resolved = case_decider.decider(case_decider.day(case)).resolved
        facts = read_facts(case.facts, resolved)
    except (BadCase, NotFound, InvalidDocument):
        plain = prose.listed((code(f"{k}: {written(v)}"),) for k, v in case.facts.items())
        yield Paragraph(prose.say("case.stated", facts=plain))
        return
    words = words_under(resolved.policy, prose.language)
    yield from stated_facts(facts, resolved, words, prose)
    if case.expect:
        yield Paragraph(
            prose.say("case.expected", values=expected(case.expect, resolved, words, prose))
        )


def stated_facts(
    facts: Facts, resolved: ResolvedPolicy, words: Words, prose: Prose
) -> Iterator[Block]:
    """Yield what the facts of a case are: what is unusual, what is as usual, what is not stated."""
    known = {name: value for name, value in facts.items() if value is not None}
    typical = {name: fact.typical for name, fact in resolved.vocabulary.facts.items()}
    unusual = [name for name, value in known.items() if value != typical[name]]
    usual = [name for name in known if name not in unusual]
    unstated = [name for name in resolved.vocabulary.decisive() if name not in known]
    if unusual:
        yield Paragraph(prose.say("case.unusual"))
        yield Items(tuple(Item(_stated(name, known[name], words, prose)) for name in unusual))
    else:
        yield Paragraph(prose.say("case.ordinary"))
    if usual:
        said = prose.joined(_stated(name, known[name], words, prose) for name in usual)
        yield Paragraph(prose.say("case.usual", facts=said), quiet=True)
    if unstated:
        said = prose.joined(asked(name, words, prose) for name in unstated)
        yield Paragraph(prose.say("case.unstated", facts=said), quiet=True)


def _stated(name: str, value: Value, words: Words, prose: Prose) -> Line:
    if not isinstance(value, datetime):
        return words.stated(name, value)
    assert words.policy
    shown = moment(value, words.policy.vocabulary.time_zone, prose.language)
    return prose.say("moment", fact=words.fact(name), value=shown)


def columns_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a file that says what a table's columns are."""
    yield from prose.head(document)
    rows = []
    for name, entry in document.data["columns"].items():
        column = entry if isinstance(entry, str) else entry["from"]
        rows.append(Row(((code(name),), (code(column),), _read(entry, prose))))
    heads = tuple(prose.say(head) for head in ("fact.head", "column.head", "column.read"))
    yield Table(heads, tuple(rows))
    ignored = document.data.get("ignore", ())
    if ignored == "others":
        yield Paragraph(prose.say("column.others"))
    elif ignored:
        columns = prose.listed((code(each),) for each in ignored)
        yield Paragraph(prose.say("column.ignored", columns=columns))


def _read(entry: Any, prose: Prose) -> Line:
    """Return how the cells of a column are read."""
    parts: list[Line] = []
    if isinstance(entry, dict):
        for each, value in entry.get("values", {}).items():
            parts.append(prose.say("column.code", code=code(each), value=code(written(value))))
        if "unit" in entry:
            parts.append(prose.say("column.unit", unit=prose.say(f"unit.{entry['unit']}")))
        if "time_zone" in entry:
            parts.append(prose.say("column.zone", zone=entry["time_zone"]))
    return prose.joined(parts) or prose.say("column.as_is")
