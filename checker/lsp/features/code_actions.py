"""Quick fixes: the name that was probably meant, a repair, or acceptance of the finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.language.checks import CHECKS, OVERRIDE_ERRORS
from checker.language.formatter.edit_in_place import apply_step, step_obstacle
from checker.language.formatter.edits import Step
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.lsp.index.names import layout_of, schema_nodes
from checker.lsp.index.positions import single_edit

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_QUOTED = re.compile(r"`([^`]+)`")
REASON = "say here why this is meant"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that an author may choose: a text in place of that from `start` to `end`.

    A `preferred` one is most likely what was meant.
    """

    title: str
    start: int
    end: int
    text: str
    preferred: bool = False


def fixes(finding: Finding, start: int, end: int, document: Document) -> Iterator[Fix]:
    """Yield the changes that may settle a finding, which is shown from `start` to `end`."""
    text = document.text
    meant = _MEANT.search(f"{finding.dated} {finding.help or ''}")
    if meant:
        quoted = _QUOTED.findall(finding.dated.partition(meant[0])[0])
        offsets = _offsets_of(quoted, start, end, document)
        if offsets:
            title = f"change `{text[slice(*offsets)]}` to `{meant[1]}`"
            yield Fix(title, *offsets, meant[1], preferred=True)
    if document.kind in ("policy", "override") and _is_acceptable(finding):
        yield from _acceptance(finding, document)


def may_repair(finding: Finding, document: Document) -> bool:
    """Return whether `repair` may settle a finding."""
    return document.kind == "override" and finding.check in (*OVERRIDE_ERRORS, "dead-rule")


def _offsets_of(
    quoted: list[str], start: int, end: int, document: Document
) -> tuple[int, int] | None:
    """Return the offsets of the wrong name: a key of the map at `start`, or a word before `end`.

    It is the last name that the message quotes, if that is there.
    """
    for name in reversed(quoted):
        for node in schema_nodes(document):
            key = node.layout.keys.get(name) if node.layout.start == start else None
            if key:
                return key.start, key.end
        whole_name = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        match = whole_name.search(document.text, start, end)
        if match:
            return match.span()
    return None


def _is_acceptable(finding: Finding) -> bool:
    is_open = finding.status != "accepted" and finding.check != "stale-acceptance"
    return is_open and CHECKS[finding.check].acceptable


def _acceptance(finding: Finding, document: Document) -> Iterator[Fix]:
    """Yield the change that accepts a finding, with a placeholder for the author's reason."""
    entry = {"check": finding.check, "at": finding.at, "why": REASON}
    accepted = document.data.get("accept")
    step = Step(("accept",), [entry])
    if isinstance(accepted, list):
        step = Step(("accept", len(accepted)), entry)
    if (accepted is None or isinstance(accepted, list)) and not step_obstacle(
        layout_of(document), step
    ):
        start, end, new = single_edit(document.text, apply_step(document.text, step))
        yield Fix(f"accept `{finding.check}` here, for a reason", start, end, new)
