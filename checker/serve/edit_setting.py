"""One setting changed in the text of an override, the rest of which stays as it is written."""

from __future__ import annotations

from typing import Any

from checker.language.formatter.edit_in_place import apply_edit, edit_obstacle
from checker.language.formatter.edits import APT, Edit, Step, document_value
from checker.language.syntax.documents import Document
from checker.language.syntax.source_map import source_tree
from checker.serve.request import Asked, Refused

_BEFORE = ("policy", "effective", "scope")  # the keys behind which settings stand by custom


def with_setting(asked: Asked) -> Any:
    """Return the override's text with the setting `name` at `value`."""
    override = asked.document("override")
    name, parameters = asked.body["name"], asked.resolved().policy.parameters
    if override is None:
        raise Refused(422, "name the `override` whose setting is changed")
    if name not in parameters or parameters[name].fixed:
        raise Refused(422, f"`{name}` is no setting of `{asked.resolved().policy.name}`")
    type_, before = parameters[name].type, _settings(override)
    # money stays a number where it is one; a duration is said in the largest unit that fits
    like = before.get(name) if type_.name == "money" else None
    try:
        value = type_.read(asked.body["value"])
        type_.check_range(value)
    except ValueError as error:
        raise Refused(422, f"`{name}`: {error}") from None
    step = _step(override, name, document_value(type_, value, like))
    edit = Edit(f"settings.{name}", "the setting is changed", (step,), APT)
    hindered = edit_obstacle(source_tree(override.text), edit)
    if hindered:
        raise Refused(422, f"`settings` can't be changed in the text: it stands {hindered}")
    return {"text": apply_edit(override, edit).text}


def _settings(override: Document) -> dict[str, Any]:
    settings = override.data.get("settings", {})
    if not isinstance(settings, dict):
        raise Refused(422, "`settings` is no map")
    return settings


def _step(override: Document, name: str, value: Any) -> Step:
    """Return what puts the value where it belongs."""
    if "settings" in override.data:
        return Step(("settings", name), value)
    behind = [each for each in _BEFORE if each in override.data]
    return Step(("settings",), {name: value}, behind[-1] if behind else "")
