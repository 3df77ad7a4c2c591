"""`prove`: its JSON, its checks of policies, versions, acceptances and exit status."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from checker.language.model.schema import validator
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
REFUSES = "rules: [{id: r, when: {opened: true}, respond: reject, cites: [late]}]\n"


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
    assert (result.status, "no policy `rulez`" in result.out) == (1, True)
    (root / "x.yaml").write_text(SELLER + "settings: {window: 31}\n")
    result = checker("prove", root / "x.yaml")
    assert result.status == 1
    assert result.out.startswith("policy/x.yaml:6:20: error: `31` is outside")
    (proof,) = proofs(checker("prove", root / "x.yaml", "--format", "json"))
    assert (proof["holds"], checks(proof)) == (False, [("invalid-document", "settings.window")])
    assert checker("prove", root / "v.yaml").status == 2
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
                {"window": {"between": [0, 30]}},
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
        "  - any: [{express: false}, {express_limit: {at_most: 2d}}]",
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


def test_settings_of_a_policy_that_fails_itself_never_pass(root: Path) -> None:
    slow = POLICY.replace("then: 2d", "then: 9d")
    (root / "rules.yaml").write_text(slow)
    result = checker("limits", "rules", "--on", "2024-07-01")
    assert "no settings pass: the policy itself fails" in result.out


@pytest.mark.parametrize(
    ("low", "high", "inside", "outside"),
    [
        ("-5.00", "-1.00", ["-5", "-1.00", "-3.5", -1], ["-0.99", "-5.01", "0", "-x", "1.00"]),
        ("-0.50", "0.50", ["-0.5", "0", "+0.50", "0.5", 0.25], ["-0.51", "0.51", "-1", "1"]),
        ("9.90", "120.05", ["9.9", "100", "120.05", "0012"], ["9.89", "120.06", "120.1", "9"]),
    ],
)
def test_the_schema_of_limits_knows_amounts(
    root: Path, low: str, high: str, inside: list[Any], outside: list[Any]
) -> None:
    fee = f'{{type: money, default: "{low}", range: ["{low}", "{high}"]}}'
    policy = f"kind: policy\nid: p\nversion: 1.0.0\nvocabulary: v\nparameters: {{fee: {fee}}}\n"
    (root / "p.yaml").write_text(policy)
    schema = json.loads(checker("limits", "p", "--schema").out)
    valid = Draft202012Validator(schema).is_valid
    assert [each for each in inside if not valid({"settings": {"fee": each}})] == []
    assert [each for each in outside if valid({"settings": {"fee": each}})] == []


@pytest.mark.parametrize(
    ("check", "message"),
    [
        ("dead-rule", "accepts a finding that there is not"),
        ("rejects-required-return", "which can't be accepted"),
        ("dead-rul", "there is no such check; did you mean `dead-rule`?"),
    ],
)
def test_what_can_not_be_accepted_is_said(root: Path, check: str, message: str) -> None:
    accept = f"accept: [{{check: {check}, why: because}}]\n"
    (root / "x.yaml").write_text(SELLER + REFUSES + accept)
    result = checker("prove", root / "x.yaml", "--on", "2024-07-01")
    assert result.status == 1
    assert message in result.out


def test_what_is_undecided_can_not_be_accepted(root: Path) -> None:
    accept = "accept: [{check: undecided, why: because}]\n"
    (root / "x.yaml").write_text(SELLER + REFUSES + accept)
    call = ("prove", root / "x.yaml", "--engine", "z3", "--timeout", "0.000001")
    result = checker(*call, "--on", "2024-07-01")
    assert result.status == 1
    assert "can't be decided: z3 came to no end" in result.out


def test_a_counterexample_is_decided_under_the_versions_it_was_found_for(root: Path) -> None:
    clock = VOCABULARY.replace("facts:\n", "as_of: asked_on\nfacts:\n  asked_on: {type: date}\n")
    (root / "v.yaml").write_text(clock)
    seller = SELLER + "rules: [{id: r, when: {days: 9}, respond: reject, cites: [late]}]\n"
    (root / "x.yaml").write_text(seller)
    found = proofs(checker("prove", root / "x.yaml", "--format", "json"))
    later = found[-1]["findings"]
    (failure,) = [
        f for f in later if (f["check"], f["at"]) == ("rejects-required-return", "rules.r")
    ]
    assert failure["counterexample"]["asked_on"] == failure["on"] == "2025-01-01"
    case = json.dumps(failure["counterexample"])
    (root / "case.jsonl").write_text(case + "\n")
    result = checker(
        "decide", root / "case.jsonl", "--override", root / "x.yaml", "--format", "json"
    )
    assert "rejects-required-return" in json.loads(result.out)["findings"]
