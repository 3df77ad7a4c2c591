"""Edits of a document: what changes where, in its data and as a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from checker.language.model.types import MINUTES, Value, ValueType
from checker.language.syntax.documents import Path

REMOVED: Final = object()

# ranks of edits, the apt ones first
APT, ELSEWHERE, LAST_RESORT = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """A node put at a path, or taken out with REMOVED; where there is none yet, it is added.

    A new entry of a map stands behind the entry `after`, at the end where that is empty.
    """

    path: Path
    value: Any
    after: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One change that a person would make: `at` a place, told as `change`, done by `steps`.

    `rank` says how apt it is; `others` counts values without order that change, or conditions
    that are added; `distance` is how far a value with order moves, in its units, cents, days or
    minutes.
    """

    at: str
    change: str
    steps: tuple[Step, ...]
    rank: int = APT
    others: int = 0
    distance: int = 0

    @property
    def size(self) -> tuple[int, int, int]:
        """What edits compare by: the smallest is the best."""
        return self.rank, self.others, self.distance

    @property
    def only_rule(self) -> int | None:
        """The number of the rule that changes and stays, None where anything else changes."""
        inside = all(step.path[0] == "rules" and len(step.path) > 2 for step in self.steps)
        return int(self.steps[0].path[1]) if inside else None

    def is_at(self, place: str) -> bool:
        """Return whether the edit changes the place itself, and nothing elsewhere."""
        return self.at == place or self.at.startswith(f"{place}.")


def changed_data(data: Any, step: Step) -> Any:
    """Return `data` after the step; what was given stays as it was."""
    head, *rest = step.path
    copy = data.copy()
    if rest:
        copy[head] = changed_data(data[head], Step(tuple(rest), step.value))
    elif step.value is REMOVED:
        del copy[head]
    elif isinstance(copy, list) and head == len(copy):
        copy.append(step.value)
    else:
        copy[head] = step.value
    return copy


def document_value(type_: ValueType, value: Value, like: Any = None) -> Any:
    """Return `value` as a document states it, in the form and unit of `like` where it can be."""
    if type_.name == "duration" and isinstance(like, str) and isinstance(value, int):
        unit = like[-1]
        if value % MINUTES[unit] == 0:
            return f"{value // MINUTES[unit]}{unit}"
    if type_.name == "money" and isinstance(like, int | Decimal) and isinstance(value, int):
        return value // 100 if value % 100 == 0 else Decimal(value) / 100
    return type_.show(value)
