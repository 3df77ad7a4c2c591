"""The API says what the commands say, of documents in the roots and of texts in their place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.commands import checker
from tests.serve.server import POLICY, ROOTS, SELLER, Server

NAMED = {"policy": POLICY, "override": SELLER}
FOLDERS = [text for root in ROOTS for text in ("--root", root)]
OPENED = {"category": "cosmetics", "opened": True, "days_since_completion": 3, "used": False}
SHOP = """kind: override
id: my/shop
version: 1.0.0
policy: kuaishou/flash-purchase@2   # the latest
effective: {from: 2024-09-01}
"""


def printed(*arguments: object) -> list[Any]:
    """Return what a command prints as JSON lines."""
    result = checker(*arguments, *FOLDERS, "--format", "json")
    return [json.loads(line) for line in result.out.splitlines()]


@pytest.fixture
def text() -> str:
    return Path("examples/3-sellers/policy/refuses-opened.yaml").read_text(encoding="utf-8")


@pytest.mark.usefixtures("in_project")
@pytest.mark.parametrize(
    "facts", [OPENED, {**OPENED, "opened": None}, {}, {"opend": 1}, {"order_amount": 1.255}]
)
def test_a_decision_is_what_decide_prints(
    facts: dict[str, Any], server: Server, tmp_path: Path
) -> None:
    cases = tmp_path / "case.jsonl"
    cases.write_text(json.dumps(facts), encoding="utf-8")
    names = ("--policy", POLICY, "--override", SELLER)
    answer = server.ask("api/decide", {**NAMED, "facts": facts})
    assert (answer.status, answer.data) == (200, printed("decide", cases, *names)[0])


@pytest.mark.usefixtures("in_project")
def test_proofs_and_limits_are_what_the_commands_print(server: Server) -> None:
    file = ROOTS[1] / "refuses-opened.yaml"
    assert server.ask("api/prove", {"override": SELLER}).data == printed("prove", file)
    assert [server.ask("api/limits", {"policy": POLICY}).data] == printed("limits", POLICY)


@pytest.mark.usefixtures("in_project")
def test_findings_are_what_validate_prints(server: Server, text: str, tmp_path: Path) -> None:
    broken = text.replace("examples/", "my/").replace("reject", "rejct")
    file = tmp_path / "broken.yaml"
    file.write_text(broken, encoding="utf-8")
    (answer,) = server.ask("api/validate", {"override": {"text": broken}}).data
    shown = json.dumps(answer).replace("override:", f"{file}:")
    assert answer["findings"]
    assert [json.loads(shown)] == printed("validate", file)


def test_a_text_stands_in_for_the_document_of_its_name(
    server: Server, in_project: None, text: str
) -> None:
    policy = server.ask(f"api/document?kind=policy&name={POLICY}").data["text"]
    shorter = policy.replace("default: 7", "default: 2", 1)
    assert shorter != policy
    form = server.ask("api/form", {"policy": POLICY}).data
    usual = {each["name"]: each["typical"] for each in form["facts"] if each["decisive"]}
    body = {"policy": {"text": shorter}, "override": SELLER, "facts": usual}
    assert server.ask("api/decide", {**body, "policy": POLICY}).data["verdict"] == "must_accept"
    assert "window-passed" in server.ask("api/decide", body).data["grounds"]
    assert server.ask("api/decide", {**body, "policy": POLICY}).data["grounds"] == []
    proofs = server.ask("api/prove", {"policy": {"text": shorter}, "override": SELLER}).data
    assert [each["document"] for each in proofs] == [POLICY, SELLER]
    assert "undercuts" in {each["check"] for each in proofs[0]["findings"]}
    mended = text.replace("respond: reject", "respond: follow").replace(
        "    cites: [not-resaleable]\n", ""
    )
    assert server.ask("api/prove", {"override": {"text": mended}}).data[0]["holds"]
    assert not server.ask("api/prove", {"override": SELLER}).data[0]["holds"]


def test_documents_are_listed_and_opened_by_name(server: Server) -> None:
    names = server.ask("api/documents").data
    assert POLICY in names["policy"]
    assert SELLER in names["override"]
    for kind in ("policy", "override"):
        for name in names[kind]:
            found = server.ask(f"api/document?kind={kind}&name={name}").data
            assert found["name"] == name
            assert f"id: {name.partition('@')[0]}" in found["text"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (9, "settings: {window_days: 9}\n"),
        ("9", None),
        (9999, None),
        (True, None),
    ],
)
def test_a_setting_changes_in_the_text_and_nothing_else(
    value: Any, expected: str | None, server: Server
) -> None:
    body = {"override": {"text": SHOP}, "name": "window_days", "value": value}
    answer = server.ask("api/setting", body)
    if expected is None:
        assert answer.status == 422
        assert answer.data["detail"].startswith("`window_days`: ")
        return
    changed = answer.data["text"]
    assert changed == SHOP + expected
    again = {**body, "override": {"text": changed}, "value": 15}
    assert server.ask("api/setting", again).data["text"] == changed.replace("9}", "15}")
    hours = {"override": {"text": changed}, "name": "review_limit", "value": "1d"}
    assert "window_days: 9, review_limit: 1d" in server.ask("api/setting", hours).data["text"]


def test_a_form_has_every_fact_and_every_setting(server: Server) -> None:
    form = server.ask("api/form", {"override": SELLER}).data
    facts = {each["name"]: each for each in form["facts"]}
    assert facts["opened"]["type"] == "boolean"
    assert {"value": "food", "title": {"en": "food", "zh": "食品"}} in facts["category"]["values"]
    assert facts["order_amount"]["range"] == ["0.00", "1000000.00"]
    assert facts["days_since_completion"]["derived"] == ["completed_on", "requested_on"]
    limits = server.ask("api/limits", {"policy": POLICY}).data["settings"]
    assert [each["name"] for each in form["settings"]] == [*limits]
    assert "no-reason-return" in form["entitlements"]


@pytest.mark.parametrize(
    ("task", "body", "detail"),
    [
        ("prove", {}, "name a `policy`, an `override`, or both"),
        ("limits", {"policy": "kuaishou/flash-purchas"}, "did you mean"),
        ("prove", {"override": {"text": "a: ["}}, "override:1:4: error: not YAML"),
        ("prove", {"override": {"text": "kind: policy"}}, "found `kind: policy`, expected"),
        ("prove", {"override": {"text": "\ud800"}}, "not UTF-8"),
        ("prove", {"override": {"text": "#" * (1 << 20 | 1)}}, "more than 1 MiB"),
        ("prove", {"overide": SELLER}, "unknown key `overide` (did you mean `override`?)"),
        ("limits", {"policy": {"text": "kind: policy"}}, "`vocabulary` is missing"),
        ("decide", {"policy": POLICY}, "`facts` is missing"),
        ("decide", {"policy": POLICY, "facts": {}, "on": "2024-02-30"}, "no day of the calendar"),
        ("setting", {"override": SELLER, "name": "x", "value": 1}, "`x` is no setting"),
        (
            "setting",
            {"override": {"text": f"{SHOP}settings: true"}, "name": "window_days", "value": 9},
            "`settings` is no map",
        ),
    ],
)
def test_what_cant_be_answered_says_why(task: str, body: Any, detail: str, server: Server) -> None:
    answer = server.ask(f"api/{task}", body)
    assert (answer.status, answer.kind) == (422, "application/problem+json")
    assert answer.data["status"] == 422
    assert detail in answer.data["detail"]


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"\xff", b"[" * 100_000, b'{"a": 1, "a": 2}', b'{"on": NaN}']
)
def test_what_is_no_json_is_said_to_be_none(raw: bytes, server: Server) -> None:
    answer = server.ask("api/prove", raw=raw)
    assert answer.status == 400
    assert answer.data["detail"].startswith("not ")
