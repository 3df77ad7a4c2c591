"""The page on architecture is true: it draws the import contract, and the files it names exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.conftest import PROJECT
from tests.docs.pages import blocks

ROOT = PROJECT / "checker"
PAGE = PROJECT / "docs" / "architecture.md"
MOST_MODULES = 15
# A folder, and a file by its name or its path, in backticks
NAMED = re.compile(r"`([\w./-]+(?:/|\.(?:py|json|js|toml)))`")

Layers = list[set[str]]


def drawn() -> dict[str, Layers]:
    """Return the layers of each package in the drawing, from the top."""
    layers: dict[str, Layers] = {}
    (drawing,) = blocks(PAGE, "text")
    for line in filter(None, drawing.splitlines()):
        name, modules = line[:12].strip(), line[12:]
        if name:
            package = name if name == "checker" else f"checker.{name}"
        layers.setdefault(package, []).append({*modules.split(" | ")})
    return layers


def enforced() -> dict[str, Layers]:
    """Return the layers of each package in the contracts, which must leave no module out."""
    settings = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layered = [contract for contract in contracts if contract["type"] == "layers"]
    assert all(contract["exhaustive"] for contract in layered)
    return {
        container: [{*layer.split(" | ")} for layer in contract["layers"]]
        for contract in layered
        for container in contract["containers"]
    }


def test_the_drawing_is_the_import_contract() -> None:
    assert drawn() == enforced()


def test_every_package_has_a_row_in_the_table() -> None:
    rows = re.findall(r"^\| (`.*?) \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    named = {name.strip("/") for row in rows for name in re.findall(r"`([^`]+)`", row)}
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    modules = {path.name for path in ROOT.glob("*.py")} - {"__init__.py", "__main__.py"}
    assert named == packages | modules


@pytest.mark.parametrize("page", [PAGE, PROJECT / "CONTRIBUTING.md"], ids=lambda page: page.name)
def test_the_files_and_folders_that_a_page_names_exist(page: Path) -> None:
    """A path begins in the project or in `checker`; a name alone is that of some file there."""
    names = {path.name for path in ROOT.rglob("*")}
    missing = {
        name
        for name in NAMED.findall(page.read_text(encoding="utf-8"))
        if not (PROJECT / name).exists()
        and not (ROOT / name).exists()
        and name.rstrip("/") not in names
    }
    assert not missing


@pytest.mark.parametrize(
    "folder",
    sorted(path.parent for path in ROOT.rglob("__init__.py")),
    ids=lambda path: str(path.relative_to(PROJECT)),
)
def test_a_folder_has_few_modules(folder: Path) -> None:
    modules = {path.name for path in folder.glob("*.py")} - {"__init__.py"}
    assert len(modules) <= MOST_MODULES
