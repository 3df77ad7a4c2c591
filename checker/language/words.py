"""Texts for people, which are a string or a map of languages."""

from __future__ import annotations

from typing import Any


def english(text: Any) -> str:
    """Return the English of a text, or the first language that it has."""
    return str(text.get("en") or next(iter(text.values()))) if isinstance(text, dict) else str(text)
