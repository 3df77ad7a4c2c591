"""`prove`: its JSON, its checks of policies, versions, acceptances and exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.language.schema import validator
from tests.commands import Result, checker

VOCABULARY = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  used: {type: boolean}
  opened: {type: boolean}
  days: {type: integer, range: [0, 30], typical: 3}
  kind_of: {type: enum, values: [toys, food]}
invariants:
  - {id: used-means-opened, always: {any: [{used: false}, {opened: true}]}}
"""
LAW = """\
kind: policy
id: law
version: 1.0.0
effective: {from: 2024-01-01, until: 2025-01-01}
vocabulary: v
entitlements: {early: {when: {days: {at_most: 7}}, unless: [used]}}
grounds: {used: {when: {used: true}}}
otherwise: negotiate
terms: {fast: {type: duration, better: lower, decide: [{then: 7d}]}}
"""
POLICY = """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
upholds: [law]
parameters: {window: {type: integer, default: 7, range: [0, 30]}}
grounds:
  was-used: {when: {used: true}}
  late: {when: {days: {more_than: {param: window}}}}
entitlements: {early: {when: {days: {at_most: {param: window}}}, unless: [was-used]}}
terms: {fast: {type: duration, better: lower, decide: [{then: 2d}]}}
"""
SELLER = """\
kind: override
id: seller
version: 1.0.0
policy: rules
effective: {from: 2024-06-01}
"""


GAP = ("gap", "otherwise")


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    longer = LAW.replace("1.0.0", "1.1.0").replace("at_most: 7", "at_most: 10")
    longer = longer.replace("from: 2024-01-01, until: 2025-01-01", "from: 2025-01-01")
    for name, text in (("v", VOCABULARY), ("law", LAW), ("law2", longer), ("rules", POLICY)):
        (folder / f"{name}.yaml").write_text(text)
    monkeypatch.chdir(tmp_path)
    return folder


def proofs(result: Result) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in result.out.splitlines()]
    for each in found:
        validator("proof").validate(each)
    return found


def prove(root: Path, text: str, *arguments: object) -> tuple[int, list[dict[str, Any]]]:
    (root / "x.yaml").write_text(text)
    result = checker("prove", root / "x.yaml", "--format", "json", *arguments)
    assert not result.err, result.err
    return result.status, proofs(result)


def checks(proof: dict[str, Any]) -> list[tuple[str, str]]:
    return [(each["check"], each["at"]) for each in proof["findings"]]


def test_each_combination_of_versions_is_proved(root: Path) -> None:
    status, (first, second) = prove(root, SELLER)
    assert status == 1
    assert first["holds"] and first["findings"] == []
    assert not second["holds"]
    assert second["against"] == "rules@1.0.0"
    (finding,) = second["findings"]
    assert finding == {
        "check": "rejects-required-return",
        "severity": "error",
        "at": "otherwise",
        "position": "policy/x.yaml:4:9",
        "message": "refuses a return that `rules@1.0.0` requires it to accept",
        "on": "2025-01-01",
        "counterexample": {"used": False, "opened": False, "days": 8, "kind_of": "toys"},
    }


def test_on_picks_one_day(root: Path) -> None:
    status, (proof,) = prove(root, SELLER, "--on", "2024-07-01")
    assert (status, proof["holds"]) == (0, True)


def test_a_counterexample_reproduces_the_failure(root: Path) -> None:
    rule = "rules: [{id: r, when: {kind_of: food, opened: true}, respond: reject, cites: [late]}]\n"
    status, found = prove(root, SELLER + rule, "--on", "2024-07-01")
    assert status == 1
    assert checks(found[0]) == [
        ("rejects-required-return", "rules.r"),
        ("rejects-without-ground", "rules.r"),
    ]
    for finding in found[0]["findings"]:
        facts = json.dumps(finding["counterexample"]).encode()
        arguments = ["--override", "seller", "--on", "2024-07-01", "--format", "json"]
        decided = json.loads(checker("decide", "-", *arguments, stdin=facts).out)
        assert finding["check"] in decided["findings"]
        assert decided["rule"] == "r"


