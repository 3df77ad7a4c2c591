"""`decide`: every form of cases, rows that can't be decided, and the JSON that is printed.

The JSON is that of docs/language.md, section 10.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars
import pytest

from checker.language.model.schema import validator
from tests.cli.test_bad_documents import POLICY, VOCABULARY
from tests.commands import Result, checker

LAW = """\
kind: policy
id: law
version: 1.0.0
effective: {from: 2024-01-01, until: 2024-07-01}
vocabulary: returns@1
entitlements: {early: {when: {days: {at_most: 3}}}}
terms: {fast: {type: duration, better: lower, decide: [{then: 36h}]}}
"""
SELLER = """\
kind: override
id: seller
version: 1.0.0
policy: shop/rules@1
rules: [{id: no-food, when: {kind_of: food}, respond: reject, cites: [used]}]
"""


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    for name, text in (("v", VOCABULARY), ("p", POLICY), ("s", SELLER), ("law", LAW)):
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    (folder / "law2.yaml").write_text(
        LAW.replace("1.0.0", "1.1.0")
        .replace("36h", "1d")
        .replace("from: 2024-01-01, until: 2024-07-01", "from: 2024-07-01"),
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def lines(result: Result) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in result.out.splitlines()]
    for each in found:
        validator("decision").validate(each)
    return found


def decide(*arguments: object, stdin: bytes = b"") -> Result:
    return checker("decide", *arguments, "--format", "json", stdin=stdin)


CASES = [
    {"id": "a", "used": False, "opened": True, "days": 7},
    {"used": True, "opened": True, "days": 9},
]
VERDICTS = [("a", "must_accept"), (2, "may_reject")]


def test_json_has_every_key() -> None:
    facts = b'{"id": "mask", "kind_of": "food", "used": false, "opened": true, "days": 3}\n'
    result = decide("-", "--override", "seller", stdin=facts)
    assert result.status == 0
    assert lines(result) == [
        {
            "case": "mask",
            "policy": "shop/rules@1.0.0",
            "verdict": "must_accept",
            "entitlements": ["early"],
            "grounds": [],
            "terms": {},
            "needs": [],
            "override": "seller@1.0.0",
            "response": "reject",
            "rule": "no-food",
            "cites": ["used"],
            "seller_terms": {},
            "findings": ["rejects-required-return"],
        }
    ]


def write_jsonl(path: Path) -> None:
    path.write_text("\n".join(json.dumps(case) for case in CASES), encoding="utf-8")


def write_csv(path: Path) -> None:
    path.write_text("id,used,opened,days\na,false,true,7\n,true,true,9\n", encoding="utf-8-sig")


def write_yaml(path: Path) -> None:
    path.write_text(
        "kind: cases\npolicy: shop/rules@1\ncases:\n"
        "  - {id: a, facts: {used: false, opened: true, days: 7}}\n"
        "  - {facts: {used: true, opened: true, days: 9}}\n",
        encoding="utf-8",
    )


def write_parquet(path: Path) -> None:
    polars.DataFrame(
        {"id": ["a", None], "used": [False, True], "opened": True, "days": [7.0, 9.0]}
    ).write_parquet(path)


@pytest.mark.parametrize(
    ("ending", "write"),
    [("jsonl", write_jsonl), ("csv", write_csv), ("yaml", write_yaml), ("parquet", write_parquet)],
)
def test_every_form_of_cases_gives_the_same_decisions(root: Path, ending: str, write: Any) -> None:
    write(root / f"cases.{ending}")
    result = decide(f"cases.{ending}", "--policy", "shop/rules@1")
    assert result.status == 0, result.err
    assert [(each["case"], each["verdict"]) for each in lines(result)] == VERDICTS


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("x,true,true", "found 3 cells, expected 4"),
        ("x,true,true,1,2", "found 5 cells, expected 4"),
        ("x,maybe,true,1", "fact `used`: found `maybe`, expected true or false"),
        ("x,true,true,1.5", "fact `days`: found `1.5`, expected a whole number"),
        ("x,true,true,.nan", "`.nan`, which is no number"),
        ("x,true,true,31", "fact `days`: `31` is outside of the range 0 to 30"),
        ("x,true,false,1", "can't be, by the invariant `used-means-opened`"),
    ],
)
def test_a_bad_row_is_one_error_and_the_others_are_decided(
    root: Path, row: str, message: str
) -> None:
    (root / "c.csv").write_text(f"id,used,opened,days\na,false,true,7\n{row}\nb,true,true,9\n")
    result = decide("c.csv", "--policy", "shop/rules")
    assert result.status == 2
    first, bad, last = lines(result)
    assert (first["case"], first["verdict"]) == ("a", "must_accept")
    assert bad["case"] == "x"
    assert message in bad["error"]
    assert (last["case"], last["verdict"]) == ("b", "may_reject")


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "not JSON"),
        ("[1]", "expected a JSON object"),
        ('{"used": true, "used": false}', "key `used` twice"),
        ('{"days": NaN}', "`NaN`, which is no number"),
        ('{"days": 1e999999999}', "out of all proportion"),
        ('{"days": ' + "9" * 5000 + "}", "5000 digits"),
        ('{"days": ' + "[" * 100_000 + "}", "nested too deep"),
        ('{"days": "' + "9" * 2_000_000 + '"}', "more than 1 MiB"),
        ('{"dayz": 1}', "unknown fact `dayz` (did you mean `days`?)"),
        ('{"days": {"a": 1}}', "fact `days`: found a map"),
        ('{"asked_on": "2024-13-01"}', "fact `asked_on`: found `2024-13-01`"),
        ('{"kind_of": "\\ud800"}', "expected one of `food`, `toys`"),
        ("\u00e9", "not JSON"),
    ],
)
def test_a_bad_line_is_one_error_and_the_others_are_decided(line: str, message: str) -> None:
    stdin = f'{{"days": 1, "used": false}}\n\n{line}\n{{"days": 2, "used": false}}\n'
    result = decide("-", "--policy", "shop/rules", stdin=stdin.encode("utf-8", "surrogatepass"))
    assert result.status == 2
    found = lines(result)
    assert [each["case"] for each in found] == [1, 2, 3]
    assert message in found[1]["error"]
    assert found[0]["verdict"] == found[2]["verdict"] == "must_accept"


def test_a_bad_file_leaves_the_others_to_be_decided(root: Path) -> None:
    write_csv(root / "good.csv")
    (root / "bad.csv").write_bytes(b"used,\xff\ntrue,1\n")
    (root / "nameless.csv").write_text("used,\ntrue,\n")
    (root / "twice.csv").write_text("used,used\ntrue,true\n")
    (root / "empty.csv").write_text("")
    (root / "bad.parquet").write_text("no parquet")
    (root / "bad.yaml").write_text("kind: cases\ncases: 3\n")
    files = [
        "bad.csv",
        "nameless.csv",
        "twice.csv",
        "empty.csv",
        "bad.parquet",
        "bad.yaml",
        "good.csv",
    ]
    result = decide(*files, "--policy", "shop/rules")
    assert result.status == 2
    assert [(each["case"], each["verdict"]) for each in lines(result)[1:]] == VERDICTS
    for message in (
        "nameless.csv:1: the column 2 has no name",
        "twice.csv:1: the column `used` stands twice",
        "empty.csv: found no header",
        "bad.parquet: not Parquet that can be read",
        "bad.yaml:2:8: error: found `3`, expected a list",
    ):
        assert message in result.err


def test_a_malformed_case_of_a_document_leaves_the_others_to_be_decided(root: Path) -> None:
    (root / "c.yaml").write_text(
        "kind: cases\npolicy: shop/rules\ncases:\n"
        "  - {facts: {used: [1]}}\n  - 5\n"
        "  - {facts: {days: 3, used: false}, expect: {verdct: must_accept}}\n"
    )
    result = decide("c.yaml")
    assert result.status == 2
    first, second, third = lines(result)
    assert (first["case"], second["case"], third["case"]) == (1, 2, 3)
    assert "found a list" in first["error"] and "expected a map" in second["error"]
    assert third["verdict"] == "must_accept"


def test_a_row_that_is_no_utf_8_costs_itself_only(root: Path) -> None:
    (root / "c.csv").write_bytes(b"id,days,used,kind_of\na,1,false,\nb,1,false,\xff\nc,1,false,\n")
    result = decide("c.csv", "--policy", "shop/rules")
    assert result.status == 2
    assert [each.get("error") for each in lines(result)] == [None, "not UTF-8: byte 0xff", None]


def test_a_clash_of_names_decides_nothing(root: Path) -> None:
    (root / "policy" / "again.yaml").write_text(POLICY.replace("default: 7", "default: 1"))
    result = decide("-", "--policy", "shop/rules", stdin=b'{"days": 3, "used": false}')
    assert result.status == 2
    assert "no telling which policy `shop/rules` is" in result.err


def test_terms_that_disagree_decide_nothing(root: Path) -> None:
    terms = "terms: {fast: {type: duration, better: higher, decide: [{then: 3d}]}}\n"
    (root / "policy" / "p.yaml").write_text(POLICY + "upholds: [law]\n" + terms)
    result = decide("-", "--policy", "shop/rules", "--on", "2024-08-01", stdin=b"{}")
    assert result.status == 2
    assert "the term `fast` of `shop/rules@1.0.0` differs" in lines(result)[0]["error"]


def test_a_seller_that_changes_its_policy_is_decided_by_that_of_the_day(root: Path) -> None:
    (root / "policy" / "s.yaml").write_text(
        SELLER + "effective: {from: 2024-01-01, until: 2024-07-01}\n"
    )
    (root / "policy" / "s2.yaml").write_text(
        "kind: override\nid: seller\nversion: 2.0.0\npolicy: law\neffective: {from: 2024-07-01}\n"
    )
    stdin = b'{"days": 5, "asked_on": "2024-06-30"}\n{"days": 5, "asked_on": "2024-07-01"}\n'
    result = decide("-", "--override", "seller", stdin=stdin)
    found = [(each["policy"], each["override"]) for each in lines(result)]
    assert found == [("shop/rules@1.0.0", "seller@1.0.0"), ("law@1.1.0", "seller@2.0.0")]


def test_five_hundred_rows_and_deep_definitions_are_no_trouble(root: Path) -> None:
    rows = ", ".join(f"{{when: {{days: {n % 30}}}, then: {n}}}" for n in range(900))
    deep = "\n".join(
        f"  d{n}: {{any: [{{definition: d{n + 1}, used: true}}, {{definition: d{n + 1}}}]}}"
        for n in range(30)
    )
    (root / "policy" / "p.yaml").write_text(
        f"{POLICY}  deep: {{when: {{definition: d0}}}}\n"
        f"terms: {{n: {{type: integer, better: lower, decide: [{rows}, {{then: 1}}]}}}}\n"
        f"definitions:\n{deep}\n  d30: {{opened: true}}\n"
        "otherwise: negotiate\n"
    )
    stdin = b'{"days": 29, "used": false, "opened": true}'
    (found,) = lines(decide("-", "--policy", "shop/rules", stdin=stdin))
    assert found["terms"] == {"n": 29}


@pytest.mark.parametrize(
    "amount", ["99.0000000000000000000000000001", '"99.000"', "1e9999999999999999999", "1e-99999"]
)
def test_money_is_exact_or_refused(root: Path, amount: str) -> None:
    text = VOCABULARY.replace("  used:", '  paid: {type: money, range: [0, "100.00"]}\n  used:', 1)
    (root / "policy" / "v.yaml").write_text(text)
    result = decide("-", "--policy", "shop/rules", stdin=f'{{"paid": {amount}}}\n{{}}\n'.encode())
    bad, good = lines(result)
    assert "99" in bad["error"] and good["verdict"] == "unknown"


@pytest.mark.parametrize(
    ("facts", "on", "expected"),
    [
        ('{"days": 9, "asked_on": "2024-06-30"}', None, "1d12h"),
        ('{"days": 9, "asked_on": "2024-07-01"}', None, "1d"),
        ('{"days": 9, "asked_on": "2024-07-01"}', "2024-06-30", "36h"),
        ('{"days": 9}', "2024-06-30", "36h"),
    ],
)
def test_the_day_picks_the_version(facts: str, on: str | None, expected: str) -> None:
    chosen = ["--on", on] if on else []
    (found,) = lines(decide("-", "--policy", "law", *chosen, stdin=facts.encode()))
    assert found["terms"]["fast"] == expected.replace("1d12h", "36h")


def test_a_day_on_which_nothing_is_in_force_is_an_error_of_the_case() -> None:
    stdin = b'{"days": 1, "asked_on": "2023-12-31"}\n{"days": 1, "asked_on": "2024-01-01"}\n'
    result = decide("-", "--policy", "law", stdin=stdin)
    assert result.status == 2
    bad, good = lines(result)
    assert "no version of the policy `law` is in force on 2023-12-31" in bad["error"]
    assert good["policy"] == "law@1.0.0"


def test_an_exact_version_is_taken_whatever_the_day() -> None:
    (found,) = lines(decide("-", "--policy", "law@1.0.0", "--on", "2025-01-01", stdin=b"{}"))
    assert found["policy"] == "law@1.0.0"


def test_the_override_can_be_a_file(root: Path) -> None:
    other = SELLER.replace("id: seller", "id: other").replace("food", "toys")
    (root / "other.yaml").write_text(other, encoding="utf-8")
    stdin = b'{"kind_of": "toys", "days": 1, "used": false, "opened": false}'
    (found,) = lines(decide("-", "--override", "other.yaml", stdin=stdin))
    assert (found["override"], found["response"]) == ("other@1.0.0", "reject")


def test_an_override_of_another_policy_is_refused() -> None:
    result = decide("-", "--policy", "law", "--override", "seller", stdin=b"{}")
    assert result.status == 2
    assert "answers under `shop/rules@1`, not under `law`" in result.err


def test_the_seller_columns_of_a_record_are_no_facts() -> None:
    record = {"seller": "s", "response": "rejected", "cites": ["used"], "due:review": "x"}
    stdin = json.dumps({"days": 1, "used": False, **record}).encode()
    (found,) = lines(decide("-", "--policy", "shop/rules", stdin=stdin))
    assert found["verdict"] == "must_accept"


def test_text_says_what_is_owed_and_what_was_answered() -> None:
    stdin = (
        b'{"id": "mask", "kind_of": "food", "used": false, "opened": true, "days": 3}\n{"dayz": 1}'
    )
    result = checker("decide", "-", "--override", "seller", stdin=stdin)
    assert result.status == 2
    assert result.out.splitlines() == [
        "mask: must_accept by shop/rules@1.0.0",
        "  owed    early, by shop/rules",
        "  seller  seller@1.0.0: reject by the rule `no-food`, citing used",
        "  finding rejects-required-return",
        "",
        "2: error: unknown fact `dayz` (did you mean `days`?)",
    ]
