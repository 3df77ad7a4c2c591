"""Fixtures of the tests of the playground and its API."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.report.browsing import browser
from tests.serve.server import Server, served
from tests.serve.visiting import visit

__all__ = ["browser", "visit"]


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    with served() as running:
        yield running
