"""Texts for people: a string or a map from languages to strings (docs/language.md, section 1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from checker.language.syntax.problems import did_you_mean, quoted

if TYPE_CHECKING:
    from checker.language.syntax.documents import Path, Reporter

LANGUAGES = ("en", "zh")


def in_language(text: Any, language: str) -> str:
    """Return the text in the language, or in the first language that it has.

    The result is empty where there is no text.

    Args:
        text: a string, a map from languages to strings, or None.
        language: one of LANGUAGES.
    """
    if isinstance(text, dict):
        return str(text.get(language) or next((string for string in text.values() if string), ""))
    return "" if text is None else str(text)


def english(text: Any) -> str:
    """Return the text in English, or in the first language that it has."""
    return in_language(text, "en")


def read_titles(
    entry: Any, known: Iterable[str], what: str, path: Path, report: Reporter
) -> Mapping[str, Any]:
    """Return the `titles` of an entry: a text for people for each name.

    A title of an unknown name is reported as an error.

    Args:
        entry: the data of the entry.
        known: the names that may have a title.
        what: what these names are, for the message: "value of `reason`".
        path: the path of the entry.
        report: collects the errors.
    """
    titles: Mapping[str, Any] = entry.get("titles", {})
    known = [*known]
    for name in titles:
        if name not in known:
            help = did_you_mean(name, known) or (f"it has {quoted(known)}" if known else None)
            report.error((*path, "titles", name), f"`{name}` is no {what}", help, key=True)
    return titles
