"""Records of returns taken in: any table's columns become typed facts, or reasons to refuse a row.

The mirror of `checker.language.facts.read_facts` and `Decider.admit`, in columns: typed facts, then
derived ones, which must agree with those that are stated, then the invariants.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Generic

from checker.audit.intake.columns import Raw, decoded, need, read, sources
from checker.audit.intake.columns_file import ColumnsFile
from checker.audit.intake.messages import outside_words
from checker.audit.intake.reasons import joined_parts, said_of
from checker.audit.intake.typed import states
from checker.columns.base import Columns, Conditions, E, Layer, is_false, is_true
from checker.columns.counting import Rolling, days_between
from checker.columns.days import local_day
from checker.language.model.conditions import NO_NAMES
from checker.language.model.types import DUE, ValueType
from checker.language.model.vocabulary import Derivation, Fact
from checker.language.resolve.resolver import ResolvedPolicy

RESPONSES = ("accepted", "rejected", "pending")
_LIKE: dict[str, type] = {"boolean": bool, "enum": str}


@dataclass(slots=True)
class Intake(Generic[E]):
    """The layers to compute over a table of returns, and the columns that they leave.

    The first layer holds all that is needed of the table, by names of its own. Of a row that is
    `refused`, true or false, `reason` says why, and nothing else holds. `case` is the text that
    names a record, absent where it has none. `cites` are true or false, by the ids of all grounds
    of the policy, `cited` where there is any. `ends` are the moments at which deadlines end by what
    the table states, by their terms. `known` are the facts that the table has a column for.
    """

    layers: list[Layer[E]]
    facts: dict[str, E]
    known: frozenset[str]
    ends: dict[str, E]
    case: E
    seller: E
    response: E
    cites: dict[str, E]
    cited: E
    refused: E
    reason: E


@dataclass(slots=True)
class _Taking(Generic[E]):
    """What has been taken in: columns by fact, and what is wrong, with reasons, in stages."""

    engine: Columns[E]
    resolved: ResolvedPolicy
    raws: dict[str, Raw[E]]
    layers: list[Layer[E]]
    facts: dict[str, E] = field(default_factory=dict)
    stated: dict[str, E] = field(default_factory=dict)
    wrong: list[list[tuple[E, E]]] = field(default_factory=list)

    def put(self, name: str, column: E) -> E:
        """Put a column into the last layer; it is referred to by its name from then on."""
        self.layers[-1][name] = column
        return self.engine.column(name)

    def absent(self, type: ValueType) -> E:
        return self.engine.absent(_LIKE.get(type.name, int))


def intake(
    engine: Columns[E],
    table: Mapping[str, str],
    columns: ColumnsFile | None,
    resolved: ResolvedPolicy,
) -> Intake[E]:
    """Return how the rows of a table are taken in; `table` are the kinds of its columns, by name.

    UsageError where a column is unknown or can't be what it states, or a needed one is missing.
    """
    response_type = ValueType("choice", RESPONSES)
    cites_type = ValueType("set", tuple(resolved.policy.grounds), of="ground")
    targets: dict[str, ValueType | None] = {
        **resolved.vocabulary.types(),
        "id": None,
        "seller": None,
    }
    targets |= {"response": response_type, "cites": cites_type}
    targets |= {f"{DUE}{term}": ValueType("datetime") for term in _deadlines(resolved)}
    named = sources(table, targets, columns)
    need(named, "seller")
    need(named, "response")
    order = [target for target in targets if target in named]
    raws = {
        target: Raw(engine.column(f"raw{n}"), table[named[target].source], named[target])
        for n, target in enumerate(order)
    }
    renamed = {f"raw{n}": engine.column(named[target].source) for n, target in enumerate(order)}
    taking = _Taking(engine, resolved, raws, [renamed, {}, {}])
    taking.wrong.append([])
    _facts(taking)
    case, seller = _texts(taking)
    response = _response(taking, response_type)
    cites, cited = _cites(taking, cites_type)
    ends = _ends(taking)
    _derived(taking)
    _invariants(taking)
    stages = taking.wrong
    every = [wrong for stage in stages for wrong, _ in stage]
    taking.layers.append({"refused_row": engine.some(every)})
    return Intake(
        [layer for layer in taking.layers if layer],
        {name: taking.facts[name] for name in resolved.vocabulary.facts},
        frozenset(raws),
        ends,
        case,
        seller,
        response,
        cites,
        cited,
        engine.column("refused_row"),
        _reason(engine, stages),
    )


def _facts(taking: _Taking[E]) -> None:
    """Take in the facts that a column states; those that derive are kept aside."""
    for n, (name, fact) in enumerate(taking.resolved.vocabulary.facts.items()):
        raw = taking.raws.get(name)
        if raw is None:
            taking.facts[name] = taking.absent(fact.type)
            continue
        made = read(taking.engine, raw, fact.type, partial(_kept, taking, f"number{n}"))
        column = taking.put(f"s{n}" if fact.derive else f"f{n}", made.column)
        (taking.stated if fact.derive else taking.facts)[name] = column
        if raw.kind != "boolean" or raw.mapped.values is not None:
            _refuse(taking, f"fact `{name}`: ", _lacking(taking.engine, raw, column), made.reason)


def _kept(taking: _Taking[E], name: str, column: E) -> E:
    """Put a column into the layer before the last."""
    taking.layers[-2][name] = column
    return taking.engine.column(name)


def _refuse(taking: _Taking[E], where: str, wrong: E, reason: E) -> None:
    engine = taking.engine
    taking.wrong[-1].append((wrong, engine.joined([engine.value(where), reason])))


def _lacking(engine: Columns[E], raw: Raw[E], column: E) -> E:
    """Return whether a raw column states something of which the typed one has nothing."""
    return engine.every([states(engine, raw.column, raw.kind), engine.is_absent(column)])


def _texts(taking: _Taking[E]) -> tuple[E, E]:
    """Take in the ids of the record and of the seller."""
    engine, found = taking.engine, []
    for target in ("id", "seller"):
        column = engine.absent(str)
        if target in taking.raws:
            text = decoded(engine, taking.raws[target])
            empty = engine.equal(text, engine.value(""))
            column = engine.first_match([(empty, column)], text)
        found.append(taking.put(f"{target}_text", column))
    nothing = engine.value("found nothing, expected the id of a seller")
    _refuse(taking, "`seller`: ", engine.is_absent(found[1]), nothing)
    return found[0], found[1]


def _response(taking: _Taking[E], type: ValueType) -> E:
    engine, raw = taking.engine, taking.raws["response"]
    made = read(engine, raw, type)
    column = taking.put("response_text", made.column)
    nothing = engine.value("found nothing, expected one of `accepted`, `rejected`, `pending`")
    reason = engine.first_match([(_lacking(engine, raw, column), made.reason)], nothing)
    _refuse(taking, "`response`: ", engine.is_absent(column), reason)
    return column


def _cites(taking: _Taking[E], type: ValueType) -> tuple[dict[str, E], E]:
    engine, raw = taking.engine, taking.raws.get("cites")
    if raw is None:
        return {id: engine.value(False) for id in type.values}, engine.value(False)
    made = read(engine, raw, type, partial(_kept, taking, "cites_text"))
    listed = made.column
    cites = {
        id: taking.put(f"cites{n}", is_true(engine, member))
        for n, (id, member) in enumerate(made.members.items())
    }
    _refuse(taking, "`cites`: ", _lacking(engine, raw, listed), made.reason)
    some = engine.negation(engine.equal(listed, engine.value("")))
    return cites, is_true(engine, some)


def _deadlines(resolved: ResolvedPolicy) -> list[str]:
    """Return the terms that have a deadline, each once."""
    terms = (term for policy in resolved.policies for term in policy.terms.values())
    return sorted({term.name for term in terms if term.has_deadline})


def _ends(taking: _Taking[E]) -> dict[str, E]:
    """Take in the moments at which deadlines end, of those that a column states."""
    engine, ends = taking.engine, {}
    for n, term in enumerate(_deadlines(taking.resolved)):
        raw = taking.raws.get(f"{DUE}{term}")
        if raw is None:
            continue
        made = read(engine, raw, ValueType("datetime"), partial(_kept, taking, f"end_number{n}"))
        ends[term] = taking.put(f"end{n}", made.column)
        _refuse(taking, f"`{DUE}{term}`: ", _lacking(engine, raw, ends[term]), made.reason)
    return ends


def _derived(taking: _Taking[E]) -> None:
    """Fill in the facts that derive from others; stated ones must agree."""
    vocabulary = taking.resolved.vocabulary
    numbers = {name: n for n, name in enumerate(vocabulary.facts)}
    derived = [fact for fact in vocabulary.facts.values() if fact.derive]
    taking.wrong.append([])
    local = _local_days(taking, [fact.derive for fact in derived if fact.derive])
    counted: list[tuple[Fact, E, E, E]] = []
    taking.layers.append({})
    for fact in derived:
        derive, n = fact.derive, numbers[fact.name]
        assert derive
        if not {derive.days_from, derive.to} <= taking.raws.keys():
            taking.facts[fact.name] = taking.stated.get(fact.name, taking.absent(fact.type))
            continue
        days, problem, reason = days_between(
            taking.engine,
            taking.facts,
            derive,
            _rolling(taking, derive, n),
            vocabulary.time_zone,
            vocabulary.facts[derive.to].type.name == "datetime",
            (local[derive.days_from], local[derive.to]) if derive.to in local else None,
        )
        columns = taking.put(f"days{n}", days), taking.put(f"problem{n}", problem)
        counted.append((fact, *columns, reason))
    taking.layers.append({})
    for fact, days, problem, reason in counted:
        _agreed(taking, fact, days, (problem, reason), numbers[fact.name])


def _rolling(taking: _Taking[E], derive: Derivation, number: int) -> Rolling[E] | None:
    """Return what the days roll by; where that differs by row, it is a column beside local days."""
    roll, calendars = derive.counting.roll, taking.resolved.calendars
    keep = partial(_kept, taking, f"calendar{number}")
    return Rolling.of(taking.engine, roll, calendars, taking.facts, keep) if roll else None


def _local_days(taking: _Taking[E], derivations: Sequence[Derivation]) -> dict[str, E]:
    """Put the local days of the datetimes that days are counted by into a layer."""
    vocabulary, engine = taking.resolved.vocabulary, taking.engine
    taking.layers.append({})
    events = [
        event
        for derive in derivations
        if not derive.counting.elapsed and {derive.days_from, derive.to} <= taking.raws.keys()
        for event in (derive.days_from, derive.to)
    ]
    return {
        event: taking.put(f"local{n}", local_day(engine, taking.facts[event], vocabulary.time_zone))
        for n, event in enumerate(dict.fromkeys(events))
        if vocabulary.facts[event].type.name == "datetime"
    }


def _agreed(taking: _Taking[E], fact: Fact, days: E, problem: tuple[E, E], number: int) -> None:
    """Take the counted days for the fact; refuse those that a stated one contradicts."""
    engine, derive = taking.engine, fact.derive
    assert derive and fact.type.range
    where, stated = f"fact `{fact.name}`: ", taking.stated.get(fact.name)
    _refuse(taking, where, *problem)
    agrees, column = engine.value(True), days
    if stated is not None:
        column = engine.first_match([(engine.is_absent(days), stated)], days)
        agrees = engine.negation(is_false(engine, engine.equal(stated, days)))
        between = f"`, but `{derive.days_from}` and `{derive.to}` make it `"
        parts = [engine.value("found `"), engine.text(stated), engine.value(between)]
        said = engine.joined([*parts, engine.text(days), engine.value("`")])
        _refuse(taking, where, engine.negation(agrees), said)
    outside = is_false(engine, engine.inside(days, *fact.type.range))
    too_far = engine.every([agrees, outside])
    _refuse(taking, where, too_far, outside_words(engine, days, fact.type))
    taking.facts[fact.name] = taking.put(f"f{number}", column)


def _invariants(taking: _Taking[E]) -> None:
    """Refuse what breaks an invariant for certain."""
    engine, vocabulary = taking.engine, taking.resolved.vocabulary
    conditions = Conditions(engine, NO_NAMES, taking.facts, {})
    taking.wrong.append([])
    taking.layers.append({})
    for n, invariant in enumerate(vocabulary.invariants):
        broken = is_false(engine, conditions.holds(invariant.always))
        said = said_of(engine, invariant, taking.facts, vocabulary)
        taking.wrong[-1].append((taking.put(f"broken{n}", broken), said))


def _reason(engine: Columns[E], stages: Sequence[Sequence[tuple[E, E]]]) -> E:
    """Return what is wrong in the first stage in which something is."""
    rows = []
    for stage, before in zip(stages, ("", "", "impossible: "), strict=True):
        if stage:
            wrong = engine.some([each for each, _ in stage])
            said = joined_parts(engine, stage, "; ")
            rows.append((wrong, engine.joined([engine.value(before), said])))
    return engine.first_match(rows, engine.absent(str))
