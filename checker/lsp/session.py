"""One editor's session: validation runs at every change, proofs when the typing pauses.

A change ends the proofs about the document and about those that refer to it. All documents are read
in other processes.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from checker.lsp.background import Background
from checker.lsp.index.workspace import Workspace
from checker.lsp.readers import Readers

AT_ONCE = 0.02  # seconds in which several changes count as one
AT_REST = 0.3  # seconds without a change before proofs begin
_MOST_LIMITS = 50  # policies, in any version, whose limits are cached
_ALONE = ("override", "cases", "columns")  # kinds that no other document takes types from

LimitsKey = tuple[tuple[str, str], ...]  # the documents that limits depend on, with their texts


@dataclass(slots=True)
class OpenFile:
    """An open file as the editor's side knows it.

    Attributes:
        uri: Its URI, as the editor writes it.
        opened: The text that it had when it was opened.
        number: Counts all changes of texts; a process that knows this one has the newest text.
        summary: What others depend on, as `OpenFiles.summary` returns it; empty until it was read.
    """

    uri: str
    opened: str
    number: int
    summary: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Session:
    """The open texts, and the limits of their settings.

    Attributes:
        publish: Called with a file and its diagnostics, as the protocol has them, whenever these
            change.
        refresh: Called when what the editor shows beside settings may have changed.
        workspace: The open texts; it is not used to read documents.
        encoding: The encoding in whose units the editor counts columns.
        files: The open files.
    """

    publish: Callable[[Path, list[Any]], None]
    refresh: Callable[[], None]
    workspace: Workspace = field(default_factory=Workspace)
    encoding: str = "utf-16"
    files: dict[Path, OpenFile] = field(default_factory=dict)
    background: Background = field(default_factory=Background)
    readers: Readers = field(init=False)
    _numbers: count[int] = field(default_factory=lambda: count(1))
    _files_changed: int = 0
    _published: set[Path] = field(default_factory=set)
    _proving: dict[Path, asyncio.Task[None]] = field(default_factory=dict)
    _limiting: dict[LimitsKey, asyncio.Task[None]] = field(default_factory=dict)
    _limits: dict[LimitsKey, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.readers = Readers(lambda path: len(self.workspace.texts.get(path, "")), self._state)

    def change(self, path: Path, uri: str, text: str) -> None:
        """Take the text of an open file; check it, and the open files that depend on it."""
        number = next(self._numbers)
        file = self.files.setdefault(path, OpenFile(uri, text, number))
        file.uri, file.number = uri, number
        self.workspace.put(path, text)
        for changed in [path, *self._dependents(path)]:
            self._start(changed)

    def close(self, path: Path) -> None:
        """Forget an open file and its findings."""
        self.workspace.put(path, None)
        del self.files[path]
        self._stop(path)
        self.readers.close(path)
        self._published.discard(path)
        self.publish(path, [])
        self.refresh_all()

    def refresh_all(self) -> None:
        """Check all open files again: other files have changed."""
        self._files_changed += 1
        for path in [*self.files]:
            self._start(path)

    async def end(self) -> None:
        """End all tasks and processes, and wait until they have ended."""
        tasks = [*self._proving.values(), *self._limiting.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.gather(self.background.end(), self.readers.end())

    async def request(
        self, path: Path, method: str, params: Any, *, patient: bool
    ) -> dict[str, Any] | None:
        """Return the answer to a request of the protocol about a file.

        None where a slow file has no answer yet; a patient request waits for it.
        """
        argument = {"method": method, "params": params, "limits": {**self._limits_of(path)}}
        ask = self.readers.ask if patient else self.readers.ask_for_a_moment
        answer: dict[str, Any] | None = await ask(path, "request", argument)
        return answer

    def _state(self, known: dict[Any, Any]) -> dict[str, Any]:
        """Return what has changed since a process was asked last, and note that it knows it."""
        texts = {
            str(path): self.workspace.texts[path]
            for path, file in self.files.items()
            if known.get(path) != file.number
        }
        opened = {
            str(path): file.opened
            for path, file in self.files.items()
            if path not in known and file.opened != self.workspace.texts[path]
        }
        files_changed = known.get("files") != self._files_changed
        known.clear()
        known["files"] = self._files_changed
        known.update({path: file.number for path, file in self.files.items()})
        return {
            "roots": [str(root) for root in self.workspace.roots],
            "folders": [str(folder) for folder in self.workspace.folders],
            "encoding": self.encoding,
            "uris": {str(path): file.uri for path, file in self.files.items()},
            "files_changed": files_changed,
            "texts": texts,
            "opened": opened,
        }

    def _dependents(self, path: Path) -> list[Path]:
        """Return the other open files whose findings may depend on a file."""
        others = [other for other in self.files if other != path]
        summary = self.files[path].summary
        if summary.get("kind") not in _ALONE:
            return others
        return [
            other for other in others if summary["id"] in self.files[other].summary.get("cites", ())
        ]

    def _start(self, path: Path) -> None:
        self._stop(path)
        if self.workspace.is_ours(path):
            self._proving[path] = asyncio.create_task(self._check(path))
        elif path in self._published:
            self._show(path, [])

    def _stop(self, path: Path) -> None:
        if path in self._proving:
            self._proving.pop(path).cancel()

    async def _check(self, path: Path) -> None:
        """Publish the findings of validation, then those of proofs as well."""
        await asyncio.sleep(AT_REST if self.readers.slow(path) else AT_ONCE)
        answer = await self.readers.ask(path, "validate", {"file": str(path)})
        if answer is None:
            return
        self._show(path, answer["diagnostics"])
        self._take_summary(path, answer["summary"])
        self._start_limits()
        if self.readers.slow(path):
            self.refresh()  # what was asked meanwhile had no answer
        await asyncio.sleep(AT_REST)
        proofs = await self.background.ask("check", path, self.workspace)
        if proofs:
            found = {"file": str(path), "findings": proofs["findings"]}
            shown = await self.readers.ask(path, "show", found)
            if shown:
                self._show(path, shown["diagnostics"])

    def _show(self, path: Path, diagnostics: list[Any]) -> None:
        self._published.add(path)
        self.publish(path, diagnostics)

    def _take_summary(self, path: Path, summary: Mapping[str, Any]) -> None:
        """Take what others depend on; check those that depend on it where it was another name."""
        before = self.files[path].summary
        self.files[path].summary = summary
        if before and (before["kind"], before["id"]) != (summary["kind"], summary["id"]):
            for dependent in self._dependents(path):
                self._start(dependent)

    def _limits_of(self, path: Path) -> Mapping[str, str]:
        """Return the limits of the settings of a file's policy, as far as they are known."""
        policy = self._policy(path)
        return self._limits.get(policy[0], {}) if policy else {}

    def _policy(self, path: Path) -> tuple[LimitsKey, Path] | None:
        """Return the key of the limits of a file's policy, and the policy's file."""
        policy = self.files[path].summary.get("policy")
        if not policy:
            return None
        return tuple((name, digest) for name, digest in policy["key"]), Path(policy["file"])

    def _start_limits(self) -> None:
        """Start proofs of the limits that open files show, and end those of all others."""
        policies = (self._policy(path) for path in self.files)
        wanted = dict(policy for policy in policies if policy)
        for key in [key for key in self._limiting if key not in wanted]:
            self._limiting.pop(key).cancel()
        for key, file in wanted.items():
            if key not in self._limits and key not in self._limiting:
                self._limiting[key] = asyncio.create_task(self._prove_limits(key, file))

    async def _prove_limits(self, key: LimitsKey, file: Path) -> None:
        await asyncio.sleep(AT_REST)
        answer = await self.background.ask("limits", file, self.workspace)
        self._limiting.pop(key, None)
        if answer:
            while len(self._limits) >= _MOST_LIMITS:
                del self._limits[next(iter(self._limits))]
            self._limits[key] = answer["limits"]
            self.refresh()
