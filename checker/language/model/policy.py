"""Policies: what a platform or a law requires, typed against one vocabulary.

Defined in docs/language.md, section 4.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.language.model.conditions import (
    ALWAYS,
    All,
    AnyOf,
    Condition,
    Defined,
    GroundHolds,
    Names,
    Not,
    ParameterValue,
)
from checker.language.model.standards import Standards, read_standards
from checker.language.model.terms import Term, not_whole_days, read_term
from checker.language.model.typecheck import RESERVED, ConditionReader, Scope
from checker.language.model.types import Value, ValueType
from checker.language.model.verdicts import Verdict
from checker.language.model.vocabulary import Vocabulary, read_range
from checker.language.syntax.documents import Document, Path, Reporter, string_keys
from checker.language.syntax.localized import read_titles
from checker.language.syntax.problems import did_you_mean
from checker.language.syntax.scalars import scalar_text

MAX_CONDITION_DEPTH = (
    150  # levels of a condition, through the grounds and definitions that it names
)
MAX_REFERENCE_DEPTH = 40  # grounds and definitions that refer to one another in a chain


@dataclass(frozen=True, slots=True, eq=False)
class Parameter:
    """A value that a seller may set, unless it is `fixed`.

    `titles` are texts for people, by value as a document writes it.
    """

    name: str
    type: ValueType
    default: Value
    fixed: bool = False
    unit: Any = None
    title: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """A reason for which a seller may refuse a return, where `when` holds.

    `evidence` is a list of texts for people, `sources` are the clauses that it rests on.
    """

    id: str
    when: Condition
    evidence: tuple[Any, ...] = ()
    sources: tuple[str, ...] = ()
    title: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Entitlement:
    """What the buyer is owed where `when` holds and none of the grounds in `unless` does."""

    id: str
    when: Condition
    unless: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    title: Any = None


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One policy, typed against one vocabulary.

    Attributes:
        name: `id@version`.
        id: the id.
        vocabulary: the vocabulary.
        upholds: references to the policies that it upholds.
        parameters: its parameters by name.
        names: the conditions of its grounds and definitions.
        grounds: its grounds by id.
        entitlements: its entitlements by id.
        otherwise: the verdict where no entitlement and no ground decides.
        terms: its terms by name.
        standards: what follows for a seller's record, None where it states nothing.
        title: what people call it, a text for people.
        titles: what people call its definitions, by name.
    """

    name: str
    id: str
    vocabulary: Vocabulary
    upholds: tuple[str, ...]
    parameters: Mapping[str, Parameter]
    names: Names
    grounds: Mapping[str, Ground]
    entitlements: Mapping[str, Entitlement]
    otherwise: Verdict
    terms: Mapping[str, Term]
    standards: Standards | None = None
    title: Any = None
    titles: Mapping[str, Any] = field(default_factory=dict)

    def defaults(self) -> dict[str, Value]:
        """Return the value of every parameter where a seller sets none."""
        return {name: parameter.default for name, parameter in self.parameters.items()}

    def scope(self) -> Scope:
        """Return the names that a condition of this policy, or of its overrides, may use."""
        return Scope(
            self.vocabulary.types(),
            {name: parameter.type for name, parameter in self.parameters.items()},
            frozenset(self.names.grounds),
            frozenset(self.names.definitions),
            self.vocabulary.derived_from,
        )


def read_policy(
    document: Document, original: Document, vocabulary: Vocabulary, report: Reporter
) -> Policy:
    """Return the policy in a document that follows its schema.

    Args:
        document: the part of the document that follows its schema.
        original: the document as it was written. A name that is declared there is known even where
            its entry has errors, so that each error is reported once.
        vocabulary: the vocabulary that it refers to.
        report: collects the errors; where there is one, the policy must not be used.
    """
    data = document.data
    parameters = _parameters(data, vocabulary, report)
    declared = {key: frozenset(string_keys(original.data.get(key))) for key in _NAMED}
    invalid = (declared["parameters"] - parameters.keys()) | {
        name for key in ("grounds", "definitions") for name in declared[key] - {*data.get(key, {})}
    }
    scope = Scope(
        vocabulary.types(),
        {name: parameter.type for name, parameter in parameters.items()},
        frozenset(data.get("grounds", {})),
        frozenset(data.get("definitions", {})),
        vocabulary.derived_from,
        invalid,
    )
    reader = ConditionReader(scope, report)
    definitions = {
        name: reader.condition(entry, ("definitions", name)) or ALWAYS
        for name, entry in data.get("definitions", {}).items()
    }
    grounds = {id: _ground(id, entry, reader) for id, entry in data.get("grounds", {}).items()}
    names = Names({id: ground.when for id, ground in grounds.items()}, definitions)
    _check_nesting(names, report)
    entitlements = {
        id: _entitlement(id, entry, declared["grounds"], reader)
        for id, entry in data.get("entitlements", {}).items()
    }
    terms = {
        name: read_term(name, entry, ("terms", name), reader)
        for name, entry in data.get("terms", {}).items()
    }
    _check_whole_days(terms.values(), parameters, report)
    standards = read_standards(data["standards"], report) if "standards" in data else None
    return Policy(
        document.name,
        document.id,
        vocabulary,
        tuple(data.get("upholds", ())),
        parameters,
        names,
        grounds,
        entitlements,
        Verdict(data.get("otherwise", Verdict.NEGOTIATE)),
        {name: term for name, term in terms.items() if term},
        standards,
        data.get("title"),
        read_titles(data, declared["definitions"], "definition", (), report),
    )


