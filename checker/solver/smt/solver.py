"""An SMT solver, told what cases are and asked whether there is one.

Everything is made through the solver's Python binding: z3's own, or one with the same names.
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

Term = Any  # a whole number or a truth value, as the binding has it
Formula = Any  # a term that is a truth value

LONGEST = 2**31 - 1  # milliseconds that a solver can be told to take at most


class NoSolver(Exception):
    """The solver is not installed; the message says how to get it."""


@dataclass(frozen=True, slots=True)
class Api:
    """A solver's Python binding, and its name for the milliseconds that an answer may take."""

    module: Any
    time_limit: str


def z3() -> Api:
    """Return z3's binding; NoSolver where it is not installed."""
    try:
        return Api(import_module("z3"), "timeout")
    except ImportError:
        raise NoSolver("z3 is not installed: `pip install 'returns-checker[z3]'`") from None


@dataclass(slots=True)
class Solver:
    """A solver, what it was told so far, and until when it may think."""

    api: Api
    _solver: Any = field(init=False)
    _deadline: float = math.inf

    def __post_init__(self) -> None:
        self._solver = self.api.module.SimpleSolver()

    def assume(self, formula: Formula) -> None:
        """Let the formula hold from now on, within the innermost `aside`."""
        self._solver.add(formula)

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Forget at the end what was assumed or named within."""
        self._solver.push()
        try:
            yield
        finally:
            self._solver.pop()

    @contextmanager
    def within(self, seconds: float | None) -> Iterator[None]:
        """Give all the questions asked within so many seconds together; None is no limit."""
        self._deadline = math.inf if seconds is None else time.monotonic() + seconds
        try:
            yield
        finally:
            self._deadline = math.inf

    def has_case(self) -> bool:
        """Return whether all that is assumed can be; Undecided where time is up."""
        left = 1000 * (self._deadline - time.monotonic())
        if left <= 0:
            raise Undecided
        self._solver.set(self.api.time_limit, math.ceil(min(left, LONGEST)))
        found = self._solver.check()
        if found == self.api.module.unknown:
            if self._solver.reason_unknown() == "canceled" and time.monotonic() < self._deadline:
                raise KeyboardInterrupt  # which z3 took for itself
            raise Undecided
        return bool(found == self.api.module.sat)

    def found(self, terms: Iterable[Term]) -> list[int]:
        """Return the value of each number in a case; right after `has_case` said there is one."""
        model = self._solver.model()
        return [model.eval(term, model_completion=True).as_long() for term in terms]

    def every(self, parts: Iterable[Formula]) -> Formula:
        """Return where all of `parts` hold."""
        first, *more = [*parts] or [self.truth(True)]
        return self.api.module.And(first, *more) if more else first

    def some(self, parts: Iterable[Formula]) -> Formula:
        """Return where one of `parts` holds or more."""
        first, *more = [*parts] or [self.truth(False)]
        return self.api.module.Or(first, *more) if more else first

    def opposite(self, part: Formula) -> Formula:
        """Return where `part` does not hold."""
        return self.api.module.Not(part)

    def either(self, condition: Formula, then: Term, otherwise: Term) -> Term:
        """Return `then` where the condition holds, else `otherwise`."""
        return self.api.module.If(condition, then, otherwise)

    def truth(self, value: bool) -> Formula:
        """Return what always holds, or what never does."""
        return self.api.module.BoolVal(value)

    def number(self, value: int) -> Term:
        """Return a number as a term."""
        return self.api.module.IntVal(value)

    def any_truth(self, name: str) -> Formula:
        """Return what may hold or not; `name` is for people who read what the solver was told."""
        return self.api.module.FreshBool(name)

    def any_number(self, name: str) -> Term:
        """Return what may be any whole number."""
        return self.api.module.FreshInt(name)

    def named(self, name: str, term: Term) -> Term:
        """Return a new name for the term, so that it is not said again wherever it is used."""
        found = self.api.module.FreshConst(term.sort(), name)
        self.assume(found == term)
        return found
