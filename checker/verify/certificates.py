"""Checks a certificate: that it is about these documents, and that its trees prove its claims.

Nothing that a certificate says is believed. Its kind, the documents that it rests on and its claims
follow from the document that has its name. Only three things are trusted: the parser of documents,
this package, and SHA-256.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.language.model.types import ValueType
from checker.language.resolve.library import NotFound
from checker.language.resolve.periods import period
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.verify.case_sets import (
    BadSplit,
    CaseSet,
    ConditionEvaluator,
    Narrowing,
    all_cases,
    one_case,
)
from checker.verify.certificate_file import CertificateFile, CertificateHeader
from checker.verify.claims import OverrideClaims, PolicyClaims
from checker.verify.tokens import InvalidCertificate, Step

_NAME = re.compile(r"[a-z0-9/-]+@[0-9]+\.[0-9]+\.[0-9]+")
_PROVABLE = ("override", "policy")


DEEPEST_TREE = 100_000  # splits inside each other: as many steps as `prove` writes at most


class Refuted(Exception):
    """The certificate does not show what it claims; the message says why."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate proves: that the document has no error on the day.

    Attributes:
        document: the document.
        on: the day that picks the versions, as `2024-09-01`.
        steps: the number of splits and leaves that prove it.
    """

    document: Document
    on: str
    steps: int


def verify(certificate: CertificateFile, resolver: Resolver) -> Verified:
    """Return what the certificate proves about the documents of the resolver's library.

    Raises:
        Refuted: it proves less than it must.
        InvalidCertificate: the file is no certificate.
        OSError: it can't be read.
    """
    header = certificate.header
    day = _day(header)  # before the library: a file without a day is no certificate at all
    document = _document(header, resolver)
    start, end = period(document)
    if not start <= day < end:
        raise Refuted(f"`{document.name}` is not in force on {header.on}")
    try:
        resolved = resolver.resolve_for(document, day)
        override = resolver.override_of(document, resolved) if document.kind == "override" else None
    except (NotFound, InvalidDocument) as error:
        raise Refuted(f"the documents can't be read together: {error}") from None
    _check_documents(header, document, resolver.documents_of(resolved))
    if not override:
        _check_possible_case(header, resolved)
    claims = OverrideClaims(resolved, override) if override else PolicyClaims(resolved)
    steps = _check_claims(certificate, claims, resolved)
    return Verified(document, header.on, steps)


def _document(header: CertificateHeader, resolver: Resolver) -> Document:
    """Return the document of the library that has the name; Refuted where there is none."""
    if not _NAME.fullmatch(header.document):
        raise Refuted("it names no document with its version, like `sellers/shop@1.0.0`")
    documents = []
    for kind in _PROVABLE:
        try:
            documents += resolver.library.versions(kind, header.document)
        except NotFound as error:
            reason = error
    if not documents:
        raise Refuted(f"{reason.message} among the documents to verify against")
    (document,) = documents[:1]
    if document.kind != header.kind:
        raise Refuted(f"`{document.name}` is a document of another kind: {document.kind}")
    return document


def _day(header: CertificateHeader) -> int:
    try:
        day = ValueType("date").read(header.on)
    except ValueError as error:
        raise InvalidCertificate(f"$.on: {error}") from None
    assert isinstance(day, int)
    return day


def _check_documents(header: CertificateHeader, document: Document, others: list[Document]) -> None:
    """Raise Refuted unless the digests are those of exactly these documents."""
    digests = dict(header.digests)
    for needed in dict.fromkeys((document, *others)):  # a policy is among those of its own proof
        digest = digests.pop((needed.kind, needed.name), None)
        if digest is None:
            raise Refuted(f"it does not rest on {needed.kind} `{needed.name}`, which is in force")
        if digest != needed.sha256:
            raise Refuted(f"{needed.kind} `{needed.name}` has changed: {needed.file}")
    if digests:
        raise Refuted("it rests on a document that the proof does not need")


def _check_possible_case(header: CertificateHeader, resolved: ResolvedPolicy) -> None:
    """Raise Refuted unless the case that the certificate of a policy names is possible."""
    try:
        cases = one_case(header.case, resolved.vocabulary)
    except BadSplit as error:
        raise Refuted(str(error)) from None
    evaluator = ConditionEvaluator(resolved.policy.names, {})
    invariants = resolved.vocabulary.invariants
    broken = [
        invariant.id for invariant in invariants if not evaluator.truth(invariant.always, cases)
    ]
    if broken:
        raise Refuted(f"the case that it names is impossible: it breaks `{broken[0]}`")


def _check_claims(
    certificate: CertificateFile, claims: OverrideClaims | PolicyClaims, resolved: ResolvedPolicy
) -> int:
    """Return how many steps prove the claims; Refuted where one is missing, double or unproved."""
    evaluator = ConditionEvaluator(resolved.policy.names, {})
    invariants = [invariant.always for invariant in resolved.vocabulary.invariants]
    missing, steps = {*claims.expected}, 0
    for claim, tree in certificate.claims():
        label = " at ".join(claim)
        if claim not in missing:
            raise Refuted("it claims something twice, or what it need not")
        missing.remove(claim)
        walk = _Walk(all_cases(resolved.vocabulary), resolved, label)
        for cases in walk.leaves(tree):
            impossible = (evaluator.truth(invariant, cases) is False for invariant in invariants)
            if not (cases.is_empty() or claims.fails(claim, cases) is False or any(impossible)):
                raise Refuted(f"{label}: a part of the cases is left open")
        steps += walk.steps
    if missing:
        first_missing = next(claim for claim in claims.expected if claim in missing)
        raise Refuted(f"it says nothing of {' at '.join(first_missing)}")
    return steps


# of each split that the walk is inside of: what leads back, and its other half if that is to come
_Undo = list[tuple[Narrowing, Narrowing | None]]


@dataclass(slots=True)
class _Walk:
    """Walks through a tree of splits; `cases` are those of the node where it is.

    Attributes:
        label: the claim that the tree proves, for messages.
        steps: the number of splits and leaves so far.
    """

    cases: CaseSet
    resolved: ResolvedPolicy
    label: str
    steps: int = 0

    def leaves(self, tree: Iterator[Step]) -> Iterator[CaseSet]:
        """Yield the cases of each leaf, from the left; the union of all leaves is all cases."""
        undo: _Undo = []
        ended = False
        for step in tree:
            self.steps += 1
            if ended:
                raise Refuted(f"{self.label}: the tree goes on after its end")
            if isinstance(step, int):
                yield self.cases
                ended = not self._to_other_half(undo)
                continue
            try:
                first, second = self.cases.halves(step, self.resolved.vocabulary)
            except BadSplit as error:
                raise Refuted(f"{self.label}: no split: {error}") from None
            if len(undo) >= DEEPEST_TREE:
                raise Refuted(f"{self.label}: more than {DEEPEST_TREE:,} splits inside each other")
            undo.append((first.apply(self.cases), second))
        if not ended:
            raise Refuted(f"{self.label}: the tree ends before its last leaf")

    def _to_other_half(self, undo: _Undo) -> bool:
        """Go to the nearest half that was not visited yet; return whether there is one."""
        while undo:
            back, other = undo.pop()
            back.apply(self.cases)
            if other is not None:
                undo.append((other.apply(self.cases), None))
                return True
        return False
