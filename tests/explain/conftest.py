"""The browser in which pages are opened."""

from tests.report.browsing import browser

__all__ = ["browser"]
