"""The results of an import: as JSON lines, and as YAML documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.exchange.importing import Imported
from checker.exchange.mapping import MappedStatement
from checker.exchange.overrides import BuiltOverride
from checker.exchange.parameters import BuiltParameters
from checker.exchange.statements import Note
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.problems import Finding, Position
from checker.report.findings import entry


def import_json(imported: Imported) -> Iterator[dict[str, Any]]:
    """Yield an object for each override, policy and record of a file, and one for its problems."""
    for override in imported.overrides:
        head = _head(imported, override.stated.at, override.stated.position)
        notes = _notes(override.notes)
        problems = _problems((*override.stated.problems, *override.problems))
        mapped = [_mapped(mapping) for mapping in override.mapped]
        yield (
            head
            | {"override": override.data, "mapped": mapped, "notes": notes}
            | {
                "unstated": [*override.unstated],
                "findings": problems,
            }
        )
    for parameters in imported.parameters:
        head = _head(imported, parameters.choices.at, parameters.choices.position)
        problems = _problems((*parameters.choices.problems, *parameters.problems))
        mapped = [{"said": said, "as": [*names]} for said, names in parameters.mapped.items()]
        yield (
            head
            | {"parameters": parameters.data, "mapped": mapped, "notes": _notes(parameters.notes)}
            | {
                "categories": [*parameters.choices.categories],
                "findings": problems,
            }
        )
    for record in imported.records:
        head = _head(imported, record.at, record.position)
        yield (
            head
            | {"record": record.columns or None, "notes": _notes(record.notes)}
            | {"findings": _problems(record.problems)}
        )
    if imported.problems:
        yield {"file": imported.file, "findings": _problems(imported.problems)}


def _head(imported: Imported, at: str, position: Position) -> dict[str, Any]:
    return {"file": imported.file, "at": at, "position": str(position)}


def _mapped(mapping: MappedStatement) -> dict[str, Any]:
    statement = mapping.statement
    return {
        "said": statement.source_text,
        "position": str(statement.position),
        "as": [*mapping.part_names],
    }


def _notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [{"note": note.text, "position": str(note.position)} for note in notes]


def _problems(problems: Iterable[Finding]) -> list[dict[str, object]]:
    return [entry(problem) for problem in problems]


def override_text(override: BuiltOverride) -> str:
    """Return the override as a YAML document; comments above it show the mapping."""
    lines = [f"from {override.stated.position}"]
    lines += [
        f"{mapping.statement.source_text} -> {', '.join(mapping.part_names)}"
        for mapping in override.mapped
        if mapping.part_names
    ]
    lines += [f"note: {note.text}" for note in override.notes]
    if override.unstated:
        lines.append(f"not stated: {', '.join(override.unstated)}")
    return _commented(lines) + yaml_text(override.data)


def parameters_text(parameters: BuiltParameters) -> str:
    """Return the parameters as a policy states them, with notes as comments above them."""
    lines = [f"from {parameters.choices.position}", f"for `{parameters.exchange.policy.name}`"]
    lines += [f"note: {note.text}" for note in parameters.notes]
    return _commented(lines) + yaml_text({"parameters": parameters.data})


def _commented(lines: Iterable[str]) -> str:
    """Return the lines as YAML comments; a space replaces each character that is not printable."""
    printable = (
        "".join(character if character.isprintable() else " " for character in line)
        for line in lines
    )
    return "".join(f"# {line}\n" for line in printable)
