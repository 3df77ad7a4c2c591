"""Fixtures of the browser tests."""

from tests.report.browsing import browser, visit

__all__ = ["browser", "visit"]
