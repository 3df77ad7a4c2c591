"""Builds overrides of a policy from what a document states, by the policy's exchange document.

Every statement is mapped, or becomes a note or a problem. There is an override only if there is no
problem and if it applies to some case of the policy.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from checker.exchange.mapping import MappedStatement, OverrideBuilder
from checker.exchange.names import UsedIds, as_title, id_of
from checker.exchange.statements import Note, StatedPolicy, not_understood
from checker.language.model.exchange.checks import problems_of_override
from checker.language.model.exchange.document import Exchange
from checker.language.model.exchange.fragments import join_parts
from checker.language.model.types import FIRST_DAY, LAST_DAY
from checker.language.resolve.periods import period_problems
from checker.language.syntax.documents import Document
from checker.language.syntax.parser import Mark
from checker.language.syntax.problems import Finding

Scope = Mapping[str, Any]  # a test by fact


@dataclass(frozen=True, slots=True)
class BuiltOverride:
    """What a stated policy becomes: the data of an override, or None if there is none.

    `id` is set in both cases. `problems` are those of building the override, not of reading the
    document. `unstated` are the notions that could set parts of the override, where neither they
    nor other notions set these parts.
    """

    stated: StatedPolicy
    id: str
    data: dict[str, Any] | None
    mapped: tuple[MappedStatement, ...]
    notes: tuple[Note, ...]
    problems: tuple[Finding, ...]
    unstated: tuple[str, ...]


def overrides_of(
    stated: Iterable[StatedPolicy],
    exchange: Exchange,
    default_id: str,
    scope: Scope | None = None,
    used_ids: UsedIds | None = None,
) -> list[BuiltOverride]:
    """Return the overrides of a document: an id for each policy, a version for each season.

    Args:
        stated: The policies of the document.
        exchange: Maps their notions to the policy.
        default_id: The id of a policy whose name gives none.
        scope: Tests by fact that narrow each override.
        used_ids: Ids that these overrides do not get; theirs are added.
    """
    used_ids = {} if used_ids is None else used_ids
    ids: dict[str, str] = {}
    version_counts: Counter[str] = Counter()
    overrides = []
    for index, policy in enumerate(stated):
        key = policy.season_of or str(index)
        if key not in ids:
            ids[key] = id_of(policy.name, default_id, used_ids)
        version = f"1.{version_counts[key]}.0"
        overrides.append(override_of(policy, exchange, ids[key], version, scope))
        version_counts[key] += overrides[-1].data is not None
    return overrides


def override_of(
    stated: StatedPolicy,
    exchange: Exchange,
    id: str,
    version: str = "1.0.0",
    scope: Scope | None = None,
) -> BuiltOverride:
    """Return the override of a stated policy, with its keys in their usual order.

    `scope` has tests by fact that narrow it further.
    """
    builder = OverrideBuilder(stated, exchange)
    order = {notion: index for index, notion in enumerate(exchange.says)}
    for statement in sorted(stated.statements, key=lambda each: order.get(each.notion, len(order))):
        builder.add(statement)
    for fact, test in (scope or {}).items():
        builder.set_part(("scope", fact), test, None)
    builder.problems += _problems_of_unclear_scope(stated, exchange, scope or {})
    data: dict[str, Any] = {"kind": "override", "id": id, "version": version}
    data |= {"title": title} if (title := as_title(stated.name)) else {}
    data |= {"policy": exchange.reference, **_effective(stated), **join_parts(builder.parts)}
    if not builder.problems and not builder.has_no_case:
        builder.problems += _problems(data, builder)
    return BuiltOverride(
        stated,
        id,
        None if builder.problems or builder.has_no_case else data,
        tuple(builder.mapped),
        tuple(sorted([*stated.notes, *builder.notes], key=lambda note: note.position)),
        tuple(sorted(builder.problems, key=lambda problem: problem.position)),
        tuple(_unstated(builder)),
    )


def _problems_of_unclear_scope(
    stated: StatedPolicy, exchange: Exchange, scope: Scope
) -> Iterator[Finding]:
    """Yield a problem for each fact of the scope that the document does not state clearly.

    Without the fact, the override would apply to more cases than the document is about.
    """
    for notion in stated.unclear:
        mapping = exchange.says.get(notion)
        for path in sorted(mapping.part_paths) if mapping else ():
            if path[0] == "scope" and path[1] not in scope:
                message = f"no override is made, as its `{path[1]}` is not understood"
                help = f"`--scope {path[1]}=…` says what it is"
                yield not_understood(stated.position, message, stated.at, help)


def _unstated(builder: OverrideBuilder) -> Iterator[str]:
    stated_notions = {statement.notion for statement in builder.stated.statements}
    for notion, mapping in builder.exchange.says.items():
        paths = mapping.part_paths
        if notion not in stated_notions and paths and paths.isdisjoint(builder.parts):
            yield notion


def _effective(stated: StatedPolicy) -> dict[str, Any]:
    """Return the `effective` key; `until` is the day after the last, open beyond the calendar."""
    days, first, last = {}, stated.first, stated.last
    if first and first.toordinal() >= FIRST_DAY:
        days["from"] = first.isoformat()
    if last and last.toordinal() < LAST_DAY:
        days["until"] = (last + timedelta(days=1)).isoformat()
    return {"effective": days} if days else {}


def _problems(data: dict[str, Any], builder: OverrideBuilder) -> list[Finding]:
    """Return the errors of the override, with the positions of the statements that cause them."""
    document = Document(builder.stated.position.file, "", data, Mark(0, 0, {}, {}))
    problems = [
        *problems_of_override(document, builder.exchange.policy),
        *period_problems(document),
    ]
    errors = (problem for problem in problems if problem.severity == "error")
    return [_problem_of_statement(error, builder) for error in errors]


def _problem_of_statement(problem: Finding, builder: OverrideBuilder) -> Finding:
    """Return a problem of the override as a problem of the statement that set its part."""
    stated = builder.stated
    for path, statement in builder.sources.items():
        if statement and f"{problem.at}.".startswith(f"{'.'.join(path)}."):
            message = f"`{statement.source_text}` does not fit the policy: {problem.message}"
            return not_understood(statement.position, message, stated.at, problem.help)
    message = f"`{problem.at}`: {problem.message}"
    return not_understood(stated.position, message, stated.at, problem.help)
