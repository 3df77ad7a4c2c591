"""The requests on the handbook's page are answered as it shows."""

from __future__ import annotations

import json
import shlex
from itertools import pairwise
from typing import Any

import pytest

from tests.conftest import PROJECT
from tests.docs.pages import all_blocks, commands
from tests.serve.server import Answer, Server, served

BLOCKS = all_blocks(PROJECT / "docs" / "playground.md")
ASKED = [
    (command.line, json.loads(after.text))
    for block, after in pairwise(BLOCKS)
    for command in commands(block)
    if command.line.startswith("curl ")
]
ADDRESS = "http://127.0.0.1:8765/"


@pytest.fixture(scope="module")
def own() -> Any:
    with served(roots=()) as running:
        yield running


def _ask(server: Server, line: str) -> Answer:
    """Return the answer to a call of curl, whose body stands in the lines below."""
    call, *body, _ = line.splitlines()
    _, address, *options = shlex.split(call)
    assert options == ["--json", "@-", "<<END"]
    return server.ask(address.removeprefix(ADDRESS), json.loads("\n".join(body)))


def _shown_in(shown: Any, answer: Any) -> bool:
    """Return whether an answer has what is shown of it; objects may have more."""
    if isinstance(shown, dict):
        return all(key in answer and _shown_in(shown[key], answer[key]) for key in shown)
    if isinstance(shown, list):
        return len(shown) == len(answer) and all(map(_shown_in, shown, answer))
    return bool(shown == answer)


@pytest.mark.parametrize(("line", "shown"), ASKED)
def test_requests_are_answered_as_shown(line: str, shown: Any, own: Server) -> None:
    answer = _ask(own, line)
    assert _shown_in(shown, answer.data), answer.text


def test_the_page_has_requests_and_names_every_address(own: Server) -> None:
    assert len(ASKED) == 4
    text = (PROJECT / "docs" / "playground.md").read_text(encoding="utf-8")
    for path, methods in own.ask("api/openapi.json").data["paths"].items():
        for method in methods:
            assert f"`{method.upper()} {path}`" in text
