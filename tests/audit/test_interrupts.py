"""Ctrl+C at any moment leaves nothing behind, neither of a folder of results nor of a file."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType, SimpleNamespace
from typing import Any

import pytest

from checker.audit.results import workplace
from checker.cli.output_files import write_whole

# A file that is open when Ctrl+C comes is closed with the frame that opened it.
pytestmark = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def interrupted_at(moment: int, work: Callable[[], None]) -> bool:
    """Do the work, interrupted at a moment; return whether the work had that many moments.

    Python looks for signals where a function begins and behind calls of what is written in C,
    which are moments that a profiler is told of. (It is told of generators that go on, too.)
    """
    moments = 0

    def count(frame: FrameType, event: str, _argument: Any) -> None:
        nonlocal moments
        begins = event == "call" and not frame.f_code.co_flags & inspect.CO_GENERATOR
        if begins or event == "c_return":
            moments += 1
            if moments == moment:
                raise KeyboardInterrupt

    sys.setprofile(count)
    try:
        work()
    except KeyboardInterrupt:
        pass
    finally:
        sys.setprofile(None)
    return moments >= moment


def each_moment(work: Callable[[], None]) -> Iterator[int]:
    """Interrupt the work at each of its moments in turn; yield their numbers, from 1."""
    moment = 1
    while interrupted_at(moment, work):
        yield moment
        moment += 1


def write(folder: Path, text: str) -> None:
    with workplace(folder / "out") as results:
        (results / "report.html").write_text(text)
        (results / "summary.json").write_text("{}")


@pytest.mark.parametrize("fails", [False, True], ids=["that ends well", "that fails"])
@pytest.mark.parametrize(
    "earlier", [False, True], ids=["new results", "results in place of others"]
)
def test_an_interrupt_leaves_no_part_of_results(
    earlier: bool, fails: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    anything = SimpleNamespace(is_valid=lambda summary: True)  # is an earlier audit's summary
    monkeypatch.setattr("checker.audit.results.validator", lambda schema: anything)
    if earlier:
        write(tmp_path, "old")

    def work() -> None:
        try:
            with workplace(tmp_path / "out") as results:
                (results / "report.html").write_text("new")
                (results / "summary.json").write_text("{}")
                if fails:
                    raise ValueError
        except ValueError:
            pass

    moment = 0
    for moment in each_moment(work):  # noqa: B007
        assert {path.name for path in tmp_path.iterdir()} <= {"out"}
        if earlier or (tmp_path / "out").exists():
            names = sorted(path.name for path in (tmp_path / "out").iterdir())
            assert names == ["report.html", "summary.json"]
            assert (tmp_path / "out" / "report.html").read_text() in ("old", "new")
    assert moment > 100


def test_an_interrupt_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "shop.yaml"
    moment = 0
    path.write_text("old")
    for moment in each_moment(lambda: write_whole(path, "new")):  # noqa: B007
        assert [*tmp_path.iterdir()] == [path]
        assert path.read_text() in ("old", "new")
    assert moment > 10
