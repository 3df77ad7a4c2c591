"""The operators of a test, one row each; every reading has one function a row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

# what stands after the operator: one operand, a list or set, two operands, members of a set
Shape = Literal["one", "list", "pair", "members"]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator's name, the shape of its operand, and whether it asks for an order."""

    name: str
    shape: Shape
    needs_order: bool = False


OPERATORS = {
    operator.name: operator
    for operator in (
        Operator("is", "one"),
        Operator("is_not", "one"),
        Operator("one_of", "list"),
        Operator("none_of", "list"),
        Operator("at_least", "one", needs_order=True),
        Operator("at_most", "one", needs_order=True),
        Operator("more_than", "one", needs_order=True),
        Operator("less_than", "one", needs_order=True),
        Operator("between", "pair", needs_order=True),
        Operator("includes", "members"),
        Operator("excludes", "members"),
    )
}
