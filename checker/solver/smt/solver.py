"""An SMT solver: formulas that it assumes, and whether a case satisfies them all.

All terms are built through the solver's Python binding: that of z3, or one with the same names.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from checker.solver.box_search import Undecided

Term = Any  # a whole number or a truth value: an object of the binding
Formula = Any  # a term that is a truth value

MAX_MILLISECONDS = 2**31 - 1  # the longest time limit that a solver accepts


class NoSolver(Exception):
    """The solver is not installed; the message says how to install it."""


@dataclass(frozen=True, slots=True)
class Api:
    """A solver's Python binding, and its option for the milliseconds that an answer may take."""

    module: Any
    time_limit: str


def z3() -> Api:
    """Return z3's binding.

    Raises:
        NoSolver: it is not installed.
    """
    try:
        return Api(import_module("z3"), "timeout")
    except ImportError:
        raise NoSolver("z3 is not installed: `pip install 'returns-checker[z3]'`") from None


@dataclass(slots=True)
class Solver:
    """A solver, the formulas that it assumes, and the time by which it must answer."""

    api: Api
    _solver: Any = field(init=False)
    _deadline: float = math.inf

    def __post_init__(self) -> None:
        self._solver = self.api.module.SimpleSolver()

    def assume(self, formula: Formula) -> None:
        """Assume the formula until the end of the innermost `pushed`."""
        self._solver.add(formula)

    @contextmanager
    def pushed(self) -> Iterator[None]:
        """Drop at the end all that was assumed or named within the block."""
        self._solver.push()
        try:
            yield
        finally:
            self._solver.pop()

    @contextmanager
    def time_limit(self, seconds: float | None) -> Iterator[None]:
        """Limit the seconds that all answers within the block take together; None is no limit."""
        self._deadline = math.inf if seconds is None else time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = math.inf

    def has_case(self) -> bool:
        """Return whether a case satisfies all that is assumed.

        Raises:
            Undecided: the time is up.
        """
        milliseconds = 1000 * (self._deadline - time.monotonic())
        if milliseconds <= 0:
            raise Undecided
        self._solver.set(self.api.time_limit, math.ceil(min(milliseconds, MAX_MILLISECONDS)))
        result = self._solver.check()
        if result == self.api.module.unknown:
            if self._solver.reason_unknown() == "canceled" and time.monotonic() < self._deadline:
                raise KeyboardInterrupt  # Ctrl+C, which z3 handles by itself
            raise Undecided
        return bool(result == self.api.module.sat)

    def values_of(self, terms: Iterable[Term]) -> list[int]:
        """Return the value of each number in one case; `has_case` must have just returned True."""
        model = self._solver.model()
        return [model.eval(term, model_completion=True).as_long() for term in terms]

    def every(self, parts: Iterable[Formula]) -> Formula:
        """Return where all of `parts` hold."""
        first, *more = [*parts] or [self.truth(True)]
        return self.api.module.And(first, *more) if more else first

    def some(self, parts: Iterable[Formula]) -> Formula:
        """Return where at least one of `parts` holds."""
        first, *more = [*parts] or [self.truth(False)]
        return self.api.module.Or(first, *more) if more else first

    def opposite(self, part: Formula) -> Formula:
        """Return where `part` does not hold."""
        return self.api.module.Not(part)

    def either(self, condition: Formula, then: Term, otherwise: Term) -> Term:
        """Return `then` where the condition holds, else `otherwise`."""
        return self.api.module.If(condition, then, otherwise)

    def truth(self, value: bool) -> Formula:
        """Return the formula that always holds, or the one that never does."""
        return self.api.module.BoolVal(value)

    def number(self, value: int) -> Term:
        """Return a number as a term."""
        return self.api.module.IntVal(value)

    def any_truth(self, name: str) -> Formula:
        """Return a new formula that may hold or not; its name is for debugging."""
        return self.api.module.FreshBool(name)

    def any_number(self, name: str) -> Term:
        """Return a new term that may be any whole number."""
        return self.api.module.FreshInt(name)

    def named(self, name: str, term: Term) -> Term:
        """Return a new constant that equals the term, so that its uses don't repeat it."""
        constant = self.api.module.FreshConst(term.sort(), name)
        self.assume(constant == term)
        return constant
