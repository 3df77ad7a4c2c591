"""The cases that rows of a table are narrowed to: each distinct scope is read once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Vocabulary
from checker.language.syntax.scalars import resolve

MOST_VALUES = 1000  # that a cell may narrow a row to


class NoScope(ValueError):
    """Cells that narrow a row to no cases that there are; the message says why."""


@dataclass(frozen=True, slots=True)
class Scope:
    """Of some facts the values that a case must have one of; two scopes with the same are equal."""

    values: tuple[tuple[str, frozenset[Value]], ...]

    def overlaps(self, other: Scope) -> bool:
        """Return whether a case may lie in both, invariants left aside."""
        theirs = dict(other.values)
        return all(mine & theirs.get(fact, mine) for fact, mine in self.values)

    def data(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """Return the scope as an override states it."""
        facts, shown = vocabulary.facts, {}
        for name, values in self.values:
            type_ = facts[name].type
            shown[name] = [type_.show(each) for each in sorted(values)]
        return shown


def read_scope(cells: Mapping[str, str | None], vocabulary: Vocabulary) -> Scope | None:
    """Return the scope that cells state, values of one joined by `|`; None where all are empty.

    NoScope names every cell that is no value of its fact.
    """
    found, wrong = [], []
    for name, cell in cells.items():
        type_ = vocabulary.facts[name].type
        if cell is None:
            continue
        pieces = cell.split("|")
        try:
            if len(pieces) > MOST_VALUES:
                raise ValueError(f"found {len(pieces)} values, expected at most {MOST_VALUES}")
            found.append((name, frozenset(_value(type_, each) for each in pieces)))
        except ValueError as error:
            wrong.append(f"fact `{name}`: {error}")
    if wrong:
        raise NoScope("; ".join(wrong))
    return Scope(tuple(found)) if found else None


def _value(type_: ValueType, text: str) -> Value:
    """Return the value that a piece of a cell states, within the fact's range."""
    value = type_.read(resolve(text) if type_.name in ("boolean", "integer") else text)
    type_.check_range(value)
    return value
