"""What the tests share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--worlds", type=int, default=300, help="How many worlds the properties draw.")


@pytest.fixture
def worlds_to_draw(request: pytest.FixtureRequest) -> int:
    count: int = request.config.getoption("--worlds")
    return count


@pytest.fixture
def project() -> Path:
    """Return the checkout's folder."""
    return PROJECT


@pytest.fixture
def in_project(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run the test in the checkout's folder."""
    monkeypatch.chdir(PROJECT)
    yield
    assert os.getcwd()
