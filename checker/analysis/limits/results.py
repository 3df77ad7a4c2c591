"""What settings may be, alone and together: the results that reports print."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.language.model.policy import Parameter
from checker.language.model.types import Value

Interval = tuple[int | None, int | None]  # its ends, which belong to it; None is no end
FATES = ("must", "may", "never")


@dataclass(frozen=True, slots=True)
class Limit:
    """What one setting may be: closed intervals, values, or the fate of each member of a set."""

    parameter: Parameter
    allowed: tuple[Interval, ...] = ()
    values: tuple[Value, ...] = ()
    members: dict[str, str] | None = None  # member: must, may or never

    def as_json(self) -> dict[str, Any]:
        """Return the limit as `limits --format json` prints it; None is no end."""
        type_ = self.parameter.type
        entry: dict[str, Any] = {"type": type_.name, "default": type_.show(self.parameter.default)}
        if self.members is not None:
            fates = self.members.items()
            groups = {
                fate_name: [member for member, fate in fates if fate == fate_name]
                for fate_name in FATES
            }
            return {**entry, **{fate_name: sorted(group) for fate_name, group in groups.items()}}
        if type_.ordered:
            return {**entry, "allowed": [[*map(self._shown, ends)] for ends in self.allowed]}
        return {**entry, "allowed": [*self.values]}

    def _shown(self, end: int | None) -> Any:
        return None if end is None else self.parameter.type.show(end)


@dataclass(frozen=True, slots=True)
class Joint:
    """The condition under which settings pass together, as data.

    Where it is not exact, what breaks it fails, and more may. `separate` says that settings pass
    together wherever each passes alone.
    """

    condition: dict[str, Any]
    exact: bool
    separate: bool
