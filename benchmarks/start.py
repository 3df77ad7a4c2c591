"""Time how fast `checker validate` starts, beside the imports that it can't do without."""

from __future__ import annotations

import subprocess
import sys
import sysconfig
from pathlib import Path
from shutil import which
from statistics import median
from time import perf_counter

ROOT = Path(__file__).parents[1]
RUNS = 15
AT_MOST = 2.0

IMPORTS = [sys.executable, "-c", "import yaml, jsonschema"]
VALIDATE = ["validate", "policy/sellers/steady-shop.yaml"]


def main() -> int:
    """Return 0 if the whole process takes at most twice as long as the imports."""
    checker = which("checker", path=sysconfig.get_path("scripts"))
    if checker is None:
        print("`checker` is not installed for this Python", file=sys.stderr)
        return 1
    validate = [checker, *VALIDATE]
    for command in (IMPORTS, validate):  # once to have the files read and the bytecode written
        _seconds(command)
    pairs = [(_seconds(IMPORTS), _seconds(validate)) for _ in range(RUNS)]
    imports, whole = (median(each) for each in zip(*pairs, strict=True))
    ratio = whole / imports
    print(f"import yaml, jsonschema: {imports * 1000:6.1f} ms")
    print(f"checker validate:        {whole * 1000:6.1f} ms")
    print(f"ratio:                   {ratio:6.2f}, at most {AT_MOST:g}")
    if ratio > AT_MOST:
        print("`checker validate` starts too slowly", file=sys.stderr)
        return 1
    return 0


def _seconds(command: list[str]) -> float:
    """Return how long the process takes; it has to succeed."""
    start = perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
