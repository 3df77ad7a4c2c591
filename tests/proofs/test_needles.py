"""200 overrides that each fail in one class of cases of millions: every one is found, and no other.

`needles.py` draws them by seed; `docs/proofs-and-sampling.md` says what sampling finds of them.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from checker.analysis.prove.box_engine import prove_policy
from checker.evaluate.decider import Decider
from checker.evaluate.decision import FailedCheck
from checker.language.syntax.parser import compose
from tests import reference
from tests.docs.pages import blocks
from tests.proofs.marketplace import DOCUMENTS
from tests.proofs.needles import BASELESS, RAREST, REQUIRED, WORSE, Needle, needles, share
from tests.proofs.platforms import Platform
from tests.proofs.sellers import seller

NEEDLES = needles()
PLATFORM = Platform(DOCUMENTS)
VOCABULARY = DOCUMENTS[0]

each_needle = pytest.mark.parametrize("needle", NEEDLES, ids=[each.name for each in NEEDLES])


def errors(override: dict[str, object]) -> list[tuple[str, str]]:
    failures = PLATFORM.failures(override)
    return [(failure.check, failure.at) for failure in failures if failure.severity == "error"]


@each_needle
def test_exactly_the_needle_is_found(needle: Needle) -> None:
    (failure,) = PLATFORM.failures(needle.override)
    assert (failure.check, failure.at) == (needle.check, needle.at)
    assert failure.facts
    assert reference.holds(needle.where, failure.facts, {}, {}, VOCABULARY)
    decider = Decider(PLATFORM.resolved, PLATFORM.override(needle.override))
    assert not decider.broken_invariants(failure.facts)
    assert decider.decide(failure.facts).findings == (FailedCheck(needle.check, needle.at),)


@each_needle
def test_without_the_needle_it_passes(needle: Needle) -> None:
    assert errors(needle.mended) == []
    assert errors(needle.closed()) == [], "it fails in other cases than those of the needle"


def test_the_marketplace_itself_has_no_findings() -> None:
    assert prove_policy(PLATFORM.required, silent_otherwise=False) == []


def test_the_needle_in_the_docs_is_one(project: Path) -> None:
    page = project / "docs" / "proofs-and-sampling.md"
    (shown,) = blocks(page, "yaml")
    data = seller("shown", compose(shown)[0]["rules"], {}, {})
    (failure,) = PLATFORM.failures(data)
    assert (failure.check, failure.at) == (REQUIRED, "rules.refused")
    assert failure.facts and failure.facts["days_since_delivery"] == 412


def test_needles_are_rare_and_of_every_kind() -> None:
    assert max(share(needle.where) for needle in NEEDLES) <= RAREST
    assert Counter(needle.check for needle in NEEDLES) == {REQUIRED: 100, BASELESS: 50, WORSE: 50}
    assert {*Counter(needle.kind for needle in NEEDLES).values()} == {20}
    assert len({needle.name for needle in NEEDLES}) == len(NEEDLES) == 200


def test_needles_are_the_same_for_the_same_seed() -> None:
    assert needles() == NEEDLES
    assert needles(seed=1) != NEEDLES
