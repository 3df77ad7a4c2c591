"""All findings of one document: problems, failed proofs, unmet expectations and failing cases."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.analysis.check.findings import Examined
from checker.analysis.check.validator import Validator
from checker.language.checks import sentence
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document, path_text, position_of
from checker.language.syntax.problems import VALID, Finding

if TYPE_CHECKING:  # validation alone does not need these; they are imported where used
    from checker.analysis.prove.engine import Engines
    from checker.analysis.prove.proof import Proof
    from checker.evaluate.decider import Decider
    from checker.evaluate.decision import FailedCheck


@dataclass(slots=True)
class Examiner:
    """Validates documents, tests the expectations of `cases`, and draws cases for overrides.

    `examples` is the number of cases drawn for an override, from the random `seed`;
    `by_hypothesis` says whether Hypothesis draws them.
    """

    validator: Validator
    examples: int
    seed: int = 0
    by_hypothesis: bool = False
    _engines: Engines | None = None  # shared, so that each resolved policy is prepared once

    def validated(self, document: Document) -> Examined:
        """Return the problems of the document."""
        problems = self.validator.problems(document)
        return Examined(document.name, problems, ran=[VALID])

    def tested(self, document: Document, only: int | None = None) -> Examined:
        """Return the unmet expectations of `cases`, or drawn cases that an override fails.

        Whatever prevents the tests is a finding of severity error. With `only`, the index of a
        case, no other case is tested.
        """
        well_formed, problems = self.validator.resolver.shape(document)
        examined = Examined(document.name, [*problems])
        if document.kind == "cases":
            self._test_expectations(document, problems, examined, only)
        elif document.kind == "override" and well_formed and not examined.errors:
            self._test_drawn_cases(document, examined)
        return examined

    def checked(self, document: Document) -> Examined:
        """Return the problems of the document or, if it has none, the results of proofs and tests.

        Cases are drawn for an override only where no proof decides it.
        """
        examined = self.validated(document)
        if examined.errors:
            return examined
        decided = False
        if document.kind in ("override", "policy"):
            decided = self._add_proofs(document, examined)
        if document.kind == "policy":
            from checker.analysis.check.version_check import VERSION, version_findings

            validator = self.validator
            examined.ran.append(VERSION)
            examined.findings += version_findings(
                document, validator.resolver, on=validator.on, today=validator.today
            )
        if not decided:
            tested = self.tested(document)
            examined.findings += tested.findings
            examined.tests += tested.tests
            examined.ran += tested.ran
        return examined

    def _add_proofs(self, document: Document, examined: Examined) -> bool:
        """Add the findings of proofs; return whether every proof was decided."""
        from checker.analysis.prove.engine import Engines
        from checker.analysis.prove.prove_document import prove_document

        self._engines = self._engines or Engines()
        validator, decided = self.validator, True
        for proof in prove_document(
            document,
            validator.resolver,
            on=validator.on,
            today=validator.today,
            engines=self._engines,
        ):
            add_proof(proof, examined)
            decided &= all(finding.check != "undecided" for finding in proof.findings)
        return decided

    def _test_expectations(
        self,
        document: Document,
        problems: Iterable[Finding],
        examined: Examined,
        only: int | None,
    ) -> None:
        from checker.evaluate.case_decider import CannotDecide, Unresolved, open_case_decider
        from checker.evaluate.expectations import unmet
        from checker.language.resolve.case_files import cases_of_document

        policy, override = (document.data.get(key) for key in ("policy", "override"))
        cases = [case for case in cases_of_document(document, problems) if case.expect]
        names_are_text = all(isinstance(name, str | None) for name in (policy, override))
        if not cases or not names_are_text:  # which is a problem of shape, and reported
            return
        validator = self.validator
        try:
            case_decider = open_case_decider(
                validator.resolver, policy, override, on=validator.on, today=validator.today
            )
        except CannotDecide as error:
            position = document.position((error.key,))
            examined.findings.append(Finding(position, str(error), check="test"))
            return
        for case in cases:
            if only is not None and case.index != only:
                continue
            examined.tests += 1
            name = f"case {case.name}"
            examined.ran.append(name)
            try:
                unmet_expectations = [*unmet(case, case_decider)]
            except Unresolved as error:
                position = document.position(("policy",))
                finding = Finding(position, str(error), check="test", at="policy")
                examined.findings += [] if finding in examined.findings else [finding]
                continue
            for expectation in unmet_expectations:
                entry = ("expect", expectation.key) if expectation.key else ("facts",)
                path = ("cases", case.index, *entry)
                message = f"case `{case.name}`: {expectation.message}"
                at = path_text(document.data, path)
                position = document.position(path)
                examined.findings.append(
                    Finding(position, message, check="test", at=at, found_by=name)
                )

    def _test_drawn_cases(self, document: Document, examined: Examined) -> None:
        """Draw cases that the override may fail, under each version of the policy."""
        if self.by_hypothesis:
            from checker.evaluate.property_test import search_by_property as search
        else:
            from checker.evaluate.sampling import search
        from checker.language.resolve.facts import plainest_case

        seen: set[FailedCheck] = set()
        for day, decider in self._deciders(document, examined):
            resolved = decider.resolved
            name = f"drawn cases against {resolved.policy.name}"
            examined.tests += self.examples
            examined.ran.append(name)
            for counterexample in search(decider, examples=self.examples, seed=self.seed):
                if counterexample.finding in seen:
                    continue
                seen.add(counterexample.finding)
                check, at = counterexample.finding
                finding = Finding(
                    position_of(at, document),
                    sentence(check, resolved.policy.name),
                    check=check,
                    at=at,
                    on=day,
                    case=plainest_case(check, counterexample.facts, resolved, document.name, day),
                    found_by=name,
                )
                examined.findings.append(finding)

    def _deciders(self, document: Document, examined: Examined) -> Iterator[tuple[int, Decider]]:
        """Yield each combination of versions: its first day, and a decider."""
        from checker.evaluate.decider import Decider

        resolver, seen, missing = self.validator.resolver, set(), ""
        on = self.validator.on
        days = (
            [on]
            if on is not None
            else days_in_period(resolver.library, document, self.validator.today)
        )
        for day in days:
            try:
                resolved = resolver.resolve(document.data["policy"], day)
                override = resolver.override_of(document, resolved)
            except (NotFound, InvalidDocument) as error:
                missing = missing or str(error)
                continue
            if resolved not in seen:
                seen.add(resolved)
                yield day, Decider(resolved, override)
        if not seen:
            position = document.position(("policy",))
            examined.findings.append(Finding(position, missing, check="test"))


def add_proof(proof: Proof, examined: Examined) -> None:
    """Add the findings of a proof of the document."""
    examined.tests += 1
    examined.ran.append(proof.name)
    examined.findings += proof.findings
