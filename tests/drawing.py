"""What tests on drawn worlds share: how many are drawn, and what was seen."""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import HealthCheck, settings


def drawing(count: int, **more: Any) -> settings:
    """Return settings that draw so many examples, however long each takes."""
    return settings(
        max_examples=count,
        deadline=None,
        database=None,
        suppress_health_check=[*HealthCheck],
        **more,
    )


def share(count: int) -> int:
    """Return how many of so many examples are drawn; the profile says how many of a hundred."""
    return max(1, count * settings.default.max_examples // 100)


def print_counts(seen: Counter[str]) -> None:
    """Print how often what was seen, for `pytest -s`."""
    print("\n" + ", ".join(f"{count:,} {what}" for what, count in sorted(seen.items())))
