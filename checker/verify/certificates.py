"""A certificate checked: it is about these documents, and its trees show what it claims.

Nothing that a certificate says is believed. What it must show follows from the document that is
found under its name: its kind, the documents that it rests on, the claims. What is trusted is the
reading of documents, the lines of this package, and SHA-256.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.language.model.types import ValueType
from checker.language.resolve.library import NotFound, period
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.verify.case_sets import BadSplit, CaseSet, Meaning, Narrowing, all_cases, one_case
from checker.verify.certificate_file import CertificateFile, Heading, NoCertificate, Step
from checker.verify.claims import OverrideClaims, PolicyClaims

_NAME = re.compile(r"[a-z0-9/-]+@[0-9]+\.[0-9]+\.[0-9]+")
_PROVABLE = ("override", "policy")


class Refuted(Exception):
    """The certificate does not show what it claims; the message says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate shows: that no error stands for the document on the day.

    `steps` is how many splits and leaves show it.
    """

    document: Document
    on: str
    steps: int


def verify(certificate: CertificateFile, resolver: Resolver) -> Verified:
    """Return what the certificate shows, by the documents of the resolver's library.

    Raises:
        Refuted: it shows less than it must.
        NoCertificate: the file is none.
        OSError: it can't be read.
    """
    heading = certificate.heading
    day = _day(heading)  # before the library: a file without a day is no certificate at all
    document = _document(heading, resolver)
    start, end = period(document)
    if not start <= day < end:
        raise Refuted(f"`{document.name}` is not in force on {heading.on}")
    try:
        resolved = resolver.resolve_for(document, day)
        override = resolver.override_of(document, resolved) if document.kind == "override" else None
    except (NotFound, InvalidDocument) as error:
        raise Refuted(f"the documents can't be read together: {error}") from None
    _check_documents(heading, document, resolver.documents_of(resolved))
    if not override:
        _check_possible_case(heading, resolved)
    claims = OverrideClaims(resolved, override) if override else PolicyClaims(resolved)
    steps = _check_claims(certificate, claims, resolved)
    return Verified(document, heading.on, steps)


def _document(heading: Heading, resolver: Resolver) -> Document:
    """Return the one document of the library that has the name; Refuted where there is none."""
    if not _NAME.fullmatch(heading.document):
        raise Refuted("it names no document with its version, like `sellers/shop@1.0.0`")
    documents = []
    for kind in _PROVABLE:
        try:
            documents += resolver.library.versions(kind, heading.document)
        except NotFound as error:
            reason = error
    if not documents:
        raise Refuted(f"{reason.message} among the documents to verify against")
    (document,) = documents[:1]
    if document.kind != heading.kind:
        raise Refuted(f"`{document.name}` is a document of another kind: {document.kind}")
    return document


def _day(heading: Heading) -> int:
    try:
        day = ValueType("date").read(heading.on)
    except ValueError as error:
        raise NoCertificate(f"$.on: {error}") from None
    assert isinstance(day, int)
    return day


def _check_documents(heading: Heading, document: Document, others: list[Document]) -> None:
    """Refuted where the proof rests on other documents than these, or on others' text."""
    digests = dict(heading.digests)
    for each in dict.fromkeys((document, *others)):  # a policy is among those of its own proof
        digest = digests.pop((each.kind, each.name), None)
        if digest is None:
            raise Refuted(f"it does not rest on {each.kind} `{each.name}`, which is in force")
        if digest != each.sha256:
            raise Refuted(f"{each.kind} `{each.name}` has changed: {each.file}")
    if digests:
        raise Refuted("it rests on a document that the proof does not need")


def _check_possible_case(heading: Heading, resolved: ResolvedPolicy) -> None:
    """Refuted where the certificate of a policy names no case that is possible."""
    try:
        cases = one_case(heading.case, resolved.vocabulary)
    except BadSplit as error:
        raise Refuted(str(error)) from None
    meaning = Meaning(resolved.policy.names, {})
    broken = [i.id for i in resolved.vocabulary.invariants if not meaning.truth(i.always, cases)]
    if broken:
        raise Refuted(f"the case that it names is impossible: it breaks `{broken[0]}`")


def _check_claims(
    certificate: CertificateFile, claims: OverrideClaims | PolicyClaims, resolved: ResolvedPolicy
) -> int:
    """Return how many steps show the claims; Refuted where one is missing, double or not shown."""
    invariants, certain = resolved.vocabulary.invariants, Meaning(resolved.policy.names, {})
    left, steps = {*claims.places}, 0
    for place, tree in certificate.claims():
        what = " at ".join(place)
        if place not in left:
            raise Refuted("it claims something twice, or what it need not")
        left.remove(place)
        walk = _Walk(all_cases(resolved.vocabulary), resolved, what)
        for cases in walk.leaves(tree):
            impossible = any(certain.truth(each.always, cases) is False for each in invariants)
            if not (impossible or cases.is_empty() or claims.fails(place, cases) is False):
                raise Refuted(f"{what}: a part of the cases is left open")
        steps += walk.steps
    if left:
        missing = next(each for each in claims.places if each in left)
        raise Refuted(f"it says nothing of {' at '.join(missing)}")
    return steps


@dataclass(slots=True)
class _Walk:
    """Goes through a tree of splits, with the cases of the part where it is."""

    cases: CaseSet
    resolved: ResolvedPolicy
    what: str
    steps: int = 0

    def leaves(self, tree: Iterator[Step]) -> Iterator[CaseSet]:
        """Yield the cases of each leaf, from the left; together they are all cases."""
        undo: list[tuple[Narrowing, Narrowing | None]] = []  # per split: back, and its other half
        ended = False
        for step in tree:
            self.steps += 1
            if ended:
                raise Refuted(f"{self.what}: the tree goes on after its end")
            if isinstance(step, int):
                yield self.cases
                ended = not self._to_other_half(undo)
                continue
            try:
                first, second = self.cases.halves(step, self.resolved.vocabulary)
            except BadSplit as error:
                raise Refuted(f"{self.what}: no split: {error}") from None
            undo.append((first.applied(self.cases), second))
        if not ended:
            raise Refuted(f"{self.what}: the tree ends before its last leaf")

    def _to_other_half(self, undo: list[tuple[Narrowing, Narrowing | None]]) -> bool:
        """Go to the nearest half that is not looked at yet; return whether there is one."""
        while undo:
            back, other = undo.pop()
            back.applied(self.cases)
            if other is not None:
                undo.append((other.applied(self.cases), None))
                return True
        return False
