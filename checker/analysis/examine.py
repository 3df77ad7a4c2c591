"""Everything that is said of one document: problems, unmet expectations, cases that were found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from checker.analysis.validate import Validator
from checker.language.documents import Document, place
from checker.language.library import NotFound
from checker.language.problems import Position, Problem, Unusable
from checker.language.worlds import Broken

if TYPE_CHECKING:  # what validating alone does without is imported where it is used
    from checker.readings.decide import Decider

MESSAGES = {
    "rejects-required-return": "refuses a return that `{}` requires it to accept",
    "rejects-without-ground": "refuses a return without a ground of `{}` that holds",
    "worse-term": "offers a term that is worse for the buyer than `{}` requires",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem of a document, and the `cases` document that shows it where there is one."""

    problem: Problem
    case: dict[str, Any] | None = None


@dataclass(slots=True)
class Examined:
    """What was found in one document; `tests` counts expectations and drawn cases."""

    document: str
    findings: list[Finding] = field(default_factory=list)
    tests: int = 0

    @property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(finding.problem.severity == "error" for finding in self.findings)


@dataclass(slots=True)
class Examiner:
    """Validates documents, tests what `cases` expect, and looks for cases that overrides fail."""

    validator: Validator
    examples: int
    seed: int = 0

    def validated(self, document: Document) -> Examined:
        """Return the problems of the document."""
        problems = self.validator.problems(document)
        return Examined(document.name, [Finding(problem) for problem in problems])

    def tested(self, document: Document, only: int | None = None) -> Examined:
        """Return which expectations are not met, and cases that the override fails.

        `only` is the place of the one case to look at.
        """
        examined = Examined(document.name)
        if document.kind == "cases":
            self._expectations(document, examined, only)
        elif document.kind == "override":
            self._property(document, examined)
        return examined

    def checked(self, document: Document) -> Examined:
        """Return the problems of the document, and, where it has none, what tests find."""
        examined = self.validated(document)
        if examined.errors:
            return examined
        tested = self.tested(document)
        return Examined(document.name, examined.findings + tested.findings, tested.tests)

    def _expectations(self, document: Document, examined: Examined, only: int | None) -> None:
        from checker.analysis.desk import open_desk
        from checker.analysis.expectations import unmet
        from checker.language.casefiles import cases_of_document

        whole, problems = self.validator.resolver.shape(document)
        examined.findings += [Finding(problem) for problem in problems]
        if whole is None:
            return
        try:
            desk = open_desk(
                self.validator.resolver,
                whole.data.get("policy"),
                whole.data.get("override"),
                on=self.validator.on,
                today=self.validator.today,
            )
        except Unusable as error:
            examined.findings.append(_error(whole.position(), str(error), "test"))
            return
        for case in cases_of_document(whole):
            if only is not None and case.index != only:
                continue
            examined.tests += 1
            for each in unmet(case, desk):
                path = ("cases", case.index, *(("expect", each.key) if each.key else ("facts",)))
                message = f"case `{case.name}`: {each.message}"
                at = place(whole.data, path)
                examined.findings.append(_error(whole.position(path), message, "test", at))

    def _property(self, document: Document, examined: Examined) -> None:
        """Look for cases that the override fails, under each version it answers to."""
        from checker.analysis.search import as_cases, search

        found: set[str] = set()
        for day, decider in self._deciders(document, examined):
            examined.tests += self.examples
            for shown in search(decider, examples=self.examples, seed=self.seed):
                if shown.check in found:
                    continue
                found.add(shown.check)
                path, at = _place_of(decider, shown.facts, document)
                when = date.fromordinal(day).isoformat()
                message = MESSAGES[shown.check].format(decider.world.policy.name)
                message = f"{message}, as of {when}"
                problem = Problem(document.position(path), message, None, "error", shown.check, at)
                examined.findings.append(Finding(problem, as_cases(shown, decider)))

    def _deciders(self, document: Document, examined: Examined) -> Iterator[tuple[int, Decider]]:
        from checker.readings.decide import Decider

        resolver, seen = self.validator.resolver, set()
        reference = document.data.get("policy")
        on = self.validator.on
        days = [on] if on is not None else resolver.days(document, self.validator.today)
        if not isinstance(reference, str):
            return
        for day in days:
            try:
                world = resolver.world(reference, day)
                override = resolver.override_of(document, world)
            except NotFound:
                continue
            except Broken as error:
                examined.findings.append(_error(document.position(), str(error), "test"))
                return
            if world not in seen:
                seen.add(world)
                yield day, Decider(world, override)


def _error(position: Position, message: str, check: str, at: str = "") -> Finding:
    return Finding(Problem(position, message, None, "error", check, at))


def _place_of(
    decider: Decider, facts: Any, document: Document
) -> tuple[tuple[str | int, ...], str]:
    """Return path and `at` of what answered: a rule, or the override's `otherwise`."""
    answer = decider.decide(facts).answer
    rules = document.data.get("rules", [])
    if answer and answer.rule:
        number = next(i for i, rule in enumerate(rules) if rule["id"] == answer.rule)
        return ("rules", number), f"rules.{answer.rule}"
    return ("otherwise",), "otherwise"
