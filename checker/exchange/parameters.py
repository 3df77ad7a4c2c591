"""What a platform lets its sellers choose, as parameters of a policy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from checker.exchange.statements import Note, Parameters, Value, not_understood
from checker.language.model.exchange.document import Entry, Exchange
from checker.language.model.exchange.fragments import parts
from checker.language.model.policy import Parameter
from checker.language.syntax.problems import Finding, quoted
from checker.language.syntax.scalars import scalar_text


@dataclass(slots=True)
class MadeParameters:
    """What each parameter of the policy may be, with the keys of a policy's `parameters`.

    `mapped` says by notion which parameters it is.
    """

    parameters: Parameters
    exchange: Exchange
    data: dict[str, dict[str, Any]] = field(default_factory=dict)
    mapped: dict[str, tuple[str, ...]] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    problems: list[Finding] = field(default_factory=list)

    def note(self, text: str) -> None:
        """Keep for people what no parameter says."""
        self.notes.append(Note(text, self.parameters.position))

    def problem(self, message: str) -> None:
        """Say what can't be made a parameter."""
        at = self.parameters.at
        self.problems.append(not_understood(self.parameters.position, message, at))


def parameters_of(parameters: Parameters, exchange: Exchange) -> MadeParameters:
    """Return what the values that sellers may choose make of the policy's parameters.

    A parameter with an order gets their `range`, others their `values`; a `default` only where the
    policy's own is among them, or where there is one value alone.
    """
    made = MadeParameters(parameters, exchange)
    made.notes += parameters.notes
    if parameters.categories:
        made.note(f"of the categories {quoted(parameters.categories)} alone")
    for notion, values in parameters.allowed:
        entry = exchange.says.get(notion)
        said = f"`{notion}` may be {quoted(map(_shown, values))}"
        if entry is None or not entry.places:
            made.note(f"{said}: nothing in `{exchange.policy.id}` is about it")
        elif entry.form == "money":
            made.problem(f"{said}, in a currency that is not said")
        else:
            _take(said, entry, values, made)
    return made


def _take(said: str, entry: Entry, values: Sequence[Value], made: MadeParameters) -> None:
    """Make parameters of a notion's values, all of which must set them."""
    known = [value for value in values if _is_known(entry, value)]
    if len(known) < len(values):
        unknown = quoted(_shown(value) for value in values if value not in known)
        made.note(f"{said}: {unknown} is not under `{made.exchange.policy.id}`")
    found = [parts(entry.of(value)) for value in known]
    settings = {place for each in found for place in each if place[0] == "settings"}
    others = {".".join(place) for each in found for place in each if place not in settings}
    if others:
        made.note(f"{said}: {quoted(sorted(others))} is no parameter")
    names = []
    for place in sorted(settings):
        if all(place in each for each in found):
            names.append(place[-1])
            _set(said, place[-1], [each[place] for each in found], made)
        else:
            made.note(f"{said}: not each of them says what `{place[-1]}` is")
    made.mapped[entry.notion] = tuple(names)


def _set(said: str, name: str, values: Iterable[Any], made: MadeParameters) -> None:
    parameter = made.exchange.policy.parameters[name]
    try:
        kept: list[Any] = [parameter.type.read(value) for value in values]
        for value in kept:
            parameter.type.check_range(value)
    except ValueError as error:
        made.problem(f"{said}, which does not fit `{name}`: {error}")
        return
    data = _entry(parameter, kept)
    if made.data.setdefault(name, data) != data:
        made.problem(f"{said}: `{name}` may be something else by what is stated before")
    elif parameter.type.ordered and not _every_one(kept):
        shown = quoted(scalar_text(parameter.type.show(value)) for value in sorted({*kept}))
        made.note(f"{said}: within its range, `{name}` is one of {shown}")


def _entry(parameter: Parameter, values: Sequence[Any]) -> dict[str, Any]:
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


def _every_one(values: Sequence[int]) -> bool:
    """Return whether all values from the lowest to the highest are there."""
    return len({*values}) == max(values) - min(values) + 1


def _is_known(entry: Entry, value: Value) -> bool:
    names = value if isinstance(value, tuple) else (value,)
    return entry.known is None or all(name in entry.known for name in names)


def _shown(value: Value) -> str:
    return ", ".join(value) if isinstance(value, tuple) else scalar_text(value)
