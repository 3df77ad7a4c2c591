"""Finds the known name that is most similar to an unknown one, in bounded time.

The measure is that of `difflib`: twice the length of what two names have in common, in order,
divided by the sum of their lengths. What they have in common in any order is an upper bound, which
one `&` of integers finds; so few pairs are compared in full.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from itertools import islice

_LEAST = 0.6  # similarity
_LONGEST = 64  # characters of a name
_MOST_KNOWN = 1000  # names that are looked through
_MOST_COMPARED = 10  # names that are compared in full


def similar_name(name: str, known: Iterable[str]) -> str | None:
    """Return the most similar of the known names, None where none is similar.

    Args:
        name: the unknown name; one that is very long has no similar name.
        known: the known names; of very many, the first ones count.
    """
    from difflib import SequenceMatcher  # few commands need it, and it takes time to load

    if len(name) > _LONGEST:
        return None
    names, bits, letter_sets = _index(tuple(islice(known, _MOST_KNOWN)))
    wanted = sum(1 << bits[letter] for letter in _letters(name) if letter in bits)
    bounds = (
        (2 * (wanted & letter_set).bit_count() / max(len(name) + len(candidate), 1), candidate)
        for candidate, letter_set in zip(names, letter_sets, strict=True)
    )
    nearest = sorted((bound for bound in bounds if bound[0] >= _LEAST), reverse=True)
    matcher, best = SequenceMatcher[str](b=name), (_LEAST, "")
    for bound, candidate in nearest[:_MOST_COMPARED]:
        if bound < best[0]:
            break
        matcher.set_seq1(candidate)
        best = max(best, (matcher.ratio(), candidate))
    return best[1] or None


@lru_cache(maxsize=8)
def _index(
    known: tuple[str, ...],
) -> tuple[list[str], dict[tuple[str, int], int], list[int]]:
    """Return the names, the bit of each letter, and the letters of each name as bits."""
    names = [name for name in known if len(name) <= _LONGEST]
    bits: dict[tuple[str, int], int] = {}
    letter_sets = [
        sum(1 << bits.setdefault(letter, len(bits)) for letter in _letters(name)) for name in names
    ]
    return names, bits, letter_sets


def _letters(name: str) -> Iterable[tuple[str, int]]:
    """Return the characters of a name, the same one numbered from 0."""
    return ((letter, n) for letter, count in Counter(name).items() for n in range(count))