def test_rules_that_never_answer_and_terms_that_are_worse(root: Path) -> None:
    text = (
        "rules:\n"
        "  - {id: a, when: {days: {at_least: 10}}, respond: accept}\n"
        "  - {id: b, when: {days: {more_than: 20}}, respond: accept}\n"
        "  - {id: c, when: {used: true, opened: false}, respond: accept}\n"
        "terms: {fast: [{when: {kind_of: food}, then: 3d}, {then: 1d}]}\n"
    )
    status, (proof,) = prove(root, SELLER + text, "--on", "2024-07-01")
    assert status == 1
    expected = [("dead-rule", "rules.b"), ("dead-rule", "rules.c"), ("worse-term", "terms.fast")]
    assert checks(proof) == expected
    worse = proof["findings"][2]
    assert worse["counterexample"]["kind_of"] == "food"
    assert "counterexample" not in proof["findings"][0]
    assert [each["severity"] for each in proof["findings"]] == ["warning", "warning", "error"]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("", "", []),
        (
            "at_most: {param: window}}",
            "at_most: {param: window}}, kind_of: food",
            [("undercuts", "upholds"), GAP],
        ),
        (
            "  was-used:",
            "  never: {when: {used: true, opened: false}}\n  was-used:",
            [("dead-ground", "grounds.never")],
        ),
        (
            "unless: [was-used]",
            "unless: [was-used, late]",
            [("redundant-unless", "entitlements.early.unless.2")],
        ),
        (
            "[{then: 2d}]",
            "[{when: {days: 3}, then: 1d}, {when: {days: 3}, then: 2d}, {then: 3d}]",
            [("dead-row", "terms.fast.decide.2")],
        ),
        (
            "{early:",
            "{none: {when: {days: {more_than: {param: window, plus: 30}}}}, early:",
            [("dead-entitlement", "entitlements.none")],
        ),
    ],
    ids=["nothing", "undercuts", "dead-ground", "redundant-unless", "dead-row", "dead-entitlement"],
)
def test_policies_by_themselves(
    root: Path, old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    (root / "rules.yaml").unlink()
    assert old in POLICY
    status, (proof,) = prove(root, POLICY.replace(old, new, 1), "--on", "2024-07-01")
    assert checks(proof) == expected
    assert {each["severity"] for each in proof["findings"]} <= {"warning"}
    assert status == 0
    assert prove(root, POLICY.replace(old, new, 1), "--on", "2024-07-01", "--strict")[0] == (
        1 if expected else 0
    )


def test_what_a_policy_undercuts(root: Path) -> None:
    (root / "rules.yaml").unlink()
    short = POLICY.replace("default: 7", "default: 5").replace("then: 2d", "then: 8d")
    status, (proof, later) = prove(root, short + "effective: {from: 2024-06-01}\n")
    assert status == 1 and not proof["holds"]
    assert proof["against"] == "law@1.0.0" and later["against"] == "law@1.1.0"
    assert checks(proof) == [("undercuts", "upholds"), ("undercuts", "terms.fast")]
    assert proof["findings"][0]["counterexample"]["days"] == 6
    accept = (
        "accept:\n  - {check: undercuts, at: upholds, why: on purpose}\n"
        "  - {check: undercuts, at: terms.fast, why: this too}\n"
    )
    status, found = prove(root, short + accept, "--on", "2024-07-01", "--strict")
    assert status == 0 and found[0]["holds"]
    assert [each["accepted"] for each in found[0]["findings"]] == ["on purpose", "this too"]


def test_an_acceptance_in_vain_is_stale_and_errors_of_overrides_stand(root: Path) -> None:
    accept = "settings: {window: 5}\naccept: [{check: rejects-required-return, why: we can}]\n"
    status, (proof,) = prove(root, SELLER + accept, "--on", "2024-07-01")
    assert status == 1
    expected = [("rejects-required-return", "otherwise"), ("stale-acceptance", "accept.1")]
    assert checks(proof) == expected
    warn = "accept: [{check: dead-rule, why: later}]\n"
    status, (proof,) = prove(root, SELLER + warn, "--on", "2024-07-01")
    assert (status, checks(proof)) == (0, [("stale-acceptance", "accept.1")])
    assert prove(root, SELLER + warn, "--on", "2024-07-01", "--strict")[0] == 1


def test_invariants_that_exclude_every_case(root: Path) -> None:
    text = VOCABULARY + "  - {id: never, always: {all: [{used: true}, {opened: false}]}}\n"
    (root / "v.yaml").write_text(text)
    (root / "rules.yaml").unlink()
    status, (proof,) = prove(root, POLICY, "--on", "2024-07-01")
    assert status == 1
    assert checks(proof) == [("impossible-vocabulary", "vocabulary")]


def test_text_shows_the_line_and_the_clause(root: Path) -> None:
    rule = "rules:\n  - {id: r, when: {opened: true}, respond: reject, cites: [late]}\n"
    (root / "x.yaml").write_text(SELLER + rule)
    result = checker("prove", root / "x.yaml", "--on", "2024-07-01")
    assert result.status == 1
    lines = result.out.splitlines()
    assert lines[0] == "seller@1.0.0: fails against rules@1.0.0, as of 2024-07-01"
    assert lines[2:4] == [
        "      - {id: r, when: {opened: true}, respond: reject, cites: [late]}",
        "        ^",
    ]
    assert lines[4:6] == [
        "    the plainest such return:",
        "      `opened` is true, usually false",
    ]
    assert "    required by law@1.0.0 `early`" in lines


def test_what_can_not_be_proved_is_said(root: Path) -> None:
    (root / "x.yaml").write_text(SELLER.replace("policy: rules", "policy: rulez"))
    result = checker("prove", root / "x.yaml")
    assert (result.status, "no policy `rulez`" in result.err) == (1, True)
    assert checker("prove", "nowhere.yaml").status == 2


def test_limits_are_the_values_that_pass(root: Path) -> None:
    facts = "  kind_of: {type: enum, values: [toys, food]}\n"
    assert facts in VOCABULARY
    (root / "rules.yaml").write_text(
        """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
upholds: [law]
parameters:
  window: {type: integer, default: 7, range: [0, 30]}
  review: {type: duration, default: 48h}
  excluded: {type: set, of: kind_of, default: []}
  pays: {type: choice, values: [seller, buyer], default: seller}
  ours: {type: boolean, default: false, fixed: true}
grounds:
  was-used: {when: {used: true}}
  late: {when: {days: {more_than: {param: window}}}}
  left-out: {when: {kind_of: {one_of: {param: excluded}}}}
entitlements:
  early: {when: {days: {at_most: {param: window}}}, unless: [was-used, left-out]}
terms:
  fast: {type: duration, better: lower, decide: [{then: {param: review}}]}
  postage: {type: choice, values: [seller, buyer], decide: [{then: {param: pays}}]}
"""
    )
    result = checker("limits", "rules", "--on", "2024-07-01", "--format", "json")
    assert result.status == 0, result.err
    assert json.loads(result.out) == {
        "policy": "rules@1.0.0",
        "settings": {
            "window": {"type": "integer", "default": 7, "allowed": [[7, 30]]},
            "review": {"type": "duration", "default": "2d", "allowed": [["0d", "2d"]]},
            "excluded": {
                "type": "set",
                "default": [],
                "must": [],
                "may": [],
                "never": ["food", "toys"],
            },
            "pays": {"type": "choice", "default": "seller", "allowed": ["seller"]},
        },
        "joint": {
            "all": [
                {"window": {"at_least": 7}},
                {"review": {"at_most": "2d"}},
                {"excluded": {"excludes": ["toys", "food"]}},
                {"pays": "seller"},
            ]
        },
        "exact": True,
    }
    text = checker("limits", "rules", "--on", "2024-07-01").out.splitlines()
    assert text == [
        "rules@1.0.0",
        "  window: 7 to 30",
        "  review: 0d to 2d",
        "  excluded: never food, toys",
        "  pays: seller",
        "",
        "changed together, settings pass where each does alone",
    ]
    schema = json.loads(checker("limits", "rules", "--on", "2024-07-01", "--schema").out)
    valid = Draft202012Validator(schema).is_valid
    assert valid({"settings": {"window": 7, "review": "48h", "excluded": [], "pays": "seller"}})
    for wrong in ({"window": 6}, {"review": "49h"}, {"review": "3d"}, {"excluded": ["food"]}):
        assert not valid({"settings": wrong}), wrong
    assert checker("limits", "nothing").status == 2


def test_settings_that_depend_on_each_other_have_a_condition_in_common(root: Path) -> None:
    (root / "rules.yaml").write_text(
        """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
parameters:
  express: {type: boolean, default: false}
  express_limit: {type: duration, default: 2d}
terms:
  review:
    type: duration
    better: lower
    decide: [{when: {express: true}, then: {param: express_limit}}, {then: 2d}]
"""
    )
    found = json.loads(checker("limits", "rules", "--format", "json").out)
    alone = {name: each["allowed"] for name, each in found["settings"].items()}
    assert alone == {"express": [False, True], "express_limit": [["0d", None]]}
    together = [{"express": False}, {"express_limit": {"at_most": "2d"}}]
    assert (found["joint"], found["exact"]) == ({"all": [{"any": together}]}, True)
    text = checker("limits", "rules").out.splitlines()
    assert text[3:] == [
        "",
        "changed together, settings pass where all of this holds:",
        "all:",
        "- any:",
        "  - express: false",
        "  - express_limit:",
        "      at_most: 2d",
    ]


def test_what_a_set_must_have_is_said_as_a_condition(root: Path) -> None:
    (root / "rules.yaml").write_text(
        """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
parameters:
  taken_back: {type: set, of: kind_of, default: [toys, food]}
grounds:
  not-taken-back: {when: {kind_of: {none_of: {param: taken_back}}}}
entitlements:
  always: {when: {all: []}, unless: [not-taken-back]}
"""
    )
    found = json.loads(checker("limits", "rules", "--format", "json").out)
    assert found["settings"]["taken_back"]["must"] == ["food", "toys"]
    must = [{"taken_back": {"includes": ["toys", "food"]}}]
    assert (found["joint"], found["exact"]) == ({"all": must}, True)
