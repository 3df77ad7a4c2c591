"""Pages for people, and their blocks run as a reader would: in order, in a folder of their own.

| block | what becomes of it |
| --- | --- |
| `sh` | every command is run, and exits with 0 or with what `# exits with 1` behind it says |
| `console` | the same for each `$ command`; the lines below are its output, `…` any lines |
| `yaml` | under `# path/name.yaml` a file; under `kind:` a document that its schema takes |
| `text`, `diff`, `markdown` behind `sh` | stands in what the commands of that block print |
| `json`, `toml` | can be read |
| `sh` that begins with `curl` | asks `checker serve`: see `tests/serve/test_handbook.py` |

What needs more than this program (git, pip, Python) is run with the slow tests.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from checker.language.model.schema import check_shape
from checker.language.resolve.library import Library
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import parse_document
from checker.language.syntax.parser import compose
from tests.commands import Result, checker
from tests.conftest import PROJECT

BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"# (\S+\.ya?ml)\n")
HEREDOC = re.compile(r"<<-?'?(\w+)'?")
EXITS = re.compile(r"# exits with (\d)$")
ASKING = "curl "
SHELL = re.compile(r"[|<>$;&*]")
FOREIGN = {"git", "pip", "pre-commit", "python", "python3", "pytest"}
WAITING = {"lsp", "serve"}  # these end when they are told to: only their options are tried
SHARED = ("examples", "policy", "schemas")  # what pages show of the project


class Block(NamedTuple):
    """A fenced block: its language and its text, without the indent of the list it is in."""

    language: str
    text: str


def all_blocks(page: Path) -> list[Block]:
    """Return the blocks of a page, in order."""
    found = BLOCK.findall(page.read_text(encoding="utf-8"))
    return [
        Block(language, "\n".join(line.removeprefix(indent) for line in text.splitlines()))
        for indent, language, text in found
    ]


def blocks(page: Path, language: str) -> list[str]:
    """Return the texts of the blocks in one language."""
    return [each.text for each in all_blocks(page) if each.language == language]


class Command(NamedTuple):
    """A command line, what it prints where that is shown, and the status it exits with."""

    line: str
    shown: str | None
    status: int


def commands(block: Block) -> list[Command]:
    """Return the commands of a block of `sh` or `console`."""
    return [*(_typed(block.text) if block.language == "console" else _lines(block.text))]


def is_foreign(block: Block) -> bool:
    """Return whether a block needs more than this program."""
    if block.language not in ("sh", "console"):
        return False
    return any({*shlex.split(each.line, comments=True)} & FOREIGN for each in commands(block))


def _typed(text: str) -> Iterator[Command]:
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        line, _, shown = part.partition("\n")
        yield Command(line, shown.rstrip("\n"), _status(line))


def _lines(text: str) -> Iterator[Command]:
    """Yield the commands of a script: a line each, with the document that one reads."""
    lines = iter(text.replace("\\\n", "").splitlines())
    for line in lines:
        whole = [line]
        here = HEREDOC.search(line)
        while here and whole[-1] != here[1]:
            whole.append(next(lines))
        yield Command("\n".join(whole), None, _status(line))


def _status(line: str) -> int:
    found = EXITS.search(line)
    return int(found[1]) if found else 0


@dataclass
class Reader:
    """Goes through a page in `folder`.

    What needs other programs is run where there are `wheels`, from which pip installs this one.
    """

    page: Path
    folder: Path
    wheels: Path | None = None
    results: list[tuple[str, Result]] = field(default_factory=list)
    said: str | None = None

    def read(self) -> list[tuple[str, Result]]:
        """Return the commands that were run and what they print; what is not as said fails."""
        self._share()
        with chdir(self.folder):
            for block in all_blocks(self.page):
                self._block(block)
        return self.results

    def _share(self) -> None:
        """Lay out what the page starts from: its own `policy`, or the project's files it names."""
        beside = self.page.parent / "policy"
        if beside.is_dir() and self.page.parent != PROJECT:
            shutil.copytree(beside, self.folder / "policy")
        elif _named(self.page):
            for name in SHARED:
                (self.folder / name).symlink_to(PROJECT / name)

    def _block(self, block: Block) -> None:
        said, self.said = self.said, None
        if block.language in ("sh", "console") and not block.text.startswith(ASKING):
            if self.wheels or not is_foreign(block):
                self.said = "".join(self._command(each) for each in commands(block))
        elif block.language == "yaml":
            self._yaml(block.text)
        elif block.language in ("text", "diff", "markdown") and said is not None:
            assert block.text in said, f"{self.page.name} shows\n{block.text}\nbut it is\n{said}"
        elif block.language in ("json", "toml"):
            {"json": json.loads, "toml": tomllib.loads}[block.language](block.text)

    def _yaml(self, text: str) -> None:
        file = FILE.match(text)
        if file:
            path = self.folder / file[1]
            assert path.resolve().is_relative_to(self.folder.resolve()), "a file of the project"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{text}\n", encoding="utf-8")
            return
        compose(text)
        if text.startswith(("kind:", "# yaml-language-server")):
            document, problems = parse_document(text.encode(), "block")
            assert document and not check_shape(document)[1], problems
            if document.kind == "vocabulary":
                assert not Resolver(Library()).vocabulary(document)[1]

    def _command(self, command: Command) -> str:
        result = run(command.line, self.wheels)
        self.results.append((command.line, result))
        said = result.out + result.err
        where = f"{self.page.name}: {command.line}\n{said}"
        assert result.status == command.status, f"exited with {result.status}: {where}"
        if command.shown is not None:
            assert shows(command.shown, said) or shows(command.shown, result.out), where
        return said


def run(line: str, wheels: Path | None = None) -> Result:
    """Return what a command line prints: in this process where `checker` is all it needs."""
    if line.startswith("checker ") and not SHELL.search(line):
        arguments = shlex.split(line, comments=True)[1:]
        return checker(*arguments, *(["--help"] if arguments[0] in WAITING else []))
    done = subprocess.run(
        ["bash", "-c", line], env=_environment(wheels), capture_output=True, text=True, check=False
    )
    return Result(done.returncode, done.stdout, done.stderr)


def _environment(wheels: Path | None) -> dict[str, str]:
    """Return what programs see: the page's own environment of Python first, and who commits."""
    path = f"{Path('.venv/bin').absolute()}:{Path(sys.executable).parent}:{os.environ['PATH']}"
    who = {
        f"GIT_{role}_{what}": value
        for role in ("AUTHOR", "COMMITTER")
        for what, value in (("NAME", "reader"), ("EMAIL", "reader@example.org"))
    }
    return {
        **os.environ,
        **who,
        "PATH": path,
        **({"PIP_FIND_LINKS": str(wheels)} if wheels else {}),
    }


def _named(page: Path) -> bool:
    """Return whether commands of the page name files of the project."""
    words = [
        word
        for block in all_blocks(page)
        if block.language in ("sh", "console")
        for word in re.findall(r"[\w.-]+/[\w./-]+", block.text)
    ]
    return any(word.startswith(SHARED) and (PROJECT / word).exists() for word in words)


def shows(shown: str, said: str) -> bool:
    """Return whether the lines shown are the lines said; `…` by itself stands for any lines."""
    pattern = "".join(
        r"(?:.*\n)*?" if line.strip() == "…" else f"{re.escape(line)}[ ]*\n"
        for line in shown.splitlines()
    )
    whole = said.strip("\n")
    return re.fullmatch(pattern, f"{whole}\n" if whole else "") is not None
