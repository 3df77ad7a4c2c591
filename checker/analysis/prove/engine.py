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
from checker.analysis.prove.prover import Failure
from checker.analysis.prove.replay import Mismatch, replay
from checker.analysis.prove.requirements import Required
from checker.language.resolve.resolver import Resolver, World
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
    _required: dict[World, Required] = field(default_factory=dict)
    _smt: dict[World, Prepared] = field(default_factory=dict)
    _proved: dict[tuple[World, str], list[Failure]] = field(default_factory=dict)

    def failures(self, document: Document, world: World, resolver: Resolver) -> list[Failure]:
        """Return the checks of section 6 that the document fails, each counterexample replayed.

        NotDecided where no engine comes to an end, Broken where the document has errors.
        """
        if document.kind == "policy":
            return self._policy(document, world)
        key = (world, json.dumps([document.data.get(name) for name in ANSWERS], default=str))
        if key not in self._proved:
            override = resolver.override_of(document, world)
            self._proved[key] = self._decided(
                lambda: prove_override(self.required(world), override),
                lambda smt, seconds: smt.prove_override(override, timeout=seconds),
                world,
            )
            replay(self._proved[key], world, override)
        return self._proved[key]

    def _policy(self, document: Document, world: World) -> list[Failure]:
        silent = "otherwise" not in document.data
        failures = self._decided(
            lambda: prove_policy(self.required(world), silent_otherwise=silent),
            lambda smt, seconds: smt.prove_policy(silent_otherwise=silent, timeout=seconds),
            world,
        )
        replay(failures, world, None)
        return failures

    def required(self, world: World) -> Required:
        """Return what the world requires, prepared once."""
        if world not in self._required:
            self._required[world] = Required(world)
        return self._required[world]

    def _decided(
        self,
        boxes: Callable[[], list[Failure]],
        smt: Callable[[Prepared, float], list[Failure]],
        world: World,
    ) -> list[Failure]:
        """Return what the engine finds that is to be asked, or both alike."""
        if self.engine == "z3":
            return self._by_smt(smt, world)
        start = monotonic()
        try:
            found = boxes()
        except Undecided:
            if self.engine == "boxes":
                raise NotDecided("the budget of boxes is spent; z3 may decide it") from None
            return self._by_smt(smt, world, monotonic() - start)
        if self.engine == "both" and _shown(found) != _shown(self._by_smt(smt, world)):
            raise Mismatch(f"internal error: boxes and z3 disagree under {world.policy.name}")
        return found

    def _by_smt(
        self, ask: Callable[[Prepared, float], list[Failure]], world: World, spent: float = 0
    ) -> list[Failure]:
        from checker.analysis.prove.smt_engine import Prepared
        from checker.solver.smt.solver import NoSolver, z3

        try:
            if world not in self._smt:
                self._smt[world] = Prepared(world, z3())
            return ask(self._smt[world], max(self.timeout - spent, 0.001))
        except NoSolver:
            if self.engine:
                raise
            help = "z3 would go on: `pip install 'returns-checker[z3]'`"
            raise NotDecided(f"the budget of boxes is spent; {help}") from None
        except Undecided:
            raise NotDecided(
                f"z3 came to no end within {self.timeout:g} seconds; `--timeout` gives it more"
            ) from None


def _shown(failures: list[Failure]) -> set[tuple[str, str, str, str]]:
    """Return the failures as what can be compared."""
    return {(each.check, each.severity, each.at, repr(each.facts)) for each in failures}
