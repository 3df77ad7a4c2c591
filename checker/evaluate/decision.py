"""What is decided of a case: verdict, entitlements, grounds, terms, response, failed checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple, TypeVar

from checker.evaluate.override_response import OverrideResponse
from checker.evaluate.requirement import Requirement
from checker.language.model.override import Override
from checker.language.model.terms import Term
from checker.language.model.types import Value
from checker.language.resolve.facts import Facts, PossibleFacts
from checker.language.resolve.resolver import ResolvedPolicy

Case = str | int


class FailedCheck(NamedTuple):
    """A check (docs/language.md, section 6), and the part of the override that fails it.

    Attributes:
        check: the id of the check.
        at: the part, as `rules.ID`, `otherwise` or `terms.NAME`.
    """

    check: str
    at: str


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided case: what is required of every seller, and how this seller answers.

    Attributes:
        resolved: the policy that decided.
        override: the override that answered, None without a seller.
        facts: the facts of the case.
        required: what the policy and all that it upholds require.
        answer: the seller's response, None without a seller.
        needs: the absent facts that could settle a result that is unknown.
        findings: the checks that the override fails in this case.
    """

    resolved: ResolvedPolicy
    override: Override | None
    facts: Facts
    required: Requirement
    answer: OverrideResponse | None
    needs: tuple[str, ...]
    findings: tuple[FailedCheck, ...]

    def as_json(self, case: Case) -> dict[str, Any]:
        """Return the decision as `decide --format json` prints it.

        The keys are those of docs/language.md, section 10.
        """
        answer, terms = self.answer, required_terms(self.resolved)
        return {
            "case": case,
            "policy": self.resolved.policy.name,
            "verdict": self.required.verdict,
            "entitlements": self.required.entitlements,
            "grounds": self.required.grounds,
            "terms": _terms_json(self.required.terms, terms),
            "needs": [*self.needs],
            "override": self.override.name if self.override else None,
            "response": answer.response if answer else None,
            "rule": answer.rule if answer else None,
            "cites": [*answer.cites] if answer else [],
            "seller_terms": _terms_json(answer.terms, terms) if answer else None,
            "findings": sorted({finding.check for finding in self.findings}),
        }


def common_decision(decisions: Sequence[Decision], facts: PossibleFacts) -> Decision:
    """Return what is decided of a case in all ways in which unpublished holidays may fall.

    Entitlements, grounds, citations and findings are those that there are in all of them.

    Raises:
        BadCase: verdict, terms or response differ.
    """
    first = decisions[0]
    if len({_outcome(decision) for decision in decisions}) > 1:
        raise facts.undecided()
    required, answer = first.required, first.answer
    reads = [decision.required.reads for decision in decisions]
    required = required._replace(
        entitlements=_common([decision.required.entitlements for decision in decisions]),
        grounds=_common([decision.required.grounds for decision in decisions]),
        reads=next((read for read in reads if read), None),
    )
    answers = [decision.answer for decision in decisions if decision.answer]
    if answer:
        answer = answer._replace(cites=_common([answer.cites for answer in answers]))
    needs = sorted({fact for decision in decisions for fact in decision.needs})
    findings = _common([decision.findings for decision in decisions])
    return replace(
        first,
        facts=facts,
        required=required,
        answer=answer,
        needs=tuple(needs),
        findings=tuple(findings),
    )


def _outcome(decision: Decision) -> object:
    """Return what must not depend on unpublished holidays."""
    answer = decision.answer
    terms = tuple(sorted(decision.required.terms.items()))
    if answer is None:
        return decision.required.verdict, terms
    own = tuple(sorted(answer.terms.items()))
    return decision.required.verdict, terms, answer.response, answer.rule, own


T = TypeVar("T")


def _common(lists: Sequence[Sequence[T]]) -> list[T]:
    """Return the items of the first list that all lists have."""
    return [item for item in lists[0] if all(item in other for other in lists)]


def required_terms(resolved: ResolvedPolicy) -> dict[str, Term]:
    """Return every term that the policy or one it upholds defines, by name."""
    return {
        name: term for policy in reversed(resolved.policies) for name, term in policy.terms.items()
    }


def _terms_json(values: Mapping[str, Value | None], terms: Mapping[str, Term]) -> dict[str, Any]:
    return {
        name: None if value is None else terms[name].type.show(value)
        for name, value in values.items()
    }
