"""The constants of a condition, and what each could be instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from checker.analysis.repair.draft import Draft
from checker.analysis.repair.thresholds import nearest
from checker.language.formatter.edits import APT, REMOVED, Edit, Step, document_value
from checker.language.model.operators import OPERATORS, OperandShape
from checker.language.model.typecheck import RESERVED
from checker.language.model.types import ValueType
from checker.language.syntax.documents import Path
from checker.language.syntax.scalars import scalar_text


@dataclass(frozen=True, slots=True)
class Constant:
    """What a fact, parameter or term named `subject` is compared with, as the document has it.

    `data` is a scalar, a list of members, or a reference with a `plus`.
    """

    path: Path
    subject: str
    type: ValueType
    data: Any


def constants_in(
    condition: Mapping[str, Any], path: Path, types: Mapping[str, ValueType]
) -> Iterator[Constant]:
    """Yield the constants of the condition at `path`, in the order of the document."""
    for key, entry in condition.items():
        entry_path = (*path, key)
        if key in ("all", "any"):
            for number, part in enumerate(entry):
                yield from constants_in(part, (*entry_path, number), types)
        elif key == "not":
            yield from constants_in(entry, entry_path, types)
        elif key not in RESERVED:
            yield from _of_test(entry, entry_path, key, member_type(types[key]))


def _of_test(entry: Any, path: Path, subject: str, type_: ValueType) -> Iterator[Constant]:
    if not isinstance(entry, dict):
        yield Constant(path, subject, type_, entry)
        return
    for operator, operand in entry.items():
        operator_path = (*path, operator)
        if OPERATORS[operator].shape is OperandShape.PAIR:
            for number, end in enumerate(operand):
                yield Constant((*operator_path, number), subject, type_, end)
        else:
            yield Constant(operator_path, subject, type_, operand)


def member_type(type_: ValueType) -> ValueType:
    """Return the type of what a set has in it, any other type as it is."""
    return ValueType("enum", type_.values) if type_.name == "set" else type_


def adjusted(constant: Constant, draft: Draft, rank: int = APT) -> Iterator[Edit]:
    """Yield an edit for each value that is worth trying in place of a constant's."""
    if isinstance(constant.data, list):
        yield from _members(constant, draft, rank)
    elif not isinstance(constant.data, dict):
        yield from _scalars(constant, draft, rank)
    elif "plus" in constant.data:
        yield from _sums(constant, draft, rank)


def _scalars(constant: Constant, draft: Draft, rank: int) -> Iterator[Edit]:
    type_, path, old = constant.type, constant.path, constant.type.read(constant.data)

    def edit(data: Any, others: int, distance: int) -> Edit:
        change = f"`{scalar_text(constant.data)}` becomes `{scalar_text(data)}`"
        return Edit(draft.at(path), change, (Step(path, data),), rank, others, distance)

    if type_.ordered and isinstance(old, int):
        for value in draft.thresholds.near(constant.subject, old):
            yield edit(document_value(type_, value, constant.data), 0, abs(value - old))
    else:
        yield from (edit(value, 1, 0) for value in type_.categories() if value != old)


def _sums(constant: Constant, draft: Draft, rank: int) -> Iterator[Edit]:
    old, thresholds = constant.data["plus"], draft.thresholds
    if "fact" in constant.data:
        compared_values = [*thresholds.around(constant.data["fact"])]
    else:
        compared_values = [int(draft.parameters[constant.data["param"]])]  # type: ignore[arg-type]
    sums = {
        threshold - compared_value
        for threshold in thresholds.around(constant.subject)
        for compared_value in compared_values
    }
    path: Path = (*constant.path, "plus")
    for plus in nearest(sums, old):
        change = f"`{old}` becomes `{plus}`"
        yield Edit(draft.at(path), change, (Step(path, plus),), rank, 0, abs(plus - old))


def _members(constant: Constant, draft: Draft, rank: int) -> Iterator[Edit]:
    type_, path, at = constant.type, constant.path, draft.at(constant.path)
    for number, member in enumerate(constant.data):
        steps = (Step((*path, number), REMOVED),)
        yield Edit(at, f"`{scalar_text(member)}` is taken out", steps, rank, unordered_changes=1)
    members = {type_.read(value) for value in constant.data}
    known = draft.thresholds.around(constant.subject) if type_.ordered else type_.categories()
    for value in dict.fromkeys(known):
        if value not in members:
            data = document_value(type_, value, *constant.data[:1])
            steps = (Step((*path, len(constant.data)), data),)
            yield Edit(at, f"`{scalar_text(data)}` is added", steps, rank, unordered_changes=1)
