"""Repairs: what is edited, what is preferred to what, and what can't be repaired."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from checker.analysis.repair import edit_search
from checker.analysis.repair.repair import NoRepair, Repair, repair
from checker.language.formatter import edit_in_place
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import parse_document
from checker.language.syntax.parser import compose
from checker.language.syntax.problems import InternalError
from checker.solver.box_search import Undecided
from tests.worlds import DAY, library

VOCABULARY = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  used: {type: boolean}
  swapped: {type: boolean}
  agreed: {type: boolean}
  days: {type: integer, range: [0, 30], typical: 3}
  kind_of: {type: enum, values: [toys, food, books]}
  price: {type: money, range: ["0.00", "900.00"], typical: "20.00"}
"""
POLICY = """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
parameters:
  window: {type: integer, default: 7, range: [0, 30]}
  review: {type: duration, default: 48h}
  delay: {type: duration, default: 0d}
  pays: {type: choice, values: [seller, buyer], default: seller}
  generous: {type: boolean, default: false}
  excluded: {type: set, of: kind_of, default: []}
  ours: {type: boolean, default: false, fixed: true}
definitions:
  fresh: {days: {at_most: 7}}
grounds:
  was-used: {when: {used: true}}
  was-swapped: {when: {swapped: true}}
  late: {when: {days: {more_than: {param: window}}}}
  left-out: {when: {kind_of: {one_of: {param: excluded}}}}
entitlements:
  early:
    when: {days: {at_most: {param: window}}}
    unless: [was-used, was-swapped, left-out]
  by-agreement: {when: {agreed: true}}
terms:
  fast: {type: duration, better: lower, decide: [{then: {param: review}}]}
  postage: {type: choice, values: [seller, buyer], decide: [{then: {param: pays}}]}
"""
HEADING = """\
kind: override
id: shop
version: 1.0.0
policy: rules
effective: {from: 2024-09-01}
"""


def data(text: str) -> dict[str, Any]:
    found: dict[str, Any] = compose(text)[0]
    return found


def repaired(text: str, *others: str, on: int | None = None) -> Repair:
    """Return the repair of the override that goes on after the heading like this."""
    documents = [data(each) for each in (VOCABULARY, *(others or (POLICY,)))]
    document, problems = parse_document((HEADING + text).encode(), "shop.yaml")
    assert document, problems
    return repair(document, Resolver(library(documents)), on=on, today=DAY)


def edits(found: Repair) -> list[tuple[str, str]]:
    return [(each.at, each.change) for each in found.edits]


def rule(when: str, cites: str = "was-used", respond: str = "reject") -> str:
    cited = f"    cites: [{cites}]\n" if respond == "reject" else ""
    return f"  - id: r\n    when: {{{when}}}\n    respond: {respond}\n{cited}"


ONE = [
    ("settings: {window: 5}", ("settings.window", "`5` becomes `7`"), "settings: {window: 7}"),
    (
        "settings: {review: 72h}",
        ("settings.review", "`72h` becomes `48h`"),
        "settings: {review: 48h}",
    ),
    (
        "settings: {review: 100m, pays: buyer}",
        ("settings.pays", "`buyer` becomes `seller`"),
        "settings: {review: 100m, pays: seller}",
    ),
    (
        "settings: {excluded: [food]}",
        ("settings.excluded", "`food` is taken out"),
        "settings: {excluded: []}",
    ),
    (
        "rules:\n" + rule("days: {more_than: 4}, agreed: false", "late"),
        ("rules.r.when.days.more_than", "`4` becomes `7`"),
        "rules:\n" + rule("days: {more_than: 7}, agreed: false", "late"),
    ),
    (
        "rules:\n" + rule("days: {at_least: {param: window, plus: -2}}, agreed: false", "late"),
        ("rules.r.when.days.at_least.plus", "`-2` becomes `1`"),
        "rules:\n" + rule("days: {at_least: {param: window, plus: 1}}, agreed: false", "late"),
    ),
    (
        "rules:\n" + rule("kind_of: food, agreed: false"),
        ("rules.r.when", "the condition `ground: was-used` is added"),
        "rules:\n" + rule("kind_of: food, agreed: false, ground: was-used"),
    ),
    (
        "rules:\n" + rule("kind_of: food"),
        ("rules.r.when", "the condition `ground: was-used, not: {agreed: true}` is added"),
        "rules:\n" + rule("kind_of: food, ground: was-used, not: {agreed: true}"),
    ),
    (  # no duration is below zero, so no bound that is may be tried
        "rules:\n" + rule("delay: {is: 0d}, kind_of: food, agreed: false"),
        ("rules.r.when", "the condition `ground: was-used` is added"),
        "rules:\n" + rule("delay: {is: 0d}, kind_of: food, agreed: false, ground: was-used"),
    ),
    (
        "rules:\n" + rule("not: {kind_of: food}, ground: was-used"),
        ("rules.r.when", "the condition `not: {agreed: true}` is added"),
        "rules:\n" + rule("not: {kind_of: food}, ground: was-used, all: [{not: {agreed: true}}]"),
    ),
    (
        "rules:\n" + rule("used: true, agreed: false", "was-swapped, late"),
        ("rules.r.cites", "`was-used` is cited too"),
        "rules:\n" + rule("used: true, agreed: false", "was-swapped, late, was-used"),
    ),
    (
        "terms:\n  fast:\n    - {when: {used: true}, then: 3d}  # slow\n    - {then: 1h}",
        ("terms.fast.1.then", "`3d` becomes `2d`"),
        "terms:\n  fast:\n    - {when: {used: true}, then: 2d}  # slow\n    - {then: 1h}",
    ),
    ("otherwise: reject", ("otherwise", "`reject` becomes `follow`"), "otherwise: follow"),
    (
        "rules:\n" + rule("used: true, kind_of: food", respond="accept") + "  - id: s\n"
        "    when: {used: true, days: 3, kind_of: food}\n    respond: manual\notherwise: follow",
        ("rules.s", "the rule is dropped: it never answers"),
        "rules:\n" + rule("used: true, kind_of: food", respond="accept") + "otherwise: follow",
    ),
]


