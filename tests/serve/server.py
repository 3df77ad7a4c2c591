"""A server of the playground, started as a person starts it, and what asks it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from tests.conftest import PROJECT
from tests.waiting import HANGS

POLICY = "kuaishou/flash-purchase@2.0.0"
SELLER = "examples/refuses-opened@1.0.0"
ROOTS = (Path("policy"), Path("examples/3-sellers/policy"))


@dataclass(frozen=True)
class Answer:
    status: int
    kind: str
    headers: Any
    text: str

    @property
    def data(self) -> Any:
        return json.loads(self.text)


@dataclass(frozen=True)
class Server:
    process: subprocess.Popen[str]
    url: str
    said: str  # on standard error, up to the address

    def ask(
        self, path: str, body: Any = None, *, raw: bytes | None = None, **headers: str
    ) -> Answer:
        """Return the answer to a GET, or to the POST of a body; `_` in a header's name is `-`."""
        data = raw if body is None else json.dumps(body).encode()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self.url + path, data, {"content-type": "application/json", **named})
        try:
            with urlopen(request, timeout=HANGS) as found:
                return _answer(found)
        except HTTPError as error:
            with error:
                return _answer(error)


def _answer(found: Any) -> Answer:
    kind = found.headers.get_content_type()
    return Answer(found.status, kind, found.headers, found.read().decode())


@contextmanager
def served(*arguments: str, roots: tuple[Path, ...] = ROOTS) -> Iterator[Server]:
    """Give a server of the roots; in the end it must stop when it is told to, without a word."""
    named = [text for root in roots for text in ("--root", str(root))]
    command = [sys.executable, "-m", "checker", "serve", "--no-open", *named, *arguments]
    process = subprocess.Popen(command, cwd=PROJECT, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        said = ""
        while not (found := re.search(r"^serving (\S+/) ", said, re.MULTILINE)):
            line = process.stderr.readline()
            assert line, said
            said += line
        yield Server(process, found[1], said)
        process.terminate()
        assert process.stderr.read() == ""
        process.wait(HANGS)
    finally:
        process.kill()
        process.wait()
        process.stderr.close()
