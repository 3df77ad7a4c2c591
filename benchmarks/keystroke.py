"""Time how fast `checker lsp` answers a keystroke in a 60-line override, beside `checker validate`.

The time is from a change to the diagnostics of its text and types, over the protocol, with all
that the packs bring along. The server waits some of it for changes that come together.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from checker.lsp.session import AT_ONCE
from tests.lsp.client import Client, editing

RUNS = 60
AT_MOST = 0.5  # of the time that `checker validate` takes

HEAD = """\
kind: override
id: typed/shop
version: 1.0.0
policy: kuaishou/flash-purchase@2
effective: {from: 2024-09-01}
settings: {window_days: 15, review_limit: 24h}
rules:
"""
RULE = """\
  - id: rule-NUMBER
    when:
      category: cosmetics
      opened: true
      order_amount: {at_least: "NUMBER.00"}
    respond: manual
"""


def override() -> str:
    """Return an override of 60 lines."""
    rules = [RULE.replace("NUMBER", str(number)) for number in range(1, 10)]
    return HEAD + "".join(rules)[:-1] + "\n"


def main() -> int:
    """Return 0 if the median keystroke takes at most half of a validation of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "policy" / "shop.yaml"
        path.parent.mkdir()
        path.write_text(override())
        seconds = asyncio.run(_typed(path))
        whole = median(_validated(path) for _ in range(5))
    typed, slow = median(seconds), quantiles(seconds, n=20)[-1]
    ratio = typed / whole
    print(f"lines:             {len(override().splitlines()):6}")
    print(f"checker validate:  {whole * 1000:6.1f} ms")
    print(f"a keystroke:       {typed * 1000:6.1f} ms, {AT_ONCE * 1000:g} of them waited")
    print(f"the slowest in 20: {slow * 1000:6.1f} ms")
    print(f"ratio:             {ratio:6.2f}, at most {AT_MOST:g}")
    if ratio > AT_MOST:
        print("`checker lsp` answers too slowly", file=sys.stderr)
        return 1
    return 0


async def _typed(path: Path) -> list[float]:
    """Return how long each keystroke takes, typed into the last rule."""
    async with editing(path.parent.parent) as client:
        name = "policy/shop.yaml"
        client.open(name)
        await client.gone(name, "nothing of the kind")
        return [await _stroke(client, name, number) for number in range(RUNS)]


async def _stroke(client: Client, name: str, number: int) -> float:
    word = "installed"[: number % 9 + 1]  # half a fact's name is an error, the whole one is none
    start = perf_counter()
    client.write(name, f"{override()}    # {number}\n".replace("opened", word))
    await client.gone(name, "nothing of the kind")
    return perf_counter() - start


def _validated(path: Path) -> float:
    start = perf_counter()
    command = [sys.executable, "-m", "checker", "validate", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
