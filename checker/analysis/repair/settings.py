"""The edits of settings: another value, the policy's own, or a value where there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.analysis.repair.constants import Constant, adjusted, member_type
from checker.analysis.repair.draft import Draft
from checker.language.formatter.edit_in_place import flow_yaml
from checker.language.formatter.edits import APT, REMOVED, Edit, Step, document_value
from checker.language.model.policy import Parameter
from checker.language.model.types import Value, ValueType
from checker.language.syntax.documents import Path


def setting_edits(names: Iterable[str], draft: Draft) -> Iterator[Edit]:
    """Yield the edits of the settings of these names."""
    wanted_names = {*names}
    for parameter in draft.policy.parameters.values():
        if parameter.name in wanted_names and not parameter.fixed:
            given = parameter.name in draft.data.get("settings", {})
            yield from (_changed if given else _added)(parameter, draft)


def _changed(parameter: Parameter, draft: Draft) -> Iterator[Edit]:
    path: Path = ("settings", parameter.name)
    type_, data = parameter.type, draft.data["settings"][parameter.name]
    yield from adjusted(Constant(path, parameter.name, member_type(type_), data), draft)
    steps = (Step(path if len(draft.data["settings"]) > 1 else path[:1], REMOVED),)
    defaults = (override.policy.parameters[parameter.name].default for override in draft.overrides)
    own = " or ".join(dict.fromkeys(f"`{flow_yaml(type_.show(default))}`" for default in defaults))
    change = f"`{flow_yaml(data)}` is removed, so that the policy's {own} stands"
    moved = _moved(type_, type_.read(data), parameter.default)
    yield Edit(draft.at(path), change, steps, APT, *moved)


def _added(parameter: Parameter, draft: Draft) -> Iterator[Edit]:
    path: Path = ("settings", parameter.name)
    type_, default = parameter.type, flow_yaml(parameter.type.show(parameter.default))
    for value in _beside_default(parameter, draft):
        data = document_value(type_, value)
        step = Step(path, data)
        if "settings" not in draft.data:
            step = Step(path[:1], {parameter.name: data}, draft.behind("settings"))
        change = f"set to `{flow_yaml(data)}`, in place of the policy's `{default}`"
        moved = _moved(type_, value, parameter.default)
        yield Edit(draft.at(path), change, (step,), APT, *moved)


def _beside_default(parameter: Parameter, draft: Draft) -> Iterator[Value]:
    type_, default = parameter.type, parameter.default
    if isinstance(default, frozenset):
        yield from (default ^ {member} for member in type_.values)
    elif type_.ordered and isinstance(default, int):
        yield from draft.thresholds.near(parameter.name, default)
    else:
        yield from (value for value in type_.categories() if value != default)


def _moved(type_: ValueType, old: Value, new: Value) -> tuple[int, int]:
    """Return how many values without order differ, and how far one with an order moves."""
    if isinstance(old, frozenset) and isinstance(new, frozenset):
        return len(old ^ new), 0
    if type_.ordered and isinstance(old, int) and isinstance(new, int):
        return 0, abs(old - new)
    return int(old != new), 0
