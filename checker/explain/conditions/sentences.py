"""Conditions as sentences in English and Chinese: every word from the tree and from titles.

Mirrors docs/language.md, section 3. `not` is pushed inwards, where each operator has its opposite,
so that what is said are plain statements, and lists of which all or any hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.explain.conditions.lines import LANGUAGE_PLACE, Line, Name, Said, fill, listing
from checker.explain.conditions.phrases import phrase
from checker.explain.conditions.values import Measure, listed, of_fact, of_parameter
from checker.language.model.conditions import (
    All,
    AnyOf,
    Condition,
    Defined,
    FactValue,
    GroundHolds,
    Literal,
    Not,
    Operand,
    ParameterValue,
    Test,
)
from checker.language.model.operators import IS, OPERATORS
from checker.language.model.policy import Policy
from checker.language.model.standards import METRIC_TITLES, METRICS
from checker.language.model.terms import Row
from checker.language.model.types import Value
from checker.language.model.vocabulary import Fact, Vocabulary
from checker.language.syntax.localized import in_language


@dataclass(frozen=True, slots=True)
class Words:
    """Reads conditions over the facts of a vocabulary, under a policy or none.

    `settings` are one seller's; without them what is said holds for any seller. A line about a
    fact or parameter names it, and so does one about a ground or definition.
    """

    language: str
    facts: Mapping[str, Fact]
    policy: Policy | None = None
    settings: Mapping[str, Value] | None = None
    what: str = "fact"
    case: Mapping[str, Value | None] | None = None  # whose facts stand beside their names
    bare: bool = False  # settings stand without their values

    def condition(self, condition: Condition, holds: bool = True) -> Said:
        """Return what is said where the condition is true, or, unless it `holds`, false."""
        if isinstance(condition, All | AnyOf):
            every = isinstance(condition, All) is holds
            return listing(every, [self.condition(part, holds) for part in condition.parts])
        if isinstance(condition, Not):
            return self.condition(condition.part, not holds)
        if isinstance(condition, GroundHolds):
            return self.phrase("ground" if holds else "no_ground", name=self.ground(condition.id))
        if isinstance(condition, Defined):
            name = self.definition(condition.name)
            return self.phrase("defined" if holds else "not_defined", name=name)
        assert isinstance(condition, Test), "authors write operators"
        return self._test(condition, holds)

    def phrase(self, key: str, **values: Line) -> Line:
        """Return the words of `key` with the values put in."""
        return phrase(key, self.language, **values)

    def title(self, text: Any, id: str) -> str:
        """Return a text in the language, or else the id."""
        return in_language(text, self.language) or id

    def name(self, kind: str, id: str, title: Any) -> Line:
        """Return what people call the thing of a kind with this id."""
        return (Name(kind, id, self.title(title, id)),)

    def ground(self, id: str) -> Line:
        """Return the name of a ground."""
        assert self.policy
        return self.name("ground", id, self.policy.grounds[id].title)

    def definition(self, name: str) -> Line:
        """Return the name of a definition."""
        assert self.policy
        return self.name("definition", name, self.policy.titles.get(name))

    def fact(self, name: str) -> Line:
        """Return the name of a fact."""
        return self.name(self.what, name, self.facts[name].title)

    def value(self, name: str, value: Value) -> str:
        """Return a value of a fact in words."""
        return of_fact(self.facts[name]).said(value, self.language)

    def parameter(self, name: str) -> Line:
        """Return the name of a parameter."""
        assert self.policy
        return self.name("setting", name, self.policy.parameters[name].title)

    def measure(self, name: str) -> Measure:
        """Return how the values of a parameter are said."""
        assert self.policy
        in_days = name in _counted_in_days(self.policy)
        return of_parameter(self.policy.parameters[name], self.facts, in_days=in_days)

    def setting(self, name: str, beside: Measure | None = None) -> Line:
        """Return a parameter with its value; `beside` says how what it stands beside is said."""
        assert self.policy
        parameter, measure = self.policy.parameters[name], self.measure(name)
        known = self.settings is not None and not parameter.fixed
        value = (self.settings or {}).get(name, parameter.default) if known else parameter.default
        of_policy = "setting" if self.case is None else "required"
        key = "fixed" if parameter.fixed else "own" if known else of_policy
        if self.bare:
            return self.phrase(f"{key}.bare", name=self.parameter(name))
        shown = (measure.or_else(beside) if beside else measure).said(value, self.language)
        return self.phrase(key, name=self.parameter(name), value=(shown,))

    def stated(self, fact: str, value: Value) -> Line:
        """Return the sentence that a fact has the value."""
        if isinstance(value, bool):
            return self._boolean(FactValue(fact), value)
        predicate = self.is_value(self.value(fact, value))
        return self.phrase("test", subject=self.fact(fact), predicate=predicate)

    def is_value(self, value: str) -> Line:
        """Return that something is the value."""
        return fill(IS.true.words(())[LANGUAGE_PLACE[self.language]], {"value": (value,)})

    def outcome(self, row: Row, measure: Measure) -> Line:
        """Return the value that a row of a term gives."""
        if isinstance(row.then, Literal) and not isinstance(row.then.value, tuple):
            return (measure.said(row.then.value, self.language),)
        return self._operand(row.then, measure)

    def _test(self, test: Test, holds: bool) -> Said:
        if test.type.name == "boolean":
            return self._of_boolean(test, holds)
        subject, measure = self._subject(test.subject)
        return self.phrase("test", subject=subject, predicate=self.predicate(test, holds, measure))

    def predicate(self, test: Test, holds: bool, measure: Measure) -> Line:
        """Return what a test says of its subject, whose values are said by `measure`."""
        operator = OPERATORS[test.operator]
        wording, first = operator.true if holds else operator.false, test.operands[0]
        values = [self._operand(each, measure, wording.last) for each in test.operands]
        variant = "" if isinstance(first, Literal) else "named"
        if isinstance(first, Literal) and isinstance(first.value, tuple) and len(first.value) < 2:
            variant = ("none", "one")[len(first.value)]
        words = wording.words((variant, test.type.name))[LANGUAGE_PLACE[self.language]]
        return fill(words, {"value": values[0], "high": values[-1]})

    def _subject(self, subject: FactValue | ParameterValue) -> tuple[Line, Measure]:
        if isinstance(subject, FactValue):
            return self.fact(subject.name), of_fact(self.facts[subject.name])
        return self.setting(subject.name), self.measure(subject.name)

    def _operand(self, operand: Operand, measure: Measure, last: str = "or") -> Line:
        if isinstance(operand, Literal):
            values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
            said = [measure.said(each, self.language) for each in values]
            return (listed(said, last, self.language),)
        named = (
            self._fact_operand(operand.name)
            if isinstance(operand, FactValue)
            else self.setting(operand.name, measure)
        )
        if not operand.plus:
            return named
        number = (measure.difference(abs(operand.plus), self.language),)
        return self.phrase("plus" if operand.plus > 0 else "minus", value=named, number=number)

    def _fact_operand(self, name: str) -> Line:
        value = (self.case or {}).get(name)
        if value is None:
            return self.fact(name)
        return self.phrase("as_stated", name=self.fact(name), value=(self.value(name, value),))

    def _of_boolean(self, test: Test, holds: bool) -> Said:
        """Return a test of a boolean: which of its two values it has, or that of another."""
        positive, first = (not isinstance(test.core, Not)) is holds, test.operands[0]
        if isinstance(first, Literal):
            values = first.value if isinstance(first.value, tuple) else (first.value,)
            if values:
                said = [self._boolean(test.subject, bool(each) is positive) for each in values]
                return listing(not positive, said)
            subject, measure = self._subject(test.subject)
            predicate = self.predicate(test, holds, measure)
            return self.phrase("test", subject=subject, predicate=predicate)
        subject, _ = self._subject(test.subject)
        other = self._operand(first, Measure(test.type))
        return self.phrase("both" if positive else "either", subject=subject, value=other)

    def _boolean(self, subject: FactValue | ParameterValue, value: bool) -> Line:
        if isinstance(subject, ParameterValue):
            measure = self.measure(subject.name)
            predicate = self.is_value(measure.said(value, self.language))
            return self.phrase("test", subject=self.setting(subject.name), predicate=predicate)
        fact = self.facts[subject.name]
        clause = in_language(fact.titles.get("true" if value else "false"), self.language)
        if not clause and value:
            clause = in_language(fact.title, self.language)
        if clause:
            return (Name(self.what, subject.name, clause),)
        named = self.fact(subject.name)
        if in_language(fact.title, self.language):
            return self.phrase("untrue", subject=named)
        return self.phrase("true" if value else "false", subject=named)


def words_of(vocabulary: Vocabulary, language: str) -> Words:
    """Return what reads conditions over facts alone."""
    return Words(language, vocabulary.facts)


def words_under(
    policy: Policy, language: str, settings: Mapping[str, Value] | None = None
) -> Words:
    """Return what reads conditions of a policy, or of a seller with these settings."""
    return Words(language, policy.vocabulary.facts, policy, settings)


def words_of_metrics(language: str) -> Words:
    """Return what reads the conditions of a ladder."""
    facts = {
        name: Fact(name, type_, None, title=METRIC_TITLES[name]) for name, type_ in METRICS.items()
    }
    return Words(language, facts, what="metric")


def _counted_in_days(policy: Policy) -> set[str]:
    """Return the parameters that give terms which count days of a calendar."""
    terms = [term for term in policy.terms.values() if not term.counting.elapsed]
    rows = [row.then for term in terms for row in term.rows]
    return {then.name for then in rows if isinstance(then, ParameterValue)}
