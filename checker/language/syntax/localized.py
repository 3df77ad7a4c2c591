"""Texts for people, which are a string or a map of languages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from checker.language.syntax.problems import did_you_mean, quoted

if TYPE_CHECKING:
    from checker.language.syntax.documents import Path, Reporter

LANGUAGES = ("en", "zh")


def in_language(text: Any, language: str) -> str:
    """Return a text in the language, or in the first that it has; of nothing, the empty text."""
    if isinstance(text, dict):
        return str(text.get(language) or next((each for each in text.values() if each), ""))
    return "" if text is None else str(text)


def english(text: Any) -> str:
    """Return the English of a text, or the first language that it has."""
    return in_language(text, "en")


def read_titles(
    entry: Any, known: Iterable[str], what: str, path: Path, report: Reporter
) -> Mapping[str, Any]:
    """Return the `titles` of an entry by name; one of nothing that is `known` is reported.

    `path` is that of the entry, and `what` says what the known names are.
    """
    titles: Mapping[str, Any] = entry.get("titles", {})
    known = [*known]
    for name in titles:
        if name not in known:
            help = did_you_mean(name, known) or (f"it has {quoted(known)}" if known else None)
            report.error((*path, "titles", name), f"`{name}` is no {what}", help, key=True)
    return titles
