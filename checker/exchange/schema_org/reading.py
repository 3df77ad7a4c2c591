"""Return policies found in a page's things: each with what it is called and where it stands."""

from __future__ import annotations

from collections.abc import Iterator

from checker.exchange.schema_org.nodes import Graph, Node, shown
from checker.exchange.schema_org.policy import take_policy
from checker.exchange.schema_org.seasons import take_seasons
from checker.exchange.schema_org.vocabulary import POLICY
from checker.exchange.statements import Read, Stated, not_understood, seasons
from checker.language.syntax.problems import Finding


def read_graph(graph: Graph) -> Read:
    """Return the policies of all things, attached to something or standing alone."""
    policies: dict[str, tuple[Node, list[Node]]] = {}
    problems: list[Finding] = []
    for owner, value in graph.attached():
        policy = graph.whole(value.value)
        why = _no_policy(policy)
        if isinstance(policy, Node) and not why:
            policies.setdefault(policy.key, (policy, []))[1].append(owner)
        else:
            place = value.place
            problems.append(not_understood(place.position, f"`{value.said}` {why}", place.at))
    for policy in graph.standing_alone():
        if policy.says or not policy.id:
            policies.setdefault(policy.key, (policy, []))
    found = sorted(policies.values(), key=lambda each: each[0].place.position)
    stated = (version for policy, owners in found for version in _versions(graph, policy, owners))
    return Read(stated=tuple(stated), problems=tuple(problems))


def _no_policy(value: object) -> str:
    if not isinstance(value, Node):
        return f"is no {POLICY}; nothing is fetched"
    if not value.says:
        return "refers to nothing in this file; nothing is fetched" if value.id else "says nothing"
    return f"is no {POLICY}" if value.types and POLICY not in value.types else ""


def _versions(graph: Graph, policy: Node, owners: list[Node]) -> list[Stated]:
    """Return what a policy states, one season after the other."""
    found = take_policy(graph, policy)
    for owner in owners:
        goods = next((each for each in _about(graph, owner) if "category" in each.says), None)
        for value in goods.says["category"] if goods else ():
            found.note(value)
    name = _text(policy, "name") or (_called(graph, owners[0]) if len(owners) == 1 else "")
    seasonal = take_seasons(found, policy, name)
    base = Stated(
        name,
        policy.place.at,
        policy.place.position,
        tuple(found.statements),
        tuple(sorted(found.notes, key=lambda note: note.position)),
        tuple(sorted(found.problems, key=lambda problem: problem.position)),
        unclear=tuple(found.unclear),
    )
    return seasons(base, seasonal) if seasonal else [base]


def _called(graph: Graph, owner: Node) -> str:
    """Return the name of what has a policy; an offer is called by what it offers."""
    names = (_text(each, "name") or _text(each, "sku") for each in _about(graph, owner))
    return next((name for name in names if name), "")


def _about(graph: Graph, owner: Node) -> Iterator[Node]:
    """Yield what has a policy, what it offers, and what the offer is described within."""
    yield owner
    for value in owner.says.get("itemOffered", []):
        offered = graph.whole(value.value)
        if isinstance(offered, Node):
            yield offered
    while owner.within and any("Offer" in name for name in owner.types):
        owner = owner.within
        yield owner


def _text(node: Node, name: str) -> str:
    values = (each.value for each in node.says.get(name, []))
    texts = (shown(each) for each in values if not isinstance(each, Node))
    return next((text for text in texts if text), "")
