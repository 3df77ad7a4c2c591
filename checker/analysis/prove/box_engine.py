"""Which checks of an override or a policy fail, decided for every case by boxes.

The checks are those of docs/language.md, section 6.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from weakref import WeakKeyDictionary

from checker.analysis.prove.free_parameters import FreeParameters, free_parameters
from checker.analysis.prove.obligations import (
    Obligation,
    OverrideObligations,
    gap_obligation,
    idle_obligations,
    undercut_obligations,
)
from checker.analysis.prove.prover import (
    Counterexample,
    PossibleCases,
    Prover,
    domain,
    fact_domains,
    formulas_of,
    possible,
)
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.override import Override
from checker.language.resolve.resolver import ResolvedPolicy
from checker.solver.box_search import Query, Undecided
from checker.solver.formulas import TRUE
from checker.solver.space import make_space


@contextmanager
def collector_paused() -> Iterator[None]:
    """Look for no unreachable circles meanwhile.

    A proof makes many objects and hardly a circle, and each full collection goes through every
    document that is in memory.
    """
    paused = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if paused:
            gc.enable()


@collector_paused()
def prove_override(required: RequirementFormulas, override: Override) -> list[Counterexample]:
    """Return the checks that the override fails (docs/language.md, section 6).

    Undecided where the budget of boxes is spent.
    """
    known = prepared(required)
    obligations = [*OverrideObligations(override, required, known.may_satisfy).obligations()]
    return Prover(required.resolved, known.refined(formulas_of(obligations))).failures(obligations)


def prove_policy(required: RequirementFormulas, *, silent_otherwise: bool) -> list[Counterexample]:
    """Return the checks that the policy by itself fails (docs/language.md, section 6).

    `silent_otherwise` says that its document has no `otherwise`. Undecided as above.
    """
    resolved, policy = required.resolved, required.resolved.policy
    anything = Obligation("impossible-vocabulary", "vocabulary", TRUE, needs_case=True)
    impossible = answer(resolved, [anything])
    if impossible:
        return impossible  # all else would follow from it
    obligations = [*undercut_obligations(required)]
    obligations += [gap_obligation(required.own)] if silent_otherwise else []
    free = free_parameters(policy)
    idle = answer(resolved, idle_obligations(policy, free), free)
    return [*answer(resolved, obligations), *idle]


def answer(
    resolved: ResolvedPolicy, obligations: Iterable[Obligation], free: FreeParameters | None = None
) -> list[Counterexample]:
    """Return the questions that have the answer that fails them, one for each check and place.

    Undecided as above.
    """
    asked = [*obligations]
    domains = fact_domains(resolved)
    for name, type_ in free.types.items() if free else ():
        domains[name] = domain(type_, free.typical[name] if free else None)
    invariants = possible(resolved)
    space = make_space(domains, [invariants, *formulas_of(asked)])
    return Prover(resolved, PossibleCases(space, invariants)).failures(asked)


_known: WeakKeyDictionary[RequirementFormulas, PossibleCases] = WeakKeyDictionary()


def prepared(required: RequirementFormulas) -> PossibleCases:
    """Return the space of a world, with all that overrides under it have in common worked out."""
    if required not in _known:
        invariants, alone = possible(required.resolved), [*required.policy_formulas_to_check()]
        formulas = [invariants, *required.formulas(), *alone]
        known = PossibleCases(make_space(fact_domains(required.resolved), formulas), invariants)
        everything = Query(known.space, known.space.full)
        for formula in formulas:
            with suppress(Undecided):
                everything.narrowed(formula)  # what becomes of it is kept
        for each in alone:
            known.may_satisfy(each)  # which is remembered
        _known[required] = known
    return _known[required]
