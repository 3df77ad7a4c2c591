"""`repair`: diffs that other tools take, files written or left alone, messages, exit status."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from checker.cli import output_files
from checker.cli.output_files import write
from checker.language.syntax.documents import read_document
from checker.language.syntax.problems import UsageError
from tests.commands import checker
from tests.conftest import PROJECT

SELLERS = PROJECT / "examples" / "3-sellers" / "policy"
BAD = ("short-window", "refuses-opened", "refuses-categories", "without-ground", "slow-review")
SHORT = """\
# the shop on the corner
kind: override
id: corner
version: 1.0.0
policy: kuaishou/flash-purchase@2
effective: {from: 2024-09-01}
settings:
  window_days: 5   # too short
  review_limit: 24h
"""


@pytest.fixture(autouse=True)
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a working directory with the sellers of the third example."""
    shutil.copytree(SELLERS, tmp_path / "policy")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def applied(diff: str, folder: Path, *program: str) -> None:
    done = subprocess.run(
        program, input=diff.encode(), cwd=folder, capture_output=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("name", BAD)
def test_each_wrong_seller_is_repaired(name: str, shop: Path) -> None:
    path = Path("policy", f"{name}.yaml")
    before = path.read_text(encoding="utf-8").splitlines()
    assert checker("prove", path).status == 1
    result = checker("repair", path)
    assert result.status == 1
    assert result.err.startswith(f"{path}: `")
    assert path.read_text(encoding="utf-8").splitlines() == before
    applied(result.out, shop, "git", "apply", "-")
    after = path.read_text(encoding="utf-8").splitlines()
    assert len([line for line in before if line not in after]) <= 1
    assert checker("prove", path, "--strict").status == 0
    assert checker("repair", path).err == f"{path}: nothing to repair\n"


def test_every_override_of_a_folder_is_written(shop: Path) -> None:
    result = checker("repair", "--all", "--write", "policy", "--format", "json")
    assert (result.status, result.err.count(": written\n")) == (0, 5)
    found = {each["document"]: each for each in map(json.loads, result.out.splitlines())}
    assert len(found) == 6 and all(each["repaired"] for each in found.values())
    short = found["examples/short-window@1.0.0"]
    assert short["edits"] == [{"at": "settings.window_days", "change": "`5` becomes `7`"}]
    assert short["emptied"] == [] and short["diff"].startswith("--- a/policy/short-window.yaml\n")
    assert found["examples/careful-shop@1.0.0"]["edits"] == []
    assert checker("prove", "policy", "--strict").status == 0
    assert checker("repair", "--all").out == ""


def test_an_override_is_named_by_reference() -> None:
    result = checker("repair", "examples/slow-review", "--on", "2024-10-01")
    assert (result.status, "+settings: {review_limit: 48h}\n" in result.out) == (1, True)
    assert checker("repair", "examples/slow-review@1", "--write").status == 0
    assert checker("prove", "policy/slow-review.yaml").status == 0


@pytest.mark.parametrize("program", [("git", "apply", "-"), ("patch", "-p1")], ids=["git", "patch"])
@pytest.mark.parametrize(
    "raw",
    [
        SHORT.encode(),
        SHORT.replace("\n", "\r\n").encode(),
        b"\xef\xbb\xbf" + SHORT.encode(),
        SHORT.replace("  review_limit: 24h\n", "  review_limit: 72h").encode(),
        SHORT.replace("id: corner", 'id: corner\ntitle: "街角 😀"').encode(),
    ],
    ids=["plain", "CRLF", "BOM", "no line break at the end", "Chinese"],
)
def test_the_diff_and_what_is_written_are_the_same(
    raw: bytes, program: tuple[str, ...], shop: Path
) -> None:
    if not shutil.which(program[0]):
        pytest.skip(f"{program[0]} is not installed")
    path = Path("policy", "the corner.yaml")
    path.write_bytes(raw)
    result = checker("repair", path)
    assert result.status == 1, result.err
    program = (*program, "--binary") if program[0] == "patch" else program
    applied(result.out, shop, *program)
    patched = path.read_bytes()
    assert patched.replace(b" 7 ", b" 5 ").replace(b"48h", b"72h") == raw
    path.write_bytes(raw)
    path.chmod(0o640)
    assert checker("repair", path, "--write").status == 0
    assert path.read_bytes() == patched
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(os.listdir("policy")) == sorted([*os.listdir(SELLERS), "the corner.yaml"])


MESSAGES = {
    "nothing named": (
        (),
        "checker: no override is named: name a file or a reference, or add --all",
    ),
    "a folder": (
        ("policy",),
        "checker: policy is a folder: add --all to repair every override in it",
    ),
    "a typo": (
        ("examples/short-windw",),
        "checker: no override `examples/short-windw` (did you mean `examples/short-window`?)",
    ),
    "no file": (("policy/nowhere.yaml",), "checker: policy/nowhere.yaml: no such file"),
    "not in force": (
        ("examples/short-window", "--on", "2020-01-01"),
        "checker: no version of the override `examples/short-window` is in force on 2020-01-01",
    ),
    "a policy": (
        ("law.yaml",),
        "checker: law.yaml: found `kind: policy`, expected `kind: override`",
    ),
    "no overrides": (
        ("--all", "others"),
        "checker: found no overrides: no document has `kind: override`",
    ),
    "no folder": (("--all", "nowhere"), "checker: nowhere: no such file or folder"),
}


@pytest.mark.parametrize(("arguments", "message"), MESSAGES.values(), ids=MESSAGES)
def test_calls_that_can_not_be_used(arguments: tuple[str, ...], message: str) -> None:
    law = PROJECT / "policy" / "law" / "cn" / "consumer-returns.yaml"
    Path("law.yaml").write_bytes(law.read_bytes().replace(b"1.0.0", b"1.0.9"))
    Path("others").mkdir()
    Path("others", "law.yaml").write_bytes(law.read_bytes().replace(b"1.0.0", b"1.0.8"))
    result = checker("repair", *arguments)
    assert (result.status, result.out, result.err) == (2, "", f"{message}\n")


FAULTS = {
    "not YAML": ("kind: [override\n", "shop.yaml:1:7: error: not YAML"),
    "no shape": (SHORT + "rules: [{id: a}]\n", "shop.yaml:10:9: error: `when` is missing"),
    "no setting": (
        SHORT.replace("window_days", "windw_days"),
        "shop.yaml:8:3: error: `windw_days` is no setting of `kuaishou/flash-purchase@2.0.0`",
    ),
    "no policy": (
        SHORT.replace("flash-purchase", "flash-purchas"),
        "shop.yaml:5:9: error: no policy `kuaishou/flash-purchas` (did you mean",
    ),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_documents_with_errors_of_their_own(text: str, message: str) -> None:
    Path("shop.yaml").write_text(text, encoding="utf-8")
    result = checker("repair", "shop.yaml")
    assert result.status == 1 and result.out == ""
    assert result.err.startswith(message), result.err


def test_what_can_not_be_repaired_is_said() -> None:
    shared = SHORT.replace("24h", "&long 72h") + "title: *long\n"
    Path("shop.yaml").write_text(shared, encoding="utf-8")
    result = checker("repair", "shop.yaml", "--write", "--format", "json")
    assert result.status == 1
    assert result.err.startswith("shop.yaml: found no repair: none of 0 edits that were tried")
    assert "`settings.review_limit` can't be changed in place" in result.err
    (found,) = map(json.loads, result.out.splitlines())
    assert found == {
        "document": "corner@1.0.0",
        "repaired": False,
        "edits": [],
        "emptied": [],
        "diff": "",
    }
    assert Path("shop.yaml").read_text(encoding="utf-8") == shared


def test_a_file_that_is_read_only_is_left_alone() -> None:
    path = Path("policy", "short-window.yaml")
    path.chmod(0o444)
    before = path.read_bytes()
    result = checker("repair", path, "policy/slow-review.yaml", "--write")
    assert result.status == 2
    assert f"checker: {path} can't be written: it is read-only\n" in result.err
    assert path.read_bytes() == before
    assert checker("prove", "policy/slow-review.yaml").status == 0, "the others are still written"


def test_a_file_that_came_with_the_program_is_left_alone(
    shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output_files, "data_folder", lambda _: shop / "policy")
    path = shop / "policy" / "short-window.yaml"
    assert checker("repair", path, "--write", "--root", PROJECT / "policy").status == 2
    monkeypatch.chdir("/")
    result = checker("repair", path, "--write")
    assert f"checker: {path} came with the program, and is not written\n" in result.err
    assert path.read_bytes() == (SELLERS / path.name).read_bytes()
    assert checker("repair", path, "--write", "--root", shop / "policy").status == 0, "own root"


def test_a_file_that_changed_meanwhile_is_left_alone() -> None:
    path = Path("policy", "short-window.yaml")
    document, _ = read_document(path)
    assert document
    path.write_text(SHORT, encoding="utf-8")
    with pytest.raises(UsageError, match=r"has changed while it was looked at"):
        write(document, "kind: override\n", [])
    assert path.read_text(encoding="utf-8") == SHORT


def test_nothing_is_written_in_part(monkeypatch: pytest.MonkeyPatch) -> None:
    path = Path("policy", "short-window.yaml")
    before = path.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    result = checker("repair", path, "--write")
    assert result.status == 2
    assert result.err.endswith(f"checker: {path} can't be written: no space left on device\n")
    assert path.read_bytes() == before
    assert len(os.listdir("policy")) == len(os.listdir(SELLERS))
