"""Text of documents, names and file names stays text in all that commands print."""

from __future__ import annotations

import ast
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from checker.language.syntax.printable import (
    json_output,
    styled,
    terminal_line,
    xml_output,
)
from tests.commands import checker
from tests.conftest import PROJECT

# the sequences that clear a terminal, set its title and colour, line ends, C1 controls,
# bidirectional controls, what is invisible, and commands of a runner, also behind a line end
HOSTILE = (
    "::warning::w\x1b[2J\x1b]0;title\x07\x1b[32mholds\r\n::error::e\u2028::error::e\u2029\x85"
    " ::add-mask::x\v\f\b\x7f\x9b31m\u202e\u2066\u200f\u061c\ufeff\xad\U000e0041"
    "##[error]e##vso[task.x]y\n\t::stop-commands::z\u3000::debug::d"
)
NAME = "::error::\x1b[2J\u202e\u2028\x9b##[error]"  # of a file: it may hold all but a slash
DOCUMENT_NAME = NAME.encode() + b"\xff.yaml"
QUOTED = json.dumps(HOSTILE.replace("\U000e0041", ""))  # which is YAML as well
ESCAPED_LINES = json.dumps("::warning::first\n::error::second\n  ::notice::third\n")
ID = json.dumps("::warning::id\x1b[2J\n::error::id\u202e")
CONTROL = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ud800-\udfff\U000e0000-\U000e0fff]"
)

VOCABULARY = f"""\
kind: vocabulary
id: facts
version: 1.0.0
title: {QUOTED}
facts:
  used: {{type: boolean, title: {QUOTED}}}
  days: {{type: integer, range: [0, 9], unit: day, title: {ESCAPED_LINES}}}
"""
SOURCE = f"""\
kind: source
id: text
version: 1.0.0
title: {QUOTED}
clauses:
  c1: {{gist: {QUOTED}, status: encoded}}
  c2: {{gist: {ESCAPED_LINES}, status: advice}}
"""
POLICY = f"""\
kind: policy
id: rules
version: 1.0.0
title: {QUOTED}
effective: {{from: 2024-01-01}}
vocabulary: facts@1
parameters:
  window: {{type: integer, range: [0, 9], default: 3, title: {QUOTED}, basis: assumption}}
grounds:
  used: {{title: {QUOTED}, when: {{used: true}}, basis: assumption, note: {QUOTED}}}
entitlements:
  early:
    title: {ESCAPED_LINES}
    when: {{days: {{at_most: {{param: window}}}}}}
    unless: [used]
    basis: assumption
    note: {QUOTED}
otherwise: negotiate
"""
OVERRIDE = f"""\
kind: override
id: {{id}}
version: 1.0.0
title: {QUOTED}
policy: rules@1
effective: {{{{from: 2024-06-01}}}}
rules:
  - id: refuses
    # ::warning::a comment\u202e\u2028
    note: {QUOTED}
    when: {{{{days: {{{{at_most: 2}}}}}}}}
    respond: reject
    cites: [used]
"""
REJECTS = "reject\n    cites: [used]\n"
SETTINGS = "settings: {window: 1} # ::error::\u202e\n"
CASES = f"""\
kind: cases
policy: rules@1
override: seller
cases:
  - {{id: {QUOTED}, facts: {{used: false, days: 1}}, expect: {{verdict: negotiate}}}}
  - {{id: b, title: {QUOTED}, facts: {{used: {QUOTED}}}, expect: {{response: {QUOTED}}}}}
  - {{id: c, facts: {{{QUOTED}: 3}}}}
"""
BROKEN = f"kind: {QUOTED}\n{QUOTED}: [{QUOTED}]\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    policy = tmp_path / NAME / "policy"
    policy.mkdir(parents=True)
    texts = {
        "facts.yaml": VOCABULARY,
        "rules.yaml": POLICY,
        "seller.yaml": OVERRIDE.format(id="seller"),
        "odd.yaml": OVERRIDE.format(id=ID),
        "text.yaml": SOURCE,
        "cases.yaml": CASES,
        "broken.yaml": BROKEN,
        f"{NAME}.yaml": OVERRIDE.format(id="other").replace(REJECTS, "accept\n") + SETTINGS,
    }
    for name, text in texts.items():
        (policy / name).write_text(text, encoding="utf-8")
    Path(os.fsdecode(os.fsencode(policy) + b"/" + DOCUMENT_NAME)).write_text(BROKEN)
    rows = json.dumps({"id": HOSTILE, HOSTILE: 1}) + "\n" + json.dumps({"used": HOSTILE}) + "\n"
    (tmp_path / "cases.jsonl").write_text(rows + HOSTILE, encoding="utf-8")
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    (tmp_path / "sellers.csv").write_text(f"seller,window\n{cell},0\n{cell},{cell}\n")
    (tmp_path / "returns.csv").write_text(
        f"seller,response,id,used,days\n{cell},rejected,{cell},false,1\n{cell},{cell},x,{cell},1\n"
    )
    (tmp_path / "named.csv").write_text(f"seller,{cell}\na,1\n")
    (tmp_path / "c.yaml").write_text(f"kind: columns\ncolumns: {{{QUOTED}: {QUOTED}}}\n")
    monkeypatch.chdir(tmp_path)
    return policy


