"""The pages of `cases` documents and of `columns` documents."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from checker.evaluate.case_decider import CaseDecider, open_case_decider
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter, policy_sentences
from checker.explain.conditions.values import format_moment
from checker.explain.pages.expected import expected_values
from checker.explain.pages.facts import missing_fact
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    Table,
    TableRow,
    code,
)
from checker.explain.writer import PageWriter
from checker.language.model.types import Value
from checker.language.resolve.case_files import StatedCase, cases_of_document
from checker.language.resolve.facts import BadCase, Facts, read_facts
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import UsageError
from checker.language.syntax.scalars import scalar_text


def cases_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a `cases` document."""
    data = document.data
    _, problems = writer.resolver.shape(document)
    yield from writer.title_blocks(document)
    case_decider = _case_decider(data, writer)
    for kind in ("policy", "override"):
        if kind in data:
            reference = writer.reference(kind, data[kind])
            yield Paragraph(writer.phrase(f"cases.{kind}", **{kind: reference}))
    for case in cases_of_document(document, problems):
        entry = data["cases"][case.index]
        title = writer.text(entry.get("title"))
        yield Heading(2, (title or code(str(case.name)),), f"case-{case.index + 1}")
        yield from writer.note(entry)
        yield from _case(case, case_decider, writer)


def _case_decider(data: Mapping[str, Any], writer: PageWriter) -> CaseDecider | None:
    try:
        policy, override = data.get("policy"), data.get("override")
        return open_case_decider(writer.resolver, policy, override, on=None, today=writer.day)
    except UsageError:
        return None


def _case(
    case: StatedCase, case_decider: CaseDecider | None, writer: PageWriter
) -> Iterator[Block]:
    """Yield the facts and the expectations of a case; its facts as data where it has errors."""
    try:
        if case_decider is None or case.error:
            raise BadCase(case.error or "")
        resolved = case_decider.decider(case_decider.day(case)).resolved
        facts = read_facts(case.facts, resolved)
    except (BadCase, NotFound, InvalidDocument):
        facts_as_data = writer.enumeration(
            (code(f"{name}: {scalar_text(value)}"),) for name, value in case.facts.items()
        )
        yield Paragraph(writer.phrase("case.stated", facts=facts_as_data))
        return
    sentences = policy_sentences(resolved.policy, writer.language)
    yield from stated_facts(facts, resolved, sentences, writer)
    if case.expect:
        yield Paragraph(
            writer.phrase(
                "case.expected", values=expected_values(case.expect, resolved, sentences, writer)
            )
        )


def stated_facts(
    facts: Facts, resolved: ResolvedPolicy, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    """Yield the unusual facts of a case, the usual ones, and those that it does not state."""
    known = {name: value for name, value in facts.items() if value is not None}
    typical = {name: fact.typical for name, fact in resolved.vocabulary.facts.items()}
    unusual = [name for name, value in known.items() if value != typical[name]]
    usual = [name for name in known if name not in unusual]
    unstated = [name for name in resolved.vocabulary.testable_facts() if name not in known]
    if unusual:
        yield Paragraph(writer.phrase("case.unusual"))
        yield ItemList(
            tuple(
                ListItem(_fact_statement(name, known[name], sentences, writer)) for name in unusual
            )
        )
    else:
        yield Paragraph(writer.phrase("case.ordinary"))
    if usual:
        statements = (_fact_statement(name, known[name], sentences, writer) for name in usual)
        yield Paragraph(writer.phrase("case.usual", facts=writer.join(statements)), quiet=True)
    if unstated:
        missing = writer.join(missing_fact(name, sentences, writer) for name in unstated)
        yield Paragraph(writer.phrase("case.unstated", facts=missing), quiet=True)


def _fact_statement(
    name: str, value: Value, sentences: SentenceWriter, writer: PageWriter
) -> RichText:
    if not isinstance(value, datetime):
        return sentences.fact_statement(name, value)
    assert sentences.policy
    text = format_moment(value, sentences.policy.vocabulary.time_zone, writer.language)
    return writer.phrase("moment", fact=sentences.fact(name), value=text)


def columns_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a `columns` document: which column of a table states which fact."""
    yield from writer.title_blocks(document)
    rows = []
    for name, entry in document.data["columns"].items():
        column = entry if isinstance(entry, str) else entry["from"]
        rows.append(TableRow(((code(name),), (code(column),), _column_reading(entry, writer))))
    heads = tuple(writer.phrase(head) for head in ("fact.head", "column.head", "column.read"))
    yield Table(heads, tuple(rows))
    ignored = document.data.get("ignore", ())
    if ignored == "others":
        yield Paragraph(writer.phrase("column.others"))
    elif ignored:
        columns = writer.enumeration((code(column),) for column in ignored)
        yield Paragraph(writer.phrase("column.ignored", columns=columns))


def _column_reading(entry: Any, writer: PageWriter) -> RichText:
    """Return how the cells of a column become values of the fact."""
    parts: list[RichText] = []
    if isinstance(entry, dict):
        for cell, value in entry.get("values", {}).items():
            parts.append(
                writer.phrase("column.code", code=code(cell), value=code(scalar_text(value)))
            )
        if "unit" in entry:
            parts.append(writer.phrase("column.unit", unit=writer.phrase(f"unit.{entry['unit']}")))
        if "time_zone" in entry:
            parts.append(writer.phrase("column.zone", zone=entry["time_zone"]))
    return writer.join(parts) or writer.phrase("column.as_is")
