"""`checker lsp` where it can't begin: what it says, and with which status it ends."""

from __future__ import annotations

import subprocess
import sys

from tests.commands import checker
from tests.waiting import HANGS

WITHOUT = """
import sys
sys.modules["pygls"] = sys.modules["lsprotocol"] = None
sys.argv = ["checker", "lsp"]
from checker.cli.main import main
main()
"""


def test_without_its_package_it_says_what_to_install() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2 and done.stdout == ""
    assert done.stderr == (
        "checker: the language server needs pygls, which is not installed; "
        "`pip install 'returns-checker[lsp]'`\n"
    )


def test_a_root_that_is_none_is_said() -> None:
    result = checker("lsp", "--root", "no-such-folder")
    assert (result.status, result.err) == (2, "checker: no folder `no-such-folder`\n")


def test_an_input_that_ends_ends_it() -> None:
    command = [sys.executable, "-m", "checker", "lsp"]
    done = subprocess.run(command, input=b"", capture_output=True, check=False, timeout=HANGS)
    assert done.stdout == b"" and b"Traceback" not in done.stderr, done.stderr


def test_what_is_no_message_does_not_end_in_a_traceback() -> None:
    command = [sys.executable, "-m", "checker", "lsp"]
    junk = b"Content-Length: 9\r\n\r\n{not json"
    done = subprocess.run(command, input=junk, capture_output=True, check=False, timeout=HANGS)
    assert done.returncode in (0, 1), done.stderr
