"""The handbook page of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.explain.conditions.sentences import SentenceWriter, metric_sentences, policy_sentences
from checker.explain.conditions.values import ValueFormat
from checker.explain.pages.facts import fact_item
from checker.explain.pages.settings import settings_blocks
from checker.explain.pages.terms import better_values, term_blocks
from checker.explain.render.blocks import (
    Block,
    Heading,
    ItemList,
    ListItem,
    Paragraph,
    code,
    sentence_blocks,
    sentence_item,
)
from checker.explain.writer import PageWriter
from checker.language.model.conditions import Condition, facts_in
from checker.language.model.policy import Policy
from checker.language.model.standards import Standards
from checker.language.model.types import ValueType
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document

Data = Mapping[str, Any]


def policy_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of a policy.

    Raises:
        NotFound: A document that it needs is missing.
        InvalidDocument: It, or a document that it needs, has errors.
    """
    # a policy that extends another one has the parts of both
    extended, _ = writer.resolver.shape(document)
    complete = extended or document
    resolved = writer.resolver.resolve_document(document, writer.day)
    policy, data = resolved.policy, complete.data
    sentences = policy_sentences(policy, writer.language)
    yield from writer.title_blocks(document)
    yield from _vocabulary_and_upheld(policy, resolved, writer)
    yield from _decision_steps(resolved, writer)
    yield from _entitlements(policy, data, sentences, writer)
    yield from _grounds(policy, data, sentences, writer)
    yield from _terms(policy, data, sentences, writer)
    if policy.parameters:
        yield writer.heading(2, "settings", "settings")
        yield from settings_blocks(resolved, document, sentences, writer)
    yield from _definitions(policy, sentences, writer)
    yield from _standards(policy.standards, data, writer)
    yield from facts_section(policy, every_condition(policy), sentences, writer)
    yield from accepted_section(data, writer)
    yield from writer.sources_section(complete)


def _vocabulary_and_upheld(
    policy: Policy, resolved: ResolvedPolicy, writer: PageWriter
) -> Iterator[Block]:
    vocabulary = writer.reference("vocabulary", resolved.vocabulary.name)
    yield Paragraph(writer.phrase("speaks", vocabulary=vocabulary))
    if resolved.upheld:
        names = writer.enumeration(
            writer.reference("policy", policy.name) for policy in resolved.upheld
        )
        yield Paragraph(writer.phrase("upholds", policies=names))


def _decision_steps(resolved: ResolvedPolicy, writer: PageWriter) -> Iterator[Block]:
    yield writer.heading(2, "decided", "decided")
    policy = resolved.policy
    next_step_blocks = ["decided.must" if resolved.upheld else "decided.must_alone"]
    next_step_blocks += ["decided.may"] if policy.grounds else []
    next_step_blocks.append(f"otherwise.{policy.otherwise}")
    yield ItemList(tuple(ListItem(writer.phrase(step)) for step in next_step_blocks), numbered=True)


def _entitlements(
    policy: Policy, data: Data, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if policy.entitlements:
        yield writer.heading(2, "entitlements", "entitlements")
    for id, entitlement in policy.entitlements.items():
        yield Heading(
            3, sentences.mention("entitlement", id, entitlement.title), f"entitlement-{id}"
        )
        yield from sentence_blocks(
            writer.phrase("owed"), sentences.condition(entitlement.when), writer.language
        )
        if len(entitlement.unless) == 1:
            yield Paragraph(
                writer.phrase("unless.one", ground=sentences.ground(entitlement.unless[0]))
            )
        elif entitlement.unless:
            yield Paragraph(writer.phrase("unless"))
            yield ItemList(
                tuple(ListItem(sentences.ground(ground)) for ground in entitlement.unless)
            )
        yield from writer.remarks(data["entitlements"][id])


def _grounds(
    policy: Policy, data: Data, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if policy.grounds:
        yield writer.heading(2, "grounds", "grounds")
    for id, ground in policy.grounds.items():
        yield Heading(3, sentences.ground(id), f"ground-{id}")
        yield from sentence_blocks(
            writer.phrase("applies"), sentences.condition(ground.when), writer.language
        )
        if ground.evidence:
            evidence = writer.enumeration((writer.text(item),) for item in ground.evidence)
            yield Paragraph(writer.phrase("evidence", evidence=evidence))
        yield from writer.remarks(data["grounds"][id])


def _terms(
    policy: Policy, data: Data, sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if policy.terms:
        yield writer.heading(2, "terms", "terms")
        yield Paragraph(writer.phrase("no_worse"), quiet=True)
    for name, term in policy.terms.items():
        entry = data["terms"][name]
        yield from term_blocks(term, term.rows, entry["decide"], sentences, writer)
        yield better_values(term, writer)
        yield from writer.remarks(entry)


def _definitions(policy: Policy, sentences: SentenceWriter, writer: PageWriter) -> Iterator[Block]:
    if policy.names.definitions:
        yield writer.heading(2, "definitions", "definitions")
    for name, condition in policy.names.definitions.items():
        yield Heading(3, sentences.definition(name), f"definition-{name}")
        yield from sentence_blocks(
            writer.phrase("means"), sentences.condition(condition), writer.language
        )


def _standards(standards: Standards | None, data: Data, writer: PageWriter) -> Iterator[Block]:
    if standards is None:
        return
    yield writer.heading(2, "standards", "standards")
    value_format, sentences = ValueFormat(ValueType("duration")), metric_sentences(writer.language)
    window = value_format.text(standards.window, writer.language)
    yield Paragraph(writer.phrase("window", window=window))
    rungs = []
    entries = {entry["id"]: entry for entry in data["standards"]["ladder"]}
    for rung in standards.ladder:
        lead = writer.phrase("rung", title=sentences.mention("rung", rung.id, rung.title))
        item = sentence_item(lead, sentences.condition(rung.when), writer.language)
        rungs.append(ListItem(item.content, (*item.nested, *writer.remarks(entries[rung.id]))))
    yield ItemList(tuple(rungs), numbered=True)


def every_condition(policy: Policy) -> list[Condition]:
    """Return every condition of a policy, except those of its ladder."""
    conditions = [*policy.names.grounds.values(), *policy.names.definitions.values()]
    conditions += [entitlement.when for entitlement in policy.entitlements.values()]
    conditions += [term.when for term in policy.terms.values() if term.when]
    return conditions + [row.when for term in policy.terms.values() for row in term.rows]


def facts_section(
    policy: Policy, conditions: Iterable[Condition], sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    """Yield the facts that conditions test, in the vocabulary's order."""
    tested = {fact for condition in conditions for fact in facts_in(condition, policy.names)}
    vocabulary = writer.find("vocabulary", policy.vocabulary.name)
    entries = vocabulary.data["facts"] if vocabulary else {}
    items = [
        fact_item(fact, entries.get(name, {}), sentences, writer)
        for name, fact in policy.vocabulary.facts.items()
        if name in tested
    ]
    if items:
        yield writer.heading(2, "facts", "facts")
        yield ItemList(tuple(items))


def accepted_section(data: Data, writer: PageWriter) -> Iterator[Block]:
    """Yield the findings that the authors accept, with their reasons."""
    items = []
    for entry in data.get("accept", ()):
        key, at = ("meant", entry["at"]) if "at" in entry else ("meant_everywhere", "")
        why = writer.text(entry["why"])
        items.append(ListItem(writer.phrase(key, check=code(entry["check"]), at=code(at), why=why)))
    if items:
        yield writer.heading(2, "accepted", "accepted")
        yield ItemList(tuple(items))
