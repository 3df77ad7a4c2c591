"""Derived facts of rows: they are counted from other facts, and stated ones must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from checker.audit.intake.builder import IntakeBuilder
from checker.audit.intake.messages import range_message
from checker.columns.base import E, is_false, is_true
from checker.columns.counting import Count, Rolling, days_between
from checker.columns.days import day_text, local_day
from checker.language.model.vocabulary import Derivation, Fact


def derive_facts(builder: IntakeBuilder[E]) -> None:
    """Add the derived facts to the builder (docs/language.md, section 2.3).

    Refuses rows whose days can't be counted, are out of range or differ from those stated.
    """
    vocabulary = builder.resolved.vocabulary
    numbers = {name: n for n, name in enumerate(vocabulary.facts)}
    derived = [fact for fact in vocabulary.facts.values() if fact.derive]
    builder.problems.append([])
    _days_of_moments(builder)
    local = _local_days(builder, [fact.derive for fact in derived if fact.derive])
    counted: list[tuple[Fact, Count[E]]] = []
    builder.layers.append({})
    for fact in derived:
        derive, n = fact.derive, numbers[fact.name]
        assert derive
        if not (_is_known(builder, derive.days_from) and _is_known(builder, derive.to)):
            builder.facts[fact.name] = builder.stated.get(fact.name, builder.absent(fact.type))
            continue
        count = days_between(
            builder.engine,
            builder.facts,
            derive,
            _rolling(builder, derive, n),
            vocabulary.time_zone,
            vocabulary.facts[derive.to].type.name == "datetime",
            (local[derive.days_from], local[derive.to]) if derive.to in local else None,
        )
        days = builder.put(f"days_{n}", count.most)
        least = above = days
        if derive.counting.roll:
            least = builder.put(f"days_{n}_least", count.least)
            above = builder.put(f"days_{n}_above", count.above)
        problem = builder.put(f"days_{n}_problem", count.problem)
        counted.append((fact, replace(count, most=days, least=least, above=above, problem=problem)))
    builder.layers.append({})
    for fact, count in counted:
        _compare(builder, fact, count, numbers[fact.name])


def _days_of_moments(builder: IntakeBuilder[E]) -> None:
    """Fill in the dates that are the local day of a datetime; refuse rows that state another."""
    engine, vocabulary = builder.engine, builder.resolved.vocabulary
    tied = [fact for fact in vocabulary.facts.values() if fact.day_of in builder.raws]
    if not tied:
        return
    builder.layers.append({})
    for n, fact in enumerate(tied):
        moment, stated = builder.facts[fact.day_of], builder.facts[fact.name]
        day = local_day(engine, moment, vocabulary.time_zone)
        column = engine.first_match([(engine.is_absent(moment), stated)], day)
        differs = is_true(engine, engine.negation(engine.equal(stated, day)))
        texts = [
            engine.value("found `"),
            day_text(engine, stated),
            engine.value(f"`, but `{fact.day_of}` makes it `"),
            day_text(engine, day),
            engine.value("`"),
        ]
        wrong = builder.put(f"day_{n}_differs", differs)
        reason = builder.put(f"day_{n}_reason", engine.joined(texts))
        builder.refuse(f"fact `{fact.name}`: ", wrong, reason)
        builder.facts[fact.name] = builder.put(f"day_{n}", column)


def _is_known(builder: IntakeBuilder[E], event: str) -> bool:
    """Return whether the table has a column for an event, or for the moment whose day it is."""
    day_of = builder.resolved.vocabulary.facts[event].day_of
    return event in builder.raws or day_of in builder.raws


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


def _compare(builder: IntakeBuilder[E], fact: Fact, count: Count[E], number: int) -> None:
    """Add the counted days as the fact; refuse rows that state other days.

    Where days that no calendar covers count, the fact has the highest count, and `builder.least`
    the lowest one.
    """
    engine, derive, days = builder.engine, fact.derive, count.most
    assert derive and fact.type.range
    subject, stated = f"fact `{fact.name}`: ", builder.stated.get(fact.name)
    low, high = fact.type.range
    builder.refuse(subject, count.problem, count.reason)
    # by another count that is possible, the case is possible as well
    outside = [engine.less(days, engine.value(low)), engine.less(engine.value(high), count.least)]
    agrees, column, least = engine.value(True), days, count.least
    if stated is not None:
        given = engine.negation(engine.is_absent(stated))
        column, least = (engine.first_match([(given, stated)], each) for each in (days, least))
        upto = engine.negation(engine.less(days, stated))
        possible = [engine.equal(stated, days), engine.equal(stated, count.least)]
        if derive.counting.roll:
            possible.append(engine.every([engine.less(count.above, stated), upto]))
        agrees = engine.negation(is_false(engine, engine.some(possible)))
        between = f"`, but `{derive.days_from}` and `{derive.to}` make it `"
        parts = [engine.value("found `"), engine.text(stated), engine.value(between)]
        message = engine.joined([*parts, engine.text(days), engine.value("`")])
        builder.refuse(subject, engine.negation(agrees), message)
    out_of_range = engine.every([agrees, is_true(engine, engine.some(outside))])
    builder.refuse(subject, out_of_range, range_message(engine, days, fact.type))
    builder.facts[fact.name] = builder.put(f"fact_{number}", column)
    if derive.counting.roll:
        highest = engine.first_match(
            [(engine.less(engine.value(high), column), engine.value(high))], column
        )
        lowest = engine.first_match(
            [(engine.less(least, engine.value(low)), engine.value(low))], least
        )
        builder.facts[fact.name] = builder.put(f"fact_{number}", highest)
        builder.least[fact.name] = builder.put(f"fact_{number}_least", lowest)
        doubt = is_true(engine, engine.less(lowest, highest))
        message = engine.joined([engine.value(subject), count.not_covered])
        builder.unpublished.append((builder.put(f"fact_{number}_in_doubt", doubt), message))
