"""`python -m tests.fuzzing 100000`: fuzz every command, and print the faults and the counts.

A document is one file of a world, changed; it goes through a command that reads it. `--only N` runs
the N-th again and prints what it is.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

from tests.commands import Result, checker
from tests.fuzzing.mutations import changed
from tests.fuzzing.worlds import World, worlds

SECONDS = 10  # of processor time for one command
MEGABYTES = 1000  # of memory
WRITES = ("fmt", "repair", "prove", "import", "audit")  # which leave more files than there were


class TooLong(BaseException):
    """A command takes more processor time than it may."""


class Fuzzer:
    """Runs drawn documents through drawn commands in a folder of its own.

    Args:
        seed: what the draws start from.
        folder: an empty folder.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self.seed = seed
        (folder / "made").mkdir()
        self.worlds = worlds(folder / "made")
        self.homes = [folder / str(number) for number in range(len(self.worlds))]
        self.counts: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        for world, home in zip(self.worlds, self.homes, strict=True):
            self._lay_out(world, home)

    def _lay_out(self, world: World, home: Path) -> None:
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        world.lay_out(home)

    def run(self, number: int, *, show: bool = False) -> None:
        """Draw a document and a command by the number, and run them; faults are kept."""
        random = Random(f"{self.seed}:{number}")
        world = random.choices(self.worlds, [world.weight for world in self.worlds])[0]
        home = self.homes[self.worlds.index(world)]
        line = random.choices(world.lines, [line.weight for line in world.lines])[0]
        name = random.choice(line.files)
        other = world.files[random.choice([*world.files])]
        raw = changed(name, world.files[name], other, random)
        (home / name).write_bytes(raw)
        arguments = [name if argument == "{file}" else argument for argument in line.arguments]
        if show:
            sys.stdout.buffer.write(
                f"checker {' '.join(arguments)} # in {home}, {name}:\n".encode() + raw + b"\n"
            )
        os.chdir(home)
        fault, result = tried(arguments)
        if show:
            print(result)
        if fault:
            self.faults[fault] += 1
            if self.faults[fault] == 1:
                print(
                    f"\n{number}: checker {' '.join(arguments)} # {name} changed\n{fault}",
                    flush=True,
                )
        self.counts[
            f"{line.arguments[0]} {'fault' if fault else result.status if result else ''}"
        ] += 1
        if line.arguments[0] in WRITES:
            self._lay_out(world, home)
        else:
            (home / name).write_bytes(world.files[name])


def tried(arguments: list[str]) -> tuple[str | None, Result | None]:
    """Return what is wrong with how a command ends, if anything, and its result."""
    result = None
    try:
        with within(SECONDS):
            result = checker(*arguments)
    except TooLong:
        return f"more than {SECONDS} s of processor time\n{_last(5)}", None
    except BaseException as error:  # also what a library raises that is no Exception
        if isinstance(error, KeyboardInterrupt):
            raise
        return f"{type(error).__name__}: {str(error)[:200]}\n{_last(4)}", None
    if result.status not in (0, 1, 2):
        return f"exits with {result.status}", result
    if "Traceback" in result.err:
        return f"prints a traceback: {result.err[-300:]}", result
    used = most_memory()
    return (f"takes {used} MB", result) if used > MEGABYTES else (None, result)


def most_memory() -> int:
    """Return the most memory that this process has had, in MB.

    `getrusage` would count that of the process which started this one, too.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    peak = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(peak.split()[1]) // 1024


def _last(count: int) -> str:
    frames = traceback.extract_tb(sys.exc_info()[2])[-count:]
    return "\n".join(
        f"    {Path(each.filename).name}:{each.lineno} {each.name}: {each.line}" for each in frames
    )


@contextmanager
def within(seconds: int) -> Iterator[None]:
    """Raise TooLong in the block when this process has used so much processor time in it."""

    def stop(*_: Any) -> None:
        raise TooLong

    signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def main() -> int:
    """Run the documents; returns 1 where a command has a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("documents", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--start", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    with tempfile.TemporaryDirectory() as folder:
        fuzzer = Fuzzer(options.seed, Path(folder))
        if options.only is not None:
            fuzzer.run(options.only, show=True)
        else:
            for number in range(options.start, options.start + options.documents):
                fuzzer.run(number)
        os.chdir("/")
    print(", ".join(f"{count:,} {what}" for what, count in sorted(fuzzer.counts.items())))
    faults = sum(fuzzer.faults.values())
    print(f"{options.documents:,} documents, seed {options.seed}: {faults} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
