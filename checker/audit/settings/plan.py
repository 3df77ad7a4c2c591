"""A table of settings as column expressions: refused rows, invalid settings and broken limits.

The expressions use the operations of `Columns`, so that any engine can compute them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Generic

from checker.audit.settings.limits import SettingsLimit
from checker.columns.base import Columns, E, Layer
from checker.columns.conditions import Conditions
from checker.language.model.policy import Policy
from checker.language.model.types import Value

SELLER, REFUSED = "seller_text", "refused_row"
Settings = dict[str, "Value | E | Mapping[str, E]"]


@dataclass(frozen=True, slots=True)
class Cells:
    """The computed columns for the cells of one column.

    Attributes:
        value: the typed value; a set is a text.
        wrong: whether the cell is no value of the setting.
        members: for a set, whether each possible member is in it.
    """

    value: str
    wrong: str
    members: tuple[str, ...]


@dataclass(slots=True)
class SettingsPlan(Generic[E]):
    """The layers to compute over the table, and the columns of the result.

    The column `refused_row` says whether a row is refused.

    Attributes:
        engine: the operations of the engine.
        renamed: by the names in the layers, the columns of the table.
        reading: the first two layers: typed cells, and the members of sets.
        cells: by raw column, the columns of `reading` that are computed from it.
        layers: the layers after `reading`.
        reason: why a row is refused.
        settings: each parameter's constant or column, as conditions take them.
        columns: by parameter, the name of its column, or of a set the columns of its members.
        invalid: columns that are true where a setting is invalid: the setting, and the requirement.
        broken: columns that are true where a limit is broken, and the limit.
        scope: the columns of the facts that narrow a row, as they are in the table.
    """

    engine: Columns[E]
    renamed: dict[str, str]
    reading: list[Layer[E]] = field(default_factory=list)
    cells: dict[str, Cells] = field(default_factory=dict)
    layers: list[Layer[E]] = field(default_factory=list)
    reason: E = field(init=False)
    settings: Settings[E] = field(default_factory=dict)
    columns: dict[str, str | dict[str, str]] = field(default_factory=dict)
    invalid: dict[str, tuple[str, str]] = field(default_factory=dict)
    broken: dict[str, SettingsLimit] = field(default_factory=dict)
    scope: dict[str, str] = field(default_factory=dict)


def broken_columns(
    engine: Columns[E], settings: Settings[E], policy: Policy, limits: Iterable[SettingsLimit]
) -> tuple[Layer[E], dict[str, SettingsLimit]]:
    """Return columns that are true where settings break a limit, and the limits by column."""
    conditions = Conditions(engine, policy.names, {}, settings)
    numbered = {f"breaks_{number}": limit for number, limit in enumerate(limits)}
    columns = {
        column: engine.negation(conditions.holds(limit.condition))
        for column, limit in numbered.items()
    }
    return columns, numbered
