"""Conditions as sentences in English and Chinese, made of phrases and of the documents' titles.

Mirrors docs/language.md, section 3. `not` is pushed inwards, where each operator has wording for
its negation, so a sentence has plain statements and lists of which all or any hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from checker.explain.conditions.phrases import phrase
from checker.explain.conditions.rich_text import (
    LANGUAGE_INDEX,
    Mention,
    RichText,
    Sentence,
    fill,
    sentence_list,
)
from checker.explain.conditions.values import (
    ValueFormat,
    enumeration,
    fact_format,
    parameter_format,
)
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
class SentenceWriter:
    """Writes sentences in one language about conditions over a vocabulary's facts.

    Facts, parameters, grounds and definitions are mentions, which a page can link.

    Attributes:
        policy: Whose grounds, definitions and parameters conditions name; None for facts alone.
        settings: One seller's settings; None where the sentences are for any seller.
        fact_kind: The kind of the mentions of facts: `fact` or `metric`.
        case: The facts of one case, whose values follow the names of facts.
        bare: Parameters are named without their values.
    """

    language: str
    facts: Mapping[str, Fact]
    policy: Policy | None = None
    settings: Mapping[str, Value] | None = None
    fact_kind: str = "fact"
    case: Mapping[str, Value | None] | None = None
    bare: bool = False

    def condition(self, condition: Condition, holds: bool = True) -> Sentence:
        """Return the sentence that the condition is true, or, unless it `holds`, false."""
        if isinstance(condition, All | AnyOf):
            every = isinstance(condition, All) is holds
            return sentence_list(every, [self.condition(part, holds) for part in condition.parts])
        if isinstance(condition, Not):
            return self.condition(condition.part, not holds)
        if isinstance(condition, GroundHolds):
            return self.phrase("ground" if holds else "no_ground", name=self.ground(condition.id))
        if isinstance(condition, Defined):
            name = self.definition(condition.name)
            return self.phrase("defined" if holds else "not_defined", name=name)
        assert isinstance(condition, Test), "authors write operators"
        return self._test(condition, holds)

    def phrase(self, key: str, **values: RichText) -> RichText:
        """Return the phrase of `key` with the values put in."""
        return phrase(key, self.language, **values)

    def title(self, text: Any, id: str) -> str:
        """Return a text in the language, or else the id."""
        return in_language(text, self.language) or id

    def mention(self, kind: str, id: str, title: Any) -> RichText:
        """Return a mention of the thing of this kind and id by its title."""
        return (Mention(kind, id, self.title(title, id)),)

    def ground(self, id: str) -> RichText:
        """Return the name of a ground."""
        assert self.policy
        return self.mention("ground", id, self.policy.grounds[id].title)

    def definition(self, name: str) -> RichText:
        """Return the name of a definition."""
        assert self.policy
        return self.mention("definition", name, self.policy.titles.get(name))

    def fact(self, name: str) -> RichText:
        """Return the name of a fact."""
        return self.mention(self.fact_kind, name, self.facts[name].title)

    def value_text(self, name: str, value: Value) -> str:
        """Return a value of a fact as people write it."""
        return fact_format(self.facts[name]).text(value, self.language)

    def parameter(self, name: str) -> RichText:
        """Return the name of a parameter."""
        assert self.policy
        return self.mention("setting", name, self.policy.parameters[name].title)

    def parameter_format(self, name: str) -> ValueFormat:
        """Return how the values of a parameter are written."""
        assert self.policy
        in_days = name in _counted_in_days(self.policy)
        return parameter_format(self.policy.parameters[name], self.facts, in_days=in_days)

    def setting(self, name: str, compared_with: ValueFormat | None = None) -> RichText:
        """Return a parameter with its value; the other side of the comparison may give its unit."""
        assert self.policy
        parameter, value_format = self.policy.parameters[name], self.parameter_format(name)
        known = self.settings is not None and not parameter.fixed
        value = (self.settings or {}).get(name, parameter.default) if known else parameter.default
        of_policy = "setting" if self.case is None else "required"
        key = "fixed" if parameter.fixed else "own" if known else of_policy
        if self.bare:
            return self.phrase(f"{key}.bare", name=self.parameter(name))
        if compared_with:
            value_format = value_format.with_fallback(compared_with)
        text = value_format.text(value, self.language)
        return self.phrase(key, name=self.parameter(name), value=(text,))

    def fact_statement(self, fact: str, value: Value) -> RichText:
        """Return the sentence that a fact has the value."""
        if isinstance(value, bool):
            return self._boolean_statement(FactValue(fact), value)
        predicate = self.equals(self.value_text(fact, value))
        return self.phrase("test", subject=self.fact(fact), predicate=predicate)

    def equals(self, value: str) -> RichText:
        """Return the predicate that something is the value."""
        return fill(IS.true.words(())[LANGUAGE_INDEX[self.language]], {"value": (value,)})

    def row_value(self, row: Row, value_format: ValueFormat) -> RichText:
        """Return the value that a row of a term gives."""
        if isinstance(row.then, Literal) and not isinstance(row.then.value, tuple):
            return (value_format.text(row.then.value, self.language),)
        return self._operand(row.then, value_format)

    def _test(self, test: Test, holds: bool) -> Sentence:
        if test.type.name == "boolean":
            return self._boolean_test(test, holds)
        subject, value_format = self._subject(test.subject)
        return self.phrase(
            "test", subject=subject, predicate=self.predicate(test, holds, value_format)
        )

    def predicate(self, test: Test, holds: bool, value_format: ValueFormat) -> RichText:
        """Return what a test says about its subject, whose values are written in this format."""
        operator = OPERATORS[test.operator]
        wording, first = operator.true if holds else operator.false, test.operands[0]
        values = [self._operand(operand, value_format, wording.last) for operand in test.operands]
        variant = "" if isinstance(first, Literal) else "named"
        if isinstance(first, Literal) and isinstance(first.value, tuple) and len(first.value) < 2:
            variant = ("none", "one")[len(first.value)]
        template = wording.words((variant, test.type.name))[LANGUAGE_INDEX[self.language]]
        return fill(template, {"value": values[0], "high": values[-1]})

    def _subject(self, subject: FactValue | ParameterValue) -> tuple[RichText, ValueFormat]:
        if isinstance(subject, FactValue):
            return self.fact(subject.name), fact_format(self.facts[subject.name])
        return self.setting(subject.name), self.parameter_format(subject.name)

    def _operand(
        self, operand: Operand, value_format: ValueFormat, conjunction: str = "or"
    ) -> RichText:
        if isinstance(operand, Literal):
            values = operand.value if isinstance(operand.value, tuple) else (operand.value,)
            texts = [value_format.text(value, self.language) for value in values]
            return (enumeration(texts, conjunction, self.language),)
        name = (
            self._fact_operand(operand.name)
            if isinstance(operand, FactValue)
            else self.setting(operand.name, value_format)
        )
        if not operand.plus:
            return name
        number = (value_format.difference(abs(operand.plus), self.language),)
        return self.phrase("plus" if operand.plus > 0 else "minus", value=name, number=number)

    def _fact_operand(self, name: str) -> RichText:
        value = (self.case or {}).get(name)
        if value is None:
            return self.fact(name)
        return self.phrase("as_stated", name=self.fact(name), value=(self.value_text(name, value),))

    def _boolean_test(self, test: Test, holds: bool) -> Sentence:
        """Return the sentence of a test of a boolean: its value, or that it equals another one."""
        positive, first = (not isinstance(test.core, Not)) is holds, test.operands[0]
        if isinstance(first, Literal):
            values = first.value if isinstance(first.value, tuple) else (first.value,)
            if values:
                statements = [
                    self._boolean_statement(test.subject, bool(v) is positive) for v in values
                ]
                return sentence_list(not positive, statements)
            subject, value_format = self._subject(test.subject)
            predicate = self.predicate(test, holds, value_format)
            return self.phrase("test", subject=subject, predicate=predicate)
        subject, _ = self._subject(test.subject)
        other = self._operand(first, ValueFormat(test.type))
        return self.phrase("both" if positive else "either", subject=subject, value=other)

    def _boolean_statement(self, subject: FactValue | ParameterValue, value: bool) -> RichText:
        if isinstance(subject, ParameterValue):
            value_format = self.parameter_format(subject.name)
            predicate = self.equals(value_format.text(value, self.language))
            return self.phrase("test", subject=self.setting(subject.name), predicate=predicate)
        fact = self.facts[subject.name]
        clause = in_language(fact.titles.get("true" if value else "false"), self.language)
        if not clause and value:
            clause = in_language(fact.title, self.language)
        if clause:
            return (Mention(self.fact_kind, subject.name, clause),)
        name = self.fact(subject.name)
        if in_language(fact.title, self.language):
            return self.phrase("untrue", subject=name)
        return self.phrase("true" if value else "false", subject=name)


def vocabulary_sentences(vocabulary: Vocabulary, language: str) -> SentenceWriter:
    """Return the writer of sentences about conditions over facts alone."""
    return SentenceWriter(language, vocabulary.facts)


def policy_sentences(
    policy: Policy, language: str, settings: Mapping[str, Value] | None = None
) -> SentenceWriter:
    """Return the writer of sentences about a policy's conditions, or a seller's with settings."""
    return SentenceWriter(language, policy.vocabulary.facts, policy, settings)


def metric_sentences(language: str) -> SentenceWriter:
    """Return the writer of sentences about the conditions of a ladder, which test metrics."""
    facts = {
        name: Fact(name, type_, None, title=METRIC_TITLES[name]) for name, type_ in METRICS.items()
    }
    return SentenceWriter(language, facts, fact_kind="metric")


def _counted_in_days(policy: Policy) -> set[str]:
    """Return the parameters that set terms which count calendar days."""
    terms = [term for term in policy.terms.values() if not term.counting.elapsed]
    rows = [row.then for term in terms for row in term.rows]
    return {then.name for then in rows if isinstance(then, ParameterValue)}
