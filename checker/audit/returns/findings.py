"""Findings in records of handled returns, and counts for metrics, as column expressions.

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
from checker.evaluate.requirement import with_defaults
from checker.language.resolve.resolver import ResolvedPolicy

REQUIRED = "rejected-required-return"
NO_GROUND = "rejected-without-ground"
NO_REASON = "rejected-without-reason"


@dataclass(frozen=True, slots=True)
class RecordColumns(Generic[E]):
    """The layers to compute, and the columns of the result; no column of truths is ever NULL.

    Attributes:
        resolved: the policy that judges the records.
        intake: the facts and other columns of the table.
        required: what the policy requires.
        layers: columns to compute, layer by layer.
        deadlines: the deadlines of terms.
        reason: why the record is refused.
        refused: whether the record can't be judged.
        judged: whether it can.
        has_finding: whether it is judged and any check has a finding.
        findings: by check, whether it has a finding.
        counts: by metric, columns each of which counts one where it is true; only records in the
            window count.
    """

    resolved: ResolvedPolicy
    intake: Intake[E]
    required: RequirementColumns[E]
    layers: list[Layer[E]]
    deadlines: list[Deadline[E]]
    reason: E
    refused: E
    judged: E
    has_finding: E
    findings: dict[str, E]
    counts: dict[str, list[E]]


def record_columns(
    engine: Columns[E],
    resolved: ResolvedPolicy,
    intake: Intake[E],
    window: Window,
    not_in_force: str = "",
) -> RecordColumns[E]:
    """Return the findings and counts of records under a policy.

    Args:
        engine: the operations of the engine.
        resolved: the policy.
        intake: the facts and other columns of the table.
        window: the window whose records count.
        not_in_force: where no version is in force, the reason for refusing every record.
    """
    required = requirement_columns(
        engine,
        [with_defaults(policy) for policy in resolved.policies],
        intake.facts,
        least=intake.least,
    )
    layers = [*intake.layers, *required.layers]
    limits = deadlines(
        engine,
        resolved,
        required.terms,
        required.ranks,
        required.not_applicable,
        intake,
        window.as_of,
        layers,
    )
    refused, reason = _refused(engine, intake, required, limits, not_in_force)
    rejections = _rejections(engine, intake, required)
    layers.append(
        {f"finding_{number}": column for number, column in enumerate(rejections.values())}
        | {"refused": refused, "judged": engine.negation(refused)}
    )
    findings = {check: engine.column(f"finding_{n}") for n, check in enumerate(rejections)}
    for deadline in limits:
        findings |= {f"late:{deadline.term.name}": deadline.late}
        findings |= {f"overdue:{deadline.term.name}": deadline.overdue}
    judged = engine.column("judged")
    layers.append(
        {
            "has_finding": engine.every([judged, engine.some([*findings.values()])]),
            "counted": engine.every([judged, _in_window(engine, resolved, intake, window)]),
        }
    )
    return RecordColumns(
        resolved,
        intake,
        required,
        layers,
        limits,
        reason,
        engine.column("refused"),
        judged,
        engine.column("has_finding"),
        findings,
        _counts(engine, intake, findings, limits),
    )


def _refused(
    engine: Columns[E],
    intake: Intake[E],
    required: RequirementColumns[E],
    limits: Sequence[Deadline[E]],
    not_in_force: str,
) -> tuple[E, E]:
    """Return whether a record is refused, for what it states or for a calendar, and why."""
    rows = [(intake.refused, intake.reason)]
    if not_in_force:
        return engine.value(True), engine.first_match(rows, engine.value(not_in_force))
    uncovered = [deadline for deadline in limits if deadline.term.counting.roll]
    rows += [(deadline.problem, deadline.reason) for deadline in uncovered]
    # what is unknown of a record with an uncertain count may depend on the unpublished year
    unknown = engine.some([required.unsure, *(_unknown_limit(engine, required, d) for d in limits)])
    rows += [(engine.every([doubt, unknown]), reason) for doubt, reason in intake.unpublished]
    refused = engine.some([wrong for wrong, _ in rows])
    return refused, engine.first_match(rows, engine.absent(str))


def _unknown_limit(engine: Columns[E], required: RequirementColumns[E], deadline: Deadline[E]) -> E:
    """Return whether the required value of a term that may apply is unknown, never NULL."""
    unknown = engine.is_absent(required.ranks[deadline.term.name])
    not_applicable = required.not_applicable.get(deadline.term.name)
    if not_applicable is None:
        return unknown
    return engine.every([unknown, engine.negation(not_applicable)])


def _rejections(
    engine: Columns[E], intake: Intake[E], required: RequirementColumns[E]
) -> dict[str, E]:
    """Return for each check of rejections whether it has a finding for certain."""
    rejected = engine.equal(intake.response, engine.value("rejected"))
    # a cited ground counts unless it is false for certain
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
    """Return whether the record is in the window, by the vocabulary's `as_of` fact."""
    vocabulary = resolved.vocabulary
    if window.start is None or vocabulary.as_of is None:
        return engine.value(True)
    moment = intake.facts[vocabulary.as_of]
    if vocabulary.facts[vocabulary.as_of].type.name == "date":
        # a date means the first moment of that day
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
    """Return for every metric the columns each of which counts one where it is true."""

    def responded(response: str) -> E:
        return engine.equal(intake.response, engine.value(response))

    counted = engine.column("counted")
    counts = {
        "accepted": [responded("accepted")],
        "rejected": [responded("rejected")],
        "pending": [responded("pending")],
        "wrongful_rejections": [findings[REQUIRED]],
        "unfounded_rejections": [findings[NO_GROUND]],
        "rejected_without_reason": [findings[NO_REASON]],
        "late": [deadline.late for deadline in limits],
        "overdue": [deadline.overdue for deadline in limits],
        "met": [deadline.met for deadline in limits],
    }
    return {"requests": [counted]} | {
        name: [engine.every([counted, column]) for column in columns]
        for name, columns in counts.items()
    }
