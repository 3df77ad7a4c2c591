"""The pictures of the README, made anew: `python docs/pictures/make.py`.

They show what the program makes of the examples: a failed proof in a terminal with colours, the
playground, and the page of an audit. The pages are opened in Debian's Chromium (`apt-get install
chromium fonts-noto-cjk`). A test compares the text of the terminal; look at the pages yourself.
"""

from __future__ import annotations

import fcntl
import io
import os
import pty
import re
import shutil
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, expect, sync_playwright
from rich.console import CONSOLE_SVG_FORMAT, Console
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
COLUMNS = 108
ROWS = 30
PROGRAM = [sys.executable, "-m", "checker"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
CHROMIUM = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
SELLERS = ROOT / "examples" / "3-sellers"
RETURNS = ROOT / "examples" / "6-audit-returns"
CHOSEN = {"policy": "kuaishou/flash-purchase@2.0.0", "override": "examples/refuses-opened@1.0.0"}
SIZE = {"width": 1040, "height": 1100}  # text is still readable at the width of a README
PATIENCE = 60_000  # milliseconds for a proof on a busy machine
# The format of rich, without its web font: a picture loads nothing.
SVG = re.sub(r"@font-face \{\{.*?\}\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)


def terminal() -> str:
    """Return a failed proof as SVG: the command, and its first finding as a terminal shows it."""
    arguments = ["prove", "policy/refuses-opened.yaml"]
    printed = in_terminal([*PROGRAM, *arguments], SELLERS)
    first, *others = re.split(r"(?m)^(?=.*: (?:\x1b\[\d+m)?error)", printed)
    shown = f"$ checker {' '.join(arguments)}\n{first}{others[0].rstrip()}\n\n…"
    console = Console(width=COLUMNS, record=True, file=io.StringIO(), force_terminal=True)
    console.print(Text.from_ansi(shown))
    return console.export_svg(title="checker prove", code_format=SVG, unique_id="proof")


def in_terminal(command: list[str], folder: Path) -> str:
    """Return what a command prints where its output is a terminal."""
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    process = subprocess.Popen(
        command, cwd=folder, env=ENVIRONMENT, stdin=follower, stdout=follower, stderr=follower
    )
    os.close(follower)
    printed = b""
    try:
        while part := os.read(leader, 65536):
            printed += part
    except OSError:  # Linux says so at the end of a terminal
        pass
    finally:
        os.close(leader)
        process.wait()
    return printed.decode().replace("\r\n", "\n")


@contextmanager
def served() -> Iterator[str]:
    """Give the address of a playground of the examples' sellers."""
    roots = ["--root", str(ROOT / "policy"), "--root", str(SELLERS / "policy")]
    command = [*PROGRAM, "serve", "--no-open", *roots]
    process = subprocess.Popen(command, env=ENVIRONMENT, stderr=subprocess.PIPE, text=True)
    assert process.stderr
    try:
        yield next(
            found[1] for line in process.stderr if (found := re.match(r"serving (\S+/) ", line))
        )
    finally:
        process.terminate()
        process.wait()
        process.stderr.close()


def audited(folder: Path) -> Path:
    """Audit the returns of example 6, and return the page of the result."""
    table = "returns.parquet"  # the page names the source as the command line does
    made = [sys.executable, RETURNS / "make_returns.py", table]
    subprocess.run(made, cwd=folder, check=True, env=ENVIRONMENT)
    options = ["--policy", "storefronts/rules@1", "--root", RETURNS / "policy"]
    options += ["--columns", RETURNS / "columns.yaml", "--as-of", "2010-12-10"]
    command = [*PROGRAM, "audit", "returns", table, *options, "--out", "report"]
    done = subprocess.run(command, cwd=folder, env=ENVIRONMENT, capture_output=True, check=False)
    assert done.returncode == 2, done.stderr  # two rows are refused, as the example says
    return folder / "report" / "report.html"


def playground(page: Page, url: str) -> None:
    """Open a seller who refuses opened goods, and wait for the proof."""
    page.goto(url)
    for kind, name in CHOSEN.items():
        page.select_option(f"#{kind}-name", name)
        expect(page.locator("#proofs h3", has_text=f"{name} ").first).to_be_visible()
        expect(page.locator("#proof")).to_have_attribute("aria-busy", "false")
    expect(page.locator("#limiting")).to_be_empty()


def main() -> None:
    """Write all pictures beside this file."""
    (HERE / "proof.svg").write_text(terminal(), encoding="utf-8")
    program = shutil.which("chromium")
    with TemporaryDirectory() as folder, served() as url, sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=CHROMIUM)
        page = browser.new_page(viewport=SIZE, locale="en-US")
        playground(page, url)
        page.screenshot(path=HERE / "playground.png")
        page.goto(audited(Path(folder)).as_uri())
        page.screenshot(path=HERE / "audit.png")
        browser.close()


if __name__ == "__main__":
    main()
