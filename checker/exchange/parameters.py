"""Builds parameters of a policy from what a platform lets its sellers choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from checker.exchange.statements import Note, SellerChoices, Value, not_understood
from checker.language.model.exchange.document import Exchange, NotionMapping
from checker.language.model.exchange.fragments import parts
from checker.language.model.policy import Parameter
from checker.language.syntax.problems import Finding, quoted
from checker.language.syntax.scalars import scalar_text


@dataclass(slots=True)
class BuiltParameters:
    """Parameters of the policy by name, with the keys that a policy's `parameters` have.

    `mapped` has for each notion the parameters that it sets.
    """

    choices: SellerChoices
    exchange: Exchange
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    mapped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Add a note, for what no parameter states."""
        self.notes.append(Note(text, self.choices.position))

    def report_problem(self, message: str) -> None:
        """Report what can't become a parameter."""
        problem = not_understood(self.choices.position, message, self.choices.at)
        self.problems.append(problem)


def parameters_of(choices: SellerChoices, exchange: Exchange) -> BuiltParameters:
    """Return the policy's parameters, limited to the values that sellers may choose.

    A parameter with an order gets a `range`, others get `values`. There is a `default` only if the
    policy's own is among the values, or if there is just one value.
    """
    built = BuiltParameters(choices, exchange)
    built.notes += choices.notes
    if choices.categories:
        built.note(f"of the categories {quoted(choices.categories)} alone")
    for notion, values in choices.allowed:
        mapping = exchange.says.get(notion)
        choice_text = f"`{notion}` may be {quoted(map(_text, values))}"
        if mapping is None or not mapping.part_paths:
            built.note(f"{choice_text}: nothing in `{exchange.policy.id}` is about it")
        elif mapping.form == "money":
            built.report_problem(f"{choice_text}, in a currency that is not said")
        else:
            _add_notion(choice_text, mapping, values, built)
    return built


def _add_notion(
    choice_text: str, mapping: NotionMapping, values: Sequence[Value], built: BuiltParameters
) -> None:
    """Add the parameters that all values of a notion set."""
    known = [value for value in values if _is_known(mapping, value)]
    if len(known) < len(values):
        unknown = quoted(_text(value) for value in values if value not in known)
        built.note(f"{choice_text}: {unknown} is not under `{built.exchange.policy.id}`")
    parts_by_value = [parts(mapping.fragment_of(value)) for value in known]
    paths = {path for value_parts in parts_by_value for path in value_parts}
    settings = {path for path in paths if path[0] == "settings"}
    if other_names := {".".join(path) for path in paths - settings}:
        built.note(f"{choice_text}: {quoted(sorted(other_names))} is no parameter")
    names = []
    for path in sorted(settings):
        name = path[-1]
        if all(path in value_parts for value_parts in parts_by_value):
            names.append(name)
            _add_parameter(choice_text, name, [each[path] for each in parts_by_value], built)
        else:
            built.note(f"{choice_text}: not each of them says what `{name}` is")
    built.mapped[mapping.notion] = tuple(names)


def _add_parameter(
    choice_text: str, name: str, settings: Iterable[Any], built: BuiltParameters
) -> None:
    parameter = built.exchange.policy.parameters[name]
    try:
        values: list[Any] = [parameter.type.read(setting) for setting in settings]
        for value in values:
            parameter.type.check_range(value)
    except ValueError as error:
        built.report_problem(f"{choice_text}, which does not fit `{name}`: {error}")
        return
    data = _parameter_data(parameter, values)
    if built.data.setdefault(name, data) != data:
        message = f"{choice_text}: `{name}` may be something else by what is stated before"
        built.report_problem(message)
    elif parameter.type.ordered and not _has_no_gap(values):
        value_list = quoted(scalar_text(parameter.type.show(value)) for value in sorted({*values}))
        built.note(f"{choice_text}: within its range, `{name}` is one of {value_list}")


def _parameter_data(parameter: Parameter, values: Sequence[Any]) -> dict[str, Any]:
    type_ = parameter.type
    data: dict[str, Any] = {}
    if type_.ordered:
        data["range"] = [type_.show(min(values)), type_.show(max(values))]
    elif type_.name == "choice":
        data["values"] = [value for value in type_.values if value in values]
    elif type_.name == "boolean" and len({*values}) == 1:
        data["fixed"] = True
    if parameter.default in values:
        data["default"] = type_.show(parameter.default)
    elif len({*values}) == 1:
        data["default"] = type_.show(values[0])
    return data


def _has_no_gap(values: Sequence[int]) -> bool:
    """Return whether there is every value from the lowest to the highest."""
    return len({*values}) == max(values) - min(values) + 1


def _is_known(mapping: NotionMapping, value: Value) -> bool:
    names = value if isinstance(value, tuple) else (value,)
    return mapping.known is None or all(name in mapping.known for name in names)


def _text(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else scalar_text(value)
