"""Nothing of a checked folder is executed: a repository that has every module's name in it.

Each command is run in it, and in one that is the same without these files: both say the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.request import Request, urlopen

import pytest
from lsprotocol import types
from pygls.lsp.client import LanguageClient

from checker.audit.connections.spark_sessions import spark_home
from checker.cli.main import cli
from tests.commands import checker
from tests.conftest import PROJECT
from tests.lsp.shop import FILES, lay_out
from tests.waiting import HANGS

TRAP = "import os\nos.close(os.open({mark!r}, os.O_CREAT))\nraise SystemExit('run')\n"
# the script that an installation has, whose folder begins the path of imports
SCRIPT = "import sys\nfrom checker.cli.main import main\nsys.exit(main())\n"
NAMES = {*sys.stdlib_module_names, *packages_distributions(), "checker", "usercustomize"}
OWN = ("__init__", "__main__", "cli", "cli.main", "lsp", "lsp.worker", "serve", "serve.worker")
SELLERS = "seller,window\nshort,3\nlong,14\n"
RETURNS = (
    "seller,id,response,cites,goods,opened,days,price\n"
    "shop,1,accepted,,food,true,2,9.00\n"
    "shop,2,rejected,food-opened,general,false,2,9.00\n"
)
WEAK = FILES["policy/shop.yaml"].replace("id: shop", "id: weak").replace("14", "5")
NEXT = FILES["policy/rules.yaml"].replace("version: 1.0.0", "version: 1.1.0")
COMMANDS = """\
init begun
check
check --format sarif policy cases.yaml
validate
decide cases.yaml
prove --jobs 2 --certificates certificates --on 2030-01-01
verify certificates/shop@1.0.0-on-2030-01-01.json
diff policy/rules.yaml next.yaml
diff . policy
repair weak.yaml
limits market/rules
audit settings sellers.csv --policy market/rules --out settings --tables csv
audit settings sellers.csv --policy market/rules --engine duckdb
audit settings policy --policy market/rules --jobs 2
audit returns returns.csv --policy market/rules --out returns --tables csv
audit returns returns.csv --policy market/rules --engine duckdb
import google google.json --policy eu/consumer-withdrawal --out imported
import schema.org page.html --policy eu/consumer-withdrawal
export schema.org imported/google.yaml
test --examples 50
fmt policy
explain market/rules --format html
trace
schema policy
cache clear
--version
"""
SERVERS = {"lsp", "serve"}  # which the other tests here run


def script(folder: Path) -> list[str]:
    path = folder / "bin" / "checker"
    path.parent.mkdir(exist_ok=True)
    path.write_text(SCRIPT, encoding="utf-8")
    return [sys.executable, str(path)]


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    folder = laid_out(tmp_path / "hostile" / "repository")
    trap = TRAP.format(mark=str(tmp_path / "executed"))
    for name in NAMES - {"checker"}:
        (folder / f"{name}.py").write_text(trap, encoding="utf-8")
    for name in (*OWN, "jsonschema", "asyncio"):
        package = folder / "checker" / name.replace(".", "/")
        package.parent.mkdir(parents=True, exist_ok=True)
        package.with_name(f"{package.name}.py").write_text(trap, encoding="utf-8")
    for name in ("evil.pth", "site-packages/evil.pth"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text("import json\n", encoding="utf-8")
    return folder


def laid_out(folder: Path) -> Path:
    lay_out(folder)
    imported = PROJECT / "examples" / "7-imported-shops"
    for name, text in (
        ("sellers.csv", SELLERS),
        ("returns.csv", RETURNS),
        ("weak.yaml", WEAK),
        ("next.yaml", NEXT),
        ("google.json", (imported / "google-fourteen-days.json").read_text(encoding="utf-8")),
        ("page.html", (imported / "shops" / "seven-days.html").read_text(encoding="utf-8")),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def executed(hostile: Path) -> bool:
    return (hostile.parent.parent / "executed").exists()


def run(command: list[str], folder: Path) -> tuple[int, str, str]:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return done.returncode, *(_without_times(text) for text in (done.stdout, done.stderr))


def _without_times(text: str) -> str:
    return re.sub(r"in [0-9.]+ ?m?s\b|[0-9,]+ rows a second", "", text)


def test_the_trap_is_one(hostile: Path) -> None:
    done = subprocess.run([sys.executable, "-c", "import yaml"], cwd=hostile, check=False)
    assert done.returncode != 0 and executed(hostile)


def test_each_command_is_run_here() -> None:
    tried = {line.split()[0] for line in COMMANDS.splitlines()} - {"--version"}
    assert tried | SERVERS == {*cli.entries}


def test_no_command_executes_what_it_checks(
    hostile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    command = script(tmp_path)
    monkeypatch.chdir(laid_out(tmp_path / "clean" / "repository"))
    for line in COMMANDS.splitlines():
        result = run([*command, *line.split()], hostile)
        assert not executed(hostile), line
        clean = checker(*line.split())
        assert result == (clean.status, *map(_without_times, (clean.out, clean.err))), line
        assert result[0] in (0, 1) and "Traceback" not in result[2], (line, result)


def test_the_language_server_does_not_and_its_proofs_do_not(hostile: Path, tmp_path: Path) -> None:
    said: asyncio.Queue[str] = asyncio.Queue()

    async def edit() -> None:
        wire = LanguageClient("a test", "1")

        @wire.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def _(params: types.PublishDiagnosticsParams) -> None:
            for each in params.diagnostics:
                said.put_nowait(each.message)

        await wire.start_io(*script(tmp_path), "lsp", cwd=hostile)
        folders = [types.WorkspaceFolder(hostile.as_uri(), "the folder")]
        capabilities = types.ClientCapabilities()
        params = types.InitializeParams(capabilities, workspace_folders=folders, root_uri=None)
        await wire.initialize_async(params)
        wire.initialized(types.InitializedParams())
        item = types.TextDocumentItem((hostile / "policy/shop.yaml").as_uri(), "yaml", 1, WEAK)
        wire.text_document_did_open(types.DidOpenTextDocumentParams(item))
        async with asyncio.timeout(HANGS):
            while "refuses a return that `market/rules@1.0.0` requires" not in await said.get():
                pass
        await wire.shutdown_async(None)
        wire.exit(None)
        await wire.stop()

    asyncio.run(edit())
    assert not executed(hostile)


@pytest.mark.parametrize("options", [[], ["--root", "policy"]])
def test_the_playground_does_not(hostile: Path, tmp_path: Path, options: list[str]) -> None:
    command = [*script(tmp_path), "serve", "--no-open", *options]
    with subprocess.Popen(command, cwd=hostile, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            line = process.stderr.readline()
            url = line.split()[1] if line.startswith("serving ") else pytest.fail(line)
            for task, body in (
                ("prove", {"override": "shop"}),
                ("decide", {"override": "shop", "facts": {"days": 3}}),
            ):
                kind = {"content-type": "application/json"}
                asked = Request(f"{url}api/{task}", json.dumps(body).encode(), kind)
                with urlopen(asked, timeout=60) as answer:
                    assert json.load(answer)
        finally:
            process.terminate()
            process.wait(20)
    assert not executed(hostile)


def test_a_worker_imports_from_where_its_server_does(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the program is found by a relative path, and the folder comes last."""
    monkeypatch.chdir(hostile)
    monkeypatch.setenv("PYTHONPATH", os.path.relpath(PROJECT, hostile))
    test = "import asyncio, sys\nfrom checker.lsp.background import Background\n"
    test += "from checker.lsp.index.workspace import Workspace\nfrom pathlib import Path\n"
    test += "asked = Background().ask('check', Path('policy/shop.yaml'), Workspace())\n"
    test += "print(asyncio.run(asked))\n"
    (hostile.parent / "asks.py").write_text(test, encoding="utf-8")
    status, out, err = run([sys.executable, str(hostile.parent / "asks.py")], hostile)
    assert (status, out.strip(), err) == (0, "{'findings': []}", "")
    assert not executed(hostile)


def test_a_driver_of_spark_is_not_started_by_it(
    hostile: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PySpark looks for its programs in the folder above the working directory."""
    monkeypatch.delenv("SPARK_HOME", raising=False)
    (hostile / "bin").mkdir()
    (hostile / "bin" / "spark-submit").write_text("#!/bin/sh\n", encoding="utf-8")
    (hostile / "jars").mkdir()
    monkeypatch.chdir(hostile / "policy")
    assert not Path(spark_home()).is_relative_to(hostile)
    assert Path.cwd() == (hostile / "policy").resolve()
