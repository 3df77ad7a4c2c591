"""The handbook page of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from checker.explain.conditions.sentences import Words, words_of_metrics, words_under
from checker.explain.conditions.values import Measure
from checker.explain.pages.facts import fact_item
from checker.explain.pages.settings import settings_blocks
from checker.explain.pages.terms import direction, term_blocks
from checker.explain.render.blocks import (
    Block,
    Heading,
    Item,
    Items,
    Paragraph,
    code,
    item_of,
    sentence,
)
from checker.explain.writer import Prose
from checker.language.model.conditions import Condition, facts_in
from checker.language.model.policy import Policy
from checker.language.model.standards import Standards
from checker.language.model.types import ValueType
from checker.language.resolve.resolver import ResolvedPolicy
from checker.language.syntax.documents import Document

Data = Mapping[str, Any]


def policy_page(document: Document, prose: Prose) -> Iterator[Block]:
    """Yield the page of a policy; NotFound and InvalidDocument as the resolver raises them."""
    whole, _ = prose.resolver.shape(document)
    resolved = prose.resolver.world_of(document, prose.day)
    policy, data = resolved.policy, (whole or document).data
    words = words_under(policy, prose.language)
    yield from prose.head(document)
    yield from _standing(policy, resolved, prose)
    yield from _decided(resolved, prose)
    yield from _entitlements(policy, data, words, prose)
    yield from _grounds(policy, data, words, prose)
    yield from _terms(policy, data, words, prose)
    if policy.parameters:
        yield prose.heading(2, "settings", "settings")
        yield from settings_blocks(resolved, document, words, prose)
    yield from _definitions(policy, words, prose)
    yield from _standards(policy.standards, data, prose)
    yield from facts_section(policy, every_condition(policy), words, prose)
    yield from accepted(data, prose)
    yield from prose.sources(whole or document)


def _standing(policy: Policy, resolved: ResolvedPolicy, prose: Prose) -> Iterator[Block]:
    vocabulary = prose.reference("vocabulary", resolved.vocabulary.name)
    yield Paragraph(prose.say("speaks", vocabulary=vocabulary))
    if resolved.upheld:
        names = prose.listed(prose.reference("policy", each.name) for each in resolved.upheld)
        yield Paragraph(prose.say("upholds", policies=names))


def _decided(resolved: ResolvedPolicy, prose: Prose) -> Iterator[Block]:
    yield prose.heading(2, "decided", "decided")
    policy = resolved.policy
    steps = ["decided.must" if resolved.upheld else "decided.must_alone"]
    steps += ["decided.may"] if policy.grounds else []
    steps.append(f"otherwise.{policy.otherwise}")
    yield Items(tuple(Item(prose.say(step)) for step in steps), numbered=True)


def _entitlements(policy: Policy, data: Data, words: Words, prose: Prose) -> Iterator[Block]:
    if policy.entitlements:
        yield prose.heading(2, "entitlements", "entitlements")
    for id, each in policy.entitlements.items():
        yield Heading(3, words.name("entitlement", id, each.title), f"entitlement-{id}")
        yield from sentence(prose.say("owed"), words.condition(each.when), prose.language)
        if len(each.unless) == 1:
            yield Paragraph(prose.say("unless.one", ground=words.ground(each.unless[0])))
        elif each.unless:
            yield Paragraph(prose.say("unless"))
            yield Items(tuple(Item(words.ground(ground)) for ground in each.unless))
        yield from prose.remarks(data["entitlements"][id])


def _grounds(policy: Policy, data: Data, words: Words, prose: Prose) -> Iterator[Block]:
    if policy.grounds:
        yield prose.heading(2, "grounds", "grounds")
    for id, each in policy.grounds.items():
        yield Heading(3, words.ground(id), f"ground-{id}")
        yield from sentence(prose.say("applies"), words.condition(each.when), prose.language)
        if each.evidence:
            evidence = prose.listed((prose.text(item),) for item in each.evidence)
            yield Paragraph(prose.say("evidence", evidence=evidence))
        yield from prose.remarks(data["grounds"][id])


def _terms(policy: Policy, data: Data, words: Words, prose: Prose) -> Iterator[Block]:
    if policy.terms:
        yield prose.heading(2, "terms", "terms")
        yield Paragraph(prose.say("no_worse"), quiet=True)
    for name, term in policy.terms.items():
        entry = data["terms"][name]
        yield from term_blocks(term, term.rows, entry["decide"], words, prose)
        yield direction(term, prose)
        yield from prose.remarks(entry)


def _definitions(policy: Policy, words: Words, prose: Prose) -> Iterator[Block]:
    if policy.names.definitions:
        yield prose.heading(2, "definitions", "definitions")
    for name, condition in policy.names.definitions.items():
        yield Heading(3, words.definition(name), f"definition-{name}")
        yield from sentence(prose.say("means"), words.condition(condition), prose.language)


def _standards(standards: Standards | None, data: Data, prose: Prose) -> Iterator[Block]:
    if standards is None:
        return
    yield prose.heading(2, "standards", "standards")
    measure, words = Measure(ValueType("duration")), words_of_metrics(prose.language)
    window = measure.said(standards.window, prose.language)
    yield Paragraph(prose.say("window", window=window))
    rungs = []
    entries = {each["id"]: each for each in data["standards"]["ladder"]}
    for rung in standards.ladder:
        lead = prose.say("rung", title=words.name("rung", rung.id, rung.title))
        item = item_of(lead, words.condition(rung.when), prose.language)
        rungs.append(Item(item.line, (*item.below, *prose.remarks(entries[rung.id]))))
    yield Items(tuple(rungs), numbered=True)


def every_condition(policy: Policy) -> list[Condition]:
    """Return every condition of a policy, but those of its ladder."""
    found = [*policy.names.grounds.values(), *policy.names.definitions.values()]
    found += [each.when for each in policy.entitlements.values()]
    return found + [row.when for term in policy.terms.values() for row in term.rows]


def facts_section(
    policy: Policy, conditions: Iterable[Condition], words: Words, prose: Prose
) -> Iterator[Block]:
    """Yield what the facts are that conditions look at, in the vocabulary's order."""
    named = {fact for each in conditions for fact in facts_in(each, policy.names)}
    vocabulary = prose.find("vocabulary", policy.vocabulary.name)
    entries = vocabulary.data["facts"] if vocabulary else {}
    items = [
        fact_item(fact, entries.get(name, {}), words, prose)
        for name, fact in policy.vocabulary.facts.items()
        if name in named
    ]
    if items:
        yield prose.heading(2, "facts", "facts")
        yield Items(tuple(items))


def accepted(data: Data, prose: Prose) -> Iterator[Block]:
    """Yield the findings that the authors mean, with their reasons."""
    items = []
    for each in data.get("accept", ()):
        key, at = ("meant", each["at"]) if "at" in each else ("meant_everywhere", "")
        why = prose.text(each["why"])
        items.append(Item(prose.say(key, check=code(each["check"]), at=code(at), why=why)))
    if items:
        yield prose.heading(2, "accepted", "accepted")
        yield Items(tuple(items))
