"""The lock files agree with pyproject.toml, with each other and with the commands that use them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import PROJECT
from tests.docs.pages import blocks

METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = METADATA["project"]["optional-dependencies"]
LOCKS = ["build", "run", "dev", "lowest"]
HASHES = r"(?: \\\n    --hash=sha256:[0-9a-f]{64})+\n"
PINNED = re.compile(rf"([\w.-]+)(?:\[[\w,]+\])?==([\w.]+)(?: ; [^\\\n]+)?{HASHES}")


@cache
def locked(name: str) -> dict[str, set[str]]:
    """Return the versions of each package in a lock file: more than one where Pythons differ."""
    versions: dict[str, set[str]] = {}
    for package, version in PINNED.findall((PROJECT / f"requirements/{name}.txt").read_text()):
        versions.setdefault(canonicalize_name(package), set()).add(version)
    return versions


def required(*extras: str) -> Iterator[Requirement]:
    """Yield what pyproject.toml requires of others, to build, to run and for the extras."""
    texts = [*METADATA["build-system"]["requires"], *METADATA["project"]["dependencies"]]
    for text in [*texts, *(text for extra in extras for text in EXTRAS[extra])]:
        requirement = Requirement(text)
        if requirement.name == METADATA["project"]["name"]:
            yield from required(*requirement.extras)
        else:
            yield requirement


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_holds_versions_with_hashes_and_nothing_else(name: str) -> None:
    text = (PROJECT / f"requirements/{name}.txt").read_text()
    assert PINNED.sub("", text) == "" and locked(name)


@pytest.mark.parametrize(("name", "extras"), [("run", ()), ("dev", ("dev",)), ("lowest", ("dev",))])
def test_what_is_required_is_locked(name: str, extras: tuple[str, ...]) -> None:
    for requirement in required(*extras):
        versions = locked(name)[canonicalize_name(requirement.name)]
        assert all(requirement.specifier.contains(each) for each in versions), requirement


@pytest.mark.parametrize("name", ["build", "run"])
def test_what_is_in_two_lock_files_has_one_version(name: str) -> None:
    for package in locked(name).keys() & locked("dev").keys():
        assert locked(name)[package] <= locked("dev")[package]


def test_the_bounds_are_the_lowest_versions_that_are_tested() -> None:
    for requirement in required("dev"):
        (bound,) = requirement.specifier
        (version,) = locked("lowest")[canonicalize_name(requirement.name)]
        first = bound.version if bound.operator == ">=" else version
        assert f"{version}.".startswith(f"{first}."), f"{requirement} is tested with {version}"


def test_the_readme_and_the_checks_install_what_is_locked() -> None:
    for command in blocks(PROJECT / "README.md", "sh")[:2]:
        steps = [step.partition("pip install ")[2] for step in command.split(" && ")]
        *files, checkout = [step for step in steps if step]
        assert checkout == "-q --no-deps --no-build-isolation -e ."
        assert all((PROJECT / file.split(" -r ")[1]).exists() for file in files)
    run = (PROJECT / ".ci/run").read_text().replace('"requirements/$2.txt"', "requirements/dev.txt")
    assert [step for step in steps if step] == re.findall(r"pip install (-q .*?)(?: &&)?\n", run)[
        :3
    ]
