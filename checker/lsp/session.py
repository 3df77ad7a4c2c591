"""One editor's session: what is wrong is said at once, what is proved once the typing rests.

A change ends all that is proved behind it, of the document and of those that refer to it.
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
from checker.lsp.features.diagnostics import of_data, typed
from checker.lsp.index.symbols import policy_of
from checker.lsp.index.workspace import Snapshot, Workspace

AT_ONCE = 0.02  # seconds in which changes that come together are taken as one
AT_REST = 0.3  # seconds without a change, until proofs begin
_MOST_LIMITS = 50  # policies and versions of them whose limits are kept
_ALONE = ("override", "cases", "columns")  # kinds that no other document's types stand on

Key = tuple[tuple[str, str], ...]  # the documents that limits depend on, with their texts


@dataclass(slots=True)
class Session:
    """The open texts, what was found in each, and the limits of their settings.

    `publish` is called with a file and all that is known to be wrong with it, `refresh` where
    limits have come that may stand beside settings.
    """

    publish: Callable[[Path, list[Finding]], None]
    refresh: Callable[[], None]
    workspace: Workspace = field(default_factory=Workspace)
    background: Background = field(default_factory=Background)
    shown: dict[Path, list[Finding]] = field(default_factory=dict)
    _proving: dict[Path, asyncio.Task[None]] = field(default_factory=dict)
    _limiting: dict[Key, asyncio.Task[None]] = field(default_factory=dict)
    _limits: dict[Key, Mapping[str, str]] = field(default_factory=dict)

    def change(self, path: Path, text: str) -> None:
        """Take what an open file says now; look at it, and at what stands on it."""
        before = self.workspace.readable(path) if path in self.workspace.texts else None
        self.workspace.put(path, text)
        document = self.workspace.readable(path) or before
        for each in [path, *self._standing_on(path, document)]:
            self._start(each)

    def close(self, path: Path) -> None:
        """Forget an open file, and what was found in it."""
        self.workspace.put(path, None)
        self._stop(path)
        self.shown.pop(path, None)
        self.publish(path, [])
        self.look_again()

    def look_again(self) -> None:
        """Look at all open files: others have changed."""
        self.workspace.changed()
        for path in [*self.workspace.texts]:
            self._start(path)

    async def end(self) -> None:
        """End all that goes on, and wait until it has."""
        going = [*self._proving.values(), *self._limiting.values()]
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)
        await self.background.end()

    def _standing_on(self, path: Path, document: Document | None) -> list[Path]:
        """Return the other open files that a change of a document may bear on."""
        others = [each for each in self.workspace.texts if each != path]
        if document is None or document.kind not in _ALONE:
            return others
        found = []
        for each in others:
            other = self.workspace.readable(each)
            named = references(other) if other else ()
            if any(text.partition("@")[0] == document.id for _, _, text in named):
                found.append(each)
        return found

    def _start(self, path: Path) -> None:
        self._stop(path)
        if self.workspace.concerns(path):
            self._proving[path] = asyncio.create_task(self._look(path))
        elif self.shown.pop(path, None):
            self.publish(path, [])

    def _stop(self, path: Path) -> None:
        if path in self._proving:
            self._proving.pop(path).cancel()

    async def _look(self, path: Path) -> None:
        """Say what is wrong with the text and its types, then what proofs find."""
        await asyncio.sleep(AT_ONCE)
        self._say(path, typed(path, self.workspace))
        self._look_for_limits()
        await asyncio.sleep(AT_REST)
        answer = await self.background.ask("check", path, self.workspace)
        if answer:
            self._say(path, [of_data(each) for each in answer["findings"]])

    def _say(self, path: Path, found: list[Finding]) -> None:
        self.shown[path] = found
        self.publish(path, found)

    def limits(self, path: Path) -> Mapping[str, str]:
        """Return the limits of the settings of a file's policy, as far as they are known."""
        found = self._policy(path)
        return self._limits.get(found[0], {}) if found else {}

    def _policy(self, path: Path) -> tuple[Key, Document] | None:
        """Return the policy that a file is about, and what its limits depend on."""
        document, snapshot = self.workspace.readable(path), self.workspace.snapshot(path)
        policy = policy_of(document, snapshot) if document else None
        key = policy and _key(policy, snapshot)
        return (key, policy) if policy and key else None

    def _look_for_limits(self) -> None:
        """Have limits proved that some open file is about, and no others."""
        policies = (self._policy(each) for each in self.workspace.texts)
        wanted = dict(each for each in policies if each)
        for key in [key for key in self._limiting if key not in wanted]:
            self._limiting.pop(key).cancel()
        for key, policy in wanted.items():
            if key not in self._limits and key not in self._limiting:
                self._limiting[key] = asyncio.create_task(self._prove_limits(key, policy))

    async def _prove_limits(self, key: Key, policy: Document) -> None:
        await asyncio.sleep(AT_REST)
        answer = await self.background.ask("limits", Path(policy.file), self.workspace)
        self._limiting.pop(key, None)
        if answer:
            while len(self._limits) >= _MOST_LIMITS:
                del self._limits[next(iter(self._limits))]
            self._limits[key] = answer["limits"]
            self.refresh()


def _key(policy: Document, snapshot: Snapshot) -> Key | None:
    """Return what the limits of a policy depend on, None where they can't be proved."""
    resolver = snapshot.resolver
    if any(each.severity == "error" for each in resolver.shape(policy)[1]):
        return None
    try:
        documents = resolver.documents_of(resolver.resolve_document(policy, snapshot.today))
    except (NotFound, InvalidDocument):
        return None
    return tuple((each.name, each.sha256) for each in documents)
