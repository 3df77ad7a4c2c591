"""Who is next: clients take turns, and a long question gives way to those that had no turn yet.

A question runs for its slice of time. If others wait then, it gives way, and has its next turn with
a slice twice as long. So a short question waits for short slices alone, and a long one still comes
to its end: at most half of its time is lost.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

FIRST_SLICE = 1.0  # seconds; most questions need less
_MOST_CLIENTS = 1000  # whose last turn is remembered


class QueueFull(Exception):
    """A question that can't wait, since too many others do."""


@dataclass(slots=True, eq=False)
class Turn:
    """The turns of one question.

    Attributes:
        client: Who asks.
        slice: How many seconds it has before it gives way.
        spent: Whether the slice of its present turn is over.
    """

    client: str
    slice: float = FIRST_SLICE
    spent: bool = False

    @property
    def long(self) -> bool:
        """Whether it gave way before."""
        return self.slice > FIRST_SLICE


@dataclass(slots=True)
class Turns:
    """Questions that wait and questions that run.

    Attributes:
        most: How many run at once. Where all of these are long, one more runs that is not.
        waiting_limit: How many may wait, None for no limit.
        waiting: Those that wait, in the order in which they came.
        running: Those that run.
    """

    most: int
    waiting_limit: int | None = None
    waiting: list[Turn] = field(default_factory=list)
    running: list[Turn] = field(default_factory=list)
    _last_turns: dict[str, int] = field(default_factory=dict)
    _numbers: count[int] = field(default_factory=count)

    def add(self, turn: Turn) -> Turn | None:
        """Add a question that waits; return the one that is turned away for it, if any.

        Where too many wait, that is the newest one of the client who has the most waiting.

        Raises:
            QueueFull: It is the question itself.
        """
        self.waiting.append(turn)
        if self.waiting_limit is None or len(self.waiting) + len(self.running) <= (
            self.most + self.waiting_limit
        ):
            return None
        clients = [waiting.client for waiting in self.waiting]
        most = max(map(clients.count, {*clients}))
        greedy = next(
            waiting for waiting in reversed(self.waiting) if clients.count(waiting.client) == most
        )
        self.waiting.remove(greedy)
        if greedy is turn:
            raise QueueFull
        return greedy

    def start(self) -> Turn | None:
        """Return the question whose turn begins, None where none may run now.

        Those that had no turn yet come first, then those whose client waits longest.
        """
        may_run = [turn for turn in self.waiting if self._may_run(turn)]
        if not may_run:
            return None
        turn = min(may_run, key=lambda turn: (turn.slice, self._last_turns.get(turn.client, -1)))
        self._last_turns.pop(turn.client, None)
        self._last_turns[turn.client] = next(self._numbers)
        if len(self._last_turns) > _MOST_CLIENTS:
            del self._last_turns[next(iter(self._last_turns))]
        self.waiting.remove(turn)
        self.running.append(turn)
        turn.spent = False
        return turn

    def giving_way(self) -> list[Turn]:
        """Return the running questions that give way: one for each that could run then."""
        spent = [turn for turn in self.running if turn.spent]
        return spent[: len(self.waiting)]

    def end(self, turn: Turn) -> None:
        """End the turn of a question that runs, or the waiting of one that waits."""
        for turns in (self.running, self.waiting):
            if turn in turns:
                turns.remove(turn)

    def again(self, turn: Turn) -> None:
        """Let a question that ran wait for a longer turn."""
        self.end(turn)
        turn.slice *= 2
        self.waiting.append(turn)

    def _may_run(self, turn: Turn) -> bool:
        long = sum(running.long for running in self.running)
        if turn.long:
            return long < self.most and len(self.running) < self.most
        return len(self.running) < self.most + (long == self.most)
