"""Editing with yaml-language-server: completion and diagnostics by the schemas, headless."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from tests.conftest import PROJECT

pytestmark = pytest.mark.slow
SERVER = "yaml-language-server@1.25.0"


class Client:
    """As much of an editor as it takes: the language server protocol over pipes."""

    def __init__(self, command: list[str]) -> None:
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL)
        assert self.process.stdin and self.process.stdout
        self.to: IO[bytes] = self.process.stdin
        self.of: IO[bytes] = self.process.stdout
        self.number = 0

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        self.write(message if number is None else {**message, "id": number})

    def write(self, message: dict[str, Any]) -> None:
        body = json.dumps(message).encode()
        self.to.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.to.flush()

    def read(self) -> dict[str, Any]:
        length = 0
        while line := self.of.readline().strip():
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        message: dict[str, Any] = json.loads(self.of.read(length))
        if "id" in message and "method" in message:  # the server asks; nothing is configured
            count = len(message.get("params", {}).get("items", [0]))
            self.write({"jsonrpc": "2.0", "id": message["id"], "result": [{}] * count})
        return message

    def ask(self, method: str, params: Any) -> Any:
        self.number += 1
        self.send(method, params, self.number)
        while True:
            message = self.read()
            if message.get("id") == self.number and "method" not in message:
                return message["result"]

    def open(self, path: Path, text: str) -> list[str]:
        """Open the document with `text`; return the diagnostics as `line: message`."""
        item = {"uri": path.as_uri(), "languageId": "yaml", "version": 1, "text": text}
        self.send("textDocument/didOpen", {"textDocument": item})
        while True:
            message = self.read()
            params = message.get("params", {})
            of_file = isinstance(params, dict) and params.get("uri") == path.as_uri()
            if message.get("method") == "textDocument/publishDiagnostics" and of_file:
                found = params["diagnostics"]
                return [
                    f"{each['range']['start']['line'] + 1}: {each['message']}" for each in found
                ]

    def complete(self, path: Path, line: int, column: int) -> set[str]:
        """Return what is offered at a place, counted from 0."""
        position = {"line": line, "character": column}
        document = {"uri": path.as_uri()}
        found = self.ask(
            "textDocument/completion", {"textDocument": document, "position": position}
        )
        items = found["items"] if isinstance(found, dict) else found
        return {item["label"] for item in items}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """Start the server, installed by npm into the checkout's build folder."""
    npm = shutil.which("npm")
    assert npm, "this test needs Node.js with npm"
    folder = PROJECT / "build" / "editor"
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    # The tests of this file may be spread over several workers: npm can't install into one folder
    # for two of them at once.
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not script.exists():
            install = [npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", SERVER]
            installed = subprocess.run(install, check=False, capture_output=True, text=True)
            assert installed.returncode == 0, installed.stderr
    editor = Client([str(shutil.which("node")), str(script), "--stdio"])
    root = PROJECT.as_uri()
    folders = [{"uri": root, "name": "project"}]
    options = {"processId": os.getpid(), "rootUri": root, "capabilities": {}}
    editor.ask("initialize", {**options, "workspaceFolders": folders})
    editor.send("initialized", {})
    settings = {"yaml": {"validate": True, "completion": True, "schemaStore": {"enable": False}}}
    editor.send("workspace/didChangeConfiguration", {"settings": settings})
    yield editor
    editor.process.kill()
    editor.process.wait()
    editor.to.close()
    editor.of.close()


SELLER = PROJECT / "policy" / "sellers" / "steady-shop.yaml"
POLICY = PROJECT / "policy" / "platform" / "kuaishou" / "flash-purchase.yaml"
EXCHANGE = PROJECT / "policy" / "exchange" / "eu" / "consumer-withdrawal.yaml"


def beside(path: Path, name: str) -> Path:
    return path.with_name(name)


@pytest.mark.parametrize("path", [SELLER, POLICY, EXCHANGE])
def test_a_good_document_has_no_diagnostics(client: Client, path: Path) -> None:
    assert client.open(path, path.read_text(encoding="utf-8")) == []


def test_mistakes_are_shown_where_they_are(client: Client) -> None:
    text = SELLER.read_text(encoding="utf-8")
    text = text.replace("version: 1.0.0", "version: 1.0").replace("otherwise:", "otherwse:")
    text += "rules:\n  - {id: a, when: {days: {at_lest: 3}}, respond: reject}\n"
    found = client.open(beside(SELLER, "wrong.yaml"), text)
    lines = {each.partition(":")[0] for each in found}
    assert lines == {"4", "8", "10"}, found
    assert any("at_lest" in each for each in found)
    assert any("otherwse" in each for each in found)
    assert any("cites" in each for each in found)


def test_keys_and_values_are_completed(client: Client) -> None:
    head = SELLER.read_text(encoding="utf-8").rpartition("otherwise")[0]
    text = head + "rules:\n  - id: a\n    when: {}\n    respond: \n    \n"
    path = beside(SELLER, "half.yaml")
    client.open(path, text)
    line = text.splitlines().index("    respond: ")
    assert {"follow", "accept", "reject", "manual"} <= client.complete(path, line, 13)
    assert {"cites", "title", "note"} <= client.complete(path, line + 1, 4)
    top = text + "\n"
    again = beside(SELLER, "top.yaml")
    client.open(again, top)
    assert {"settings", "scope", "terms"} <= client.complete(again, top.count("\n"), 0)


def test_references_between_schemas_are_followed(client: Client) -> None:
    text = POLICY.read_text(encoding="utf-8").replace("effective: {from", "effective: {form", 1)
    found = client.open(beside(POLICY, "wrong.yaml"), text)
    assert any("form" in each for each in found), found


def test_what_formats_state_is_completed(client: Client) -> None:
    head = EXCHANGE.read_text(encoding="utf-8").partition("says:")[0]
    line = head.count("\n")
    notions, parts = beside(EXCHANGE, "notions.yaml"), beside(EXCHANGE, "parts.yaml")
    client.open(notions, head + "says:\n  \n")
    assert {"country", "returns", "refund_days"} <= client.complete(notions, line + 1, 2)
    client.open(parts, head + "says:\n  window_days:\n    \n")
    assert {"settings", "scope", "values", "outside"} <= client.complete(parts, line + 2, 4)
    wrong = head + "says:\n  window_dys: {}\n  refund_days: {setings: {}}\n"
    found = sorted(client.open(beside(EXCHANGE, "wrong.yaml"), wrong))
    assert [each.partition(":")[0] for each in found] == [str(line + 2), str(line + 3)], found
    assert "window_dys" in found[0] and "setings" in found[1]
