"""A certificate checked: it is about these documents, and its trees show what it claims."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from checker.language.resolve.library import NotFound, period
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.verify.claims import OverrideClaims, PolicyClaims
from checker.verify.parts import BadSplit, Meaning, Part, one_case, whole


class Refuted(Exception):
    """The certificate does not show what it claims; the message says why."""


def verify(certificate: dict[str, Any], document: Document, resolver: Resolver) -> int:
    """Return in how many steps the certificate shows that no error stands; Refuted where not.

    `certificate` follows its schema; `document` is the one that it is about.
    """
    day = date.fromisoformat(certificate["on"]).toordinal()
    start, end = period(document)
    if not start <= day < end:
        raise Refuted(f"`{document.name}` is not in force on {certificate['on']}")
    try:
        resolved = resolver.world_read_in(document, day)
        override = resolver.override_of(document, resolved) if document.kind == "override" else None
    except (NotFound, InvalidDocument) as error:
        raise Refuted(f"the documents can't be read together: {error}") from None
    _same_documents(certificate, document, resolved, resolver)
    if not override:
        _some_case(certificate, resolved)
    claims = OverrideClaims(resolved, override) if override else PolicyClaims(resolved)
    trees = {(each["check"], each["at"]): each["tree"] for each in certificate["claims"]}
    certain = Meaning(resolved.policy.names, {})
    for place in claims.places:
        what = " at ".join(place)
        if place not in trees:
            raise Refuted(f"it says nothing of {what}")
        for part in _leaves(trees[place], resolved, what):
            invariants = resolved.vocabulary.invariants
            impossible = any(certain.truth(each.always, part) is False for each in invariants)
            if not (impossible or part.is_empty() or claims.fails(place, part) is False):
                raise Refuted(f"{what}: a part of the cases is left open")
    return sum(len(trees[place]) for place in claims.places)


def _same_documents(
    certificate: dict[str, Any], document: Document, resolved: ResolvedPolicy, resolver: Resolver
) -> None:
    """Refuted where the proof rests on other documents than these, or on others' text."""
    proved = {(each["kind"], each["name"]): each["sha256"] for each in certificate["documents"]}
    for each in (document, *resolver.documents_of(resolved)):
        known = proved.get((each.kind, each.name))
        if known is None:
            raise Refuted(f"it does not rest on {each.kind} `{each.name}`, which is in force")
        if known != each.sha256:
            raise Refuted(f"{each.kind} `{each.name}` has changed: {each.file}")


def _some_case(certificate: dict[str, Any], resolved: ResolvedPolicy) -> None:
    """Refuted where the certificate of a policy names no case that is possible."""
    try:
        part = one_case(certificate.get("case", {}), resolved.vocabulary)
    except BadSplit as error:
        raise Refuted(str(error)) from None
    meaning = Meaning(resolved.policy.names, {})
    broken = [i.id for i in resolved.vocabulary.invariants if not meaning.truth(i.always, part)]
    if broken:
        raise Refuted(f"the case that it names is impossible: it breaks `{broken[0]}`")


def _leaves(tree: list[Any], resolved: ResolvedPolicy, what: str) -> Iterator[Part]:
    """Yield the parts that the tree splits all cases into."""
    waiting = [whole(resolved.vocabulary)]
    for step in tree:
        if not waiting:
            raise Refuted(f"{what}: the tree goes on after its end")
        part = waiting.pop()
        if isinstance(step, int):
            yield part
            continue
        try:
            yes, no = part.split(step, resolved.vocabulary)
        except BadSplit as error:
            raise Refuted(f"{what}: {error}") from None
        waiting += [no, yes]
    if waiting:
        raise Refuted(f"{what}: the tree ends before its last leaf")
