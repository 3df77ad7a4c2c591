"""Which procedure proves: boxes, z3 where these give up, or as one asks for.

A world is prepared once for all that answers under it, and equal texts are proved once.
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
ANSWERS = ("settings", "scope", "rules", "otherwise", "terms")  # all that an override's proof asks


class NotDecided(Exception):
    """No engine came to an end; the message says what would help."""


@dataclass(slots=True)
class Engines:
    """Proves documents. Without an `engine`: boxes, and z3 where their budget is spent.

    `timeout` is how many seconds one document may take z3; boxes have a budget of their own,
    so that what they find does not depend on the machine.
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

        NotDecided where no engine comes to an end, InvalidDocument where the document has errors.
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
        """Return what the world requires, prepared once."""
        if resolved not in self._required:
            self._required[resolved] = RequirementFormulas(resolved)
        return self._required[resolved]

    def _decided(
        self,
        boxes: Callable[[], list[Counterexample]],
        smt: Callable[[Prepared, float], list[Counterexample]],
        resolved: ResolvedPolicy,
    ) -> list[Counterexample]:
        """Return what the engine finds that is to be asked, or both alike."""
        if self.engine == "z3":
            return self._by_smt(smt, resolved)
        start = monotonic()
        try:
            found = boxes()
        except Undecided:
            if self.engine == "boxes":
                raise NotDecided("the budget of boxes is spent; z3 may decide it") from None
            return self._by_smt(smt, resolved, monotonic() - start)
        if self.engine == "both" and _shown(found) != _shown(self._by_smt(smt, resolved)):
            raise Mismatch(f"internal error: boxes and z3 disagree under {resolved.policy.name}")
        return found

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


def _shown(failures: list[Counterexample]) -> set[tuple[str, str, bool, str]]:
    """Return the failures as what can be compared."""
    return {(each.check, each.at, each.mild, repr(each.facts)) for each in failures}
