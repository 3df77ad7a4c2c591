"""Returns taken in: a table's columns become typed facts, or reasons to refuse a row.

The counterpart of `checker.language.resolve.facts.read_facts` and of the checks of a case, in
columns: typed facts first, then derived facts, which must agree with those stated, then the
invariants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from typing import Generic

from checker.audit.intake.builder import IntakeBuilder
from checker.audit.intake.columns import Raw, decoded, mapped_columns, read_column, require_column
from checker.audit.intake.columns_file import ColumnsFile
from checker.audit.intake.derived_facts import derive_facts
from checker.audit.intake.reasons import invariant_message, joined_parts
from checker.columns.base import Columns, E, Layer, is_false, is_true
from checker.columns.conditions import Conditions
from checker.columns.days import local_day
from checker.language.model.conditions import NO_NAMES, FactValue
from checker.language.model.types import DUE, ValueType
from checker.language.resolve.resolver import ResolvedPolicy

RESPONSES = ("accepted", "rejected", "pending")


@dataclass(slots=True)
class Intake(Generic[E]):
    """The layers to compute over a table of returns, and the columns of the result.

    Attributes:
        layers: the first layer takes all that is needed from the table, under names of its own.
        facts: each fact's column.
        known: what the table has columns for.
        ends: by term, the moment at which its deadline ends, where the table states one.
        case: the id of the record, NULL where it has none.
        seller: the id of the seller.
        response: one of `RESPONSES`.
        cites: by the id of every ground of the policy, whether the record cites it; never NULL.
        cited: whether the record cites any ground; never NULL.
        least: the lowest count of each fact that counts by a calendar (`IntakeBuilder.least`).
        unpublished: for each such count, whether it may be several, and the message about that.
        refused: whether the row is refused, never NULL; the other columns mean nothing then.
        reason: why the row is refused.
    """

    layers: list[Layer[E]]
    facts: dict[str, E]
    columns: frozenset[str]
    ends: dict[str, E]
    case: E
    seller: E
    response: E
    cites: dict[str, E]
    cited: E
    least: dict[str, E]
    unpublished: list[tuple[E, E]]
    refused: E
    reason: E


def intake(
    engine: Columns[E],
    table: Mapping[str, str],
    columns: ColumnsFile | None,
    resolved: ResolvedPolicy,
) -> Intake[E]:
    """Return how the rows of a table are taken in (docs/language.md, section 8.2).

    Args:
        engine: the operations of the engine.
        table: the kinds of the table's columns, by name (`Connection.columns`).
        columns: the columns file, if there is one.
        resolved: the policy with its vocabulary and calendars.

    Raises:
        UsageError: a column is unknown or can't be what it states, or a needed one is missing.
    """
    response_type = ValueType("choice", RESPONSES)
    cites_type = ValueType("set", tuple(resolved.policy.grounds), of="ground")
    targets: dict[str, ValueType | None] = {**resolved.vocabulary.types(), "id": None}
    targets |= {"seller": None, "response": response_type, "cites": cites_type}
    targets |= {f"{DUE}{term}": ValueType("datetime") for term in _deadlines(resolved)}
    mappings = mapped_columns(table, targets, columns)
    require_column(mappings, "seller")
    require_column(mappings, "response")
    order = [target for target in targets if target in mappings]
    raws = {
        target: Raw(engine.column(f"raw_{n}"), table[mappings[target].source], mappings[target])
        for n, target in enumerate(order)
    }
    renamed = {f"raw_{n}": engine.column(mappings[target].source) for n, target in enumerate(order)}
    builder = IntakeBuilder(engine, resolved, raws, [renamed, {}, {}])
    builder.problems.append([])
    _take_facts(builder)
    case, seller = _take_ids(builder)
    response = _take_response(builder, response_type)
    cites, cited = _take_cites(builder, cites_type)
    ends = _take_ends(builder)
    _fill_in(builder, before_derivation=True)
    derive_facts(builder)
    _fill_in(builder, before_derivation=False)
    _check_invariants(builder)
    problems = [wrong for stage in builder.problems for wrong, _ in stage]
    builder.layers.append({"refused_row": engine.some(problems)})
    return Intake(
        [layer for layer in builder.layers if layer],
        {name: builder.facts[name] for name in resolved.vocabulary.facts},
        frozenset(raws),
        ends,
        case,
        seller,
        response,
        cites,
        cited,
        builder.least,
        builder.unpublished,
        engine.column("refused_row"),
        _reason(engine, builder.problems),
    )


def _take_facts(builder: IntakeBuilder[E]) -> None:
    """Take in the facts that a column states; derived ones are put aside for comparison."""
    for n, (name, fact) in enumerate(builder.resolved.vocabulary.facts.items()):
        raw = builder.raws.get(name)
        if raw is None:
            builder.facts[name] = builder.absent(fact.type)
            continue
        keep = partial(builder.put_before, f"fact_{n}_number")
        typed = read_column(builder.engine, raw, fact.type, keep)
        column = builder.put(f"stated_{n}" if fact.derive else f"fact_{n}", typed.column)
        (builder.stated if fact.derive else builder.facts)[name] = column
        # every boolean can be read
        if raw.kind != "boolean" or raw.mapping.values is not None:
            builder.refuse(f"fact `{name}`: ", builder.unreadable(raw, column), typed.reason)


def _fill_in(builder: IntakeBuilder[E], *, before_derivation: bool) -> None:
    """Fill in the defaults of facts: values before facts are derived, and what is left after."""
    for name, fact in builder.resolved.vocabulary.facts.items():
        early = fact.derive is None and not isinstance(fact.default, FactValue)
        if early == before_derivation:
            source = fact.default.name if isinstance(fact.default, FactValue) else ""
            if source in builder.least:
                stated = builder.least.get(name, builder.facts[name])
                absent = [(builder.engine.is_absent(stated), builder.least[source])]
                builder.least[name] = builder.engine.first_match(absent, stated)
            builder.facts[name] = builder.with_default(fact)


def _take_ids(builder: IntakeBuilder[E]) -> tuple[E, E]:
    """Take in the ids of the record and of the seller; a row without a seller is refused."""
    engine, columns = builder.engine, []
    for target in ("id", "seller"):
        column = engine.absent(str)
        if target in builder.raws:
            text = decoded(engine, builder.raws[target])
            empty = engine.equal(text, engine.value(""))
            column = engine.first_match([(empty, column)], text)
        columns.append(builder.put(f"{target}_text", column))
    case, seller = columns
    nothing = engine.value("found nothing, expected the id of a seller")
    builder.refuse("`seller`: ", engine.is_absent(seller), nothing)
    return case, seller


def _take_response(builder: IntakeBuilder[E], type: ValueType) -> E:
    """Take in the seller's response; a row without one is refused."""
    engine, raw = builder.engine, builder.raws["response"]
    typed = read_column(engine, raw, type)
    column = builder.put("response_text", typed.column)
    nothing = engine.value("found nothing, expected one of `accepted`, `rejected`, `pending`")
    reason = engine.first_match([(builder.unreadable(raw, column), typed.reason)], nothing)
    builder.refuse("`response`: ", engine.is_absent(column), reason)
    return column


