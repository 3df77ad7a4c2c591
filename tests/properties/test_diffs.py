"""Comparisons say what looking at every case says, on drawn pairs that are small enough for it.

`pytest tests/properties/test_diffs.py --worlds 6000 -s` draws 300 pairs; the counts are printed.
"""

from __future__ import annotations

import copy
from collections import Counter
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from checker.analysis.diff.compare import diff_documents
from checker.analysis.diff.differences import UNSETTLED
from checker.analysis.diff.results import Diff
from checker.evaluate.compile_policy import compile_policies
from checker.evaluate.requirement import ConfiguredPolicy, Decide, Requirement
from checker.language.model.policy import Policy
from checker.language.resolve.resolver import Resolver
from tests import document_strategies as drawn
from tests.drawing import drawing, print_counts
from tests.properties.two_sides import (
    Found,
    Looked,
    joint_cases,
    overrides_looked_at,
    policies_looked_at,
)
from tests.worlds import DAY, library, problems

Data = dict[str, Any]


# --- pairs: a document and what became of it ---


@st.composite
def later_vocabularies(draw: st.DrawFn, vocabulary: Data) -> Data:
    """Draw what became of a vocabulary: often the same, else facts and invariants that differ."""
    if draw(st.booleans()):
        return {**vocabulary, "version": "2.0.0"}
    later = draw(drawn.small_vocabularies())
    facts = copy.deepcopy(later["facts"])
    if draw(st.booleans()) and "count" in facts:
        facts["count"] |= {"range": [0, draw(st.integers(2, 4))], "typical": 1}
    if draw(st.booleans()):
        facts["kind"] |= {"values": ["c", "a", "d"], "typical": "a"}
    if draw(st.booleans()) and "other" in facts:
        facts["other"] = {"type": "boolean"}
    shape = drawn.conditions(drawn.testable({"facts": facts}), {}, depth=1)
    kept = [each for each in vocabulary["invariants"] if draw(st.booleans())]
    new = [{"id": "later", "always": each} for each in draw(st.lists(shape, max_size=1))]
    return {**later, "version": "2.0.0", "facts": facts, "invariants": kept + new}


@st.composite
def policy_pairs(draw: st.DrawFn) -> list[Data]:
    """Draw a policy, what it upholds, what became of both, and their vocabularies."""
    vocabulary = draw(drawn.small_vocabularies())
    later = draw(later_vocabularies(vocabulary))
    documents, pairs = [vocabulary, later], []
    for id in ("platform", "law")[: draw(st.integers(1, 2))]:
        old = draw(drawn.policies(vocabulary, id))
        other = draw(drawn.policies(later, id))
        new = other if vocabulary["facts"] != later["facts"] else draw(mixed(old, other))
        pairs.append((old, new))
        for version, each in (("1.0.0", old), ("2.0.0", new)):
            documents.append({**each, "version": version, "vocabulary": f"returns@{version}"})
    if len(pairs) == 2:
        for each in documents:
            if each["id"] == "platform" and draw(st.integers(0, 3)):
                each["upholds"] = [f"law@{each['version']}"]
    assume(not [each for each in problems(documents) if each.severity == "error"])
    return documents


@st.composite
def mixed(draw: st.DrawFn, old: Data, other: Data) -> Data:
    """Draw the old policy with a few entries of another one."""
    new = copy.deepcopy(old)
    if draw(st.integers(0, 3)) == 0:
        new["otherwise"] = draw(st.sampled_from(["must_accept", "negotiate"]))
    for key in ("parameters", "definitions", "grounds", "entitlements", "terms"):
        names = sorted({*old[key], *other[key]})
        for name in draw(st.lists(st.sampled_from(names), max_size=1)) if names else ():
            if name in other[key]:
                new[key][name] = other[key][name]
            else:
                del new[key][name]
    return new


@st.composite
def override_pairs(draw: st.DrawFn) -> list[Data]:
    """Draw two overrides, each under a policy of a pair."""
    documents = draw(policy_pairs())
    vocabulary, later, old, new = documents[:4]
    one = draw(drawn.overrides(vocabulary, old))
    other = draw(drawn.overrides(later, new))
    if vocabulary["facts"] == later["facts"] and draw(st.booleans()):
        other = {**one, draw(st.sampled_from(["rules", "otherwise", "settings", "terms"])): None}
        fresh = draw(drawn.overrides(later, new))
        other |= {key: fresh[key] for key, value in other.items() if value is None}
    for version, each in (("1.0.0", one), ("2.0.0", other)):
        documents.append({**each, "version": version, "policy": f"platform@{version}"})
    assume(not [each for each in problems(documents) if each.severity == "error"])
    return documents


