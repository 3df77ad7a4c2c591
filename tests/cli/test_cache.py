"""Remembered results: equal to fresh ones, byte by byte, and believed only from this user."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from checker.analysis.check.examiner import Examiner
from checker.analysis.check.findings import Examined
from checker.cli.cache import store
from checker.cli.cache.store import FOLDER
from checker.language.syntax.documents import Document
from tests.commands import Result, checker
from tests.conftest import PROJECT

POLICY = """\
kind: policy
id: market/rules
version: {version}
effective: {{from: {day}}}
vocabulary: returns
upholds: [cn/consumer-returns]
parameters:
  days: {{type: integer, range: [0, 60], default: {number}, basis: assumption}}
grounds:
  opened: {{when: {{opened: true}}, basis: assumption}}
entitlements:
  early: {{when: {{days_since_completion: {{at_most: {{param: days}}}}}}, basis: assumption}}
otherwise: negotiate
"""
SELLER = """\
kind: override
id: market/{id}
version: 1.0.0
policy: market/rules
effective: {{from: 2025-01-01}}
settings: {{days: {number}}}
rules:
  - {{id: first, when: {{{test}: true}}, respond: reject, cites: [opened]}}
otherwise: follow
"""
CASES = """\
kind: cases
policy: market/rules
cases:
  - {{id: one, facts: {{opened: {fact}}}, expect: {{verdict: {verdict}}}}}
"""


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A working directory with a folder `policy`, for a user with a key of their own."""
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / "work" / "policy").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "work")
    yield tmp_path / "work"


def edit(random: Random, policy: Path) -> None:
    """Change the repository: a document is written, renamed, copied or removed."""
    files = sorted(policy.rglob("*.yaml"))
    kind = random.choice(["policy", "seller", "seller", "cases", "remove", "rename", "copy", "odd"])
    number, name = random.randint(0, 20), f"shop-{random.randint(1, 3)}"
    if kind == "policy":
        version, day = random.choice(["1.0.0", "1.1.0", "2.0.0"]), random.choice([2024, 2026])
        text = POLICY.format(version=version, day=f"{day}-01-01", number=number)
        (policy / f"rules-{version}.yaml").write_text(text)
    elif kind == "seller":
        test = random.choice(["opened", "used", "swapped", "nonsense"])
        (policy / f"{name}.yaml").write_text(SELLER.format(id=name, number=number, test=test))
    elif kind == "cases":
        fact, verdict = random.choice(["true", "7"]), random.choice(["must_accept", "negotiate"])
        (policy / "cases.yaml").write_text(CASES.format(fact=fact, verdict=verdict))
    elif kind == "odd":
        (policy / "odd.yaml").write_text(random.choice(["kind: [", 'id: "\\x61"\nkind: policy\n']))
    elif files:
        file = random.choice(files)
        if kind == "remove":
            file.unlink()
        else:
            other = policy / f"other-{number}.yaml"
            (shutil.copy if kind == "copy" else shutil.move)(file, other)


def test_results_are_equal_over_drawn_edits(root: Path) -> None:
    random, remembered = Random(5), 0
    for _ in range(25):
        edit(random, root / "policy")
        if not any((root / "policy").iterdir()):
            continue
        on = random.choice([[], [], ["--on", "2026-03-01"]])
        form = ["--format", random.choice(["text", "json"])]
        command = random.choice([["check"], ["test", "--examples", "5"]])
        with_cache = checker(*command, *on, *form)
        again = checker(*command, *on, *form)
        fresh = checker(*command, *on, *form, "--no-cache")
        assert with_cache == fresh
        assert again == fresh
        remembered += (root / FOLDER).is_dir()
    assert remembered > 15


