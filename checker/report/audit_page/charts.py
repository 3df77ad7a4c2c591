"""The bars of one term's times taken, as positions that an SVG of any width can hold.

Across, everything is in percent of the width; down, in pixels. Every bucket is equally wide.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from checker.report.audit_page.formatting import Pair, duration, number, phrase

_PLOT = 170  # the height of the bars' field
_LINE = 17  # the height of a line of text
_LABELLED = 3  # so many limits have their words beside their line; the table has all
_LABELS = range(3, 9)  # so many words stand below the bars, or one for each if they are few


@dataclass(frozen=True, slots=True)
class Mark:
    """Something at a place: a bar of some size, or a line with its words."""

    x: float
    y: float
    size: float = 0
    words: Any = ""
    anchor: str = "middle"
    minor: bool = False  # narrow screens leave it out


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart `height` pixels high; `top` and `bottom` are those of the bars' field."""

    height: int
    top: int
    bottom: int
    width: float  # of a bar, in percent
    bars: Sequence[Mark]
    grid: Sequence[Mark]
    ticks: Sequence[Mark]
    limits: Sequence[Mark]


def chart(term: Mapping[str, Any]) -> Chart | None:
    """Return the chart of an entry of a summary's `terms`; None where no time was taken."""
    buckets = term["taken"]
    peak = max((each["deadlines"] for each in buckets), default=0)
    if peak == 0:
        return None
    scale = _scale(peak)
    slot = 100 / len(buckets)
    labelled = sorted(term["limits"], key=lambda each: -each["deadlines"])[:_LABELLED]
    top = _LINE * len(labelled) + 8
    bottom = top + _PLOT
    heights = [_PLOT * each["deadlines"] / scale[-1] for each in buckets]
    bars = [
        Mark(round(slot * (place + 0.06), 3), round(bottom - max(height, 1.5), 2), max(height, 1.5))
        for place, height in enumerate(heights)
        if height
    ]
    grid = [Mark(0, round(bottom - _PLOT * at / scale[-1], 2), words=number(at)) for at in scale]
    ticks = [*_ticks(buckets, slot, bottom + _LINE)]
    limits = [*_limits(term["limits"], labelled, buckets, slot)]
    height = bottom + _LINE + 8
    return Chart(height, top, bottom, round(slot * 0.88, 3), bars, grid, ticks, limits)


def _scale(peak: int) -> range:
    """Return round numbers from 0 to the first that is not below the peak, at most five."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(each for each in steps if peak <= 4 * each)
    return range(0, step * -(-peak // step) + 1, step)


def _ticks(buckets: Sequence[Mapping[str, Any]], slot: float, y: float) -> list[Mark]:
    """Return the words below the edges of the buckets, as many as have room."""
    slots, last = len(buckets), buckets[-1]
    edges = [each["from"] for each in buckets]
    if last["to"] is not None:
        edges.append(last["to"])
    step = _step(edges, slots)
    ticks = []
    for place in range(0, len(edges), step):
        if last["to"] is None and place > slots - 1.5 * step:
            break  # the open bucket's own words need the room
        anchor = "start" if place == 0 else "end" if place == slots else "middle"
        minor = place // step % 2 == 1
        ticks.append(Mark(round(slot * place, 3), y, 1, duration(edges[place]), anchor, minor))
    if last["to"] is None:
        over = phrase("over", {"from": duration(last["from"])})
        ticks.append(Mark(100, y, words=over, anchor="end"))
    return ticks


def _step(edges: Sequence[int], slots: int) -> int:
    """Return after how many buckets an edge is labelled: a step of round times, if there is one."""
    steps = [each for each in range(1, slots + 1) if -(-slots // each) in _LABELS] or [1]

    def units(step: int) -> int:
        return max(len(duration(edge)[0].split()) for edge in edges[::step])

    return min(steps, key=units)  # of equals the first, which labels most


def _limits(
    limits: Sequence[Mapping[str, Any]],
    labelled: Sequence[Mapping[str, Any]],
    buckets: Sequence[Mapping[str, Any]],
    slot: float,
) -> list[Mark]:
    """Return the lines of the limits from left to right, each label on a line of its own."""
    marks = []
    line = 1
    for each in sorted(limits, key=lambda each: each["limit"]):
        x = round(slot * _place(each["limit"], buckets), 3)
        words: Pair | str = ""
        if each in labelled:
            words = phrase("term.limit", {"limit": duration(each["limit"])})
        anchor = "start" if x < 70 else "end"
        marks.append(
            Mark(x, line * _LINE - 4 if words else _LINE * len(labelled), 0, words, anchor)
        )
        line += bool(words)
    return marks


def _place(minutes: int, buckets: Sequence[Mapping[str, Any]]) -> float:
    """Return where a time lies, in buckets from the left; in the middle of an open one."""
    for place, each in enumerate(buckets):
        if each["to"] is None:
            return place if minutes <= each["from"] else place + 0.5
        if minutes < each["to"]:
            part: float = (minutes - each["from"]) / (each["to"] - each["from"])
            return place + max(part, 0)
    return len(buckets)
