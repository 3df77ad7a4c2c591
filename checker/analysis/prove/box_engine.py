"""The engine of boxes: decides for all cases which checks of an override or a policy fail.

The checks are those of docs/language.md, section 6.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from weakref import WeakKeyDictionary

from checker.analysis.prove.clause_prover import ClauseProver
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

Method = type[Prover] | type[ClauseProver]
METHODS: tuple[Method, ...] = (Prover, ClauseProver)  # boxes decide most documents sooner


@contextmanager
def collector_paused() -> Iterator[None]:
    """Disable the cyclic garbage collector meanwhile.

    A proof creates many objects and hardly any reference cycles, while each full collection
    traverses all documents in memory.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@collector_paused()
def prove_override(
    required: RequirementFormulas, override: Override, methods: Sequence[Method] = METHODS
) -> list[Counterexample]:
    """Return the checks that the override fails (docs/language.md, section 6).

    The first of the `methods` that comes to an end decides.

    Raises:
        Undecided: The effort of all of them is spent.
    """
    cases = prepared(required)
    obligations = [*OverrideObligations(override, required, cases.may_satisfy).obligations()]
    cases = cases.refined(formulas_of(obligations))
    return _failures(required.resolved, cases, obligations, methods)


def prove_policy(required: RequirementFormulas, *, silent_otherwise: bool) -> list[Counterexample]:
    """Return the checks that the policy by itself fails (docs/language.md, section 6).

    `silent_otherwise` says that its document has no `otherwise`.

    Raises:
        Undecided: The effort is spent.
    """
    resolved, policy = required.resolved, required.resolved.policy
    any_case = Obligation("impossible-vocabulary", "vocabulary", TRUE, needs_case=True)
    impossible = answer(resolved, [any_case])
    if impossible:
        return impossible  # without a possible case the other checks mean nothing
    obligations = [*undercut_obligations(required)]
    obligations += [gap_obligation(required.own)] if silent_otherwise else []
    free = free_parameters(policy)
    idle = answer(resolved, idle_obligations(policy, free), free)
    return [*answer(resolved, obligations), *idle]


def answer(
    resolved: ResolvedPolicy, obligations: Iterable[Obligation], free: FreeParameters | None = None
) -> list[Counterexample]:
    """Return the obligations that fail, one for each check and position.

    `free` are the parameters that the obligations leave free.

    Raises:
        Undecided: The effort is spent.
    """
    obligations = [*obligations]
    domains = fact_domains(resolved)
    for name, type_ in free.types.items() if free else ():
        domains[name] = domain(type_, free.typical[name] if free else None)
    invariants = possible(resolved)
    space = make_space(domains, [invariants, *formulas_of(obligations)])
    return _failures(resolved, PossibleCases(space, invariants), obligations)


def _failures(
    resolved: ResolvedPolicy,
    cases: PossibleCases,
    obligations: list[Obligation],
    methods: Sequence[Method] = METHODS,
) -> list[Counterexample]:
    """Return the obligations that fail, by the first of the methods that comes to an end.

    Raises:
        Undecided: The effort of all of them is spent.
    """
    for method in methods:
        with suppress(Undecided):
            return method(resolved, cases).failures(obligations)
    raise Undecided


_possible_cases: WeakKeyDictionary[RequirementFormulas, PossibleCases] = WeakKeyDictionary()


def prepared(required: RequirementFormulas) -> PossibleCases:
    """Return the possible cases of a resolved policy, with what its overrides share computed."""
    if required not in _possible_cases:
        invariants = possible(required.resolved)
        policy_formulas = [*required.policy_formulas_to_check()]
        formulas = [invariants, *required.formulas(), *policy_formulas]
        space = make_space(fact_domains(required.resolved), formulas)
        cases, all_cases = PossibleCases(space, invariants), Query(space, space.full)
        for formula in formulas:
            with suppress(Undecided):
                all_cases.narrowed(formula)  # the space caches the narrowed queries
        for formula in policy_formulas:
            cases.may_satisfy(formula)  # caches the result
        _possible_cases[required] = cases
    return _possible_cases[required]
