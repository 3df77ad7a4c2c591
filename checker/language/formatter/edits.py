"""Edits of a document: the steps that change its data, and a sentence that says the change."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from checker.language.model.types import MINUTES, Value, ValueType
from checker.language.syntax.documents import Path

REMOVED: Final = object()  # the value of a step that removes a node

# ranks of edits, the most suitable first
APT, ELSEWHERE, LAST_RESORT = 0, 1, 2


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One change of the data: a node is replaced, added or removed.

    Attributes:
        path: where the node is, or where it will be.
        value: the new data of the node, or REMOVED.
        after: the key that a new entry of a map follows; empty for the end of the map.
    """

    path: Path
    value: Any
    after: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Edit:
    """One change that a person would make.

    Attributes:
        at: what it changes, as `path_text` writes it.
        change: what it does, as a sentence.
        steps: how it changes the data, in this order.
        rank: how suitable it is: APT, ELSEWHERE or LAST_RESORT.
        unordered_changes: how many values without order change, or how many conditions are added.
        distance: how far a value of an ordered type moves: in units, cents, days or minutes.
    """

    at: str
    change: str
    steps: tuple[Step, ...]
    rank: int = APT
    unordered_changes: int = 0
    distance: int = 0

    @property
    def size(self) -> tuple[int, int, int]:
        """The sort key of edits: the smallest edit is the best."""
        return self.rank, self.unordered_changes, self.distance

    @property
    def only_rule(self) -> int | None:
        """The index of the rule that changes; None where a rule is added or removed, or more."""
        inside = all(step.path[0] == "rules" and len(step.path) > 2 for step in self.steps)
        return int(self.steps[0].path[1]) if inside else None

    def is_at(self, at: str) -> bool:
        """Return whether the edit changes what `at` names, or a part of it."""
        return self.at == at or self.at.startswith(f"{at}.")


def changed_data(data: Any, step: Step) -> Any:
    """Return a copy of `data` after the step; `data` itself does not change."""
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
    """Return the data with which a document states a value.

    Args:
        type_: the type of the value.
        value: the value in its kept form.
        like: the data that it replaces; its unit (`48h`) or form (`99.5`) is kept where possible.
    """
    if type_.name == "duration" and isinstance(like, str) and isinstance(value, int):
        unit = like[-1]
        if value % MINUTES[unit] == 0:
            return f"{value // MINUTES[unit]}{unit}"
    if type_.name == "money" and isinstance(like, int | Decimal) and isinstance(value, int):
        return value // 100 if value % 100 == 0 else Decimal(value) / 100
    return type_.show(value)
