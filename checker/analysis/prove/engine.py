"""Chooses the engine of a proof: boxes, then z3 where boxes give up, or the one asked for.

A resolved policy is prepared once for all its overrides, and overrides with equal texts are proved
once.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import TYPE_CHECKING

from checker.analysis.prove.box_engine import prove_override, prove_policy
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.replay import Mismatch, replay
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.solver.box_search import Undecided

if TYPE_CHECKING:
    from checker.analysis.prove.smt_engine import Prepared

ENGINES = ("boxes", "z3", "both")
ANSWERS = (
    "settings",
    "scope",
    "rules",
    "otherwise",
    "terms",
)  # the keys of an override that its proof depends on


class NotDecided(Exception):
    """No engine decided the proof; the message says what would help."""


@dataclass(slots=True)
class Engines:
    """Proves documents. Without an `engine`: boxes, and z3 where their budget is spent.

    `timeout` is how many seconds z3 may take for one document. Boxes count steps instead, so that
    their result does not depend on the machine.
    """

    engine: str | None = None
    timeout: float = 60
    _required: dict[ResolvedPolicy, RequirementFormulas] = field(default_factory=dict)
    _smt: dict[ResolvedPolicy, Prepared] = field(default_factory=dict)
    _proved: dict[tuple[ResolvedPolicy, str], list[Counterexample]] = field(default_factory=dict)

    def failures(
        self, document: Document, resolved: ResolvedPolicy, resolver: Resolver
    ) -> list[Counterexample]:
        """Return the checks that the document fails, each counterexample replayed.

        The checks are those of docs/language.md, section 6.

        Raises:
            NotDecided: No engine decides the proof.
            InvalidDocument: The document has errors.
            NoSolver: z3 was asked for and is not installed.
            Mismatch: Engines disagree, or a counterexample does not show its failure.
        """
        if document.kind == "policy":
            return self._policy(document, resolved)
        key = (resolved, json.dumps([document.data.get(name) for name in ANSWERS], default=str))
        if key not in self._proved:
            override = resolver.override_of(document, resolved)
            self._proved[key] = self._decided(
                lambda: prove_override(self.required(resolved), override),
                lambda smt, seconds: smt.prove_override(override, timeout=seconds),
                resolved,
            )
            replay(self._proved[key], resolved, override)
        return self._proved[key]

    def _policy(self, document: Document, resolved: ResolvedPolicy) -> list[Counterexample]:
        silent = "otherwise" not in document.data
        failures = self._decided(
            lambda: prove_policy(self.required(resolved), silent_otherwise=silent),
            lambda smt, seconds: smt.prove_policy(silent_otherwise=silent, timeout=seconds),
            resolved,
        )
        replay(failures, resolved, None)
        return failures

    def required(self, resolved: ResolvedPolicy) -> RequirementFormulas:
        """Return the requirements of the resolved policy as formulas, prepared once."""
        if resolved not in self._required:
            self._required[resolved] = RequirementFormulas(resolved)
        return self._required[resolved]

    def _decided(
        self,
        boxes: Callable[[], list[Counterexample]],
        smt: Callable[[Prepared, float], list[Counterexample]],
        resolved: ResolvedPolicy,
    ) -> list[Counterexample]:
        """Return the failures that the chosen engine finds; both engines must find the same."""
        if self.engine == "z3":
            return self._by_smt(smt, resolved)
        start = monotonic()
        try:
            failures = boxes()
        except Undecided:
            if self.engine == "boxes":
                raise NotDecided("the budget of boxes is spent; z3 may decide it") from None
            return self._by_smt(smt, resolved, monotonic() - start)
        if self.engine == "both" and _comparable(failures) != _comparable(
            self._by_smt(smt, resolved)
        ):
            raise Mismatch(f"internal error: boxes and z3 disagree under {resolved.policy.name}")
        return failures

    def _by_smt(
        self,
        ask: Callable[[Prepared, float], list[Counterexample]],
        resolved: ResolvedPolicy,
        spent: float = 0,
    ) -> list[Counterexample]:
        from checker.analysis.prove.smt_engine import Prepared
        from checker.solver.smt.solver import NoSolver, z3

        try:
            if resolved not in self._smt:
                self._smt[resolved] = Prepared(resolved, z3())
            return ask(self._smt[resolved], max(self.timeout - spent, 0.001))
        except NoSolver:
            if self.engine:
                raise
            help = "z3 would go on: `pip install 'returns-checker[z3]'`"
            raise NotDecided(f"the budget of boxes is spent; {help}") from None
        except Undecided:
            raise NotDecided(
                f"z3 came to no end within {self.timeout:g} seconds; `--timeout` gives it more"
            ) from None


def _comparable(failures: list[Counterexample]) -> set[tuple[str, str, bool, str]]:
    """Return the failures in a form that can be compared."""
    return {(failure.check, failure.at, failure.mild, repr(failure.facts)) for failure in failures}
