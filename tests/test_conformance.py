"""The conformance suite: data that every reading is held against (tests/conformance).

Each group is a world and cases with what is decided of them; or a document that is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.evaluate.interpreter import INTERPRETED
from checker.language.resolve.facts import BadCase
from checker.language.syntax.parser import compose
from tests import reference
from tests.worlds import decider, problems

FOLDER = Path(__file__).parent / "conformance"
CONDITION = {True: "must_accept", None: "unknown"}


def groups() -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    for path in sorted(FOLDER.glob("*.yaml")):
        data, _ = compose(path.read_text(encoding="utf-8"))
        for group in data["groups"]:
            yield path.stem, data, group


def world_of(file: dict[str, Any], group: dict[str, Any]) -> reference.World:
    """Return the group's world, with what every document has filled in."""
    vocabulary = _filled("vocabulary", "returns", group.get("vocabulary") or file["vocabulary"])
    upholds = [
        _filled("policy", each["id"], {"vocabulary": "returns@1", **each})
        for each in group.get("upholds", [])
    ]
    policy = dict(group.get("policy", {}))
    if "condition" in group:
        keys = ("parameters", "definitions", "grounds")
        policy = {key: group[key] for key in keys if key in group}
        policy["entitlements"] = {"it": {"when": group["condition"]}}
    policy = _filled("policy", "platform", {"vocabulary": "returns@1", **policy})
    if upholds:
        policy["upholds"] = [each["id"] for each in upholds]
    override = None
    if "override" in group:
        override = _filled("override", "shop", {"policy": "platform", **group["override"]})
    calendars = {
        each["id"]: _filled("calendar", each["id"], each) for each in group.get("calendars", [])
    }
    return reference.World(vocabulary, policy, upholds, override, calendars)


def _filled(kind: str, id: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"kind": kind, "id": id, "version": "1.0.0", **data}


def documents(resolved: reference.World) -> list[dict[str, Any]]:
    found = [resolved.vocabulary, *resolved.calendars.values(), resolved.policy, *resolved.upholds]
    return [*found, resolved.override] if resolved.override else found


def compiled(resolved: reference.World, stated: dict[str, Any]) -> dict[str, Any]:
    read = decider(resolved)
    return read.decide(read.admit(stated)).as_json("case")


def interpreted(resolved: reference.World, stated: dict[str, Any]) -> dict[str, Any]:
    read = replace(decider(resolved), backend=INTERPRETED)
    return read.decide(read.admit(stated)).as_json("case")


# Every reading: how it decides, and what it raises of a case that is refused.
READINGS = {
    "compiled": (compiled, BadCase),
    "interpreted": (interpreted, BadCase),
    "reference": (reference.decide, reference.Refused),
}

DECIDED = [
    pytest.param(file, group, test, id=f"{stem}: {group['name']}: {test['name']}")
    for stem, file, group in groups()
    for test in group.get("tests", [])
]
REFUSED = [
    pytest.param(file, group, id=f"{stem}: {group['name']}")
    for stem, file, group in groups()
    if "refused" in group
]


@pytest.mark.parametrize("reading", READINGS)
@pytest.mark.parametrize(("file", "group", "test"), DECIDED)
def test_decision(
    file: dict[str, Any], group: dict[str, Any], test: dict[str, Any], reading: str
) -> None:
    decide, refusal = READINGS[reading]
    resolved = world_of(file, group)
    if "error" in test:
        with pytest.raises(refusal) as raised:
            decide(resolved, test["facts"])
        if reading != "reference":
            assert test["error"] in str(raised.value)
        return
    found = decide(resolved, test["facts"])
    if "condition" in group:
        expected = True if test["expect"] == "true" else test["expect"]
        assert ("it" in found["entitlements"]) == (expected is True)
        assert (found["verdict"] == "unknown") == (expected == "unknown")
        return
    for key, expected in test["expect"].items():
        if key.startswith("all_"):
            assert found[key.removeprefix("all_")] == expected
        elif key in ("terms", "seller_terms") and expected is not None:
            assert {name: found[key][name] for name in expected} == expected
        else:
            assert found[key] == expected


@pytest.mark.parametrize(("file", "group"), REFUSED)
def test_document_is_refused(file: dict[str, Any], group: dict[str, Any]) -> None:
    found = problems(documents(world_of(file, group)))
    messages = [
        f"{each.at}: {each.message} {each.help or ''}" for each in found if each.severity == "error"
    ]
    assert any(group["refused"] in message for message in messages), messages
    assert all(each.position.line > 0 for each in found)


def test_documents_that_are_decided_have_no_errors() -> None:
    for stem, file, group in groups():
        if "tests" in group:
            found = problems(documents(world_of(file, group)))
            errors = [str(each) for each in found if each.severity == "error"]
            assert not errors, f"{stem}: {group['name']}: {errors}"


def test_the_suite_is_sound() -> None:
    names = [group["name"] for _, _, group in groups()]
    assert len(names) == len({*names})
    for _, _, group in groups():
        assert ("tests" in group) != ("refused" in group), group["name"]
        tests = [test["name"] for test in group.get("tests", [])]
        assert len(tests) == len({*tests}), group["name"]
    checks = len(DECIDED) + len(REFUSED)
    print(f"\n{checks} conformance checks in {len(names)} groups, read by {', '.join(READINGS)}")
    assert checks >= 250
