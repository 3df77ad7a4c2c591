"""The two overrides of a comparison: how each answers, as formulas and compiled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from checker.analysis.diff.differences import CaseStatement, Say
from checker.analysis.diff.joint_space import Side
from checker.analysis.diff.policy_sides import IMPOSSIBLE
from checker.analysis.diff.term_diff import Values, describe_value
from checker.analysis.prove.policy_formulas import PolicyFormulas, as_it_stands, as_set
from checker.evaluate.decider import Decider
from checker.evaluate.interpreter import interpret_first
from checker.language.model.conditions import ALWAYS, NO_NAMES
from checker.language.model.override import Override
from checker.language.model.types import Value
from checker.language.model.verdicts import Response
from checker.language.resolve.facts import Facts
from checker.solver.formulas import FALSE, TRUE, Formula, every, opposite, some

RESPONSES = (Response.ACCEPT, Response.MANUAL, Response.REJECT)  # best for the buyer first


@dataclass(slots=True)
class OverrideSide:
    """One of the two overrides, under its own world.

    `answers` are where each place answers, by its name, over the joint facts; `ladder` is where
    the seller accepts a possible case, and where it leaves one to a person.
    """

    side: Side
    override: Override
    answers: dict[str, Formula] = field(init=False)
    ladder: tuple[Formula, Formula] = field(init=False)
    scope: Formula = field(init=False)
    _own: PolicyFormulas = field(init=False)
    _inside: PolicyFormulas = field(init=False)
    _decider: Decider = field(init=False)

    def __post_init__(self) -> None:
        override, translate = self.override, self.side.translate
        self._own = as_it_stands(self.side.translated.policy)
        self._inside = as_set(self._own, override.parameters(), override.terms)
        self.scope = translate(self._inside.encoder.formula(override.scope or ALWAYS))
        self._decider = Decider(self.side.resolved, override)
        self.answers = {}
        accepted, left = [], []
        for at, where, respond, under in self._places():
            self.answers[at] = some([self.answers.get(at, FALSE), where])
            accepts, leaves = _responses(respond, under)
            accepted.append(every([where, translate(accepts)]))
            left.append(every([where, translate(leaves)]))
        possible = self.side.possible
        self.ladder = (every([possible, some(accepted)]), every([possible, some(left)]))

    def _places(self) -> Iterator[tuple[str, Formula, str, PolicyFormulas]]:
        """Yield each place that answers: its name, where it does, its response, under what."""
        earlier: list[Formula] = [self.scope]
        for rule in self.override.rules:
            formula = self.side.translate(self._inside.encoder.formula(rule.when))
            yield f"rules.{rule.id}", every([*earlier, formula]), rule.respond, self._inside
            earlier.append(opposite(formula))
        yield "otherwise", every(earlier), self.override.otherwise, self._inside
        if self.override.scope:
            yield "otherwise", opposite(self.scope), "follow", self._own

    def cites(self, at: str) -> tuple[str, ...]:
        """Return the grounds that a rule cites by name."""
        rules = {f"rules.{rule.id}": rule for rule in self.override.rules}
        return tuple(sorted(rules[at].cites)) if at in rules else ()

    def describe_response(self, case: Facts) -> CaseStatement:
        """Return how the seller answers a joint case, by which rule, and what it cites."""
        if not self.side.is_possible(case):
            return CaseStatement(len(RESPONSES) - 1, IMPOSSIBLE)  # no better than a refusal
        answer = self._decider.decide(self.side.facts(case)).answer
        assert answer is not None
        rule = f" by the rule {answer.rule}" if answer.rule else ""
        cites = f" (cites {', '.join(answer.cites)})" if answer.cites else ""
        return CaseStatement(RESPONSES.index(answer.response), f"{answer.response}{rule}{cites}")

    def describe_scope(self) -> Say:
        """Return what says of a joint case whether it is in scope."""
        first = interpret_first([self.override.scope or ALWAYS], NO_NAMES, {})

        def describe(case: Facts) -> CaseStatement:
            inside = first(self.side.facts(case))[0] == 0
            return CaseStatement(0, "in scope" if inside else "out of scope")

        return describe

    def term(self, name: str) -> Values | None:
        """Return the values that the seller offers, None where its policy has no such term."""
        term = self.override.policy.terms.get(name)
        if term is None:
            return None
        translate, values = self.side.translate, []
        for where, value in self._inside.values(name):
            values.append((every([self.scope, translate(where)]), value))
        for where, value in self._own.values(name) if self.override.scope else ():
            values.append((every([opposite(self.scope), translate(where)]), value))
        return Values(term, values)

    def describe_term(self, name: str) -> Say:
        """Return what says the seller's value of a term in a joint case."""

        def values(facts: Facts) -> Mapping[str, Value | None]:
            answer = self._decider.decide(facts).answer
            assert answer is not None
            return answer.terms

        return describe_value(self.side, self.override.policy.terms.get(name), values)


def _responses(respond: str, under: PolicyFormulas) -> tuple[Formula, Formula]:
    """Return where an answer accepts, and where it leaves a case to a person."""
    if respond == "follow":
        return under.must_accept(), under.negotiate()
    return (TRUE if respond == "accept" else FALSE), (TRUE if respond == "manual" else FALSE)
