"""What prose is made of: lines of text and names, and lists of what must hold.

A name knows what it names, so that a page can link it; everything else is plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter

LANGUAGE_PLACE = {"en": 0, "zh": 1}  # of a language's words in a table of phrases


@dataclass(frozen=True, slots=True)
class Name:
    """What people call the fact, ground, parameter, … with this id."""

    kind: str
    id: str
    text: str

    @property
    def anchor(self) -> str:
        """Return where a page speaks of it."""
        return f"{self.kind}-{self.id}"


Line = tuple[str | Name, ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """All of the parts, or, where not `every`, at least one of them."""

    every: bool
    parts: tuple[Said, ...]


Said = Line | Listing


def listing(every: bool, parts: Iterable[Said]) -> Said:
    """Return the parts as one list, those of lists of its own kind in place of these."""
    flat: list[Said] = []
    for part in parts:
        same = isinstance(part, Listing) and part.every is every
        flat += part.parts if same and isinstance(part, Listing) else [part]
    return flat[0] if len(flat) == 1 else Listing(every, tuple(flat))


def plain(line: Line) -> str:
    """Return the text of a line."""
    return "".join(part if isinstance(part, str) else part.text for part in line)


def fill(words: str, values: dict[str, Line]) -> Line:
    """Return the line that `words` make with a line in place of each `{name}`."""
    parts: list[str | Name] = []
    for text, name, _, _ in Formatter().parse(words):
        parts += [text] if text else []
        parts += values[name] if name else ()
    return tuple(parts)


def leaves(said: Said) -> Iterator[Line]:
    """Yield every line of what is said."""
    if isinstance(said, Listing):
        for part in said.parts:
            yield from leaves(part)
    else:
        yield said


def depth(said: Said) -> int:
    """Return how many lists stand inside of one another."""
    if not isinstance(said, Listing):
        return 0
    return 1 + max(map(depth, said.parts), default=0)
