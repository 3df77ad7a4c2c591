"""The chart of the times that one term took, as positions for an SVG of any width.

Horizontal positions are percentages of the width, vertical ones are pixels. All buckets have the
same width.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from checker.report.audit_page.formatting import Pair, duration, number, phrase

_PLOT = 170  # the height of the area of bars
_LINE = 17  # the height of a line of text
_LABELLED = 3  # so many limits have a label at their line; the table has all
_LABELS = range(3, 9)  # the number of labels below the bars, or one for each of fewer bars


@dataclass(frozen=True, slots=True)
class ChartMark:
    """A bar with its height, or a line with its label."""

    x: float
    y: float
    size: float = 0
    label: Any = ""
    anchor: str = "middle"
    minor: bool = False  # hidden on narrow screens


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart; `height`, and the `top` and `bottom` of the area of bars, are pixels."""

    height: int
    top: int
    bottom: int
    width: float  # of a bar, a percentage
    bars: Sequence[ChartMark]
    grid: Sequence[ChartMark]
    ticks: Sequence[ChartMark]
    limits: Sequence[ChartMark]


def chart(term: Mapping[str, Any]) -> Chart | None:
    """Return the chart of an entry of a summary's `terms`, None where no bucket has a deadline."""
    buckets = term["taken"]
    peak = max((bucket["deadlines"] for bucket in buckets), default=0)
    if peak == 0:
        return None
    scale = _scale(peak)
    slot = 100 / len(buckets)
    labelled = sorted(term["limits"], key=lambda limit: -limit["deadlines"])[:_LABELLED]
    top = _LINE * len(labelled) + 8
    bottom = top + _PLOT
    heights = [_PLOT * bucket["deadlines"] / scale[-1] for bucket in buckets]
    bars = [
        ChartMark(
            round(slot * (index + 0.06), 3), round(bottom - max(height, 1.5), 2), max(height, 1.5)
        )
        for index, height in enumerate(heights)
        if height
    ]
    grid = [
        ChartMark(0, round(bottom - _PLOT * value / scale[-1], 2), label=number(value))
        for value in scale
    ]
    ticks = [*_ticks(buckets, slot, bottom + _LINE)]
    limits = [*_limits(term["limits"], labelled, buckets, slot)]
    height = bottom + _LINE + 8
    return Chart(height, top, bottom, round(slot * 0.88, 3), bars, grid, ticks, limits)


def _scale(peak: int) -> range:
    """Return at most five round numbers from 0 to the first that is not below the peak."""
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(candidate for candidate in steps if peak <= 4 * candidate)
    return range(0, step * -(-peak // step) + 1, step)


def _ticks(buckets: Sequence[Mapping[str, Any]], slot: float, y: float) -> list[ChartMark]:
    """Return the labels below the edges of the buckets, as many as fit."""
    slots, last = len(buckets), buckets[-1]
    edges = [bucket["from"] for bucket in buckets]
    if last["to"] is not None:
        edges.append(last["to"])
    step = _step(edges, slots)
    ticks = []
    for index in range(0, len(edges), step):
        if last["to"] is None and index > slots - 1.5 * step:
            break  # the label of the open bucket needs the space
        anchor = "start" if index == 0 else "end" if index == slots else "middle"
        minor = index // step % 2 == 1
        ticks.append(ChartMark(round(slot * index, 3), y, 1, duration(edges[index]), anchor, minor))
    if last["to"] is None:
        over = phrase("over", {"from": duration(last["from"])})
        ticks.append(ChartMark(100, y, label=over, anchor="end"))
    return ticks


def _step(edges: Sequence[int], slots: int) -> int:
    """Return the number of buckets between two labels, so that the labels are round times."""
    steps = [step for step in range(1, slots + 1) if -(-slots // step) in _LABELS] or [1]

    def units(step: int) -> int:
        return max(len(duration(edge)[0].split()) for edge in edges[::step])

    return min(steps, key=units)  # the first minimum has most labels


def _limits(
    limits: Sequence[Mapping[str, Any]],
    labelled: Sequence[Mapping[str, Any]],
    buckets: Sequence[Mapping[str, Any]],
    slot: float,
) -> list[ChartMark]:
    """Return the lines of the limits from left to right, each label on a line of its own."""
    marks = []
    line = 1
    for limit in sorted(limits, key=lambda limit: limit["limit"]):
        x = round(slot * _position(limit["limit"], buckets), 3)
        label: Pair | str = ""
        if limit in labelled:
            label = phrase("term.limit", {"limit": duration(limit["limit"])})
        anchor = "start" if x < 70 else "end"
        marks.append(
            ChartMark(x, line * _LINE - 4 if label else _LINE * len(labelled), 0, label, anchor)
        )
        line += bool(label)
    return marks


def _position(minutes: int, buckets: Sequence[Mapping[str, Any]]) -> float:
    """Return the position of a time in buckets from the left; the middle of an open bucket."""
    for index, bucket in enumerate(buckets):
        if bucket["to"] is None:
            return index if minutes <= bucket["from"] else index + 0.5
        if minutes < bucket["to"]:
            fraction: float = (minutes - bucket["from"]) / (bucket["to"] - bucket["from"])
            return index + max(fraction, 0)
    return len(buckets)
