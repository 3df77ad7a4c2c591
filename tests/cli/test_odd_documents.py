"""Valid documents of rare shapes, wrong expectations, and installs without an extra."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.commands import checker

VOCABULARY = "kind: vocabulary\nid: facts\nversion: 1.0.0\nfacts: {used: {type: boolean}}\n"
POLICY = """\
kind: policy
id: rules
version: 1.0.0
effective: {from: 2024-01-01}
vocabulary: facts@1
otherwise: negotiate
"""
OVERRIDE = """\
kind: override
id: seller
version: 1.0.0
policy: rules@1
effective: {from: 2024-06-01}
"""
CASES = """\
kind: cases
policy: rules@1
override: seller
cases:
  - {id: wrong, facts: {used: true}, expect: EXPECT}
  - {id: right, facts: {used: true}, expect: {verdict: must_accept}}
"""
# durations without a range: what passes reaches to the longest that a document can state
DURATIONS = """\
parameters:
  fast: {type: duration, default: 2d, basis: assumption}
  slow: {type: duration, default: 4d, basis: assumption}
grounds:
  later: {when: {slow: {more_than: {param: fast, plus: 30}}}, basis: assumption}
  far: {when: {fast: {at_least: 999999999m}}, basis: assumption}
entitlements:
  near: {when: {fast: {more_than: {param: slow, plus: -30}}}, unless: [far], basis: assumption}
  else: {when: {slow: {at_most: {param: fast, plus: 29}}}, unless: [later], basis: assumption}
terms:
  answer:
    type: duration
    better: lower
    decide: [{when: {slow: {more_than: 999999999m}}, then: {param: fast}}, {then: {param: slow}}]
    basis: assumption
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "policy"
    folder.mkdir()
    (folder / "facts.yaml").write_text(VOCABULARY)
    (folder / "rules.yaml").write_text(POLICY)
    (folder / "seller.yaml").write_text(OVERRIDE)
    (tmp_path / "sellers.csv").write_text("seller\na\n")
    (tmp_path / "returns.csv").write_text("seller,response\na,accepted\n")
    monkeypatch.chdir(tmp_path)
    return folder


COMMANDS = (
    "validate policy",
    "test policy --examples 20",
    "check policy --examples 20",
    "prove policy",
    "limits rules@1",
    "limits rules@1 --schema",
    "explain policy/rules.yaml",
    "explain policy/seller.yaml --format html",
    "audit settings policy",
    "audit settings sellers.csv --policy rules@1",
)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_policy_without_conditions(folder: Path, command: str) -> None:
    assert checker(*command.split()).status == 0


@pytest.mark.parametrize("command", COMMANDS)
def test_durations_without_a_range(folder: Path, command: str) -> None:
    (folder / "rules.yaml").write_text(POLICY + DURATIONS)
    result = checker(*command.split())
    assert result.status in (0, 1) and not result.err
    for count in re.findall(r"\b(\d+)[dhm]\b", result.out):
        assert len(count) <= 9


@pytest.mark.parametrize(
    "expect",
    [
        "{verdikt: must_accept}",
        "[must_accept]",
        "must_accept",
        "3",
        "true",
        "{verdict: [must_accept]}",
        "{verdict: {is: must_accept}}",
        "{cites: [[used]]}",
        "{cites: {used: true}}",
        "{cites: [{used: true}]}",
        "{terms: 3}",
        "{terms: [[answer]]}",
        "{'': 2}",
        "{verdict: [must_accept], response: reject}",
    ],
)
@pytest.mark.parametrize("command", ["test", "check"])
def test_a_wrong_expectation_is_one_error_and_the_rest_is_tested(
    folder: Path, expect: str, command: str
) -> None:
    (folder / "cases.yaml").write_text(CASES.replace("EXPECT", expect))
    result = checker(command, folder / "cases.yaml")
    assert result.status == 1 and not result.err
    assert re.search(r"cases\.yaml:5:\d+: error: .*\[invalid-document\]", result.out)
    if command == "test":
        assert "cases.yaml:6:" in result.out and "expected `must_accept`" in result.out
    if "reject" in expect and command == "test":
        assert "case `wrong`: response is" in result.out


@pytest.mark.parametrize("name", ["true", "[seller]", "{is: seller}", "3", "2024-01-01"])
@pytest.mark.parametrize("key", ["override", "policy"])
@pytest.mark.parametrize("command", ["test", "check"])
def test_a_name_that_is_no_text(folder: Path, key: str, name: str, command: str) -> None:
    text = re.sub(rf"(?m)^{key}: .*$", f"{key}: {name}", CASES.replace("EXPECT", "{}"))
    (folder / "cases.yaml").write_text(text)
    result = checker(command, folder / "cases.yaml")
    assert result.status == 1 and not result.err
    assert f"cases.yaml:{2 + (key == 'override')}:" in result.out


BLOCKED = """\
import sys
sys.modules[sys.argv[1]] = None
sys.argv = ["checker", *sys.argv[2:]]
from checker.cli.main import main
main()
"""


@pytest.mark.parametrize("library", ["polars", "jinja2"])
@pytest.mark.parametrize(
    "command",
    [
        "audit settings sellers.csv --policy rules@1 --out out",
        "audit returns returns.csv --policy rules@1 --engine duckdb --out out",
    ],
)
def test_an_audit_without_its_extra(folder: Path, library: str, command: str) -> None:
    line = [sys.executable, "-c", BLOCKED, library, *command.split()]
    run = subprocess.run(line, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    needs = f"checker: auditing needs `{library}`, which is not installed;"
    assert run.stderr.splitlines()[-1] == f"{needs} `pip install 'returns-checker[audit]'`"
    assert "Traceback" not in run.stderr
