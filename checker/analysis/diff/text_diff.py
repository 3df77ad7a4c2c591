"""What differs in what is written, and needs no case: settings, facts, the vocabulary, standards.

Each difference is a note in plain words. It is `major` where an override that passed may not even
be read any more: a name or value that it may use is gone.
"""

from __future__ import annotations

from collections.abc import Iterator

from checker.analysis.diff.differences import Item
from checker.analysis.diff.results import DiffNote
from checker.language.model.policy import Parameter, Policy
from checker.language.model.types import Value, ValueType
from checker.language.model.vocabulary import Fact, Vocabulary
from checker.language.syntax.problems import quoted
from checker.language.syntax.scalars import scalar_text

FRESH, GONE = "is new", "is gone"


def presence(old: bool, new: bool, *, major: bool = False) -> tuple[DiffNote, ...]:
    """Return whether something is new or gone; `major` where others may use its name."""
    if old and not new:
        return (DiffNote(GONE, major),)
    return (DiffNote(FRESH),) if new and not old else ()


def parameter_items(old: Policy, new: Policy) -> Iterator[Item]:
    """Yield an item for every parameter of one of the policies."""
    for name in {**new.parameters, **old.parameters}:
        before, after = old.parameters.get(name), new.parameters.get(name)
        yield Item(f"parameters.{name}", notes=tuple(_of_parameters(before, after)))


def _of_parameters(old: Parameter | None, new: Parameter | None) -> Iterator[DiffNote]:
    if old is None or new is None:
        yield from presence(old is not None, new is not None, major=True)
    elif (old.type.name, old.type.of) != (new.type.name, new.type.of):
        yield _was(_kind(old.type), _kind(new.type), major=True)
    else:
        if old.fixed != new.fixed:
            what = "is fixed now: sellers can't set it" if new.fixed else "is no longer fixed"
            yield DiffNote(what, major=new.fixed)
        yield from _of_values(old.type, new.type)
        if old.type.range != new.type.range:
            shrinks = not old.fixed and _shrinks(old.type, new.type)
            yield _was(_range(old.type), _range(new.type), "the range ", major=shrinks)
        if old.default != new.default:
            yield _was(shown(old.type, old.default), shown(new.type, new.default), "the default ")


def fact_items(old: Vocabulary, new: Vocabulary) -> Iterator[Item]:
    """Yield an item for the vocabulary and every fact in which the two differ."""
    notes_by_place = {"vocabulary": tuple(_of_vocabularies(old, new))}
    for name in {**new.facts, **old.facts}:
        before, after = old.facts.get(name), new.facts.get(name)
        notes = [*_of_facts(before, after)]
        if name in old.testable_facts() and name in new.facts and name not in new.testable_facts():
            notes.append(DiffNote("can't be tested any more", major=True))
        notes_by_place[f"facts.{name}"] = tuple(notes)
    yield from (Item(at, notes=notes) for at, notes in notes_by_place.items() if notes)


def _of_vocabularies(old: Vocabulary, new: Vocabulary) -> Iterator[DiffNote]:
    if old.id != new.id:
        yield _was(old.id, new.id, major=True)
    if old.as_of != new.as_of:
        yield _was(old.as_of or "none", new.as_of or "none", "`as_of` ")
    if old.order != new.order:
        yield _was(", ".join(old.order) or "none", ", ".join(new.order) or "none", "`order` ")
    if old.time_zone != new.time_zone:
        yield _was(str(old.time_zone), str(new.time_zone), "the time zone ")


def _of_facts(old: Fact | None, new: Fact | None) -> Iterator[DiffNote]:
    if old is None or new is None:
        yield from presence(old is not None, new is not None, major=True)
    elif old.type.name != new.type.name:
        yield _was(_kind(old.type), _kind(new.type), major=True)
    else:
        for note in _of_values(old.type, new.type):
            yield DiffNote(note.text, major=True)
        if old.type.range != new.type.range:
            yield _was(_range(old.type), _range(new.type), "the range ", major=True)
        if old.default != new.default:
            yield DiffNote("has another default", major=True)
        if old.day_of != new.day_of:
            yield DiffNote("is the day of another moment", major=True)
        if _derivation(old) != _derivation(new):
            yield DiffNote("is derived in another way")


def _derivation(fact: Fact) -> object:
    how = fact.derive
    return how and (how.days_from, how.to, how.counting, how.before_is_zero)


def standards_item(old: Policy, new: Policy) -> Item:
    """Return the item of what follows for a seller's record."""
    if _standards(old) == _standards(new):
        return Item("standards")
    if not (old.standards and new.standards):
        return Item("standards", notes=(DiffNote("are gone" if old.standards else "are new"),))
    return Item("standards", notes=(DiffNote("differ"),))


def _standards(policy: Policy) -> object:
    standards = policy.standards
    return standards and (standards.window, [(rung.id, rung.when) for rung in standards.ladder])


def _of_values(old: ValueType, new: ValueType) -> Iterator[DiffNote]:
    lost = [value for value in old.values if value not in new.values]
    gained = [value for value in new.values if value not in old.values]
    if lost:
        yield DiffNote(f"has no longer {quoted(lost)}", major=True)
    if gained:
        yield DiffNote(f"has {quoted(gained)} too")


def _shrinks(old: ValueType, new: ValueType) -> bool:
    """Return whether the old range has a value that the new one has not."""
    if new.range is None:
        return False
    return old.range is None or old.range[0] < new.range[0] or old.range[1] > new.range[1]


def _was(old: str, new: str, what: str = "", *, major: bool = False) -> DiffNote:
    return DiffNote(f"{what}was {old} and is {new}", major)


def _kind(type_: ValueType) -> str:
    return f"{type_.name} of {type_.of}" if type_.of else type_.name


def _range(type_: ValueType) -> str:
    if type_.range is None:
        return "open"
    low, high = (shown(type_, end) for end in type_.range)
    return f"{low} to {high}"


def shown(type_: ValueType, value: Value) -> str:
    """Return a value as a document writes it, the members of a set one after another."""
    data = type_.show(value)
    return ", ".join(data) or "nothing" if isinstance(data, list) else scalar_text(data)
