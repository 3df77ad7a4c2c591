"""Derived facts of rows: they are counted from other facts, and stated ones must agree."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from checker.audit.intake.builder import IntakeBuilder
from checker.audit.intake.messages import range_message
from checker.columns.base import E, is_false
from checker.columns.counting import Rolling, days_between
from checker.columns.days import local_day
from checker.language.model.vocabulary import Derivation, Fact


def derive_facts(builder: IntakeBuilder[E]) -> None:
    """Add the derived facts to the builder (docs/language.md, section 2.3).

    Refuses rows whose days can't be counted, are out of range or differ from those stated.
    """
    vocabulary = builder.resolved.vocabulary
    numbers = {name: n for n, name in enumerate(vocabulary.facts)}
    derived = [fact for fact in vocabulary.facts.values() if fact.derive]
    builder.problems.append([])
    local = _local_days(builder, [fact.derive for fact in derived if fact.derive])
    counted: list[tuple[Fact, E, E, E]] = []
    builder.layers.append({})
    for fact in derived:
        derive, n = fact.derive, numbers[fact.name]
        assert derive
        if not {derive.days_from, derive.to} <= builder.raws.keys():
            builder.facts[fact.name] = builder.stated.get(fact.name, builder.absent(fact.type))
            continue
        days, problem, reason = days_between(
            builder.engine,
            builder.facts,
            derive,
            _rolling(builder, derive, n),
            vocabulary.time_zone,
            vocabulary.facts[derive.to].type.name == "datetime",
            (local[derive.days_from], local[derive.to]) if derive.to in local else None,
        )
        columns = builder.put(f"days_{n}", days), builder.put(f"days_{n}_problem", problem)
        counted.append((fact, *columns, reason))
    builder.layers.append({})
    for fact, days, problem, reason in counted:
        _compare(builder, fact, days, (problem, reason), numbers[fact.name])


def _rolling(builder: IntakeBuilder[E], derive: Derivation, number: int) -> Rolling[E] | None:
    """Return the calendars that a derivation counts by, None where it counts by none."""
    roll, calendars = derive.counting.roll, builder.resolved.calendars
    keep = partial(builder.put_before, f"calendar_{number}")
    return Rolling.of(builder.engine, roll, calendars, builder.facts, keep) if roll else None


def _local_days(builder: IntakeBuilder[E], derivations: Sequence[Derivation]) -> dict[str, E]:
    """Add a layer with the local days of the datetimes that derivations count from and to."""
    vocabulary, engine = builder.resolved.vocabulary, builder.engine
    builder.layers.append({})
    events = [
        event
        for derive in derivations
        if not derive.counting.elapsed and {derive.days_from, derive.to} <= builder.raws.keys()
        for event in (derive.days_from, derive.to)
    ]
    days = {
        event: local_day(engine, builder.facts[event], vocabulary.time_zone)
        for event in dict.fromkeys(events)
        if vocabulary.facts[event].type.name == "datetime"
    }
    return {
        event: builder.put(f"local_day_{n}", day) for n, (event, day) in enumerate(days.items())
    }


def _compare(
    builder: IntakeBuilder[E], fact: Fact, days: E, problem: tuple[E, E], number: int
) -> None:
    """Add the counted days as the fact; refuse rows that state other days."""
    engine, derive = builder.engine, fact.derive
    assert derive and fact.type.range
    subject, stated = f"fact `{fact.name}`: ", builder.stated.get(fact.name)
    builder.refuse(subject, *problem)
    agrees, column = engine.value(True), days
    if stated is not None:
        column = engine.first_match([(engine.is_absent(days), stated)], days)
        agrees = engine.negation(is_false(engine, engine.equal(stated, days)))
        between = f"`, but `{derive.days_from}` and `{derive.to}` make it `"
        parts = [engine.value("found `"), engine.text(stated), engine.value(between)]
        message = engine.joined([*parts, engine.text(days), engine.value("`")])
        builder.refuse(subject, engine.negation(agrees), message)
    outside = is_false(engine, engine.inside(days, *fact.type.range))
    out_of_range = engine.every([agrees, outside])
    builder.refuse(subject, out_of_range, range_message(engine, days, fact.type))
    builder.facts[fact.name] = builder.put(f"fact_{number}", column)
