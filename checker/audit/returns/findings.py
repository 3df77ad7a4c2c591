"""Records of handled returns as column expressions: findings and what is counted.

Defined in docs/language.md, section 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from checker.audit.intake.typed_rows import Intake
from checker.audit.returns.deadlines import Deadline, deadlines
from checker.audit.returns.window import Window
from checker.columns.base import Columns, E, Layer, is_false, is_true
from checker.columns.days import end_of_day
from checker.columns.requirements import RequirementColumns, requirement_columns
from checker.evaluate.requirement import governed
from checker.language.resolve.resolver import ResolvedPolicy

REQUIRED = "rejected-required-return"
NO_GROUND = "rejected-without-ground"
NO_REASON = "rejected-without-reason"


@dataclass(frozen=True, slots=True)
class Records(Generic[E]):
    """The layers to compute, and the columns that they leave of every record.

    A record is `refused` where it can't be judged, for `reason`, or else `judged`. Of those,
    `findings` are where each check finds something, `found` where any does, and `counts` what is
    counted of a seller's records in the window: all true or false.
    """

    resolved: ResolvedPolicy
    intake: Intake[E]
    required: RequirementColumns[E]
    layers: list[Layer[E]]
    deadlines: list[Deadline[E]]
    reason: E
    refused: E
    judged: E
    found: E
    findings: dict[str, E]
    counts: dict[str, list[E]]


def records(
    engine: Columns[E],
    resolved: ResolvedPolicy,
    intake: Intake[E],
    window: Window,
    why_none: str = "",
) -> Records[E]:
    """Return what is found in records of returns under the world's policy.

    With `why_none` no version is in force, and every record is refused.
    """
    required = requirement_columns(
        engine, [governed(each) for each in resolved.policies], intake.facts
    )
    layers = [*intake.layers, *required.layers]
    limits = deadlines(
        engine, resolved, required.terms, required.ranks, intake, window.as_of, layers
    )
    refused, reason = _refused(engine, intake, limits, why_none)
    rejections = _rejections(engine, intake, required)
    layers.append(
        {f"x{place}": column for place, column in enumerate(rejections.values())}
        | {"refused": refused, "judged": engine.negation(refused)}
    )
    findings = {check: engine.column(f"x{n}") for n, check in enumerate(rejections)}
    for each in limits:
        findings |= {f"late:{each.term.name}": each.late}
        findings |= {f"overdue:{each.term.name}": each.overdue}
    judged = engine.column("judged")
    layers.append(
        {
            "found": engine.every([judged, engine.some([*findings.values()])]),
            "counted": engine.every([judged, _in_window(engine, resolved, intake, window)]),
        }
    )
    return Records(
        resolved,
        intake,
        required,
        layers,
        limits,
        reason,
        engine.column("refused"),
        judged,
        engine.column("found"),
        findings,
        _counts(engine, intake, findings, limits),
    )


def _refused(
    engine: Columns[E], intake: Intake[E], limits: Sequence[Deadline[E]], why_none: str
) -> tuple[E, E]:
    """Return where a record can't be judged, by what it states or by a calendar, and why."""
    rows = [(intake.refused, intake.reason)]
    if why_none:
        return engine.value(True), engine.first_match(rows, engine.value(why_none))
    uncovered = [each for each in limits if each.term.counting.roll]
    rows += [(each.problem, each.reason) for each in uncovered]
    refused = engine.some([intake.refused, *(each.problem for each in uncovered)])
    return refused, engine.first_match(rows, engine.absent(str))


def _rejections(
    engine: Columns[E], intake: Intake[E], required: RequirementColumns[E]
) -> dict[str, E]:
    """Return what rejections are found to be, by check: only what is certain."""
    rejected = engine.equal(intake.response, engine.value("rejected"))
    # a ground that is cited may hold, if it is not known to be false
    founded = [
        engine.every([intake.cites[id], engine.negation(is_false(engine, holds))])
        for id, holds in required.grounds.items()
    ]
    free = engine.negation(engine.some([required.must, required.unsure]))
    unfounded = engine.negation(engine.some(founded))
    return {
        REQUIRED: engine.every([rejected, required.must]),
        NO_GROUND: engine.every([rejected, intake.cited, free, unfounded]),
        NO_REASON: engine.every([rejected, engine.negation(intake.cited)]),
    }


def _in_window(
    engine: Columns[E], resolved: ResolvedPolicy, intake: Intake[E], window: Window
) -> E:
    """Return whether the record lies in the window, by its `as_of` fact."""
    vocabulary = resolved.vocabulary
    if window.start is None or vocabulary.as_of is None:
        return engine.value(True)
    moment = intake.facts[vocabulary.as_of]
    if vocabulary.facts[vocabulary.as_of].type.name == "date":
        # a date counts from the moment that it begins
        moment = end_of_day(engine, engine.sum(moment, engine.value(-1)), vocabulary.time_zone)
    after = engine.less(engine.value(window.start), moment)
    upto = engine.negation(engine.less(engine.value(window.as_of), moment))
    return is_true(engine, engine.every([after, upto]))


def _counts(
    engine: Columns[E],
    intake: Intake[E],
    findings: Mapping[str, E],
    limits: Sequence[Deadline[E]],
) -> dict[str, list[E]]:
    """Return of every metric the columns of which each that is true counts one."""

    def answered(response: str) -> E:
        return engine.equal(intake.response, engine.value(response))

    counted = engine.column("counted")
    counts = {
        "accepted": [answered("accepted")],
        "rejected": [answered("rejected")],
        "pending": [answered("pending")],
        "wrongful_rejections": [findings[REQUIRED]],
        "unfounded_rejections": [findings[NO_GROUND]],
        "late": [each.late for each in limits],
        "overdue": [each.overdue for each in limits],
        "met": [each.met for each in limits],
    }
    return {"requests": [counted]} | {
        name: [engine.every([counted, column]) for column in columns]
        for name, columns in counts.items()
    }
