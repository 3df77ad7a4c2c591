"""How a seller responds, as column expressions for any number of cases at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Generic

from checker.columns.base import Columns, E, is_true
from checker.columns.conditions import Conditions
from checker.columns.requirements import RequirementColumns, requirement_columns
from checker.evaluate.requirement import ConfiguredPolicy, with_defaults
from checker.language.model.conditions import ALWAYS, NO_NAMES
from checker.language.model.override import Override
from checker.language.model.verdicts import Response, Verdict


@dataclass(slots=True)
class AnswerColumns(Generic[E]):
    """A seller's response and rule as text, the grounds it cites, and its terms by rank.

    `cites` are true or false; `perhaps_cites` where an unknown ground would be cited if it held.
    """

    response: E
    rule: E
    cites: dict[str, E]
    perhaps_cites: dict[str, E]
    ranks: dict[str, E]
    not_applicable: dict[str, E]


def answer_columns(
    required: RequirementColumns[E], override: Override, facts: Mapping[str, E]
) -> AnswerColumns[E]:
    """Return how the seller answers; the layers are added to those of `required`."""
    return _Answering(required, override, facts).answer()


class _Answering(Generic[E]):
    def __init__(
        self, required: RequirementColumns[E], override: Override, facts: Mapping[str, E]
    ) -> None:
        self.engine: Columns[E] = required.engine
        self.required, self.override, self.policy = required, override, override.policy
        own = with_defaults(self.policy)
        settled = ConfiguredPolicy(
            self.policy, override.parameters(), {**own.rows, **override.terms}
        )
        self.inside = requirement_columns(self.engine, [settled], facts, "i")
        self.outside = requirement_columns(self.engine, [own], facts, "o")
        scope = Conditions(self.engine, NO_NAMES, facts, {}).holds(override.scope or ALWAYS)
        rules = Conditions(self.engine, self.policy.names, facts, settled.parameters)
        for layer in (*self.inside.layers, *self.outside.layers):
            required.keep(layer)
        required.keep(
            {"s_scope": scope}
            | {f"s_rule{n}": rules.holds(rule.when) for n, rule in enumerate(override.rules)}
        )
        required.keep({"s_in": self._followed(self.inside), "s_out": self._followed(self.outside)})
        self.scope = self.engine.column("s_scope")

    def _followed(self, required: RequirementColumns[E]) -> E:
        """Return the response that follows what the policy says."""
        value, otherwise = self.engine.value, self.policy.otherwise
        rows = [
            (required.must, value("accept")),
            (required.unsure, value(Verdict.UNKNOWN.value)),
            (required.refusable, value(Response.REJECT.value)),
        ]
        return self.engine.first_match(
            rows, value("accept" if otherwise == "must_accept" else "manual")
        )

    def answer(self) -> AnswerColumns[E]:
        engine, nothing = self.engine, self.engine.absent(str)
        value, undecided = engine.value, engine.is_absent(self.scope)
        steps, rules = list[tuple[E, E]](), list[tuple[E, E]]()
        for number, rule in enumerate(self.override.rules):
            holds = engine.column(f"s_rule{number}")
            unknown = engine.is_absent(holds)
            steps += [
                (holds, self._response(rule.respond)),
                (unknown, value(Verdict.UNKNOWN.value)),
            ]
            rules += [(engine.some([holds, unknown]), value(rule.id))]
        inside = engine.first_match(steps, self._response(self.override.otherwise))
        response = engine.first_match(
            [(self.scope, inside), (undecided, value(Verdict.UNKNOWN.value))],
            engine.column("s_out"),
        )
        answers = engine.first_match([(self.scope, engine.first_match(rules, nothing))], nothing)
        self.required.keep({"s_response": response, "s_rule": answers})
        ranks = {
            name: engine.first_match(
                [(self.scope, self.inside.ranks[name]), (undecided, engine.absent(int))],
                self.outside.ranks[name],
            )
            for name in self.policy.terms
        }
        not_applicable = {  # the same in scope and outside, as no setting bears on it
            name: self.outside.not_applicable[name]
            for name in self.policy.terms
            if name in self.outside.not_applicable
        }
        cites = {id: self._cites(id) for id in self.policy.grounds}
        perhaps = {id: self._perhaps(id) for id in self.policy.grounds}
        return AnswerColumns(
            engine.column("s_response"),
            engine.column("s_rule"),
            cites,
            perhaps,
            ranks,
            not_applicable,
        )

    def _response(self, respond: str) -> E:
        return self.engine.column("s_in") if respond == "follow" else self.engine.value(respond)

    def _by_rule(self) -> list[tuple[E, tuple[str, ...]]]:
        """Return the rules that name what they cite: where each answers, and what it cites."""
        rule = self.engine.column("s_rule")
        return [
            (is_true(self.engine, self.engine.equal(rule, self.engine.value(each.id))), each.cites)
            for each in self.override.rules
            if each.cites
        ]

    def _cites(self, ground: str) -> E:
        """Return whether the seller refuses and cites the ground: as the rule says, or all."""
        engine = self.engine
        named = [(here, engine.value(ground in cites)) for here, cites in self._by_rule()]
        own = [(self.scope, is_true(engine, self.inside.grounds[ground]))]
        holds = engine.first_match(own, is_true(engine, self.outside.grounds[ground]))
        return engine.every([self._refuses(), engine.first_match(named, holds)])

    def _perhaps(self, ground: str) -> E:
        engine = self.engine
        named = [(here, engine.value(False)) for here, _ in self._by_rule()]
        own = [(self.scope, engine.is_absent(self.inside.grounds[ground]))]
        unknown = engine.first_match(own, engine.is_absent(self.outside.grounds[ground]))
        return engine.every([self._refuses(), engine.first_match(named, unknown)])

    def _refuses(self) -> E:
        return self.engine.equal(
            self.engine.column("s_response"), self.engine.value(Response.REJECT.value)
        )


def answer_findings(required: RequirementColumns[E], answer: AnswerColumns[E]) -> dict[str, E]:
    """Return whether each check of overrides fails for certain (docs/language.md, section 6.1)."""
    engine = required.engine
    refuses = engine.equal(answer.response, engine.value(Response.REJECT.value))
    grounded = [
        engine.every(
            [
                engine.some([answer.cites[id], answer.perhaps_cites[id]]),
                engine.negation(is_true(engine, engine.negation(holds))),
            ]
        )
        for id, holds in required.grounds.items()
    ]
    free = engine.negation(engine.some([required.must, required.unsure]))
    worse = [
        is_true(engine, engine.less(required.ranks[name], offered))
        for name, offered in answer.ranks.items()
    ]
    defers = engine.equal(answer.response, engine.value("manual"))
    return {
        "rejects-required-return": engine.every([required.must, refuses]),
        "rejects-without-ground": engine.every(
            [free, refuses, engine.negation(engine.some(grounded))]
        ),
        "defers-required-return": engine.every([required.must, defers]),
        "worse-term": engine.some(worse),
    }
