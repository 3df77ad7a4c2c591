"""The page on editors: what it has one configure starts the server that is tested here."""

from __future__ import annotations

import json
import re
import tomllib

from tests.conftest import PROJECT
from tests.docs.pages import blocks

PAGE = PROJECT / "docs" / "editors.md"


def test_the_configurations_start_the_server() -> None:
    (settings,), (helix,), (neovim,) = (blocks(PAGE, name) for name in ("json", "toml", "lua"))
    code = json.loads(settings)
    server = [code["glspc.server.command"], *code["glspc.server.commandArguments"]]
    assert server == ["checker", "lsp"] and code["glspc.server.languageId"] == ["yaml"]
    configured = tomllib.loads(helix)
    (language,) = configured["language"]
    assert language["name"] == "yaml"
    (name,) = language["language-servers"]
    assert configured["language-server"][name] == {"command": "checker", "args": ["lsp"]}
    command = re.search(r"cmd = \{(.*)\}", neovim)
    assert command and re.findall(r"'(\w+)'", command[1]) == ["checker", "lsp"]
    opened = [neovim.count(each) for each in "{("]
    assert opened == [neovim.count(each) for each in "})"]
