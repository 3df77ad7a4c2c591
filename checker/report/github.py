"""Findings as workflow commands: GitHub shows them at the lines of a pull request.

https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands: a command is one
line, so line ends and percent signs of the message are escaped. In a property, so are commas and
colons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from checker.analysis.check.findings import Examined
from checker.language.syntax.problems import Finding
from checker.report.findings import paragraphs

_COMMANDS = {"error": "error", "warning": "warning", "accepted": "notice"}
_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = {**_IN_MESSAGE, ":": "%3A", ",": "%2C"}


def commands(documents: Iterable[Examined]) -> Iterator[str]:
    """Yield a command for each finding."""
    for examined in documents:
        yield from map(_annotation, examined.findings)


def _annotation(finding: Finding) -> str:
    properties = {"file": Path(finding.position.file).as_posix()}
    if finding.position.line:
        properties |= {"line": str(finding.position.line), "col": str(finding.position.column)}
    properties["title"] = finding.check
    properties_text = ",".join(
        f"{key}={_escaped(text, _IN_PROPERTY)}" for key, text in properties.items()
    )
    message = "\n\n".join(paragraphs(finding))
    return f"::{_COMMANDS[finding.status]} {properties_text}::{_escaped(message, _IN_MESSAGE)}"


def _escaped(text: str, escapes: Mapping[str, str]) -> str:
    return text.translate({ord(character): escaped for character, escaped in escapes.items()})