def _commands(policy: Path) -> Iterator[list[object]]:
    odd = policy / f"{NAME}.yaml"
    for form in ("text", "github", "json", "sarif", "junit"):
        for command in ("validate", "test", "check", "prove"):
            few = ["--examples", "10"] if command in ("test", "check") else []
            yield [command, policy, "--format", form, *few]
    for form in ("text", "json"):
        yield ["decide", policy / "cases.yaml", "--format", form, "--root", policy]
        yield ["decide", "cases.jsonl", "--policy", "rules", "--format", form, "--root", policy]
        yield ["repair", odd, "--format", form, "--root", policy]
        yield ["trace", "--root", policy, "--format", form]
        yield ["diff", policy / "seller.yaml", odd, "--root", policy, "--format", form]
        yield ["limits", "rules", "--root", policy, "--format", form]
        for table in ("sellers.csv", "named.csv"):
            named = ["--policy", "rules", "--root", policy, "--format", form]
            yield ["audit", "settings", table, *named]
        yield ["audit", "returns", "returns.csv", "--columns", "c.yaml", *named]
        yield ["audit", "returns", "returns.csv", *named]
        yield ["import", "google", policy / "text.yaml", *named]
    yield ["decide", policy / "cases.yaml", "--explain", "--root", policy]
    yield ["diff", policy, policy, "--format", "markdown"]
    yield ["limits", "rules", "--schema", "--root", policy]
    for name in ("rules.yaml", "facts.yaml", "seller.yaml", "text.yaml", "cases.yaml", odd.name):
        for form in ("markdown", "html"):
            for language in ("en", "zh"):
                yield [
                    *("explain", policy / name, "--root", policy),
                    *("--format", form, "--lang", language),
                ]
    yield ["fmt", "--check", policy]
    yield ["verify", odd, "--root", policy]
    yield ["export", "google", odd, "--root", policy]
    for argument in (HOSTILE, f"--{HOSTILE}"):
        for command in ("validate", "explain", "limits", "decide", "verify", "repair", "trace"):
            yield [command, argument]
        yield [argument]
        yield ["audit", argument]
        yield ["audit", "settings", argument, "--policy", argument]
        yield ["audit", "returns", f"duckdb:///{argument}?table={argument}", "--policy", "rules"]
        yield ["check", "--on", argument]
        yield ["check", "--format", argument]
        yield ["check", "--root", argument]
        yield ["init", policy / argument.replace("/", "")]


def _harms(text: str) -> list[str]:
    """Return the lines that act on a terminal or a runner."""
    return [
        line
        for line in text.split("\n")
        if CONTROL.search(line)
        or line.lstrip().startswith("::")
        or re.search(r"##(\[|vso\[)", line)
    ]


def test_no_command_prints_what_acts(folder: Path) -> None:
    shown = 0
    for command in _commands(folder):
        arguments = [os.fsdecode(os.fsencode(str(argument))) for argument in command]
        if any("\0" in argument for argument in arguments):
            continue
        result = checker(*arguments)
        lines = result.out.split("\n")
        if "github" in arguments:
            own = re.compile(r"::(error|warning|notice) (file=[^:,]*|line=|col=|title=)[^:]*::")
            assert all(not line or own.match(line) for line in lines), arguments
            lines = [line.removeprefix("::") for line in lines]
        assert not _harms("\n".join(lines)), arguments
        assert not _harms(result.err), arguments
        shown += "x1b" in result.out + result.err
        if arguments[-1] in ("json", "sarif") and arguments[0] != "repair":
            for line in [result.out] if "sarif" in arguments else result.out.splitlines():
                json.loads(line) if line else None
        if "junit" in arguments and result.out:
            ElementTree.fromstring(result.out)
    assert shown > 30


