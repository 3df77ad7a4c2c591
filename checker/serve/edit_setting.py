"""Change one setting in the text of an override, and nothing else of the text."""

from __future__ import annotations

from typing import Any

from checker.language.formatter.edit_in_place import apply_edit, edit_obstacle
from checker.language.formatter.edits import APT, Edit, Step, document_value
from checker.language.syntax.documents import Document
from checker.language.syntax.source_map import source_tree
from checker.serve.request import ApiError, ApiRequest

_BEFORE = ("policy", "effective", "scope")  # the keys after which `settings` is inserted


def change_setting(request: ApiRequest) -> Any:
    """Return the override's text with the setting `name` at `value`."""
    override = request.document("override")
    name, parameters = request.body["name"], request.resolved().policy.parameters
    if override is None:
        raise ApiError(422, "name the `override` whose setting is changed")
    if name not in parameters or parameters[name].fixed:
        raise ApiError(422, f"`{name}` is no setting of `{request.resolved().policy.name}`")
    type_, settings = parameters[name].type, _settings(override)
    # money stays a number if it is one; a duration is written in the largest unit that divides it
    old_value = settings.get(name) if type_.name == "money" else None
    try:
        value = type_.read(request.body["value"])
        type_.check_range(value)
    except ValueError as error:
        raise ApiError(422, f"`{name}`: {error}") from None
    step = _step(override, name, document_value(type_, value, old_value))
    edit = Edit(f"settings.{name}", "the setting is changed", (step,), APT)
    obstacle = edit_obstacle(source_tree(override.text), edit)
    if obstacle:
        raise ApiError(422, f"`settings` can't be changed in the text: it stands {obstacle}")
    return {"text": apply_edit(override, edit).text}


def _settings(override: Document) -> dict[str, Any]:
    settings = override.data.get("settings", {})
    if not isinstance(settings, dict):
        raise ApiError(422, "`settings` is no map")
    return settings


def _step(override: Document, name: str, value: Any) -> Step:
    """Return the edit step that writes the value, with `settings` where it is missing."""
    if "settings" in override.data:
        return Step(("settings", name), value)
    predecessors = [key for key in _BEFORE if key in override.data]
    return Step(("settings",), {name: value}, predecessors[-1] if predecessors else "")
