"""One editor's session: validation runs at every change, proofs when the typing pauses.

A change ends the proofs about the document and about those that refer to it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.language.syntax.references import references
from checker.lsp.background import Background
from checker.lsp.features.diagnostics import finding_of_data, validation_findings
from checker.lsp.index.symbols import policy_of
from checker.lsp.index.workspace import Snapshot, Workspace

AT_ONCE = 0.02  # seconds in which several changes count as one
AT_REST = 0.3  # seconds without a change before proofs begin
_MOST_LIMITS = 50  # policies, in any version, whose limits are cached
_ALONE = ("override", "cases", "columns")  # kinds that no other document takes types from

LimitsKey = tuple[tuple[str, str], ...]  # the documents that limits depend on, with their texts


@dataclass(slots=True)
class Session:
    """The open texts, the findings in each, and the limits of their settings.

    Attributes:
        publish: Called with a file and all its findings, whenever these change.
        refresh: Called when limits were proved, which the editor shows beside settings.
        workspace: The open texts and the documents around them.
        background: The worker processes.
        findings: The findings of each open file that were published last.
    """

    publish: Callable[[Path, list[Finding]], None]
    refresh: Callable[[], None]
    workspace: Workspace = field(default_factory=Workspace)
    background: Background = field(default_factory=Background)
    findings: dict[Path, list[Finding]] = field(default_factory=dict)
    _proving: dict[Path, asyncio.Task[None]] = field(default_factory=dict)
    _limiting: dict[LimitsKey, asyncio.Task[None]] = field(default_factory=dict)
    _limits: dict[LimitsKey, Mapping[str, str]] = field(default_factory=dict)

    def change(self, path: Path, text: str) -> None:
        """Take the text of an open file; check it, and the open files that depend on it."""
        before = self.workspace.readable(path) if path in self.workspace.texts else None
        self.workspace.put(path, text)
        document = self.workspace.readable(path) or before
        for changed in [path, *self._dependents(path, document)]:
            self._start(changed)

    def close(self, path: Path) -> None:
        """Forget an open file and its findings."""
        self.workspace.put(path, None)
        self._stop(path)
        self.findings.pop(path, None)
        self.publish(path, [])
        self.refresh_all()

    def refresh_all(self) -> None:
        """Check all open files again: other files have changed."""
        self.workspace.changed()
        for path in [*self.workspace.texts]:
            self._start(path)

    async def end(self) -> None:
        """End all tasks and processes, and wait until they have ended."""
        tasks = [*self._proving.values(), *self._limiting.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self.background.end()

    def _dependents(self, path: Path, document: Document | None) -> list[Path]:
        """Return the other open files whose findings may depend on a document."""
        others = [opened for opened in self.workspace.texts if opened != path]
        if document is None or document.kind not in _ALONE:
            return others
        dependents = []
        for other_path in others:
            other = self.workspace.readable(other_path)
            cited = references(other) if other else ()
            if any(text.partition("@")[0] == document.id for _, _, text in cited):
                dependents.append(other_path)
        return dependents

    def _start(self, path: Path) -> None:
        self._stop(path)
        if self.workspace.is_ours(path):
            self._proving[path] = asyncio.create_task(self._check(path))
        elif self.findings.pop(path, None):
            self.publish(path, [])

    def _stop(self, path: Path) -> None:
        if path in self._proving:
            self._proving.pop(path).cancel()

    async def _check(self, path: Path) -> None:
        """Publish the findings of validation, then those of proofs as well."""
        await asyncio.sleep(AT_ONCE)
        self._show(path, validation_findings(path, self.workspace))
        self._start_limits()
        await asyncio.sleep(AT_REST)
        answer = await self.background.ask("check", path, self.workspace)
        if answer:
            self._show(path, [finding_of_data(data) for data in answer["findings"]])

    def _show(self, path: Path, findings: list[Finding]) -> None:
        self.findings[path] = findings
        self.publish(path, findings)

    def limits(self, path: Path) -> Mapping[str, str]:
        """Return the limits of the settings of a file's policy, as far as they are known."""
        policy = self._policy(path)
        return self._limits.get(policy[0], {}) if policy else {}

    def _policy(self, path: Path) -> tuple[LimitsKey, Document] | None:
        """Return the policy that a file is about, with the key of its limits."""
        document, snapshot = self.workspace.readable(path), self.workspace.snapshot(path)
        policy = policy_of(document, snapshot) if document else None
        key = policy and _limits_key(policy, snapshot)
        return (key, policy) if policy and key else None

    def _start_limits(self) -> None:
        """Start proofs of the limits that open files show, and end those of all others."""
        policies = (self._policy(path) for path in self.workspace.texts)
        wanted = dict(policy for policy in policies if policy)
        for key in [key for key in self._limiting if key not in wanted]:
            self._limiting.pop(key).cancel()
        for key, policy in wanted.items():
            if key not in self._limits and key not in self._limiting:
                self._limiting[key] = asyncio.create_task(self._prove_limits(key, policy))

    async def _prove_limits(self, key: LimitsKey, policy: Document) -> None:
        await asyncio.sleep(AT_REST)
        answer = await self.background.ask("limits", Path(policy.file), self.workspace)
        self._limiting.pop(key, None)
        if answer:
            while len(self._limits) >= _MOST_LIMITS:
                del self._limits[next(iter(self._limits))]
            self._limits[key] = answer["limits"]
            self.refresh()


def _limits_key(policy: Document, snapshot: Snapshot) -> LimitsKey | None:
    """Return the documents that a policy's limits depend on, None where these have errors."""
    resolver = snapshot.resolver
    if resolver.shape_errors(policy):
        return None
    try:
        documents = resolver.documents_of(resolver.resolve_document(policy, snapshot.today))
    except (NotFound, InvalidDocument):
        return None
    return tuple((document.name, document.sha256) for document in documents)