_NAMED = ("parameters", "grounds", "definitions")  # keys with names that conditions may use


def _parameters(data: Any, vocabulary: Vocabulary, report: Reporter) -> dict[str, Parameter]:
    parameters: dict[str, Parameter] = {}
    for name, entry in data.get("parameters", {}).items():
        path: Path = ("parameters", name)
        if name in RESERVED:
            report.error(path, f"`{name}` can't name a parameter", key=True)
            continue
        if name in vocabulary.facts:
            message = f"`{name}` is the name of a fact already, and shares its name space"
            report.error(path, message, "rename the parameter", key=True)
            continue
        parameter = _parameter(name, entry, path, vocabulary, report)
        if parameter:
            parameters[name] = parameter
    return parameters


def _parameter(
    name: str, entry: Any, path: Path, vocabulary: Vocabulary, report: Reporter
) -> Parameter | None:
    type_ = ValueType(entry["type"], tuple(entry.get("values", ())))
    if type_.name == "set":
        fact = vocabulary.facts.get(entry["of"])
        if fact is None or fact.type.name != "enum":
            enums = [name for name, fact in vocabulary.facts.items() if fact.type.name == "enum"]
            message = f"`{entry['of']}` is no enum fact"
            report.error((*path, "of"), message, did_you_mean(entry["of"], enums))
            return None
        type_ = ValueType("set", fact.type.values, of=fact.name)
    if "range" in entry:
        bounds = read_range(type_, entry["range"], (*path, "range"), report)
        type_ = ValueType(type_.name, range=bounds)
    try:
        default = type_.read(entry["default"])
        type_.check_range(default)
    except ValueError as error:
        report.error((*path, "default"), str(error))
        return None
    values = map(scalar_text, type_.categories())
    titles = read_titles(entry, values, f"value of `{name}`", path, report)
    title, unit = entry.get("title"), entry.get("unit")
    return Parameter(name, type_, default, entry.get("fixed", False), unit, title, titles)


def _ground(id: str, entry: Any, reader: ConditionReader) -> Ground:
    when = reader.condition(entry["when"], ("grounds", id, "when")) or ALWAYS
    evidence, sources = tuple(entry.get("evidence", ())), tuple(entry.get("source", ()))
    return Ground(id, when, evidence, sources, entry.get("title"))


def _entitlement(
    id: str, entry: Any, grounds: frozenset[str], reader: ConditionReader
) -> Entitlement:
    when = reader.condition(entry["when"], ("entitlements", id, "when")) or ALWAYS
    unless = []
    for number, ground in enumerate(entry.get("unless", ())):
        if ground in reader.scope.grounds:
            unless.append(ground)
        elif ground not in grounds:
            path = ("entitlements", id, "unless", number)
            reader.report.error(path, f"unknown ground `{ground}`", did_you_mean(ground, grounds))
    sources = tuple(entry.get("source", ()))
    return Entitlement(id, when, tuple(unless), sources, entry.get("title"))


def _check_whole_days(
    terms: Iterable[Term | None], parameters: Mapping[str, Parameter], report: Reporter
) -> None:
    """Report each default that gives a term in whole days a value that is not whole days."""
    for term in terms:
        for row in term.rows if term else ():
            if term and term.type.name == "duration" and isinstance(row.then, ParameterValue):
                default = parameters[row.then.name].default + row.then.plus  # type: ignore[operator]
                problem = not_whole_days(default, term.type, term.counting)
                if problem:
                    report.error(("parameters", row.then.name, "default"), problem)


Reference = GroundHolds | Defined


def _check_nesting(names: Names, report: Reporter) -> None:
    """Report a circle of grounds and definitions, or a chain of them that is too long."""
    depths: dict[Reference, int] = {}
    starts: list[Reference] = [*map(GroundHolds, names.grounds), *map(Defined, names.definitions)]
    for start in starts:
        try:
            _depth(start, [], names, depths)
        except _NestingError as error:
            key = "grounds" if isinstance(start, GroundHolds) else "definitions"
            path = (key, _name(start))
            report.error(path, str(error), "one of them must do without", key=True)
            return


class _NestingError(Exception):
    """Grounds and definitions refer to one another in a circle, or in too long a chain."""


def _depth(
    condition: Condition, path: list[Reference], names: Names, known: dict[Reference, int]
) -> int:
    """Return how many levels `condition` has, with those of grounds and definitions.

    Args:
        condition: the condition.
        path: the references that lead to it.
        names: the conditions of grounds and definitions.
        known: the depths that are known, to which this adds.

    Raises:
        _NestingError: there is a circle, or there are too many levels.
    """
    depth = 1
    if isinstance(condition, GroundHolds | Defined):
        if condition in path:
            steps = [*path[path.index(condition) :], condition]
            circle = " → ".join(f"`{_name(step)}`" for step in steps)
            raise _NestingError(f"a circle: {circle}")
        if condition not in known:
            inner = names.of(condition)
            known[condition] = 1 + _depth(inner, [*path, condition], names, known)
        depth = known[condition]
    elif isinstance(condition, All | AnyOf | Not):
        parts = (condition.part,) if isinstance(condition, Not) else condition.parts
        depth += max((_depth(part, path, names, known) for part in parts), default=0)
    if depth > MAX_CONDITION_DEPTH or len(path) > MAX_REFERENCE_DEPTH:
        raise _NestingError("grounds and definitions that stand on one another for too many levels")
    return depth


def _name(reference: Reference) -> str:
    return reference.id if isinstance(reference, GroundHolds) else reference.name