def _take_cites(builder: IntakeBuilder[E], type: ValueType) -> tuple[dict[str, E], E]:
    """Take in the cited grounds: whether each is cited, and whether any is."""
    engine, raw = builder.engine, builder.raws.get("cites")
    if raw is None:
        return {id: engine.value(False) for id in type.values}, engine.value(False)
    typed = read_column(engine, raw, type, partial(builder.put_before, "cites_text"))
    listed = typed.column
    cites = {
        id: builder.put(f"cites_{n}", is_true(engine, member))
        for n, (id, member) in enumerate(typed.members.items())
    }
    builder.refuse("`cites`: ", builder.unreadable(raw, listed), typed.reason)
    some = engine.negation(engine.equal(listed, engine.value("")))
    return cites, is_true(engine, some)


def _deadlines(resolved: ResolvedPolicy) -> list[str]:
    """Return the terms that have a deadline, each once."""
    terms = (term for policy in resolved.policies for term in policy.terms.values())
    return sorted({term.name for term in terms if term.has_deadline})


def _take_ends(builder: IntakeBuilder[E]) -> dict[str, E]:
    """Take in the moments at which deadlines end, where a column states them."""
    engine, ends = builder.engine, {}
    for n, term in enumerate(_deadlines(builder.resolved)):
        raw = builder.raws.get(f"{DUE}{term}")
        if raw is None:
            continue
        keep = partial(builder.put_before, f"stated_end_{n}_number")
        typed = read_column(engine, raw, ValueType("datetime"), keep)
        ends[term] = builder.put(f"stated_end_{n}", typed.column)
        builder.refuse(f"`{DUE}{term}`: ", builder.unreadable(raw, ends[term]), typed.reason)
    return ends


def _check_invariants(builder: IntakeBuilder[E]) -> None:
    """Refuse rows that break an invariant for certain."""
    engine, vocabulary = builder.engine, builder.resolved.vocabulary
    conditions = Conditions(engine, NO_NAMES, builder.facts, {}, least=builder.least)
    builder.problems.append([])
    builder.layers.append({})
    for n, (earlier, later) in enumerate(combinations(vocabulary.order, 2)):
        message = engine.value(f"`{later}` comes before `{earlier}`")
        wrong = _comes_before(builder, later, earlier)
        builder.problems[-1].append((builder.put(f"order_{n}", wrong), message))
    for n, invariant in enumerate(vocabulary.invariants):
        broken = is_false(engine, conditions.holds(invariant.always))
        message = invariant_message(engine, invariant, builder.facts, vocabulary)
        builder.problems[-1].append((builder.put(f"broken_{n}", broken), message))


def _comes_before(builder: IntakeBuilder[E], event: str, other: str) -> E:
    """Return whether an event came before another one, never NULL; by the day if one is a date."""
    engine, vocabulary = builder.engine, builder.resolved.vocabulary
    columns = [builder.facts[name] for name in (event, other)]
    types = [vocabulary.facts[name].type.name for name in (event, other)]
    if types[0] != types[1]:
        columns = [
            local_day(engine, column, vocabulary.time_zone) if type_ == "datetime" else column
            for column, type_ in zip(columns, types, strict=True)
        ]
    return is_true(engine, engine.less(*columns))


def _reason(engine: Columns[E], stages: Sequence[Sequence[tuple[E, E]]]) -> E:
    """Return the problems of the first stage that has any, as one text."""
    rows = []
    for stage, before in zip(stages, ("", "", "impossible: "), strict=True):
        if stage:
            any_problem = engine.some([wrong for wrong, _ in stage])
            messages = joined_parts(engine, stage, "; ")
            rows.append((any_problem, engine.joined([engine.value(before), messages])))
    return engine.first_match(rows, engine.absent(str))
