"""The files that an editor has open, as a process that reads them knows them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.language.syntax.references import references
from checker.lsp.convert import Converter
from checker.lsp.index.names import Name, name_at
from checker.lsp.index.positions import offset_before_edit
from checker.lsp.index.symbols import policy_of
from checker.lsp.index.workspace import Snapshot, Workspace


class RequestRefused(JsonRpcException):
    """A valid request that can't be carried out; the editor shows the message."""

    CODE = -32803  # `RequestFailed`


class PositionParams(Protocol):
    """The parameters of most requests: a position in a document."""

    @property
    def text_document(self) -> types.TextDocumentIdentifier:
        """The document."""

    @property
    def position(self) -> types.Position:
        """The position."""


@dataclass(frozen=True, slots=True)
class RequestTarget:
    """What a request is about: an offset in a file's document, and the documents around it."""

    path: Path
    offset: int
    document: Document
    snapshot: Snapshot

    @property
    def name(self) -> Name | None:
        """The name at the offset, if any."""
        return name_at(self.document, self.offset)


@dataclass(slots=True)
class OpenFiles:
    """The open files, and the targets of requests about them.

    Attributes:
        workspace: The open texts and the documents around them.
        encoding: The encoding in whose units the editor counts columns.
        uris: The URIs of the open files, as the editor writes them.
        findings: The findings of each open file that were published last.
        limits: The limits of the settings of the policy of the file that is asked about.
    """

    workspace: Workspace = field(default_factory=Workspace)
    encoding: str = "utf-16"
    uris: dict[Path, str] = field(default_factory=dict)
    findings: dict[Path, list[Finding]] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)

    @property
    def converter(self) -> Converter:
        """The converter of positions."""
        return Converter(self.workspace, self.encoding, self.uris)

    def path(self, uri: str) -> Path:
        """Return the path of an open file."""
        return next(path for path, opened in self.uris.items() if opened == uri)

    def target(self, params: PositionParams) -> RequestTarget | None:
        """Return what a request is about, None where that can't be told.

        Where the text can't be read now, the target is in the last document that could be read,
        if the position was in it.
        """
        path = self.path(params.text_document.uri)
        document = self.workspace.readable(path)
        if document is None:
            return None
        offset_now = self.converter.offset(path, params.position)
        text_now = self.converter.text(path).document
        offset = offset_before_edit(document.text, text_now, offset_now)
        if offset is None:
            return None
        return RequestTarget(path, offset, document, self.workspace.snapshot(path))

    def current_target(self, params: PositionParams) -> RequestTarget:
        """Return what a request is about, in a document that can be read as it is now.

        Raises:
            RequestRefused: There is no document, or it can't be read.
        """
        target = self.target(params)
        if target is None:
            raise RequestRefused("there is no document of ours here")
        if target.snapshot.document(target.path) is None:
            raise RequestRefused("the document can't be read; mend that first")
        return target

    def summary(self, path: Path) -> dict[str, Any]:
        """Return what others depend on: kind and id of a document, what it cites, its policy."""
        document = self.workspace.readable(path)
        if document is None:
            return {"kind": "", "id": "", "cites": [], "policy": None}
        policy = self._policy(document, self.workspace.snapshot(path))
        cited = {text.partition("@")[0] for _, _, text in references(document)}
        return {
            "kind": document.kind,
            "id": document.id,
            "cites": [*cited],
            "policy": policy,
        }

    def _policy(self, document: Document, snapshot: Snapshot) -> dict[str, Any] | None:
        """Return the file of the policy that a document is about, and the key of its limits.

        The key has all documents that the limits depend on, with the digests of their texts.
        """
        policy, resolver = policy_of(document, snapshot), snapshot.resolver
        if policy is None or resolver.shape_errors(policy):
            return None
        try:
            documents = resolver.documents_of(resolver.resolve_document(policy, snapshot.today))
        except (NotFound, InvalidDocument):
            return None
        return {"file": policy.file, "key": [[each.name, each.sha256] for each in documents]}
