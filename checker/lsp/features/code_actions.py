"""Quick fixes: the name that was probably meant, a repair, and acceptance of what is meant."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from checker.language.checks import CHECKS, OVERRIDE_ERRORS
from checker.language.formatter.edit_in_place import apply_step, step_obstacle
from checker.language.formatter.edits import Step
from checker.language.syntax.documents import Document
from checker.language.syntax.problems import Finding
from checker.lsp.index.names import layout_of, spots
from checker.lsp.index.positions import one_change

_MEANT = re.compile(r"did you mean `([^`]+)`\?")
_QUOTED = re.compile(r"`([^`]+)`")
REASON = "say here why this is meant"


@dataclass(frozen=True, slots=True)
class Fix:
    """A change that an author may take: a text in place of what stands at some offsets.

    One that is `preferred` is most likely what was meant.
    """

    title: str
    start: int
    end: int
    text: str
    preferred: bool = False


def fixes(finding: Finding, start: int, end: int, document: Document) -> Iterator[Fix]:
    """Yield the changes that may settle a finding, shown at some offsets of a document."""
    text = document.text
    meant = _MEANT.search(f"{finding.dated} {finding.help or ''}")
    if meant:
        before = _QUOTED.findall(finding.dated.partition(meant[0])[0])
        place = _place_of(before, start, end, document)
        if place:
            wrong = text[slice(*place)]
            title = f"change `{wrong}` to `{meant[1]}`"
            yield Fix(title, *place, meant[1], preferred=True)
    if document.kind in ("policy", "override") and _can_be_meant(finding):
        yield from _acceptance(finding, document)


def repairable(finding: Finding, document: Document) -> bool:
    """Return whether `repair` may settle a finding."""
    return document.kind == "override" and finding.check in (*OVERRIDE_ERRORS, "dead-rule")


def _place_of(wrong: list[str], start: int, end: int, document: Document) -> tuple[int, int] | None:
    """Return where the wrong name is: a key of the map that begins there, or in the stretch.

    The last name that the message quotes is the wrong one, if it stands there.
    """
    for name in reversed(wrong):
        for spot in spots(document):
            key = spot.node.keys.get(name) if spot.node.start == start else None
            if key:
                return key.start, key.end
        whole_name = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
        found = whole_name.search(document.text, start, end)
        if found:
            return found.span()
    return None


def _can_be_meant(finding: Finding) -> bool:
    unmet = finding.status != "accepted" and finding.check != "stale-acceptance"
    return unmet and CHECKS[finding.check].acceptable


def _acceptance(finding: Finding, document: Document) -> Iterator[Fix]:
    """Yield the change that accepts a finding for a reason, which the author has to write."""
    entry = {"check": finding.check, "at": finding.at, "why": REASON}
    accepted = document.data.get("accept")
    step = Step(("accept",), [entry])
    if isinstance(accepted, list):
        step = Step(("accept", len(accepted)), entry)
    if (accepted is None or isinstance(accepted, list)) and not step_obstacle(
        layout_of(document), step
    ):
        start, end, new = one_change(document.text, apply_step(document.text, step))
        yield Fix(f"accept `{finding.check}` here, for a reason", start, end, new)
