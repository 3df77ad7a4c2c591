"""Time how fast `checker lsp` answers a keystroke in a 60-line override, beside `checker validate`.

The time is from a change to the diagnostics of its text and types, over the protocol, with all
that the packs bring along. The server waits some of it for changes that come together.

Then a text near 1 MiB is opened and typed into as well: while it is read, no request about it or
about the small text waits longer than a part of `checker validate` of the small one.
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
LARGE_RULES = 7700  # of a text near 1 MiB
LARGE_ROUNDS = 20  # of requests while it is read

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


def override(rules: int = 9) -> str:
    """Return an override of 60 lines, or with more rules."""
    texts = [RULE.replace("NUMBER", str(number)) for number in range(1, rules + 1)]
    return HEAD + "".join(texts)[:-1] + "\n"


def main() -> int:
    """Return 0 if the median keystroke takes at most half of a validation of the file."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder).resolve() / "policy" / "shop.yaml"
        path.parent.mkdir()
        path.write_text(override())
        seconds = asyncio.run(_typed(path))
        waits = asyncio.run(_beside_a_large_text(path))
        whole = median(_validated(path) for _ in range(5))
    typed, slow = median(seconds), quantiles(seconds, n=20)[-1]
    ratio = typed / whole
    print(f"lines:             {len(override().splitlines()):6}")
    print(f"checker validate:  {whole * 1000:6.1f} ms")
    print(f"a keystroke:       {typed * 1000:6.1f} ms, {AT_ONCE * 1000:g} of them waited")
    print(f"the slowest in 20: {slow * 1000:6.1f} ms")
    print(f"ratio:             {ratio:6.2f}, at most {AT_MOST:g}")
    slowest, large_ratio = max(waits), max(waits) / whole
    print(f"beside 1 MiB:      {slowest * 1000:6.1f} ms, the slowest of {len(waits)} requests")
    print(f"ratio:             {large_ratio:6.2f}, at most {AT_MOST:g}")
    if max(ratio, large_ratio) > AT_MOST:
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


async def _beside_a_large_text(path: Path) -> list[float]:
    """Return how long requests about a small and a large text wait, while the large one is read."""
    small, large = "policy/shop.yaml", "policy/large.yaml"
    text = override(LARGE_RULES).replace("typed/shop", "typed/large")
    waits: list[float] = []
    async with editing(path.parent.parent) as client:
        client.open(small)
        await client.gone(small, "nothing of the kind")
        await client.hover(small, "review_limit")
        client.open(large, text)
        for number in range(LARGE_ROUNDS):
            if number % 5 == 4:
                client.write(large, f"{text}# {number}\n")
            for name in (small, large):
                for ask in (client.hover(name, "review_limit"), client.complete(name, 20)):
                    start = perf_counter()
                    await ask
                    waits.append(perf_counter() - start)
    return waits


def _validated(path: Path) -> float:
    start = perf_counter()
    command = [sys.executable, "-m", "checker", "validate", str(path)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
