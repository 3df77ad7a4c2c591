"""Findings as SARIF 2.1.0, the OASIS format for results of static analysis.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
One run: the checks that found something are its rules. A result is known again by its file, its
check and its place in the document, wherever its lines move.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from checker import __version__
from checker.analysis.check.findings import Examined
from checker.language.checks import CHECKS
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.localized import english
from checker.language.syntax.problems import Finding, Position
from checker.report.findings import CASE, paragraphs
from checker.report.markdown_escape import fenced, words

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "accepted": "note"}
_BASE = "%SRCROOT%"  # what GitHub and others take for the top of the repository


def sarif(done: Iterable[Examined]) -> str:
    """Return the log; files are named as seen from the working directory."""
    findings = [finding for examined in done for finding in examined.findings]
    rules = sorted({each.check for each in findings})
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": _text("the folder that it ran in")}},
        "results": [_result(each, rules, seen) for each in findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2)


def _driver(rules: list[str]) -> dict[str, Any]:
    return {
        "name": "returns-checker",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(each) for each in rules],
    }


def _rule(id: str) -> dict[str, Any]:
    check = CHECKS[id]
    return {
        "id": id,
        "shortDescription": _text(check.meaning),
        "fullDescription": _text(f"{check.meaning} {check.help}"),
        "help": _text(check.help),
    }


def _result(finding: Finding, rules: list[str], seen: Counter[str]) -> dict[str, Any]:
    location: dict[str, Any] = {"physicalLocation": _place(finding.position)}
    if finding.at:
        location["logicalLocations"] = [{"fullyQualifiedName": finding.at}]
    return {
        "ruleId": finding.check,
        "ruleIndex": rules.index(finding.check),
        "level": _LEVELS[finding.status],
        "message": _message(finding),
        "locations": [location],
        "partialFingerprints": {"checkerFinding/v1": _fingerprint(finding, seen)},
        "suppressions": [_suppression(finding)] if finding.status == "accepted" else [],
    }


def _message(finding: Finding) -> dict[str, str]:
    said = paragraphs(finding)
    formatted = [words(each) for each in said]
    if finding.case:
        formatted += [words(CASE), fenced(yaml_text(finding.case.document), "yaml")]
    plain = _text(_without_links("\n\n".join(said)))
    return {**plain, "markdown": _braces("\n\n".join(formatted))}


def _text(text: str) -> dict[str, str]:
    return {"text": _braces(text)}


def _braces(text: str) -> str:
    """Return a message in which braces are no placeholders (SARIF 2.1.0, section 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")


def _without_links(text: str) -> str:
    """Return a plain message in which nothing is an embedded link (SARIF 2.1.0, section 3.11.6)."""
    return text.replace("](", "] (")


def _place(position: Position) -> dict[str, Any]:
    place: dict[str, Any] = {"artifactLocation": _artifact(position.file)}
    if position.line:
        place["region"] = {"startLine": position.line, "startColumn": position.column}
    return place


def _artifact(file: str) -> dict[str, str]:
    """Return the file as a URI: below the working directory, or else absolute."""
    path = Path(file)
    if path.is_absolute() or ".." in path.parts:
        path = Path(os.path.realpath(path))
        try:
            path = path.relative_to(os.path.realpath(Path.cwd()))
        except ValueError:
            return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(path.as_posix()), safe="/"), "uriBaseId": _BASE}


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Return what the finding is known by; `seen` tells those apart that are alike."""
    identity = json.dumps([_artifact(finding.position.file)["uri"], finding.check, finding.at])
    seen[identity] += 1
    return hashlib.sha256(f"{identity} {seen[identity]}".encode()).hexdigest()


def _suppression(finding: Finding) -> dict[str, str]:
    suppressed = {"kind": "inSource", "status": "accepted"}
    if finding.accepted:
        suppressed["justification"] = english(finding.accepted)
    return suppressed
