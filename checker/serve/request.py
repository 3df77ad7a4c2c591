"""A request of the API: documents of the roots, and texts that replace them."""

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


class ApiError(Exception):
    """A request that can't be answered: the HTTP status and the reason."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass(slots=True)
class ApiRequest:
    """A request about a policy and an override, each named by a reference or given as a text.

    A text is never written to a file. It replaces the document of the roots with the same name.

    Attributes:
        body: The request as its JSON Schema describes it.
        roots: The folders of the documents.
        today: The ordinal of the current day.
        on: The ordinal of the day that picks versions, None for the current day.
        resolver: Resolves the documents, with the texts in place of those that they replace.
        texts: The documents that the texts contain, by kind.
        unread: The findings in the texts that can't be read, by kind.
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
            value = self.body.get(kind)
            if isinstance(value, dict):
                raw = value["text"].encode("utf-8", errors="surrogatepass")
                document, problems = parse_document(raw, kind)
                if document is None:
                    self.unread[kind] = problems
                elif document.kind in (kind, ""):
                    self.texts[kind] = document
                    library.replace_document(document)
                else:
                    message = f"found `kind: {document.kind}`, expected `kind: {kind}`"
                    raise ApiError(422, f"{kind}: {message}")

    @property
    def day(self) -> int:
        """The day that picks versions."""
        return self.today if self.on is None else self.on

    def document(self, kind: str) -> Document | None:
        """Return the document of the kind, None where the request names none.

        From the roots it is the version in force, or else the highest one.

        Raises:
            ApiError: There is no such document, or its text can't be read.
        """
        if kind in self.unread:
            raise ApiError(422, str(self.unread[kind][0]))
        if kind in self.texts or self.body.get(kind) is None:
            return self.texts.get(kind)
        library, reference = self.resolver.library, self.body[kind]
        try:
            versions = library.versions(kind, reference)
        except NotFound as error:
            raise ApiError(422, error.with_help) from None
        try:
            return library.find(kind, reference, self.day)
        except NotFound:
            return versions[0]

    def documents(self) -> list[Document]:
        """Return the documents of the request, the policy first; ApiError where there is none."""
        documents = [document for kind in KINDS if (document := self.document(kind))]
        if not documents:
            raise ApiError(422, "name a `policy`, an `override`, or both")
        return documents

    def resolved(self) -> ResolvedPolicy:
        """Return the resolved policy: the request's, or else that of the override."""
        policy, override = self.document("policy"), self.document("override")
        try:
            if policy:
                return self.resolver.resolve_document(policy, self.day)
            if override:
                return self.resolver.resolve(str(override.data.get("policy")), self.day)
        except NotFound as error:
            raise ApiError(422, error.with_help) from None
        except InvalidDocument as error:
            raise ApiError(422, str(error)) from None
        raise ApiError(422, "name a `policy`, an `override`, or both")


def _day(text: str | None) -> int | None:
    try:
        return None if text is None else int(ValueType("date").read(text))  # type: ignore[arg-type]
    except ValueError as error:
        raise ApiError(422, f"`on`: {error}") from None
