"""Everything that is said of one document: problems, unmet expectations, cases that were found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from checker.analysis.check.findings import Examined
from checker.analysis.check.validator import Validator
from checker.language.checks import sentence
from checker.language.resolve.library import NotFound
from checker.language.resolve.resolver import InvalidDocument
from checker.language.syntax.documents import Document, path_text, position_of
from checker.language.syntax.problems import VALID, Finding

if TYPE_CHECKING:  # what validating alone does without is imported where it is used
    from checker.analysis.prove.engine import Engines
    from checker.analysis.prove.proof import Proof
    from checker.evaluate.decider import Decider, FailedCheck


@dataclass(slots=True)
class Examiner:
    """Validates documents, tests what `cases` expect, and looks for cases that overrides fail."""

    validator: Validator
    examples: int
    seed: int = 0
    _engines: Engines | None = None  # which keeps worlds prepared for all documents

    def validated(self, document: Document) -> Examined:
        """Return the problems of the document."""
        problems = self.validator.problems(document)
        return Examined(document.name, problems, ran=[VALID])

    def tested(self, document: Document, only: int | None = None) -> Examined:
        """Return which expectations are not met, and cases that the override fails.

        What keeps the document from being tested is an error. `only` is the place of the one
        case to look at.
        """
        whole, problems = self.validator.resolver.shape(document)
        examined = Examined(document.name, [*problems])
        if document.kind == "cases":
            self._expectations(document, problems, examined, only)
        elif document.kind == "override" and whole and not examined.errors:
            self._property(document, examined)
        return examined

    def checked(self, document: Document) -> Examined:
        """Return the problems of the document, and, where it has none, what proofs and tests find.

        Cases are drawn for an override only where no proof decides it.
        """
        examined = self.validated(document)
        if examined.errors:
            return examined
        decided = False
        if document.kind in ("override", "policy"):
            decided = self._proved(document, examined)
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

    def _proved(self, document: Document, examined: Examined) -> bool:
        """Add what proofs find; return whether every one came to an end."""
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
            decided &= all(each.check != "undecided" for each in proof.findings)
        return decided

    def _expectations(
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
        cases = [each for each in cases_of_document(document, problems) if each.expect]
        if not cases:
            return
        validator = self.validator
        try:
            case_decider = open_case_decider(
                validator.resolver, policy, override, on=validator.on, today=validator.today
            )
        except CannotDecide as error:
            where = document.position((error.key,))
            examined.findings.append(Finding(where, str(error), check="test"))
            return
        for case in cases:
            if only is not None and case.index != only:
                continue
            examined.tests += 1
            name = f"case {case.name}"
            examined.ran.append(name)
            try:
                found = [*unmet(case, case_decider)]
            except Unresolved as error:
                where = document.position(("policy",))
                finding = Finding(where, str(error), check="test", at="policy")
                examined.findings += [] if finding in examined.findings else [finding]
                continue
            for each in found:
                path = ("cases", case.index, *(("expect", each.key) if each.key else ("facts",)))
                message = f"case `{case.name}`: {each.message}"
                at = path_text(document.data, path)
                where = document.position(path)
                examined.findings.append(
                    Finding(where, message, check="test", at=at, found_by=name)
                )

    def _property(self, document: Document, examined: Examined) -> None:
        """Look for cases that the override fails, under each version it answers to."""
        from checker.evaluate.sampling import search
        from checker.language.resolve.facts import plainest_case

        found: set[FailedCheck] = set()
        for day, decider in self._deciders(document, examined):
            resolved = decider.resolved
            name = f"drawn cases against {resolved.policy.name}"
            examined.tests += self.examples
            examined.ran.append(name)
            for shown in search(decider, examples=self.examples, seed=self.seed):
                if shown.finding in found:
                    continue
                found.add(shown.finding)
                check, at = shown.finding
                finding = Finding(
                    position_of(at, document),
                    sentence(check, resolved.policy.name),
                    check=check,
                    at=at,
                    on=day,
                    case=plainest_case(check, shown.facts, resolved, document.name, day),
                    found_by=name,
                )
                examined.findings.append(finding)

    def _deciders(self, document: Document, examined: Examined) -> Iterator[tuple[int, Decider]]:
        """Yield a day and what decides on it, for each combination of versions."""
        from checker.evaluate.decider import Decider

        resolver, seen, missing = self.validator.resolver, set(), ""
        on = self.validator.on
        days = [on] if on is not None else resolver.days(document, self.validator.today)
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
            where = document.position(("policy",))
            examined.findings.append(Finding(where, missing, check="test"))


def add_proof(proof: Proof, examined: Examined) -> None:
    """Add what a proof of the document finds."""
    examined.tests += 1
    examined.ran.append(proof.name)
    examined.findings += proof.findings