# --- the two beside one another ---

# what buyers gain, what they lose: the class
CLASS = {(True, True): "both", (True, False): "widens", (False, True): "narrows"}


def compare(documents: list[Data], kind: str, id: str) -> tuple[Diff, Looked, Looked]:
    """Return what is said of versions 1 and 2, and what to look at their cases by."""
    resolver = Resolver(library(documents))
    old, new = (resolver.library.find(kind, f"{id}@{n}.0.0", DAY) for n in (1, 2))
    diff = diff_documents(old, new, resolver, on=DAY, today=DAY)
    if kind == "policy":
        return diff, Looked(diff.old.resolved), Looked(diff.new.resolved)
    one, other = (resolver.override_of(e.document, e.resolved) for e in (diff.old, diff.new))
    return diff, Looked(diff.old.resolved, one), Looked(diff.new.resolved, other)


def shown_by(diff: Diff) -> Found:
    return {
        (each.at, check)
        for each in diff.changes
        for check in ("gains", "loses", "differs", "breaks")
        if getattr(each, check)
    }


def class_of(found: Found, whole: str) -> str:
    checks = {check for at, check in found if at == whole or at.startswith("terms.")}
    return CLASS.get(("gains" in checks, "loses" in checks), "equal")


def test_policies_are_compared_as_every_case_shows(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(15, worlds_to_draw // 20))
    @given(policy_pairs())
    def agree(documents: list[Data]) -> None:
        diff, old, new = compare(documents, "policy", "platform")
        expected = policies_looked_at(old, new)
        assert shown_by(diff) == expected
        assert diff.effect == class_of(expected, "verdict")
        assert diff.version
        notes = [note for each in diff.changes for note in each.notes]
        breaks = any(note.major for note in notes) or "breaks" in {check for _, check in expected}
        changes = bool(notes or expected)
        assert (diff.version.required == "major") == breaks
        assert (diff.version.required == "minor") == (changes and not breaks)
        seen.update([diff.effect, diff.version.required])

    agree()
    print_counts(seen)


def test_overrides_are_compared_as_every_case_shows(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(15, worlds_to_draw // 20))
    @given(override_pairs())
    def agree(documents: list[Data]) -> None:
        diff, old, new = compare(documents, "override", "shop")
        expected = overrides_looked_at(old, new)
        found = shown_by(diff)
        assert {each for each in found if each[0] != "scope"} == expected
        assert diff.effect == class_of(expected, "response")
        seen[diff.effect] += 1

    agree()
    print_counts(seen)


def test_what_stays_equal_does_so_under_all_settings(worlds_to_draw: int) -> None:
    seen: Counter[str] = Counter()

    @drawing(max(15, worlds_to_draw // 20))
    @given(policy_pairs(), st.data())
    def agree(documents: list[Data], data: st.DataObject) -> None:
        diff, old, new = compare(documents, "policy", "platform")
        equal = {each.at for each in diff.changes if each.effect == "equal"}
        unsettled = [each for each in diff.changes if UNSETTLED in {n.text for n in each.notes}]
        seen["differ under settings only"] += len(unsettled)
        policies = old.resolved.policy, new.resolved.policy
        alike = [
            n for n, p in policies[0].parameters.items() if p.type == policies[1].parameters[n].type
        ]
        vocabulary, policy = documents[0], documents[2]
        stated = data.draw(drawn.overrides(vocabulary, policy))["settings"]
        chosen = {
            n: policies[0].parameters[n].type.read(v) for n, v in stated.items() if n in alike
        }
        sides = [under(each, chosen) for each in policies]
        for one, other in joint_cases(old, new):
            if old.knows(one) and new.knows(other):
                said = [side(f) for side, f in zip(sides, (one, other), strict=True)]
                assert not equal & differing(*said)
                seen["cases"] += 1

    agree()
    print_counts(seen)


def under(policy: Policy, chosen: dict[str, Any]) -> Decide:
    rows = {name: term.rows for name, term in policy.terms.items()}
    return compile_policies([ConfiguredPolicy(policy, {**policy.defaults(), **chosen}, rows)])


def differing(old: Requirement, new: Requirement) -> set[str]:
    """Return the places at which two policies say different things of a case."""
    found = {f"entitlements.{id}" for id in {*old.entitlements} ^ {*new.entitlements}}
    found |= {f"grounds.{id}" for id in {*old.grounds} ^ {*new.grounds}}
    names = old.terms.keys() | new.terms.keys()  # a term that does not apply has no value
    return found | {f"terms.{name}" for name in names if old.terms.get(name) != new.terms.get(name)}
