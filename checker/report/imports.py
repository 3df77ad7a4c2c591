"""What came of importing a document, as JSON lines and as documents for people to keep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.exchange.importing import Imported
from checker.exchange.mapping import Mapped
from checker.exchange.overrides import Made
from checker.exchange.parameters import MadeParameters
from checker.exchange.statements import Note
from checker.language.formatter.dump import yaml_text
from checker.language.syntax.problems import Finding, Position
from checker.report.findings import entry


def import_json(found: Imported) -> Iterator[dict[str, Any]]:
    """Yield an object for each policy and record of a file, and one for what is about none."""
    for made in found.made:
        head = _head(found, made.stated.at, made.stated.position)
        notes = _notes(made.notes)
        problems = _problems((*made.stated.problems, *made.problems))
        mapped = [_mapped(each) for each in made.mapped]
        yield (
            head
            | {"override": made.data, "mapped": mapped, "notes": notes}
            | {
                "unstated": [*made.unstated],
                "findings": problems,
            }
        )
    for each in found.parameters:
        head = _head(found, each.parameters.at, each.parameters.position)
        problems = _problems((*each.parameters.problems, *each.problems))
        mapped = [{"said": said, "as": [*names]} for said, names in each.mapped.items()]
        yield (
            head
            | {"parameters": each.data, "mapped": mapped, "notes": _notes(each.notes)}
            | {
                "categories": [*each.parameters.categories],
                "findings": problems,
            }
        )
    for record in found.records:
        head = _head(found, record.at, record.position)
        yield (
            head
            | {"record": record.columns or None, "notes": _notes(record.notes)}
            | {"findings": _problems(record.problems)}
        )
    if found.problems:
        yield {"file": found.file, "findings": _problems(found.problems)}


def _head(found: Imported, at: str, position: Position) -> dict[str, Any]:
    return {"file": found.file, "at": at, "position": str(position)}


def _mapped(each: Mapped) -> dict[str, Any]:
    said = each.statement
    return {"said": said.said, "position": str(said.position), "as": [*each.places]}


def _notes(notes: Iterable[Note]) -> list[dict[str, str]]:
    return [{"note": each.text, "position": str(each.position)} for each in notes]


def _problems(problems: Iterable[Finding]) -> list[dict[str, object]]:
    return [entry(each) for each in problems]


def override_text(made: Made) -> str:
    """Return the override as a YAML document, with what became of what was stated above it."""
    said = [f"from {made.stated.position}"]
    said += [f"{each.statement.said} -> {', '.join(each.places)}" for each in made.mapped
             if each.places]  # fmt: skip
    said += [f"note: {each.text}" for each in made.notes]
    if made.unstated:
        said.append(f"not stated: {', '.join(made.unstated)}")
    return _commented(said) + yaml_text(made.data)


def parameters_text(made: MadeParameters) -> str:
    """Return the parameters as they stand in a policy, with remarks above them."""
    said = [f"from {made.parameters.position}", f"for `{made.exchange.policy.name}`"]
    said += [f"note: {each.text}" for each in made.notes]
    return _commented(said) + yaml_text({"parameters": made.data})


def _commented(lines: Iterable[str]) -> str:
    """Return the lines as YAML comments; what can't stand in one is left out of it."""
    shown = ("".join(c if c.isprintable() else " " for c in line) for line in lines)
    return "".join(f"# {line}\n" for line in shown)
