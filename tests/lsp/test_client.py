"""The language server as an editor sees it: a real client, over pipes, to `checker lsp`."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException

from tests.commands import checker
from tests.lsp.client import CAPABILITIES, Client, changed, editing
from tests.lsp.shop import FILES, lay_out
from tests.proofs.hard import HARD
from tests.waiting import HANGS, until

SHOP, RULES, FACTS = "policy/shop.yaml", "policy/rules.yaml", "policy/facts.yaml"
Steps = Callable[[Client], Awaitable[None]]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return lay_out(tmp_path / "资料 🗂")


def run(project: Path, steps: Steps, *options: str, **more: types.ClientCapabilities) -> None:
    async def edited() -> None:
        async with editing(project, *options, **more) as client:
            await steps(client)

    asyncio.run(edited())


def test_what_is_typed_is_checked_at_once_and_proved_behind(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        await client.gone(SHOP, "error")
        client.change(SHOP, "opened: true", "opend: true")
        wrong = await client.expect_finding(SHOP, "unknown fact or parameter `opend`")
        assert wrong.range.start == client.position(SHOP, "opend: true")
        assert wrong.range.end == client.position(SHOP, "opend: true", 5)
        assert "did you mean `opened`?" in wrong.message
        client.change(SHOP, "goods: food, opend: true", "opened: true")
        failed = await client.expect_finding(
            SHOP, "refuses a return that `market/rules@1.0.0` requires"
        )
        assert failed.code == "rejects-required-return"
        assert failed.severity == types.DiagnosticSeverity.Error
        assert failed.range.start == client.position(SHOP, "{id: food")
        assert failed.range.end == client.position(SHOP, "[food-opened]}", 14)
        assert "the plainest such return: `opened` is true" in failed.message
        (where,) = failed.related_information or ()
        assert where.message == "in this case `opened` is true"
        assert where.location.uri == client.uri(FACTS)
        assert where.location.range.start == types.Position(4, 2)

    run(project, steps)


def test_places_count_in_utf_16(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP, FILES[SHOP].replace("cites: [food-opened]", "cites: [food-opend]"))
        wrong = await client.expect_finding(SHOP, "`food-opend` is no ground")
        line = client.texts[SHOP].splitlines()[8]
        assert "🍜" in line
        assert wrong.range.start.character == line.index("food-opend") + 1  # one pair before it
        assert wrong.range.start == client.position(SHOP, "food-opend")
        fixes = await client.actions(SHOP, wrong)
        fix = fixes["change `food-opend` to `food-opened`"]
        assert fix.is_preferred
        assert changed(fix.edit, {"shop.yaml": client.texts[SHOP]}) == {"shop.yaml": FILES[SHOP]}

    run(project, steps)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-32"])
def test_other_units_are_agreed_on(project: Path, encoding: str) -> None:
    general = types.GeneralClientCapabilities(position_encodings=[encoding])
    capabilities = types.ClientCapabilities(workspace=CAPABILITIES.workspace, general=general)

    async def steps(client: Client) -> None:
        client.open(SHOP, FILES[SHOP].replace("cites: [food-opened]", "cites: [food-opend]"))
        wrong = await client.expect_finding(SHOP, "`food-opend` is no ground")
        before = client.texts[SHOP].splitlines()[8].partition("food-opend")[0]
        units = len(before.encode()) if encoding == "utf-8" else len(before)
        assert wrong.range.start.character == units

    run(project, steps, capabilities=capabilities)


def test_texts_that_are_not_saved_beat_files(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        await client.says(SHOP, "nothing")
        client.open(FACTS)
        client.change(FACTS, "  opened:", "  unpacked:")
        await client.says(SHOP, "unknown fact or parameter `opened`")
        client.close(FACTS)
        await client.says(SHOP, "nothing")

    run(project, steps)


def test_files_that_others_change_are_read_again(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        await client.says(SHOP, "nothing")
        path = project / RULES
        path.write_text(FILES[RULES].replace("food-opened", "food-unsealed"), encoding="utf-8")
        event = types.FileEvent(client.uri(RULES), types.FileChangeType.Changed)
        client.wire.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([event]))
        await client.says(SHOP, "`food-opened` is no ground")

    run(project, steps)


def test_hover_tells_titles_sources_and_limits(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        markdown = await client.hover(SHOP, "opened: true")
        assert (
            "**`opened`**" in markdown
            and "item was opened" in markdown
            and "商品已拆封 📦" in markdown
        )
        markdown = await client.hover(SHOP, "food-opened]", 3)
        assert "opened food" in markdown and "`book#c2` Food need not be taken back." in markdown
        assert "is food, and " in markdown and "，且" in markdown
        assert "食品" in await client.hover(SHOP, "food, opened")
        assert "answer where no rule holds" in await client.hover(SHOP, "otherwise: follow")
        await asyncio.wait_for(client.refreshed.wait(), HANGS)
        markdown = await client.hover(SHOP, "window: 14")
        assert "days" in markdown and "退货天数" in markdown
        assert "range `0` to `365`" in markdown and "passes alone: 7 to 365" in markdown
        assert await client.hints(SHOP) == {7: "⟵ 7 to 365"}

    run(project, steps)


def test_completion_knows_what_fits(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)

        async def offered(old: str, new: str) -> dict[str, types.CompletionItem]:
            """Write `new`, where `|` is the cursor, in place of `old`, and ask."""
            before, _, after = new.partition("|")
            client.write(SHOP, FILES[SHOP].replace(old, before + after))
            return await client.complete(SHOP, FILES[SHOP].index(old) + len(before))

        candidates = await offered("opened: true", "op|")
        assert {"opened", "price", "days", "window", "all", "ground"} <= {*candidates}
        assert not {"bought_on", "asked_on", "goods"} & {*candidates}
        assert candidates["opened"].documentation == "item was opened · 商品已拆封 📦"
        assert candidates["opened"].text_edit.new_text == "opened: "  # type: ignore[union-attr]
        candidates = await offered('price: {more_than: "500.00"}', "price: {|}")
        assert {"at_least", "between", "is"} <= {*candidates} and "includes" not in candidates
        candidates = await offered('price: {more_than: "500.00"}', "opened: {|}")
        assert "is" in candidates and "at_least" not in candidates
        assert {"general", "food"} == {*await offered("goods: food", "goods: |")}
        assert {"follow", "accept", "reject", "manual"} == {*await offered("reject", "|")}
        assert {"too-late", "food-opened"} == {*await offered("[food-opened]", "[|]")}
        assert {"too-late"} == {*await offered("[food-opened]", "[food-opened, |]")}
        assert {"window"} == {*await offered("window: 14", "|")}
        assert "market/rules@1.0.0" in await offered("market/rules@1", "ma|")
        assert {"cites", "title"} <= {*await offered("respond: manual", "respond: manual, |")}

    run(project, steps)


def test_clauses_are_completed_in_a_policy(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(RULES)
        old = "when: {goods: food, opened: true}, source: [book#c2]"
        client.change(RULES, old, old.replace("c2", ""))
        candidates = await client.complete(RULES, client.texts[RULES].index("book#]") + 5)
        assert {"book#c1", "book#c2"} <= {*candidates}
        assert candidates["book#c1"].documentation == "Returns within a week. · 七日内可退货。"

    run(project, steps)


def test_definitions_and_references_cross_files(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        for piece, into, file, line in (
            ("opened: true", 0, FACTS, 4),
            ("food-opened]", 0, RULES, 15),
            ("window: 14", 0, RULES, 6),
            ("market/rules@1", 0, RULES, 1),
        ):
            location = await client.definition(SHOP, piece, into)
            assert location and (location.uri, location.range.start.line) == (
                client.uri(file),
                line,
            ), piece
        client.open(RULES)
        location = await client.definition(RULES, "book#c2", 5)
        assert location and (location.uri, location.range.start.line) == (
            client.uri("policy/law.yaml"),
            5,
        )
        uses = ["cases.yaml:7", "rules.yaml:16", "rules.yaml:19", "shop.yaml:9"]
        assert await client.references(SHOP, "food-opened]") == uses
        assert await client.references(SHOP, "window: 14") == [
            *("rules.yaml:11", "rules.yaml:19", "rules.yaml:7", "shop.yaml:7"),
        ]

    run(project, steps)


def test_renaming_changes_every_document(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        done = await client.rename(SHOP, "food-opened]", "food-unsealed")
        expected = {Path(name).name: text for name, text in FILES.items() if "food-opened" in text}
        expected = {k: text.replace("food-opened", "food-unsealed") for k, text in expected.items()}
        assert done == expected and len(done) == 3
        done = await client.rename(SHOP, "opened: true", "unpacked")
        assert {*done} == {"facts.yaml", "rules.yaml", "shop.yaml", "cases.yaml"}
        assert "facts: {goods: food, unpacked: true" in done["cases.yaml"]
        assert "[food-opened]" in done["rules.yaml"]
        for name, new, why in (
            ("opened: true", "not a name", "expected a name of letters"),
            ("opened: true", "window", "`window` is the name of a parameter"),
            ("opened: true", "price", "`price` is the name of a fact"),
            ("window: 14", "bought_on", "`bought_on` is the name of a fact"),
            ("opened: true", "all", "`all` can't name a fact"),
            ("food-opened]", "too-late", "is the name of a ground"),
            ("market/rules@1", "other", "a policy can't be renamed"),
        ):
            with pytest.raises(JsonRpcException, match=why):
                await client.rename(SHOP, name, new)

    run(project, steps)


def test_a_document_is_laid_out_as_fmt_does_it(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        edits = await client.formatted(SHOP)
        assert edits
        edit = types.WorkspaceEdit(changes={client.uri(SHOP): edits})
        client.write(SHOP, changed(edit, {"shop.yaml": client.texts[SHOP]})["shop.yaml"])
        assert await client.formatted(SHOP) == []
        (project / SHOP).write_text(client.texts[SHOP], encoding="utf-8")
        client.change(SHOP, "settings: {", "settings: [")
        assert await client.formatted(SHOP) is None

    run(project, steps)
    assert checker("fmt", "--check", project / SHOP).status == 0


def test_what_came_with_the_program_is_not_renamed(project: Path) -> None:
    seller = project / "policy" / "seller.yaml"
    seller.write_text(
        "kind: override\nid: seller\nversion: 1.0.0\npolicy: kuaishou/flash-purchase@2\n"
        "rules: [{id: a, when: {opened: true}, respond: reject, cites: [not-resaleable]}]\n"
    )

    async def steps(client: Client) -> None:
        client.open("policy/seller.yaml")
        assert await client.definition("policy/seller.yaml", "not-resaleable")
        with pytest.raises(JsonRpcException, match="of the program itself"):
            await client.rename("policy/seller.yaml", "not-resaleable", "not-saleable")

    run(project, steps)


def test_a_failed_proof_is_repaired(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP, FILES[SHOP].replace("window: 14", "window: 5"))
        failed = await client.expect_finding(SHOP, "refuses a return")
        actions = await client.actions(SHOP, failed)
        assert "repair: make the smallest change that passes" in actions
        command = types.ExecuteCommandParams("checker.repair", [client.uri(SHOP)])
        await client.wire.workspace_execute_command_async(command)
        (edit,) = client.applied
        done = changed(edit, {"shop.yaml": client.texts[SHOP]})["shop.yaml"]
        assert done == FILES[SHOP].replace("window: 14", "window: 7")
        assert any("`settings.window`" in message for message in client.messages)

    run(project, steps)


def test_a_warning_is_accepted_for_a_reason(project: Path) -> None:
    async def steps(client: Client) -> None:
        dead = "  - {id: never, when: {all: [{opened: true}, {opened: false}]}, respond: accept}\n"
        client.open(SHOP, FILES[SHOP].replace("otherwise:", f"{dead}otherwise:"))
        never = await client.expect_finding(SHOP, "never answers")
        assert never.severity == types.DiagnosticSeverity.Warning
        action = (await client.actions(SHOP, never))["accept `dead-rule` here, for a reason"]
        done = changed(action.edit, {"shop.yaml": client.texts[SHOP]})["shop.yaml"]
        client.write(SHOP, done)
        meant = await client.expect_finding(SHOP, "meant: say here why this is meant")
        assert meant.severity == types.DiagnosticSeverity.Information

    run(project, steps)


def test_a_broken_text_is_told_and_the_last_good_one_answers(project: Path) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        client.change(SHOP, "otherwise: follow", "otherwise: [follow")
        assert (await client.expect_finding(SHOP, "not YAML")).code == "unreadable"
        assert "item was opened" in await client.hover(SHOP, "opened: true")
        candidates = await client.complete(SHOP, client.texts[SHOP].index("food-opened]"))
        assert "too-late" in candidates
        with pytest.raises(JsonRpcException, match="mend that first"):
            await client.rename(SHOP, "opened: true", "unpacked")
        client.change(SHOP, "otherwise: [follow", "otherwise: follow")
        await client.gone(SHOP, "not YAML")

    run(project, steps)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "an empty document"),
        ("\0", "not YAML"),
        ("kind: override\n\ttab: 1", "not YAML"),
        ("a: \ud83c", "not UTF-8"),
        ("[" * 100_000, "more than 64 levels"),
        ("&a [*a]", "inside of what it names"),
        ("# \U0001f35c" * 300_000, "more than 1 MiB"),
        ("- a list", "found no map at the top"),
        ("\ufeffkind: nothing", "expected one of"),
        ("a: 1\u2028b: [", "not YAML"),
    ],
    ids=lambda value: repr(value[:20]),  # the name of a test is a variable of the environment
)
def test_no_text_ends_the_server(project: Path, text: str, message: str) -> None:
    async def steps(client: Client) -> None:
        client.open(SHOP)
        client.write(SHOP, text)
        await client.expect_finding(SHOP, message)
        await client.complete(SHOP, 0)
        client.write(SHOP, FILES[SHOP])
        assert "item was opened" in await client.hover(SHOP, "opened: true")

    run(project, steps)


def test_other_yaml_files_are_left_alone(project: Path) -> None:
    (project / "compose.yaml").write_text("services: {web: {image: x}}\n")

    async def steps(client: Client) -> None:
        client.open("compose.yaml")
        assert await client.hover("compose.yaml", "services") == ""
        assert await client.complete("compose.yaml", 2) == {}
        client.open("policy/new.yaml", "id: new\n")  # a file of ours, by where it lies
        await client.expect_finding("policy/new.yaml", "`kind` is missing")
        assert client.diagnostics.get(client.uri("compose.yaml"), []) == []

    run(project, steps)


def test_a_change_ends_the_proof_that_runs(tmp_path: Path) -> None:
    """A proof that takes long is killed by the next change, and by the end of the server."""
    hard = HARD["cycles of comparisons"](fails=True)
    folder = tmp_path / "policy"
    folder.mkdir()
    for number, data in enumerate(hard.documents):
        (folder / f"{number}.yaml").write_text(json.dumps(data))
    name, text = "policy/seller.yaml", json.dumps(hard.override)

    async def steps(client: Client) -> None:
        client.open(name, text)
        (first,) = await workers(client)
        client.write(name, text + "\n# a change\n")
        await ended(first)
        (second,) = await workers(client)
        assert second != first
        client.write(name, '{"kind": "override"')
        await ended(second)
        await client.expect_finding(name, "not YAML")
        client.write(name, text)
        left.extend(await workers(client))

    left: list[int] = []
    run(tmp_path, steps)
    asyncio.run(ended(*left))


async def workers(client: Client) -> list[int]:
    """Wait for processes of the server that prove something, and return their numbers."""
    server = client.wire._server
    assert server
    listed = Path(f"/proc/{server.pid}/task/{server.pid}/children")
    return await until(lambda: [*filter(proves, map(int, listed.read_text().split()))])


def proves(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/cmdline").read_bytes().endswith(b"checker.lsp.worker\0check\0")
    except FileNotFoundError:
        return False


async def ended(*numbers: int) -> None:
    await until(lambda: not any(is_there(number) for number in numbers))


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True
