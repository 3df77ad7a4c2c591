"""Audits of folders of overrides: each text proved once, and nothing that crashes one."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from checker.audit.settings.overrides import OverridesAudit, audit_overrides
from checker.audit.settings.overrides_source import open_overrides
from checker.audit.summary import settings_summary
from checker.language.model.schema import validator
from checker.language.resolve.library import Library, Root
from checker.language.resolve.resolver import Resolver
from tests.audit.test_settings import LAW, POLICY, VOCABULARY
from tests.worlds import DAY

Data = dict[str, Any]
SOUND: Data = {"days": 5, "used": False, "category": "general"}
REFUSES: Data = {"id": "r", "when": SOUND, "respond": "reject", "cites": ["late"]}


def override(id: str, **more: Any) -> Data:
    return {"kind": "override", "id": id, "version": "1.0.0", "policy": "rules@1", **more}


class Folder:
    """A root with the policies, and a folder of overrides beside it."""

    def __init__(self, path: Path) -> None:
        self.path = path / "sellers"
        self.root = path / "policy"
        self.path.mkdir()
        self.root.mkdir()
        for document in (VOCABULARY, POLICY, LAW):
            (self.root / f"{document['id']}.yaml").write_text(json.dumps(document))

    def put(self, name: str, data: Data | str | bytes) -> None:
        raw = data if isinstance(data, bytes | str) else json.dumps(data)
        (self.path / name).write_bytes(raw if isinstance(raw, bytes) else raw.encode())

    def audited(self, run: Any = map, on: int | None = DAY) -> OverridesAudit:
        library = Library()
        library.add_root(Root(self.root))
        resolver = Resolver(library)
        files = sorted(self.path.iterdir())
        audit = audit_overrides(
            open_overrides(files, resolver), resolver, on=on, today=DAY, run=run
        )
        summary = settings_summary(audit.outcome, "sellers", "boxes", audit.policies, resolver)
        validator("audit-summary").validate(json.loads(json.dumps(summary)))
        return audit


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def findings(audit: OverridesAudit) -> list[tuple[str, str, str]]:
    return sorted(audit.outcome.findings.select("seller", "check", "at").rows())


def test_sellers_and_findings_have_the_shape_of_tables(folder: Folder) -> None:
    folder.put("a.yaml", override("good"))
    folder.put("b.yaml", override("bad", rules=[REFUSES], settings={"wait": "3d"}))
    audit = folder.audited()
    assert findings(audit) == [
        ("bad", "rejects-required-return", "rules.r"),
        ("bad", "worse-term", "terms.review"),
    ]
    assert audit.outcome.sellers.rows() == [
        ("good", True, "", "", 0),
        ("bad", False, "rejects-required-return|worse-term", "", 2),
    ]
    first = audit.outcome.failures[0]
    assert first["counterexample"]["days"] == 5 and first["example"] == "bad"
    assert [resolved.policy.name for resolved in audit.policies] == ["rules@1.0.0"]


def test_equal_texts_are_proved_once(folder: Folder) -> None:
    for number in range(20):
        rules = [REFUSES] if number % 2 else []
        folder.put(f"{number:02}.yaml", override(f"s{number}", rules=rules, title=str(number)))
    proved: list[int] = []

    def counted(work: Any, rows: Iterable[int]) -> Any:
        proved.extend(rows)
        return map(work, rows)

    audit = folder.audited(counted)
    assert len(proved) == 2
    assert {finding[0] for finding in findings(audit)} == {f"s{n}" for n in range(1, 20, 2)}
    assert [failure["sellers"] for failure in audit.outcome.failures] == [10]


@pytest.mark.parametrize(
    ("more", "at", "message"),
    [
        ({"settings": {"window": 31}}, "settings.window", "outside of the range 0 to 30"),
        ({"settings": {"pays": True}}, "settings.pays", "is fixed by"),
        ({"settings": {"windows": 3}}, "settings.windows", "no setting of"),
        ({"rules": [{**REFUSES, "when": {"dys": 5}}]}, "rules.r.when.dys", "unknown"),
        ({"rulez": []}, "rulez", "unknown key"),
        ({"policy": "nobody@1"}, "policy", "no policy `nobody"),
    ],
    ids=str,
)
def test_a_document_in_error_is_a_finding(
    folder: Folder, more: Data, at: str, message: str
) -> None:
    folder.put("a.yaml", override("bad", **more))
    folder.put("b.yaml", override("good"))
    audit = folder.audited()
    assert findings(audit) == [("bad", "invalid-settings", at)]
    assert message in audit.outcome.findings["limit"].item()


def test_what_can_not_be_read_is_refused(folder: Folder) -> None:
    folder.put("a.yaml", "{")
    folder.put("b.yaml", b"\xff")
    folder.put("c.yaml", "kind: overide\nid: c\n")
    folder.put("d.yaml", override("good"))
    folder.put("e.yaml", override("good"))
    (folder.path / "f.yaml").mkdir()
    audit = folder.audited()
    refused = dict(audit.outcome.refused.select("row", "reason").rows())
    assert [*refused] == [1, 2, 3, 5, 6]
    assert "a.yaml" in refused[1] and "not UTF-8" in refused[2] and "overide" in refused[3]
    assert "here twice" in refused[5] and "no regular file" in refused[6]
    assert audit.outcome.rows_read == 6 and audit.outcome.sellers.height == 1


def test_other_documents_are_passed_over(folder: Folder) -> None:
    folder.put("a.yaml", {**LAW, "id": "another-law"})
    assert folder.audited().outcome.rows_read == 0


def test_what_is_accepted_is_no_finding_and_no_errors_can_be(folder: Folder) -> None:
    defers = [{"id": "d", "when": {"days": 5}, "respond": "manual"}]
    accepted = [{"check": "defers-required-return", "why": "asked for"}]
    folder.put("a.yaml", override("asks", rules=defers))
    folder.put("b.yaml", override("may", rules=defers, accept=accepted))
    accepted = [{"check": "rejects-required-return", "why": "no"}]
    folder.put("c.yaml", override("must-not", rules=[REFUSES], accept=accepted))
    assert findings(folder.audited()) == [
        ("asks", "defers-required-return", "rules.d"),
        ("must-not", "rejects-required-return", "rules.r"),
    ]


def test_every_version_of_its_period_counts(folder: Folder) -> None:
    stricter = {**POLICY, "version": "1.1.0", "effective": {"from": "2025-01-01"}}
    stricter["terms"] = {**POLICY["terms"], "cost": {**POLICY["terms"]["cost"]}}
    stricter["parameters"] = {**POLICY["parameters"], "wait": {"type": "duration", "default": "1d"}}
    (folder.root / "rules2.yaml").write_text(json.dumps(stricter))
    folder.put("a.yaml", override("a", settings={"wait": "2d"}))
    assert findings(folder.audited()) == []
    audit = folder.audited(on=None)
    assert findings(audit) == [("a", "worse-term", "terms.review")]
    assert [resolved.policy.name for resolved in audit.policies] == ["rules@1.0.0", "rules@1.1.0"]
