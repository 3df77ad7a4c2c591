"""Writes the lock files beside it: the versions, with hashes, that the README's commands install.

    .venv/bin/python requirements/lock.py            # keeps what still fits pyproject.toml
    .venv/bin/python requirements/lock.py --upgrade  # takes the newest versions

- `build.txt`: what builds packages, so that `pip install --no-build-isolation` fetches no more.
- `run.txt`: what the program needs, and the build backend.
- `dev.txt`: what the tests need, and the build backend.
- `lowest.txt`: the same with the lowest versions that pyproject.toml allows; `.ci/run` tests them.

Each serves every Python and platform that pyproject.toml allows. They are no constraints
(`pip install -c`), because with hashes pip refuses to install a folder, such as this checkout:
what they lock is installed first, then the checkout. Both go with `--no-deps`: a lock file is
complete, and with hashes pip finds no version of some packages that are required with extras.
"""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
METADATA = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
BACKEND = METADATA["build-system"]["requires"]
DEV = ["pyproject.toml", "--extra", "dev"]
# pyspark comes as a source archive, which setuptools builds.
BUILD = [*BACKEND, "setuptools>=78"]
# The requirements of each file, and its other sources and options. `dev` is first, as the next two
# take versions from it.
LOCKS = {
    "dev": (BACKEND, DEV),
    "run": (BACKEND, ["pyproject.toml", "--constraint", "requirements/dev.txt"]),
    "build": (BUILD, ["--constraint", "requirements/dev.txt"]),
    "lowest": (BACKEND, [*DEV, "--resolution", "lowest-direct", "--upgrade"]),
}
# No header and no index: they would tell of the machine that made the files.
FORM = ["--universal", "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"]


def main(options: list[str]) -> None:
    """Write each lock file; `options` are further options of `uv pip compile`."""
    oldest_python = METADATA["project"]["requires-python"].removeprefix(">=")
    lock = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "-", *FORM]
    for name, (requirements, own) in LOCKS.items():
        output = ["--python-version", oldest_python, "--output-file", f"requirements/{name}.txt"]
        command = [*lock, *own, *output, *options]
        subprocess.run(command, input="\n".join(requirements), text=True, check=True, cwd=PROJECT)


if __name__ == "__main__":
    main(sys.argv[1:])
