"""What a request asks about: documents of the roots, and texts that stand in for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from checker.language.model.types import ValueType
from checker.language.resolve.library import NotFound
from checker.language.resolve.project import open_library, today
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document, parse_document
from checker.language.syntax.problems import Finding

KINDS = ("policy", "override")


class Refused(Exception):
    """A request that can't be answered, with the status and what is wrong with it."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass(slots=True)
class Asked:
    """A question: `body` names a policy and an override by reference, or has their texts.

    What a text says is never written anywhere. Where it has the name of a document of the roots,
    it stands in its place; `unread` are the texts that can't be read, by kind.
    """

    body: Mapping[str, Any]
    roots: Sequence[Path]
    today: int = field(default_factory=today)
    on: int | None = field(init=False)
    resolver: Resolver = field(init=False)
    texts: dict[str, Document] = field(default_factory=dict)
    unread: dict[str, list[Finding]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.on = _day(self.body.get("on"))
        library, _ = open_library(self.roots, closed=True)
        self.resolver = Resolver(library)
        for kind in KINDS:
            stated = self.body.get(kind)
            if isinstance(stated, dict):
                raw = stated["text"].encode("utf-8", errors="surrogatepass")
                document, problems = parse_document(raw, kind)
                if document is None:
                    self.unread[kind] = problems
                elif document.kind in (kind, ""):
                    self.texts[kind] = document
                    library.replace_document(document)
                else:
                    found = f"found `kind: {document.kind}`, expected `kind: {kind}`"
                    raise Refused(422, f"{kind}: {found}")

    @property
    def day(self) -> int:
        """The day that picks versions."""
        return self.today if self.on is None else self.on

    def document(self, kind: str) -> Document | None:
        """Return the document of the kind, None where none is named; Refused where it is not there.

        Of those in the roots it is the one in force, or else the highest version.
        """
        if kind in self.unread:
            raise Refused(422, str(self.unread[kind][0]))
        if kind in self.texts or self.body.get(kind) is None:
            return self.texts.get(kind)
        library, reference = self.resolver.library, self.body[kind]
        try:
            named = library.versions(kind, reference)
        except NotFound as error:
            raise Refused(422, error.with_help) from None
        try:
            return library.find(kind, reference, self.day)
        except NotFound:
            return named[0]

    def documents(self) -> list[Document]:
        """Return the documents that are named, the policy first; Refused where there is none."""
        found = [document for kind in KINDS if (document := self.document(kind))]
        if not found:
            raise Refused(422, "name a `policy`, an `override`, or both")
        return found

    def resolved(self) -> ResolvedPolicy:
        """Return the world of the policy, or else of the policy that the override answers under."""
        policy, override = self.document("policy"), self.document("override")
        try:
            if policy:
                return self.resolver.resolve_document(policy, self.day)
            if override:
                return self.resolver.resolve(str(override.data.get("policy")), self.day)
        except NotFound as error:
            raise Refused(422, error.with_help) from None
        except InvalidDocument as error:
            raise Refused(422, str(error)) from None
        raise Refused(422, "name a `policy`, an `override`, or both")


def _day(stated: str | None) -> int | None:
    try:
        return None if stated is None else int(ValueType("date").read(stated))  # type: ignore[arg-type]
    except ValueError as error:
        raise Refused(422, f"`on`: {error}") from None
