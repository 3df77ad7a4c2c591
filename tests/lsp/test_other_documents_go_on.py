"""What can't be read or has no end is skipped, and all other documents go on."""

from __future__ import annotations

import asyncio
import json
import os
import socket
from pathlib import Path

from lsprotocol import types

from tests.lsp.client import Client, editing
from tests.lsp.shop import FILES, lay_out
from tests.proofs.hard import HARD

SHOP = "policy/shop.yaml"
URIS = (
    *("file:///tmp/a%00b.yaml", "file:///dev/zero", "file:///tmp/", "file://[/x", "file:", ""),
    *("http://localhost/a.yaml", "untitled:a%00b", "untitled:", "file:///%ff.yaml", "git:/a.yaml"),
    f"file:///{'a' * 5000}.yaml",
)


async def goes_on(client: Client, number: int) -> None:
    """Check that the shop is still checked and described."""
    client.write(SHOP, FILES[SHOP].replace("opened: true", f"opend{number}: true"))
    await client.expect_finding(SHOP, f"unknown fact or parameter `opend{number}`")
    client.write(SHOP, FILES[SHOP])
    await client.gone(SHOP, "unknown")
    assert "item was opened" in await client.hover(SHOP, "opened: true")


def test_documents_that_name_no_file(tmp_path: Path) -> None:
    async def run() -> None:
        async with editing(lay_out(tmp_path)) as client:
            client.open(SHOP)
            wire, text = client.wire, "kind: override\nid: other\n"
            special = tmp_path / "pipe.yaml"
            os.mkfifo(special)
            for uri in (*URIS, special.as_uri()):
                document = types.TextDocumentIdentifier(uri)
                item = types.TextDocumentItem(uri, "yaml", 1, text)
                wire.text_document_did_open(types.DidOpenTextDocumentParams(item))
                hover = types.HoverParams(document, types.Position(0, 1))
                await wire.text_document_hover_async(hover)
            await goes_on(client, 1)
            for uri in (*URIS, special.as_uri()):
                document = types.TextDocumentIdentifier(uri)
                wire.text_document_did_close(types.DidCloseTextDocumentParams(document))
            await goes_on(client, 2)

    asyncio.run(run())


def test_files_in_the_folder_that_are_none(tmp_path: Path) -> None:
    async def run() -> None:
        folder = lay_out(tmp_path)
        async with editing(folder) as client:
            client.open(SHOP)
            os.mkfifo(folder / "policy" / "pipe.yaml")
            os.mkfifo(folder / "pipe.yml")
            (folder / "policy" / "device.yaml").symlink_to("/dev/zero")
            (folder / "device.yaml").symlink_to("/dev/zero")
            (folder / "policy" / "loop.yaml").symlink_to(folder / "policy" / "loop.yaml")
            (folder / "policy" / "again").symlink_to(folder / "policy")
            (folder / "policy" / "folder.yaml").mkdir()
            (folder / "policy" / "large.yaml").write_text("#" * (2 << 20))
            with socket.socket(socket.AF_UNIX) as bound:
                os.chdir(folder)
                bound.bind("policy/socket.yaml")
            await goes_on(client, 1)
            assert "rules.yaml:7" in await client.references(SHOP, "window: 14")
            (folder / SHOP).unlink()
            await goes_on(client, 2)

    before = Path.cwd()
    try:
        asyncio.run(run())
    finally:
        os.chdir(before)


def test_a_proof_without_an_end_keeps_no_other_waiting(tmp_path: Path) -> None:
    """The findings of the other documents come before the long proofs end."""
    folder = lay_out(tmp_path)
    hard = HARD["cycles of comparisons"](fails=True)
    for number, data in enumerate(hard.documents):
        (folder / "policy" / f"hard-{number}.yaml").write_text(json.dumps(data))
    long = [f"policy/long-{number}.yaml" for number in range(3)]

    async def run() -> None:
        async with editing(folder) as client:
            for name in long:
                override = {**hard.override, "id": Path(name).stem}
                client.open(name, json.dumps(override))
            client.open(SHOP, FILES[SHOP].replace("window: 14", "window: 5"))
            await client.expect_finding(SHOP, "refuses a return")
            for name in long:
                client.close(name)

    asyncio.run(run())


def test_a_text_near_1_mib_keeps_nobody_waiting(tmp_path: Path) -> None:
    """The others have their findings and answers before the large text has its findings."""
    folder = lay_out(tmp_path)
    large, rule = "policy/large.yaml", "  - {id: r-%d, when: {opend: true}, respond: manual}\n"
    head = "kind: override\nid: large\nversion: 1.0.0\npolicy: market/rules@1\nrules:\n"
    text = head + "".join(rule % number for number in range(18_500))
    assert 900_000 < len(text) < 1 << 20

    async def run() -> None:
        async with editing(folder) as client:
            client.open(large, text)
            client.open(SHOP, FILES[SHOP])
            for number in range(2):
                await goes_on(client, number)
                await client.hover(large, "policy: market/rules@1")
                await client.complete(large, len(head) - 7)
            assert client.uri(large) not in client.diagnostics
            client.close(large)
            await goes_on(client, 3)

    asyncio.run(run())


def test_a_slow_document_is_described_when_it_has_been_read(tmp_path: Path) -> None:
    folder = lay_out(tmp_path)
    padding = "# a comment\n" * 10_000

    async def run() -> None:
        async with editing(folder) as client:
            client.open(SHOP, FILES[SHOP] + padding)
            await client.gone(SHOP, "error")
            while not (text := await client.hover(SHOP, "opened: true")):
                await asyncio.sleep(0.1)
            assert "item was opened" in text
            assert await client.formatted(SHOP)

    asyncio.run(run())
