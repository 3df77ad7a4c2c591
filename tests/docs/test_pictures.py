"""The pictures of the README: all are shown and small, and the terminal says what is printed."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

from tests.conftest import PROJECT

FOLDER = PROJECT / "docs" / "pictures"
LARGEST = 250_000  # bytes, as each clone of the project has them


@pytest.fixture(name="make", scope="module")
def _make() -> ModuleType:
    specification = importlib.util.spec_from_file_location("make", FOLDER / "make.py")
    assert specification and specification.loader
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


def words(svg: str) -> list[str]:
    """Return what a picture of text says, whatever its layout."""
    return " ".join(ElementTree.fromstring(svg).itertext()).split()


def test_the_terminal_shows_what_is_printed(make: ModuleType) -> None:
    shown = (FOLDER / "proof.svg").read_text(encoding="utf-8")
    assert words(shown) == words(make.terminal()), "run `python docs/pictures/make.py`"
    assert "url(http" not in shown and str(PROJECT) not in shown


def test_the_readme_shows_every_picture_and_each_is_small() -> None:
    shown = re.findall(r"!\[[^]]+\]\(([^)]+)\)", (PROJECT / "README.md").read_text("utf-8"))
    made = [path for path in FOLDER.iterdir() if path.suffix in (".svg", ".png")]
    assert {PROJECT / Path(name) for name in shown} == {*made}
    assert all(path.stat().st_size <= LARGEST for path in made)
