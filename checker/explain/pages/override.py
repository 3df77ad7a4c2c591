"""The page of an override: how one seller answers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.analysis.prove.requirements import RequirementFormulas
from checker.explain.conditions.lines import Line
from checker.explain.conditions.sentences import Words, words_under
from checker.explain.pages.policy import accepted, facts_section
from checker.explain.pages.settings import limits_of, own_settings
from checker.explain.pages.terms import term_blocks
from checker.explain.render.blocks import Block, Item, Items, Paragraph, item_of, sentence
from checker.explain.writer import Prose
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


def override_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of an override; NotFound and InvalidDocument as the resolver raises them."""
    resolved = prose.resolver.world_read_in(document, prose.day)
    override = prose.resolver.override_of(document, resolved)
    words = words_under(override.policy, prose.language, override.settings)
    yield from prose.head(document)
    policy = prose.reference("policy", resolved.policy.name)
    yield Paragraph(prose.say("answers_under", policy=policy))
    if override.scope is not None:
        scope = words.condition(override.scope)
        yield from sentence(prose.say("scope"), scope, prose.language)
        yield Paragraph(prose.say("scope.else"))
    if override.settings:
        yield prose.heading(2, "own_settings", "settings")
        limits = limits_of(RequirementFormulas(resolved))
        yield own_settings(override.settings, limits, words, prose)
        if limits:
            yield Paragraph(prose.say("settings.about"), quiet=True)
    yield from _answers(override, document.data, words, prose)
    yield from _terms(override, document.data, words, prose)
    yield from _names(override, words, prose)
    yield from facts_section(override.policy, _conditions(override), words, prose)
    yield from accepted(document.data, prose)
    yield from prose.sources(document)


def _answers(
    override: Override, data: Mapping[str, Any], words: Words, prose: Prose
) -> Iterator[Block]:
    if override.rules:
        yield prose.heading(2, "rules", "rules")
        entries = {each["id"]: each for each in data["rules"]}
        items = [rule_item(rule, entries[rule.id], words, prose) for rule in override.rules]
        yield Items(tuple(items), numbered=True)
    yield prose.heading(2, "otherwise", "otherwise")
    key = "otherwise.rules" if override.rules else "otherwise.always"
    yield Paragraph(prose.say(key, respond=respond_words(override.otherwise, prose)))
    if "follow" in (override.otherwise, *(rule.respond for rule in override.rules)):
        yield Paragraph(prose.say("follow.how"), quiet=True)


def rule_item(rule: Rule, entry: Mapping[str, Any], words: Words, prose: Prose) -> Item:
    """Return what a rule says: what it is called, how the seller responds, and where."""
    grounds = prose.listed(prose.say("quoted", name=words.ground(id)) for id in rule.cites)
    respond = respond_words(rule.respond, prose, grounds)
    title = words.name("rule", rule.id, rule.title)
    lead = prose.say("rule", title=title, respond=respond)
    item = item_of(lead, words.condition(rule.when), prose.language)
    return Item(item.line, (*item.below, *prose.note(entry)), f"rule-{rule.id}")


def respond_words(respond: str, prose: Prose, grounds: Line = ()) -> Line:
    """Return how a seller responds; a refusal without grounds cites all that apply."""
    if respond == "reject" and not grounds:
        return prose.say("respond.reject_all")
    return prose.say(f"respond.{respond}", grounds=grounds)


def _terms(
    override: Override, data: Mapping[str, Any], words: Words, prose: Prose
) -> Iterator[Block]:
    if not override.terms:
        return
    yield prose.heading(2, "seller_terms", "terms")
    for name, rows in override.terms.items():
        term = override.policy.terms[name]
        yield from term_blocks(term, rows, data["terms"][name], words, prose)
    yield Paragraph(prose.say("seller_terms.else"), quiet=True)


def _conditions(override: Override) -> list[Condition]:
    found = [override.scope] if override.scope is not None else []
    found += [rule.when for rule in override.rules]
    found += [GroundHolds(id) for rule in override.rules for id in rule.cites]
    return found + [row.when for rows in override.terms.values() for row in rows]


def _names(override: Override, words: Words, prose: Prose) -> Iterator[Block]:
    """Yield what the grounds and definitions are that the seller's conditions name."""
    names, found = override.policy.names, dict[GroundHolds | Defined, None]()
    for condition in _conditions(override):
        _collect(condition, names, found)
    items = []
    for each in found:
        is_ground = isinstance(each, GroundHolds)
        name = (
            words.ground(each.id) if isinstance(each, GroundHolds) else words.definition(each.name)
        )
        lead = prose.say("names.ground" if is_ground else "names.definition", name=name)
        item = item_of(lead, words.condition(names.of(each)), prose.language)
        kind, id = (
            ("ground", each.id) if isinstance(each, GroundHolds) else ("definition", each.name)
        )
        items.append(Item(item.line, item.below, f"{kind}-{id}"))
    if items:
        yield prose.heading(2, "names", "names")
        yield Items(tuple(items))


def _collect(condition: Condition, names: Names, found: dict[GroundHolds | Defined, None]) -> None:
    """Add the grounds and definitions that a condition names, and those that these do."""
    if isinstance(condition, All | AnyOf):
        for part in condition.parts:
            _collect(part, names, found)
    elif isinstance(condition, Not):
        _collect(condition.part, names, found)
    elif isinstance(condition, GroundHolds | Defined) and condition not in found:
        found[condition] = None
        _collect(names.of(condition), names, found)
