"""The browser in which pages are looked at."""

from tests.report.browsing import browser

__all__ = ["browser"]
