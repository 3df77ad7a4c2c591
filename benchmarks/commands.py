"""Whole commands, as processor time of their processes: ratios of one run, and growth.

    python -m benchmarks.commands [--most 10000]

What an override costs is the difference between a run on many and a run on one, so that the start
of a process counts once. check-jsonschema and yamllint read the same files; what is not installed
is named and left out. The bars hold for ratios, never for a time.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from collections.abc import Sequence
from pathlib import Path
from random import Random
from shutil import which

from benchmarks.sellers import seller_text, write_sellers

ROOT = Path(__file__).parents[1]
POLICY = "kuaishou/flash-purchase"
COUNT = 100
ROUNDS = 2
SCRIPTS = sysconfig.get_path("scripts")


def main() -> int:
    """Print costs, ratios and growth; return 1 if a bar is missed."""
    arguments = argparse.ArgumentParser(prog="commands", description=__doc__)
    arguments.add_argument("--most", type=int, default=1000, help="overrides, for growth")
    most = arguments.parse_args().most
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_STATE_HOME"] = str(Path(folder, "state"))  # a key of its own
        work = Path(folder)
        met = [*_ratios(work), _remembered(work), _growth(work, most)]
    return 0 if all(met) else 1


def _ratios(work: Path) -> list[bool]:
    """Print what one override costs each command; return which bars are met."""
    passing, failing = _by_outcome(work, COUNT)
    checker = [sys.executable, "-m", "checker"]
    prove, validate = [*checker, "prove", "--jobs", "1"], [*checker, "validate"]
    costs = {
        "validate": _cost(validate, passing),
        "prove, those that pass": _cost(prove, passing),
        "prove, those that fail": _cost(prove, failing),
    }
    schema = ROOT / "schemas" / "override.schema.json"
    by_schema = ["--schemafile", str(schema), "--base-uri", schema.as_uri()]
    for name, options in (("check-jsonschema", by_schema), ("yamllint", [])):
        program = which(name, path=SCRIPTS)
        if program:
            costs[name] = _cost([program, *options], passing)
        else:
            print(f"{name} is not installed and left out")
    for name, cost in costs.items():
        print(f"{name:24} {cost * 1000:8.2f} ms an override")
    least = {"check-jsonschema": 5.0, "yamllint": 3.0}
    base = costs["validate"]
    bars = [
        ("prove, those that pass, to validate", costs["prove, those that pass"] / base, 3.0),
        ("prove, those that fail, to validate", costs["prove, those that fail"] / base, 5.0),
    ]
    bars += [
        (f"validate to {name}", base / costs[name], 1 / least[name])
        for name in least & costs.keys()
    ]
    return [_bar(*bar) for bar in bars]


def _by_outcome(work: Path, count: int) -> tuple[list[Path], list[Path]]:
    """Return the files of as many overrides that pass and of others that fail."""
    from checker.analysis.prove.engine import Engines
    from checker.analysis.prove.prove_document import prove_document
    from checker.language.resolve.project import open_target, today

    passing: list[Path] = []
    failing: list[Path] = []
    random, folder = Random(1), work / "sellers"
    folder.mkdir()
    for number in range(count * 4):
        file = folder / f"shop-{number}.yaml"
        file.write_text(seller_text(random, f"shop-{number}", POLICY), encoding="utf-8")
    target, engines, day = open_target([ROOT / "policy"], [folder]), Engines("boxes"), today()
    for document in target.documents:
        proofs = prove_document(document, target.resolver, on=day, today=day, engines=engines)
        holds = all(proof.holds for proof in proofs)
        (passing if holds else failing).append(Path(document.file))
    return passing[:count], failing[:count]


def _cost(command: Sequence[str], files: Sequence[Path]) -> float:
    """Return the seconds of processor time that one more file costs a command."""
    many = min(_seconds([*command, *map(str, files)]) for _ in range(ROUNDS))
    one = min(_seconds([*command, str(files[0])]) for _ in range(ROUNDS))
    return (many - one) / (len(files) - 1)


def _remembered(work: Path) -> bool:
    """Print what `check` costs when nothing changed, to when all is new."""
    folder = work / "market"
    write_sellers(folder / "policy" / "sellers", 2000, policies=(POLICY,))
    command = [sys.executable, "-m", "checker", "check"]
    cold, warm = (_seconds(command, folder) for _ in range(2))
    print(f"check of 2,000 sellers: {cold:.2f} s, and {warm:.2f} s when nothing changed")
    return _bar("check, nothing changed, to all new", warm / cold, 0.25)


def _growth(work: Path, most: int) -> bool:
    """Print what 100 overrides and more cost `check`; return whether one never costs much more."""
    each: list[float] = []
    for count in (count for count in (100, 1_000, 10_000) if count <= most):
        folder = work / f"growth-{count}"
        write_sellers(folder / "policy" / "sellers", count, policies=(POLICY,))
        command = [sys.executable, "-m", "checker", "check", "--no-cache"]
        each.append(_seconds(command, folder) / count)
        print(f"check of {count:6,} overrides: {each[-1] * 1000:8.2f} ms each")
    return _bar("one of many to one of 100", each[-1] / each[0], 1.2)


def _bar(what: str, ratio: float, most: float) -> bool:
    met = ratio <= most
    print(f"  {what:40} {ratio:6.2f} (at most {most:.2f}: {'yes' if met else 'NO'})")
    return met


def _seconds(command: Sequence[str], folder: Path = ROOT) -> float:
    """Return the processor time of a process and of those that it starts."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{command[0]} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime


if __name__ == "__main__":
    sys.exit(main())
