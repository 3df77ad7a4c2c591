"""What takes long, in a process of its own: one request as a line in, one answer as JSON out.

It is called with the task, so that a list of processes shows what goes on. The process ends with
the one that asked, and may be ended at any time: it changes nothing.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from threading import Thread
from typing import Any

from checker.lsp.index.workspace import Snapshot, Workspace

Answer = dict[str, Any]


def main() -> None:
    """Answer the request on standard input."""
    request = json.loads(sys.stdin.buffer.readline())
    Thread(target=_end_with_asker, daemon=True).start()
    workspace = Workspace(tuple(map(Path, request["roots"])), tuple(map(Path, request["folders"])))
    for file, text in request["texts"].items():
        workspace.put(Path(file), text)
    answer = TASKS[sys.argv[1]](Path(request["file"]), workspace)
    sys.stdout.buffer.write(json.dumps(answer).encode())
    sys.stdout.buffer.flush()


def _end_with_asker() -> None:
    """End this process where its input ends: nobody waits for the answer any more."""
    sys.stdin.buffer.read()
    os._exit(1)


def check(path: Path, workspace: Workspace) -> Answer:
    """Return all that `checker check` finds in a file."""
    from checker.lsp.features.diagnostics import checked

    return {"findings": [each.as_json() for each in checked(path, workspace)]}


def limits(path: Path, workspace: Workspace) -> Answer:
    """Return the limits of the settings of the policy in a file, in words."""
    from checker.analysis.limits import per_setting as exact
    from checker.analysis.prove.requirements import RequirementFormulas
    from checker.language.resolve.library import NotFound
    from checker.language.resolve.resolver import InvalidDocument
    from checker.report.limits import limit_words
    from checker.solver.box_search import Undecided

    snapshot = workspace.snapshot(path)
    document = snapshot.document(path)
    try:
        assert document
        required = RequirementFormulas(snapshot.resolver.world_of(document, snapshot.today))
        found = exact.limits(required)
    except (NotFound, InvalidDocument, Undecided):
        return {"limits": {}}
    return {"limits": {name: limit_words(each) for name, each in found.items()}}


def repair(path: Path, workspace: Workspace) -> Answer:
    """Return the text of an override after its repair, or why there is none."""
    from checker.analysis.repair.repair import NoRepair
    from checker.analysis.repair.repair import repair as repaired
    from checker.language.resolve.library import NotFound
    from checker.language.resolve.resolver import InvalidDocument

    snapshot = workspace.snapshot(path)
    document = snapshot.document(path)
    if document is None or _errors(document, snapshot):
        return {"failed": "the document has errors of its own, which come first"}
    try:
        found = repaired(document, snapshot.resolver, on=None, today=snapshot.today)
    except (NoRepair, NotFound, InvalidDocument) as error:
        return {"failed": str(error)}
    changes = [f"`{each.at}`: {each.change}" for each in found.edits]
    return {"text": found.document.text, "changes": changes}


def _errors(document: Any, snapshot: Snapshot) -> bool:
    return any(each.severity == "error" for each in snapshot.resolver.shape(document)[1])


TASKS = {"check": check, "limits": limits, "repair": repair}

if __name__ == "__main__":
    main()
