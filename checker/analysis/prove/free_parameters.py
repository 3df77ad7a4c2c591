"""Free parameters: a field of its own stands for each parameter that sellers may set."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from checker.language.model.policy import Policy
from checker.language.model.types import Value, ValueType
from checker.solver.encode import Free


@dataclass(frozen=True, slots=True)
class FreeParameters:
    """Free and fixed parameters, and the type and typical value of each free parameter's field."""

    parameters: Mapping[str, Value | Free]
    types: Mapping[str, ValueType]
    typical: Mapping[str, Value]


def free_parameters(policy: Policy, names: Container[str] | None = None) -> FreeParameters:
    """Return the policy's parameters, free where sellers may set them.

    With `names`, only those parameters are free.
    """
    parameters: dict[str, Value | Free] = {}
    types: dict[str, ValueType] = {}
    typical: dict[str, Value] = {}
    for name, parameter in policy.parameters.items():
        field_name = parameter_field(name)
        if parameter.fixed or (names is not None and name not in names):
            parameters[name] = parameter.default
        elif parameter.type.name == "set":
            members = {value: f"{field_name} {value}" for value in parameter.type.values}
            types |= dict.fromkeys(members.values(), ValueType("boolean"))
            typical |= dict.fromkeys(members.values(), False)
            parameters[name] = Free(field_name, members)
        else:
            types[field_name], typical[field_name] = parameter.type, parameter.default
            parameters[name] = Free(field_name)
    return FreeParameters(parameters, types, typical)


def parameter_field(name: str) -> str:
    """Return the name of the field that stands for a free parameter; no fact has such a name."""
    return f"parameter {name}"
