"""Findings as SARIF 2.1.0, the OASIS format for results of static analysis.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/sarif-v2.1.0-errata01-os-complete.html
The log has one run, whose rules are the checks with findings. The fingerprint of a result depends
on its file, its check and its path in the document, so it does not change when lines move.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
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
from checker.report.indented_json import indented
from checker.report.markdown_escape import fenced, words

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVELS = {"error": "error", "warning": "warning", "accepted": "note"}
_BASE = "%SRCROOT%"  # GitHub and other tools resolve it to the top of the repository


def sarif(documents: Iterable[Examined]) -> str:
    """Return the log as JSON; paths are relative to the working directory."""
    findings = [finding for examined in documents for finding in examined.findings]
    rules = sorted({finding.check for finding in findings})
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": _driver(rules)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_BASE: {"description": _text("the folder that it ran in")}},
        "results": [_result(finding, rules, seen) for finding in findings],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return indented(log)


def _driver(rules: list[str]) -> dict[str, Any]:
    return {
        "name": "returns-checker",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(check) for check in rules],
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
    location: dict[str, Any] = {"physicalLocation": _location(finding.position)}
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
    texts = paragraphs(finding)
    formatted = [words(text) for text in texts]
    if finding.case:
        formatted += [words(CASE), fenced(yaml_text(finding.case.document), "yaml")]
    plain = _text(_without_links("\n\n".join(texts)))
    return {**plain, "markdown": _braces("\n\n".join(formatted))}


def _text(text: str) -> dict[str, str]:
    return {"text": _braces(text)}


def _braces(text: str) -> str:
    """Return a message with braces escaped, as no placeholders (SARIF 2.1.0, section 3.11.5)."""
    return text.replace("{", "{{").replace("}", "}}")


def _without_links(text: str) -> str:
    """Return a plain message without embedded links (SARIF 2.1.0, section 3.11.6)."""
    return text.replace("](", "] (")


def _location(position: Position) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(position.file)}
    if position.line:
        location["region"] = {"startLine": position.line, "startColumn": position.column}
    return location


def _artifact(file: str) -> dict[str, str]:
    """Return the file as a URI: below the working directory, or else absolute."""
    return {**_artifact_from(file, str(Path.cwd()))}


@lru_cache(maxsize=1024)
def _artifact_from(file: str, folder: str) -> dict[str, str]:
    """Return the file as a URI: below the folder, or else absolute."""
    path = Path(file)
    if path.is_absolute() or ".." in path.parts:
        path = Path(os.path.realpath(path))
        try:
            path = path.relative_to(os.path.realpath(folder))
        except ValueError:
            return {"uri": path.as_uri()}
    return {"uri": quote(os.fsencode(path.as_posix()), safe="/"), "uriBaseId": _BASE}


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Return the fingerprint of the finding; `seen` counts findings with equal identity."""
    identity = json.dumps([_artifact(finding.position.file)["uri"], finding.check, finding.at])
    seen[identity] += 1
    return hashlib.sha256(f"{identity} {seen[identity]}".encode()).hexdigest()


def _suppression(finding: Finding) -> dict[str, str]:
    suppressed = {"kind": "inSource", "status": "accepted"}
    if finding.accepted:
        suppressed["justification"] = english(finding.accepted)
    return suppressed