@pytest.mark.parametrize(("text", "edit", "expected"), ONE, ids=[each[1][1] for each in ONE])
def test_one_edit_mends(text: str, edit: tuple[str, str], expected: str) -> None:
    found = repaired(text)
    assert edits(found) == [edit]
    assert found.document.text == HEADING + expected
    assert found.emptied == ()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "settings: {window: 10, review: 1h, generous: true}",
        "rules:\n" + rule("days: 3", respond="manual"),
        "otherwise: manual",
        "rules:\n" + rule("all: [used: true, used: false]", respond="accept")
        + "accept: [{check: dead-rule, at: rules.r, why: soon}]",
    ],
    ids=["nothing", "better", "a deferred return", "all deferred", "a dead rule that is meant"],
)  # fmt: skip
def test_what_passes_is_left_alone(text: str) -> None:
    found = repaired(text)
    assert edits(found) == [] and found.document.text == HEADING + text


def test_every_place_that_fails_is_repaired() -> None:
    text = (
        "settings:\n  window: 5  # short\n  review: 3d\nrules:\n"
        + rule("kind_of: [food, toys], agreed: false")
        + "terms: {postage: [{when: {used: true}, then: buyer}, {then: seller}]}\n"
    )
    found = repaired(text)
    assert sorted(edits(found)) == [
        ("rules.r.when", "the condition `ground: was-used` is added"),
        ("settings.review", "`3d` becomes `2d`"),
        ("settings.window", "`5` becomes `7`"),
        ("terms.postage.1.then", "`buyer` becomes `seller`"),
    ]
    assert "  window: 7  # short\n" in found.document.text


LONGER = POLICY.replace("version: 1.0.0", "version: 1.1.0\neffective: {from: 2025-01-01}").replace(
    "default: 7", "default: 10"
)
SHORTER = POLICY.replace(
    "version: 1.0.0", "version: 1.0.0\neffective: {from: 2024-01-01, until: 2025-01-01}"
)


def test_a_repair_holds_under_every_version_that_is_met() -> None:
    later = date(2025, 2, 1).toordinal()
    text = "settings: {window: 9}"
    assert edits(repaired(text, SHORTER, LONGER)) == [("settings.window", "`9` becomes `10`")]
    assert edits(repaired(text, SHORTER, LONGER, on=DAY)) == []
    removed = "`5` is removed, so that the policy's `7` or `10` stands"
    found = repaired("settings: {window: 5}\nrules: []\n", SHORTER, LONGER)
    assert edits(found) == [("settings.window", removed)]
    assert found.document.text == HEADING + "rules: []\n"
    dead_later = "rules:\n" + rule("days: {more_than: {param: window, plus: 21}}", respond="accept")
    assert edits(repaired(dead_later, SHORTER, LONGER)) == []
    dropped = [("rules.r", "the rule is dropped: it never answers")]
    assert edits(repaired(dead_later, SHORTER, LONGER, on=later)) == dropped


