"""Text in which names can be linked, and sentences: one text, or a list of what must hold."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from string import Formatter

LANGUAGE_INDEX = {"en": 0, "zh": 1}  # of a language in a row of a table of phrases


@dataclass(frozen=True, slots=True)
class Mention:
    """The title of the fact, ground, parameter, … with this id; a page can link it.

    A `kind` of `code` is an id or another text that is read letter by letter.
    """

    kind: str
    id: str
    text: str

    @property
    def anchor(self) -> str:
        """Return the anchor of the place where a page explains it."""
        return f"{self.kind}-{self.id}"


RichText = tuple[str | Mention, ...]


@dataclass(frozen=True, slots=True)
class SentenceList:
    """A list of sentences that all hold, or, where not `every`, of which at least one holds."""

    every: bool
    parts: tuple[Sentence, ...]


Sentence = RichText | SentenceList


def sentence_list(every: bool, parts: Iterable[Sentence]) -> Sentence:
    """Return the parts as one list; a part that is a list of the same kind is merged into it."""
    flat: list[Sentence] = []
    for part in parts:
        same = isinstance(part, SentenceList) and part.every is every
        flat += part.parts if same and isinstance(part, SentenceList) else [part]
    return flat[0] if len(flat) == 1 else SentenceList(every, tuple(flat))


def plain_text(text: RichText) -> str:
    """Return the text alone, without what its mentions refer to."""
    return "".join(part if isinstance(part, str) else part.text for part in text)


def fill(template: str, values: dict[str, RichText]) -> RichText:
    """Return the template with the value of that name in place of each `{name}`."""
    parts: list[str | Mention] = []
    for literal, name, _, _ in Formatter().parse(template):
        parts += [literal] if literal else []
        parts += values[name] if name else ()
    return tuple(parts)


def leaves(sentence: Sentence) -> Iterator[RichText]:
    """Yield every text of a sentence and of the lists within it."""
    if isinstance(sentence, SentenceList):
        for part in sentence.parts:
            yield from leaves(part)
    else:
        yield sentence


def depth(sentence: Sentence) -> int:
    """Return how deep lists are nested: 0 for a text, 1 for a list of texts."""
    if not isinstance(sentence, SentenceList):
        return 0
    return 1 + max(map(depth, sentence.parts), default=0)
