"""Two proof procedures and two SMT solvers say the same, with the same plainest counterexamples.

`pytest tests/properties --worlds 2000 -s` draws as many worlds; the counts are printed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hypothesis import given

from checker.analysis.prove.box_engine import prove_override, prove_policy
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.requirements import RequirementFormulas
from checker.analysis.prove.smt_engine import Prepared
from checker.language.model.override import Override
from checker.language.resolve.change_days import days_in_period
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from tests import reference
from tests.analysis.test_prove_smt import as_set
from tests.drawing import drawing, print_counts, share
from tests.properties.test_proofs import small_worlds
from tests.properties.test_readings_agree import worlds
from tests.solver.test_smt import APIS, read
from tests.test_conformance import groups, world_of
from tests.waiting import HANGS

ENOUGH = 400  # worlds, for each finding to come up
ROOTS = ("policy", "examples/2-first-half/policy", "examples/3-sellers/policy")
TODAY = date(2025, 6, 2).toordinal()


def opinions(
    resolved: ResolvedPolicy, override: Override | None, silent_otherwise: bool
) -> dict[str, list[Counterexample]]:
    """Return what each procedure finds of the policy and of the override, if there is one."""
    required = RequirementFormulas(resolved)
    found = {"boxes": prove_policy(required, silent_otherwise=silent_otherwise)}
    if override:
        found["boxes"] += prove_override(required, override)
    for name, api in APIS.items():
        prepared = Prepared(resolved, api)
        found[name] = prepared.prove_policy(silent_otherwise=silent_otherwise, timeout=HANGS)
        if override:
            found[name] += prepared.prove_override(override, timeout=HANGS)
    return found


def agreed(
    name: str, resolved: ResolvedPolicy, override: Override | None, *, silent_otherwise: bool
) -> list[Counterexample]:
    """Return what all procedures find, each finding once; fails where they differ."""
    found = opinions(resolved, override, silent_otherwise)
    for procedure, failures in found.items():
        assert len(as_set(failures)) == len(failures), (name, procedure)
        assert as_set(failures) == as_set(found["boxes"]), (name, procedure)
    return found["boxes"]


def test_drawn_worlds(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(share(30), worlds_to_draw // 10))
    @given(small_worlds() | worlds())
    def agree(documents: reference.World) -> None:
        resolved, override = read(documents)
        silent = "otherwise" not in documents.policy
        seen["worlds"] += 1
        seen.update(
            each.check for each in agreed("drawn", resolved, override, silent_otherwise=silent)
        )

    agree()
    print_counts(seen)
    if seen["worlds"] >= ENOUGH:
        assert {"rejects-required-return", "worse-term", "dead-rule", "undercuts"} <= {*seen}


def test_the_conformance_suite() -> None:
    seen: Counter[str] = Counter()
    for stem, file, group in groups():
        if "refused" in group:
            continue
        documents = world_of(file, group)
        resolved, override = read(documents)
        silent, name = "otherwise" not in documents.policy, f"{stem}: {group['name']}"
        found = agreed(name, resolved, override, silent_otherwise=silent)
        seen.update(each.check for each in found)
        seen.update(["policies"] + (["overrides"] if override else []))
    print_counts(seen)
    assert seen["policies"] > 200 and seen["overrides"] > 20


def shipped(project: Path) -> Iterator[tuple[str, ResolvedPolicy, Override | None, bool]]:
    """Yield each policy and override of the packs and examples, with the worlds it meets."""
    library = Library()
    for root in ROOTS:
        library.add_root(Root(project / root))
    resolver = Resolver(library)
    for document in library.documents:
        if document.kind not in ("policy", "override"):
            continue
        named = document.data["policy"] if document.kind == "override" else document.name
        met = [
            resolver.resolve(str(named), day)
            for day in days_in_period(resolver.library, document, TODAY)
        ]
        for resolved in dict.fromkeys(met):
            if document.kind == "override":
                yield document.name, resolved, resolver.override_of(document, resolved), False
            else:
                yield document.name, resolved, None, "otherwise" not in document.data


def test_what_ships(project: Path) -> None:
    seen = 0
    for name, resolved, override, silent in shipped(project):
        agreed(name, resolved, override, silent_otherwise=silent)
        seen += 1
    print(f"\n{seen} policies and overrides")
    assert seen >= 12
