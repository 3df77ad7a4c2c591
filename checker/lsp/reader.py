"""The tasks of a process that reads the open files: validation, and the editor's requests.

The process keeps the open texts and what it has read of them; a question brings what has changed.
A question may have a limit of processor time, after which it is left with the answer `late`.
"""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

from lsprotocol import types
from lsprotocol.converters import get_converter

from checker.language.syntax.resources import data_folder
from checker.lsp import edit_requests, requests
from checker.lsp.features.diagnostics import finding_of_data, validation_findings
from checker.lsp.open_files import OpenFiles, RequestRefused
from checker.workers.process import Task, answer_questions

MOST_FINDINGS = 500  # that an editor shows of one file
HANDLERS: dict[str, tuple[type, Callable[[OpenFiles, Any], Any]]] = {
    types.TEXT_DOCUMENT_HOVER: (types.HoverParams, requests.show_hover),
    types.TEXT_DOCUMENT_DEFINITION: (types.DefinitionParams, requests.definition),
    types.TEXT_DOCUMENT_REFERENCES: (types.ReferenceParams, requests.references),
    types.TEXT_DOCUMENT_INLAY_HINT: (types.InlayHintParams, requests.inlay_hints),
    types.TEXT_DOCUMENT_COMPLETION: (types.CompletionParams, requests.complete),
    types.TEXT_DOCUMENT_FORMATTING: (
        types.DocumentFormattingParams,
        edit_requests.format_document,
    ),
    types.TEXT_DOCUMENT_PREPARE_RENAME: (types.PrepareRenameParams, edit_requests.prepare_rename),
    types.TEXT_DOCUMENT_RENAME: (types.RenameParams, edit_requests.rename),
    types.TEXT_DOCUMENT_CODE_ACTION: (types.CodeActionParams, edit_requests.code_actions),
}
_CONVERTER = get_converter()


class _Late(BaseException):
    """A question that needs more processor time than it has."""


def request(files: OpenFiles, argument: Any) -> Any:
    """Return the result of a request of the protocol, or why it is refused."""
    params_type, handle = HANDLERS[argument["method"]]
    files.limits = argument["limits"]
    try:
        result = handle(files, _CONVERTER.structure(argument["params"], params_type))
    except RequestRefused as error:
        return {"refused": str(error)}
    return {"result": _CONVERTER.unstructure(result)}


def validate(files: OpenFiles, argument: Any) -> Any:
    """Return the diagnostics of validation in a file, and what other files depend on."""
    path = Path(argument["file"])
    findings = validation_findings(path, files.workspace)
    return {
        "diagnostics": _shown(files, path, findings),
        "summary": files.summary(path),
    }


def show(files: OpenFiles, argument: Any) -> Any:
    """Return the diagnostics of findings that another process found in a file."""
    findings = [finding_of_data(data) for data in argument["findings"]]
    return {"diagnostics": _shown(files, Path(argument["file"]), findings)}


def _shown(files: OpenFiles, path: Path, findings: list[Any]) -> Any:
    files.findings[path] = findings[:MOST_FINDINGS]
    return _CONVERTER.unstructure(files.converter.diagnostics(files.findings[path], path))


def _update(files: OpenFiles, state: Any) -> None:
    """Take the roots, folders and texts that have changed."""
    workspace = files.workspace
    workspace.roots, workspace.folders = (
        tuple(map(Path, state[key])) for key in ("roots", "folders")
    )
    files.encoding = state["encoding"]
    files.uris = {Path(path): uri for path, uri in state["uris"].items()}
    if state["files_changed"]:
        workspace.changed()
    for path in {*workspace.texts} - {*files.uris}:
        workspace.put(path, None)
        files.findings.pop(path, None)
    for path, text in state["texts"].items():
        workspace.put(Path(path), text)


def _about(files: OpenFiles, task: Callable[[OpenFiles, Any], Any]) -> Task:
    """Return a task whose argument brings the changed state, and perhaps a limit of time."""

    def answer(argument: Any) -> Any:
        _update(files, argument["state"])
        try:
            for path, text in argument["state"]["opened"].items():
                _read_before(files, Path(path), text, argument["seconds"])
            return _within(argument["seconds"], lambda: task(files, argument))
        except _Late:
            files.workspace.changed()  # what was read in part is read anew
            return {"late": True}

    return answer


def _read_before(files: OpenFiles, path: Path, text: str, seconds: float | None) -> None:
    """Read the text that a file had when it was opened: one that can't be read may follow it."""
    now = files.workspace.texts[path]
    files.workspace.put(path, text)
    try:
        _within(seconds, lambda: files.workspace.readable(path))
    finally:
        files.workspace.put(path, now)


def _within(seconds: float | None, work: Callable[[], Any]) -> Any:
    """Return the result of the work; _Late where it needs more processor time."""
    if seconds is None or not hasattr(signal, "setitimer"):
        return work()
    running = True

    def late(_: int, __: FrameType | None) -> None:
        if running:
            raise _Late

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds, seconds)  # again, if a destructor swallows it
    try:
        return work()
    finally:
        running = False
        signal.setitimer(signal.ITIMER_PROF, 0)


def _warm_up() -> None:
    """Load what the first question would load: that is not part of its time."""
    files = OpenFiles()
    path = data_folder("policy") / "warm-up.yaml"
    text = "kind: override\nid: a\nversion: 1.0.0\npolicy: kuaishou/flash-purchase@1\n"
    _update(
        files,
        {
            **{"roots": [], "folders": [], "encoding": "utf-16", "files_changed": False},
            **{"uris": {str(path): "file:///warm-up"}, "texts": {str(path): text}},
        },
    )
    validate(files, {"file": str(path)})


def _tasks() -> dict[str, Task]:
    files = OpenFiles()
    return {task.__name__: _about(files, task) for task in (request, validate, show)}


if __name__ == "__main__":
    _warm_up()
    answer_questions(_tasks())
