"""Scopes of rows: the cases that facts in a table's cells narrow a row to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Vocabulary
from checker.language.syntax.scalars import resolve_scalar

MOST_VALUES = 1000  # of one fact in a cell


class NoScope(ValueError):
    """Cells that are no scope; the message says why."""


@dataclass(frozen=True, slots=True)
class RowScope:
    """The allowed values of some facts; a case in the scope has one of them for each fact."""

    values: tuple[tuple[str, frozenset[Value]], ...]

    def overlaps(self, other: RowScope) -> bool:
        """Return whether a case may be in both scopes; invariants are ignored."""
        theirs = dict(other.values)
        return all(mine & theirs.get(fact, mine) for fact, mine in self.values)

    def data(self, vocabulary: Vocabulary) -> dict[str, Any]:
        """Return the scope in the form of an override."""
        facts, result = vocabulary.facts, {}
        for name, values in self.values:
            type_ = facts[name].type
            result[name] = [type_.show(value) for value in sorted(values)]
        return result


def read_scope(cells: Mapping[str, str | None], vocabulary: Vocabulary) -> RowScope | None:
    """Return the scope that cells state, None where all are empty.

    Args:
        cells: by fact, its values joined by `|`, or None.
        vocabulary: has the facts' types.

    Raises:
        NoScope: some cells are not values of their facts; the message has all of them.
    """
    values, problems = [], []
    for name, cell in cells.items():
        type_ = vocabulary.facts[name].type
        if cell is None:
            continue
        pieces = cell.split("|")
        try:
            if len(pieces) > MOST_VALUES:
                raise ValueError(f"found {len(pieces)} values, expected at most {MOST_VALUES}")
            values.append((name, frozenset(_value(type_, piece) for piece in pieces)))
        except ValueError as error:
            problems.append(f"fact `{name}`: {error}")
    if problems:
        raise NoScope("; ".join(problems))
    return RowScope(tuple(values)) if values else None


def _value(type_: ValueType, text: str) -> Value:
    """Return the value that a part of a cell states, within the fact's range."""
    value = type_.read(resolve_scalar(text) if type_.name in ("boolean", "integer") else text)
    type_.check_range(value)
    return value
