"""The tasks of a worker process: proofs and searches about a file, answered as JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from checker.lsp.index.workspace import Workspace
from checker.workers.process import Task, answer_questions

Answer = dict[str, Any]


def check(path: Path, workspace: Workspace) -> Answer:
    """Return all findings of `checker check` in a file."""
    from checker.lsp.features.diagnostics import check_findings, finding_data

    return {"findings": [finding_data(finding) for finding in check_findings(path, workspace)]}


def limits(path: Path, workspace: Workspace) -> Answer:
    """Return the limits of the settings of the policy in a file, as texts."""
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
        required = RequirementFormulas(snapshot.resolver.resolve_document(document, snapshot.today))
        limit_of = exact.limits(required)
    except (NotFound, InvalidDocument, Undecided):
        return {"limits": {}}
    return {"limits": {name: limit_words(limit) for name, limit in limit_of.items()}}


def repair(path: Path, workspace: Workspace) -> Answer:
    """Return the text of an override after its repair, or why there is none."""
    from checker.analysis.repair.repair import NoRepair
    from checker.analysis.repair.repair import repair as repaired
    from checker.language.resolve.library import NotFound
    from checker.language.resolve.resolver import InvalidDocument

    snapshot = workspace.snapshot(path)
    document = snapshot.document(path)
    if document is None or snapshot.resolver.shape_errors(document):
        return {"failed": "the document has errors of its own, which come first"}
    try:
        result = repaired(document, snapshot.resolver, on=None, today=snapshot.today)
    except (NoRepair, NotFound, InvalidDocument) as error:
        return {"failed": str(error)}
    changes = [f"`{edit.at}`: {edit.change}" for edit in result.edits]
    return {"text": result.document.text, "changes": changes}


def _about_a_file(task: Callable[[Path, Workspace], Answer]) -> Task:
    """Return a task whose argument names a file and holds the texts that the editor has open."""

    def answer(argument: Any) -> Answer:
        roots, folders = (tuple(map(Path, argument[key])) for key in ("roots", "folders"))
        workspace = Workspace(roots, folders)
        for file, text in argument["texts"].items():
            workspace.put(Path(file), text)
        return task(Path(argument["file"]), workspace)

    return answer


TASKS = {task.__name__: _about_a_file(task) for task in (check, limits, repair)}

if __name__ == "__main__":
    answer_questions(TASKS)