def test_a_terminal_gets_the_styles_of_the_program_alone(folder: Path) -> None:
    command = [sys.executable, "-m", "checker", "check", "--examples", "10", str(folder)]
    terminal, shell = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TERM": "xterm"}
    environment.pop("NO_COLOR", None)
    with subprocess.Popen(command, stdout=shell, stderr=shell, env=environment):
        os.close(shell)
        output = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            output += part
    os.close(terminal)
    text = output.decode().replace("\r\n", "\n")
    bar, lines = text.rpartition("\x1b[?25h")[::2] if "\x1b[?25h" in text else ("", text)
    assert "\x1b[31merror\x1b[0m" in lines and "title" not in bar
    assert not _harms(re.sub(r"\x1b\[(0|1|2|31|32|33|35|36)(;\d+)?m", "", lines))
    assert "\x1b[32mholds" not in lines


def test_a_style_is_no_text_that_a_document_can_hold() -> None:
    assert terminal_line(styled("a", "bold") + "\x1b[1mb") == "\x1b[1ma\x1b[0m\\x1b[1mb"
    assert terminal_line("  " + styled("::error::", "red")) == "  \x1b[31m\\x3a:error::\x1b[0m"
    assert terminal_line(styled(":", "red") + ":x") == "\x1b[31m\\x3a\x1b[0m:x"
    assert terminal_line("a::b #[x] ##x 日本　語 👨‍👩‍👧") == "a::b #[x] ##x 日本　語 👨‍👩‍👧"


def _style_names(node: ast.expr) -> Iterator[str]:
    """Yield the styles that an argument or an entry of a table names itself."""
    match node:
        case ast.Constant(str(name)):
            yield name
        case ast.IfExp(body=one, orelse=other):
            yield from _style_names(one)
            yield from _style_names(other)
        case ast.Tuple([_, last]):
            yield from _style_names(last)


def test_every_style_that_is_used_is_known() -> None:
    used: set[str] = set()
    for path in (PROJECT / "checker").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(func=ast.Name("styled"), args=[_, *styles]):
                    pass
                case ast.Assign(
                    [ast.Name("COLOURS" | "_COLOURS" | "EFFECTS")], ast.Dict() as table
                ):
                    styles = table.values
                case _:
                    continue
            used.update(style for each in styles for style in _style_names(each))
    assert {"bold", "dim", "magenta"} <= used
    for style in used:
        assert "\x1b[" in terminal_line(styled("a", style))


def test_data_says_the_same_with_escapes() -> None:
    assert json.loads(json_output(json.dumps([HOSTILE], ensure_ascii=False))) == [HOSTILE]
    assert not _harms(json_output(json.dumps([HOSTILE], ensure_ascii=False, indent=1)))
    text = re.sub("[\x00-\x08\x0b-\x1f]", "", HOSTILE)
    top = ElementTree.Element("a", b=text)
    top.text = text
    written = xml_output(ElementTree.tostring(top, "unicode"))
    assert ElementTree.fromstring(written).text == text
    assert not _harms(written)


def test_nothing_is_printed_but_at_the_edge() -> None:
    edge = {"cli/echo.py"}
    allowed = {"cli/options.py", "serve/server.py", "lsp/server.py", "workers/process.py"}
    package = PROJECT / "checker"
    for path in package.rglob("*.py"):
        name = path.relative_to(package).as_posix()
        if name in edge | allowed or "starter_repository" in name:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                assert called not in ("print", "click.echo", "click.secho", "click.style"), name
                assert not re.search(r"sys\.(stdout|stderr)\.(write|buffer)", called), name


LOGGED = """\
import logging, sys
from checker.cli.log import start_log
start_log()
text = sys.argv[1]
log = logging.getLogger("pygls.server")
log.error("can't read %s", text)
try:
    raise ValueError(text)
except ValueError:
    log.exception("failed: %s", text)
"""


def test_logs_of_servers_are_lines_that_do_nothing() -> None:
    hostile = HOSTILE.replace("\0", "")
    command = [sys.executable, "-c", LOGGED, hostile]
    done = subprocess.run(command, capture_output=True, check=True)
    log = done.stderr.decode()
    assert not _harms(log)
    assert log.startswith("can't read ::warning::w\\x1b[2J")
    assert all(line.startswith(("can't read", "failed: ", "    ")) for line in log.splitlines())