LAW = """\
kind: policy
id: law
version: 1.0.0
vocabulary: v
entitlements: {longer: {when: {days: {at_most: 10}, used: false, swapped: false}}}
terms: {fast: {type: duration, better: lower, decide: [{then: 1d}]}}
"""
UPHOLDING = POLICY.replace("vocabulary: v\n", "vocabulary: v\nupholds: [law]\n")


def test_a_setting_is_added_where_the_policy_gives_less_than_it_must() -> None:
    found = repaired("", UPHOLDING, LAW)
    assert sorted(edits(found)) == [
        ("settings.review", "set to `1d`, in place of the policy's `2d`"),
        ("settings.window", "set to `10`, in place of the policy's `7`"),
    ]
    assert found.document.text == HEADING + "settings: {review: 1d, window: 10}\n"


def test_no_edit_helps_outside_of_the_scope() -> None:
    with pytest.raises(NoRepair, match=r"^it is the policy that fails, outside of the override's"):
        repaired("scope: {kind_of: food}", UPHOLDING, LAW)


def test_a_new_warning_is_no_repair() -> None:
    """To leave a return to a person that must be accepted mends the error, and warns."""
    text = "rules:\n" + rule("swapped: false, days: {at_most: 7}", respond="accept")
    text += "  - {id: s, when: {agreed: true}, respond: reject, cites: [late]}\notherwise: manual\n"
    assert edits(repaired(text)) == [("rules.s.respond", "`reject` becomes `follow`")]


def test_a_rule_that_is_emptied_is_told_and_counts() -> None:
    """Widening the first rule mends three, and empties one: two edits' worth in place of three."""
    text = "rules:\n"
    text += "  - {id: a, when: {days: {at_most: 0}, agreed: false}, respond: accept}\n"
    for name, kind in (("b", "toys"), ("c", "food"), ("d", "books")):
        text += f"  - {{id: {name}, when: {{kind_of: {kind}, agreed: false}}, respond: reject"
        text += ", cites: [late]}\n"
    found = repaired(text + "otherwise: accept\n")
    assert edits(found) == [("rules.a.when.days.at_most", "`0` becomes `7`")]
    assert found.emptied == ()
    fresh = "  - {id: e, when: {days: 5, agreed: false}, respond: accept}\n"
    found = repaired(text.replace("  - {id: b", fresh + "  - {id: b") + "otherwise: accept\n")
    assert edits(found) == [("rules.a.when.days.at_most", "`0` becomes `7`")]
    assert found.emptied == ("rules.e",)


def test_what_an_alias_shares_is_not_changed() -> None:
    text = "settings: {window: &days 5}\n"
    text += "rules:\n  - {id: r, when: {days: *days}, respond: accept}\n"
    assert edits(repaired(text)) == [("otherwise", "`follow` becomes `accept`")]
    text = "terms: {fast: [{when: {used: true}, then: &three 3d}, {then: *three}]}\n"
    reason = (
        r"; `terms\.fast\.1\.then` can't be changed in place: it is shared by the alias `\*three`$"
    )
    with pytest.raises(NoRepair, match=reason):
        repaired(text)
    text = "rules:\n  - id: r\n    when: &never {all: [used: true, used: false]}\n"
    text += "    respond: accept\n  - {id: s, when: {not: *never}, respond: accept}\n"
    with pytest.raises(NoRepair, match=r"`rules\.r` never answers, and can't be changed in place"):
        repaired(text)


def test_terms_of_the_policy_alone_can_not_be_repaired() -> None:
    fixed = UPHOLDING.replace("default: 48h", "default: 48h, fixed: true")
    with pytest.raises(NoRepair, match=r"^none of 0 edits that were tried mends it$"):
        repaired("settings: {window: 10}", fixed, LAW)


def test_what_can_not_be_decided_is_not_repaired(monkeypatch: pytest.MonkeyPatch) -> None:
    def undecided(*_: object) -> None:
        raise Undecided

    monkeypatch.setattr(edit_search, "prove_override", undecided)
    with pytest.raises(NoRepair, match=r"^it can't be decided"):
        repaired("settings: {window: 5}")


def test_a_text_that_comes_out_wrong_is_an_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(edit_in_place, "apply_step", lambda text, _: text + "rules: []\n")
    with pytest.raises(InternalError, match=r"settings\.window: `5` becomes"):
        repaired("settings: {window: 5}\n")
