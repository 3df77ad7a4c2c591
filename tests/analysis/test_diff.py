"""`diff` as a library: classes of changes, what they ask of a version number, and the days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checker.analysis.diff import differences
from checker.analysis.diff.differences import UNSETTLED
from checker.analysis.prove.prover import Counterexample
from checker.analysis.prove.replay import Mismatch
from checker.language.resolve.resolver import InvalidDocument
from tests.analysis.comparing import (
    LAW,
    PLAIN,
    POLICY,
    SELLER,
    TODAY,
    VOCABULARY,
    changes,
    classes,
    compared,
    edited,
    notes,
    policies,
)


@changes("policies")
def test_changes_of_a_policy(row: dict[str, Any]) -> None:
    diff = policies(*row["edits"])
    assert (diff.effect, classes(diff)) == (row["class"], row["changed"])
    assert diff.version and diff.version.required == row["version"]


@changes("vocabularies")
def test_changes_of_the_vocabulary(row: dict[str, Any]) -> None:
    later = edited(VOCABULARY, ("1.0.0", "2.0.0"), *row["edits"])
    new = edited(PLAIN, ("version: 1.0.0", "version: 1.0.1"), ("v@1.0.0", "v@2.0.0"))
    diff = compared(PLAIN, new, VOCABULARY, later)
    assert classes(diff) == row["changed"]
    assert diff.version and diff.version.required == row["version"]


@changes("overrides")
def test_changes_of_an_override(row: dict[str, Any]) -> None:
    new = edited(SELLER, ("1.0.0", "1.0.1"), *row["edits"])
    diff = compared(SELLER, new, POLICY, VOCABULARY, LAW)
    assert (diff.effect, classes(diff)) == (row["class"], row["changed"])
    assert diff.version is None


def test_the_answer_to_what_nothing_covers() -> None:
    bare = edited(
        POLICY, ("  early: {when: {days: {at_most: {param: window}}}", "  early: {when: {days: 1}")
    )
    new = edited(bare, ("otherwise: negotiate", "otherwise: must_accept"), ("1.0.0", "1.0.1"))
    diff = compared(bare, new, VOCABULARY, LAW)
    assert classes(diff) == {"verdict": "widens", "otherwise": "widens"}
    back = compared(new, edited(bare, ("1.0.0", "2.0.0")), VOCABULARY, LAW)
    assert classes(back) == {"verdict": "narrows", "otherwise": "narrows"}


SLOW = (
    "terms:",
    "terms:\n  slow: {type: duration, better: lower, "
    "from: asked_at, until: answered_at, decide: [{then: 2d}]}",
)
DEADLINES = [
    ("another event", ("from: asked_at", "from: answered_at"), "minor"),
    ("whole days", ("answered_at, decide", "answered_at, counting: calendar, decide"), "major"),
    (
        "the other direction",
        ("slow: {type: duration, better: lower", "slow: {type: duration, better: higher"),
        "major",
    ),
]


@pytest.mark.parametrize(
    ("edit", "required"), [row[1:] for row in DEADLINES], ids=[row[0] for row in DEADLINES]
)
def test_a_deadline_that_runs_in_another_way(edit: tuple[str, str], required: str) -> None:
    old = edited(POLICY, SLOW)
    diff = compared(old, edited(old, ("1.0.0", "1.0.1"), edit), VOCABULARY, LAW)
    assert classes(diff) == {"terms.slow": "changed"}
    assert diff.version and diff.version.required == required


REST = "kind: calendar\nid: rest\nversion: 1.0.0\nyears: [2024, 2024]\nholidays: []\n"
OTHER = REST.replace("id: rest", "id: other")
BY_KIND = "roll: {fact: kind_of, calendars: {toys: rest, food: other}}"
ROLLS = [
    ("in another order", "roll: {calendars: {food: other, toys: rest}, fact: kind_of}", False),
    ("another calendar", "roll: {fact: kind_of, calendars: {toys: rest, food: rest}}", True),
    ("one calendar less", "roll: {fact: kind_of, calendars: {toys: rest}}", True),
    ("one for all", "roll: rest", True),
]


@pytest.mark.parametrize(("roll", "differs"), [row[1:] for row in ROLLS], ids=[r[0] for r in ROLLS])
def test_a_deadline_that_rolls_in_another_way(roll: str, differs: bool) -> None:
    counted = f"counting: calendar, {BY_KIND}, decide: [{{then: 2d}}]"
    old = edited(POLICY, SLOW, ("decide: [{then: 2d}]", counted))
    new = edited(old, ("1.0.0", "1.0.1"), (BY_KIND, roll))
    found = compared(old, new, VOCABULARY, LAW, REST, OTHER)
    assert classes(found) == ({"terms.slow": "changed"} if differs else {})


@pytest.mark.parametrize(("roll", "differs"), [row[1:] for row in ROLLS], ids=[r[0] for r in ROLLS])
def test_a_fact_whose_days_roll_in_another_way(roll: str, differs: bool) -> None:
    derive = f"{{days_from: asked_at, to: answered_at, {BY_KIND}}}"
    fact = f"  since: {{type: integer, range: [0, 30], derive: {derive}}}\n"
    before = edited(VOCABULARY, ("invariants:", f"{fact}invariants:"))
    after = edited(before, ("1.0.0", "2.0.0"), (BY_KIND, roll))
    new = edited(PLAIN, ("version: 1.0.0", "version: 1.0.1"), ("v@1.0.0", "v@2.0.0"))
    found = compared(PLAIN, new, before, after, REST, OTHER)
    assert notes(found) == ({"facts.since": ["is derived in another way"]} if differs else {})


def test_standards_and_what_is_upheld_come_and_go() -> None:
    bare = edited(POLICY, ("upholds: [law]\n", ""))
    bare = bare[: bare.index("standards:")]
    with_both = edited(POLICY, ("1.0.0", "1.1.0"))
    assert notes(compared(bare, with_both, VOCABULARY, LAW)) == {
        "upholds": ["upholds law too"],
        "standards": ["are new"],
    }
    back = compared(with_both, edited(bare, ("1.0.0", "1.2.0")), VOCABULARY, LAW)
    assert notes(back) == {"upholds": ["upholds law no longer"], "standards": ["are gone"]}


def test_each_direction_is_shown_by_its_plainest_case() -> None:
    change = policies(("default: 7", "default: 9")).changes[0]
    assert change.at == "verdict" and change.gains and not change.loses
    facts = {"used": False, "opened": False, "days": 8, "kind_of": "toys"}
    assert change.gains.facts == facts
    assert (change.gains.old, change.gains.new) == ("may_reject", "must_accept")


def test_what_differs_under_other_settings_only_is_a_note() -> None:
    diff = policies(("{more_than: {param: window}}", "{more_than: 7}"))
    (change,) = (each for each in diff.changes if each.effect != "equal")
    assert [note.text for note in change.notes] == [UNSETTLED]


def test_an_own_term_that_applies_elsewhere_is_a_change_though_the_law_requires_the_same() -> None:
    vocabulary = "kind: vocabulary\nid: v\nversion: 1.0.0\nfacts: {used: {type: boolean}}\n"
    term = "terms: {fast: {type: duration, better: lower, decide: [{then: 1d}]}}\n"
    law = f"kind: policy\nid: law\nversion: 1.0.0\nvocabulary: v@1\n{term}"
    everywhere = f"kind: policy\nid: p\nversion: 1.0.0\nvocabulary: v@1\nupholds: [law@1]\n{term}"
    in_part = edited(everywhere, ("better: lower,", "better: lower, when: {used: true},"))
    for old, new in ((everywhere, in_part), (in_part, everywhere)):
        diff = compared(old, edited(new, ("version: 1.0.0", "version: 1.1.0")), vocabulary, law)
        (change,) = (each for each in diff.changes if each.effect != "equal")
        assert (change.at, [note.text for note in change.notes]) == ("terms.fast", [UNSETTLED])


def test_another_vocabulary_is_a_major_change() -> None:
    other = edited(VOCABULARY, ("id: v", "id: w"))
    new = edited(PLAIN, ("version: 1.0.0", "version: 1.0.1"), ("v@1.0.0", "w"))
    diff = compared(PLAIN, new, VOCABULARY, other)
    assert classes(diff) == {"vocabulary": "changed"}
    assert diff.version and diff.version.required == "major"


def test_a_fact_of_another_type_stands_in_a_case_twice() -> None:
    later = edited(
        VOCABULARY,
        ("1.0.0", "2.0.0"),
        ("days: {type: integer, range: [0, 30]", "days: {type: money, range: [0, 30]"),
    )
    new = edited(PLAIN, ("version: 1.0.0", "version: 2.0.0"), ("v@1.0.0", "v@2.0.0"))
    verdict = compared(PLAIN, new, VOCABULARY, later).changes[0]
    assert verdict.effect == "both" and verdict.gains and verdict.loses
    assert (verdict.gains.facts["days"], verdict.gains.facts["days (old)"]) == (300, 8)
    assert (verdict.loses.facts["days"], verdict.loses.facts["days (old)"]) == (701, 3)


def test_an_override_under_another_version_of_its_policy() -> None:
    later = edited(
        POLICY,
        ("1.0.0", "2.0.0"),
        ("default: 7", "default: 9"),
        ("{then: buyer}", "{then: seller}"),
    )
    later = edited(later, ("  tone: {type: choice, values: [kind, firm], default: kind}\n", ""))
    old = edited(SELLER, ("window: 9", "tone: firm"))
    new = edited(SELLER, ("1.0.0", "1.0.1"), ("window: 9", ""), ("rules@1", "rules@2"))
    diff = compared(old, new, POLICY, later, VOCABULARY, LAW)
    assert classes(diff) == {
        "response": "widens",
        "policy": "changed",
        "settings.tone": "changed",
        "otherwise": "widens",
        "terms.payer": "widens",
    }


# --- days ---


CHANGEOVER = date(2025, 1, 1).toordinal()
UNTIL = "effective: {until: 2025-01-01}"
SINCE = "effective: {from: 2025-01-01}"
EARLY_LAW = edited(LAW, ("vocabulary: v", f"vocabulary: v\n{UNTIL}"))
LONGER = (("vocabulary: v", f"vocabulary: v\n{SINCE}"), ("at_most: 5", "at_most: 9"))


def test_both_are_read_on_the_first_day_of_the_new_one() -> None:
    new = edited(POLICY, ("1.0.0", "1.0.1"), ("title: The rules", SINCE))
    law = edited(LAW, ("1.0.0", "1.1.0"), *LONGER)
    diff = compared(POLICY, new, VOCABULARY, EARLY_LAW, law)
    assert classes(diff) == {}
    assert diff.old.day == diff.new.day == CHANGEOVER


def test_an_old_policy_without_a_world_on_that_day_is_read_on_its_own_last_one() -> None:
    start = "effective: {from: 2024-01-01}"
    old = edited(POLICY, ("[law]", "[law@1]"), ("title: The rules", start))
    new = edited(POLICY, ("1.0.0", "2.0.0"), ("[law]", "[law@2]"), ("title: The rules", SINCE))
    others = (VOCABULARY, EARLY_LAW, edited(LAW, ("1.0.0", "2.0.0"), *LONGER))
    diff = compared(old, new, *others)
    assert classes(diff) == {"verdict": "widens", "upholds": "widens"}
    assert (diff.old.day, diff.new.day) == (date(2024, 1, 1).toordinal(), CHANGEOVER)
    with pytest.raises(InvalidDocument, match="no version of the policy `law@1` is in force"):
        compared(old, new, *others, on=CHANGEOVER)


def test_an_old_policy_that_has_errors_on_that_day_is_read_on_its_own_last_one() -> None:
    early = edited(VOCABULARY, ("facts:", f"{UNTIL}\nfacts:"))
    late = edited(VOCABULARY, ("1.0.0", "1.1.0"), ("facts:", f"{SINCE}\nfacts:"))
    late = edited(late, ("  used:", "  worn:"), ("{used:", "{worn:"))
    old = edited(PLAIN, ("v@1.0.0", "v"))
    new = edited(old, ("1.0.0", "2.0.0"), ("vocabulary: v", f"vocabulary: v\n{SINCE}"))
    diff = compared(old, edited(new, ("{used:", "{worn:")), early, late)
    assert {"facts.used", "facts.worn"} <= classes(diff).keys()
    assert (diff.old.day, diff.new.day) == (TODAY, CHANGEOVER)


def test_a_fact_that_can_t_be_tested_any_more() -> None:
    dates = ("  kind_of:", "  asked_on: {type: date}\n  on: {type: date}\n  kind_of:")
    derived = ("typical: 3}", "typical: 3, derive: {days_from: asked_on, to: on}}")
    early = edited(VOCABULARY, dates)
    late = edited(VOCABULARY, dates, derived, ("1.0.0", "2.0.0"))
    new = edited(PLAIN, ("version: 1.0.0", "version: 1.0.1"), ("v@1.0.0", "v@2.0.0"))
    diff = compared(PLAIN, new, early, late)
    assert notes(diff)["facts.on"] == ["can't be tested any more"]
    assert diff.version and diff.version.required == "major"


def test_a_case_that_shows_nothing_is_an_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    facts: Any = {"used": False, "opened": False, "days": 3, "kind_of": "toys"}
    wrong = [Counterexample("gains", "verdict", facts)]
    monkeypatch.setattr(differences, "answer", lambda *_: wrong)
    with pytest.raises(Mismatch, match="internal error: gains at verdict is not shown by"):
        policies(("default: 7", "default: 9"))
