"""Reads the return policies among the things of a page, each with its name and position."""

from __future__ import annotations

from collections.abc import Iterator

from checker.exchange.schema_org.policy import read_policy
from checker.exchange.schema_org.seasons import read_seasons
from checker.exchange.schema_org.things import Graph, Thing, display
from checker.exchange.schema_org.vocabulary import POLICY
from checker.exchange.statements import ReadDocument, StatedPolicy, not_understood, seasons
from checker.language.syntax.problems import Finding


def read_graph(graph: Graph) -> ReadDocument:
    """Return all policies: those of other things, and those without an owner."""
    policies: dict[str, tuple[Thing, list[Thing]]] = {}  # with the owners
    problems: list[Finding] = []
    for owner, value in graph.owned_policies():
        policy = graph.resolve(value.value)
        why = _why_no_policy(policy)
        if isinstance(policy, Thing) and not why:
            policies.setdefault(policy.key, (policy, []))[1].append(owner)
        else:
            position, at = value.location.position, value.location.at
            problems.append(not_understood(position, f"`{value.source_text}` {why}", at))
    for policy in graph.policies():
        if policy.properties or not policy.id:
            policies.setdefault(policy.key, (policy, []))
    ordered = sorted(policies.values(), key=lambda each: each[0].location.position)
    versions = (
        version for policy, owners in ordered for version in _versions(graph, policy, owners)
    )
    return ReadDocument(stated=tuple(versions), problems=tuple(problems))


def _why_no_policy(value: object) -> str:
    """Return why a value is no return policy, empty if it is one."""
    if not isinstance(value, Thing):
        return f"is no {POLICY}; nothing is fetched"
    if not value.properties:
        return "refers to nothing in this file; nothing is fetched" if value.id else "says nothing"
    return f"is no {POLICY}" if value.types and POLICY not in value.types else ""


def _versions(graph: Graph, policy: Thing, owners: list[Thing]) -> list[StatedPolicy]:
    """Return the versions of a policy, in each of its seasons and between them."""
    collector = read_policy(graph, policy)
    for owner in owners:
        subjects = _subjects(graph, owner)
        goods = next((thing for thing in subjects if "category" in thing.properties), None)
        for value in goods.properties["category"] if goods else ():
            collector.note(value)
    name = _text(policy, "name") or (_owner_name(graph, owners[0]) if len(owners) == 1 else "")
    seasonal = read_seasons(collector, policy, name)
    base = StatedPolicy(
        name,
        policy.location.at,
        policy.location.position,
        tuple(collector.statements),
        tuple(sorted(collector.notes, key=lambda note: note.position)),
        tuple(sorted(collector.problems, key=lambda problem: problem.position)),
        unclear=tuple(collector.unclear),
    )
    return seasons(base, seasonal) if seasonal else [base]


def _owner_name(graph: Graph, owner: Thing) -> str:
    """Return the name of the owner of a policy; an offer without one has that of its goods."""
    names = (_text(thing, "name") or _text(thing, "sku") for thing in _subjects(graph, owner))
    return next((name for name in names if name), "")


def _subjects(graph: Graph, owner: Thing) -> Iterator[Thing]:
    """Yield the owner of a policy; of an offer also its goods, and the things that contain it."""
    yield owner
    for value in owner.properties.get("itemOffered", []):
        goods = graph.resolve(value.value)
        if isinstance(goods, Thing):
            yield goods
    while owner.parent and any("Offer" in name for name in owner.types):
        owner = owner.parent
        yield owner


def _text(thing: Thing, name: str) -> str:
    """Return the first text of a property that is not empty."""
    values = (value.value for value in thing.properties.get(name, []))
    texts = (display(value) for value in values if not isinstance(value, Thing))
    return next((text for text in texts if text), "")