def test_only_what_changed_is_examined(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    policy = root / "policy"
    (policy / "rules.yaml").write_text(POLICY.format(version="1.0.0", day="2025-01-01", number=7))
    for number in range(3):
        text = SELLER.format(id=f"shop-{number}", number=9, test="opened")
        (policy / f"{number}.yaml").write_text(text)
    first, examined = checker("check"), []

    def checked(examiner: Examiner, document: Document) -> Examined:
        examined.append(document.file)
        return original(examiner, document)

    original = Examiner.checked
    monkeypatch.setattr(Examiner, "checked", checked)
    assert checker("check") == first
    assert examined == []
    (policy / "2.yaml").write_text((policy / "2.yaml").read_text() + "# a comment\n")
    assert checker("check") == first
    assert examined == ["policy/2.yaml"]
    (policy / "rules.yaml").write_text((policy / "rules.yaml").read_text() + "# a comment\n")
    assert checker("check") == first
    assert len(examined) == 5


@pytest.fixture
def failing(root: Path) -> Result:
    """What a seller's document with an error comes to, which is remembered."""
    shutil.copy(PROJECT / "examples/3-sellers/policy/short-window.yaml", root / "policy")
    result = checker("check")
    assert result.status == 1
    return result


def kept(root: Path) -> Path:
    (file,) = (root / FOLDER).glob("*.json")
    return file


def test_forged_and_broken_files_are_passed_over(root: Path, failing: Result) -> None:
    file = kept(root)
    genuine = file.read_bytes()
    code, _, payload = genuine.partition(b"\n")
    nothing_found = [
        [key, [*result[:2], ["list"], *result[3:]]] for key, result in json.loads(payload)
    ]
    forgeries = [
        code + b"\n" + json.dumps(nothing_found).encode(),
        json.dumps(nothing_found).encode(),
        b"",
        genuine[:-20],
        genuine[:10],
        b"\xff" * 100,
        b"[" * 100_000,
        code + b"\n" + payload.replace(b"error", b"valid"),
    ]
    for forgery in forgeries:
        file.write_bytes(forgery)
        assert checker("check") == failing


def test_a_file_of_somebody_else_is_passed_over(
    root: Path, failing: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = kept(root)
    monkeypatch.setenv("XDG_STATE_HOME", str(root.parent / "other"))
    monkeypatch.setattr(store.json, "loads", lambda _: pytest.fail("parsed a stranger's file"))
    assert store.open_store(root / FOLDER, file.name).results == {}  # type: ignore[union-attr]


def test_nothing_is_written_through_links(root: Path, failing: Result) -> None:
    shutil.rmtree(root / FOLDER)
    victim = root.parent / "victim"
    victim.mkdir()
    (victim / f"{'0' * 32}.json").write_text("precious")
    (root / FOLDER).symlink_to(victim)
    assert checker("check") == failing
    assert checker("cache", "clear").out == "removed 0 files of results\n"
    assert [path.read_text() for path in victim.iterdir()] == ["precious"]
    (root / FOLDER).unlink()
    (root / FOLDER).mkdir()
    checker("check")
    name = kept(root).name
    kept(root).unlink()
    (root / FOLDER / name).symlink_to(victim / f"{'0' * 32}.json")
    assert checker("check") == failing
    assert (victim / f"{'0' * 32}.json").read_text() == "precious"
    kept(root).unlink()
    os.mkfifo(root / FOLDER / name)
    assert checker("check") == failing


def test_it_keeps_to_itself(root: Path, failing: Result) -> None:
    assert (root / FOLDER / ".gitignore").read_text() == "*\n"
    assert (root / FOLDER / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172")
    key = root.parent / "state" / "returns-checker" / "cache-key"
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    shutil.rmtree(root / FOLDER)
    assert checker("check") == failing  # a key that others can read is none
    assert not (root / FOLDER).exists()


def test_it_is_bounded_and_cleared(root: Path, failing: Result) -> None:
    for seed in range(store.MAX_FILES + 3):
        checker("check", "--seed", seed)
    assert len([*(root / FOLDER).glob("*.json")]) == store.MAX_FILES
    (root / FOLDER / "notes.txt").write_text("mine")
    assert checker("cache", "clear").out == f"removed {store.MAX_FILES} files of results\n"
    assert [path.name for path in (root / FOLDER).iterdir()] == ["notes.txt"]


def test_results_beyond_the_size_go_oldest_first(
    root: Path, failing: Result, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "MAX_BYTES", 3000)
    results = store.open_store(root / FOLDER, f"{'1' * 32}.json")
    assert results
    for number in range(5):
        results.put(f"key-{number}", "x" * 700)
    results.get("key-0")
    results.save()
    results.load()
    assert [*results.results] == ["key-4", "key-0"]


def test_it_is_optional(root: Path, failing: Result) -> None:
    shutil.rmtree(root / FOLDER)
    checker("check", "--no-cache")
    assert not (root / FOLDER).exists()
    (root / FOLDER).write_text("a file")
    assert checker("check") == failing
