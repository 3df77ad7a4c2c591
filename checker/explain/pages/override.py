"""The page of an override: how one seller responds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.analysis.prove.requirements import RequirementFormulas
from checker.explain.conditions.rich_text import RichText
from checker.explain.conditions.sentences import SentenceWriter, policy_sentences
from checker.explain.pages.policy import accepted_section, facts_section
from checker.explain.pages.settings import limits_of, seller_settings
from checker.explain.pages.terms import term_blocks
from checker.explain.render.blocks import (
    Block,
    ItemList,
    ListItem,
    Paragraph,
    sentence_blocks,
    sentence_item,
)
from checker.explain.writer import PageWriter
from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    Defined,
    GroundHolds,
    Names,
    Not,
)
from checker.language.model.override import Override, Rule
from checker.language.syntax.documents import Document


def override_page(document: Document, writer: PageWriter) -> Iterator[Block]:
    """Yield the page of an override.

    Raises:
        NotFound: A document that it needs is missing.
        InvalidDocument: It, or a document that it needs, has errors.
    """
    resolved = writer.resolver.resolve_for(document, writer.day)
    override = writer.resolver.override_of(document, resolved)
    sentences = policy_sentences(override.policy, writer.language, override.settings)
    yield from writer.title_blocks(document)
    policy = writer.reference("policy", resolved.policy.name)
    yield Paragraph(writer.phrase("answers_under", policy=policy))
    if override.scope is not None:
        scope = sentences.condition(override.scope)
        yield from sentence_blocks(writer.phrase("scope"), scope, writer.language)
        yield Paragraph(writer.phrase("scope.else"))
    if override.settings:
        yield writer.heading(2, "own_settings", "settings")
        limits = limits_of(RequirementFormulas(resolved))
        yield seller_settings(override.settings, limits, sentences, writer)
        if limits:
            yield Paragraph(writer.phrase("settings.about"), quiet=True)
    yield from _rules(override, document.data, sentences, writer)
    yield from _terms(override, document.data, sentences, writer)
    yield from _names(override, sentences, writer)
    yield from facts_section(override.policy, _conditions(override), sentences, writer)
    yield from accepted_section(document.data, writer)
    yield from writer.sources_section(document)


def _rules(
    override: Override, data: Mapping[str, Any], sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if override.rules:
        yield writer.heading(2, "rules", "rules")
        entries = {entry["id"]: entry for entry in data["rules"]}
        items = [rule_item(rule, entries[rule.id], sentences, writer) for rule in override.rules]
        yield ItemList(tuple(items), numbered=True)
    yield writer.heading(2, "otherwise", "otherwise")
    key = "otherwise.rules" if override.rules else "otherwise.always"
    yield Paragraph(writer.phrase(key, respond=response_text(override.otherwise, writer)))
    if "follow" in (override.otherwise, *(rule.respond for rule in override.rules)):
        yield Paragraph(writer.phrase("follow.how"), quiet=True)


def rule_item(
    rule: Rule, entry: Mapping[str, Any], sentences: SentenceWriter, writer: PageWriter
) -> ListItem:
    """Return a rule: its title, how the seller responds, under which condition, and its note."""
    grounds = writer.enumeration(
        writer.phrase("quoted", name=sentences.ground(id)) for id in rule.cites
    )
    respond = response_text(rule.respond, writer, grounds)
    title = sentences.mention("rule", rule.id, rule.title)
    lead = writer.phrase("rule", title=title, respond=respond)
    item = sentence_item(lead, sentences.condition(rule.when), writer.language)
    return ListItem(item.content, (*item.nested, *writer.note(entry)), f"rule-{rule.id}")


def response_text(respond: str, writer: PageWriter, grounds: RichText = ()) -> RichText:
    """Return how a seller responds; a refusal without grounds cites every ground that applies."""
    if respond == "reject" and not grounds:
        return writer.phrase("respond.reject_all")
    return writer.phrase(f"respond.{respond}", grounds=grounds)


def _terms(
    override: Override, data: Mapping[str, Any], sentences: SentenceWriter, writer: PageWriter
) -> Iterator[Block]:
    if not override.terms:
        return
    yield writer.heading(2, "seller_terms", "terms")
    for name, rows in override.terms.items():
        term = override.policy.terms[name]
        yield from term_blocks(term, rows, data["terms"][name], sentences, writer)
    yield Paragraph(writer.phrase("seller_terms.else"), quiet=True)


def _conditions(override: Override) -> list[Condition]:
    conditions = [override.scope] if override.scope is not None else []
    conditions += [rule.when for rule in override.rules]
    conditions += [GroundHolds(id) for rule in override.rules for id in rule.cites]
    return conditions + [row.when for rows in override.terms.values() for row in rows]


def _names(override: Override, sentences: SentenceWriter, writer: PageWriter) -> Iterator[Block]:
    """Yield the grounds and definitions that the seller's conditions name, and when they hold."""
    names = override.policy.names
    named: dict[GroundHolds | Defined, None] = {}
    for condition in _conditions(override):
        _collect_names(condition, names, named)
    items = []
    for node in named:
        if isinstance(node, GroundHolds):
            lead = writer.phrase("names.ground", name=sentences.ground(node.id))
            anchor = f"ground-{node.id}"
        else:
            lead = writer.phrase("names.definition", name=sentences.definition(node.name))
            anchor = f"definition-{node.name}"
        item = sentence_item(lead, sentences.condition(names.of(node)), writer.language)
        items.append(ListItem(item.content, item.nested, anchor))
    if items:
        yield writer.heading(2, "names", "names")
        yield ItemList(tuple(items))


def _collect_names(
    condition: Condition, names: Names, named: dict[GroundHolds | Defined, None]
) -> None:
    """Add the grounds and definitions that a condition names, and those that these name."""
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            _collect_names(part, names, named)
    elif isinstance(condition, Not):
        _collect_names(condition.part, names, named)
    elif isinstance(condition, GroundHolds | Defined) and condition not in named:
        named[condition] = None
        _collect_names(names.of(condition), names, named)
