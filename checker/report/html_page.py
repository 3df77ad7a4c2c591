"""The common parts of HTML pages: the inline style, and the digest that allows it."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files


def style(package: str) -> str:
    """Return the common style of all pages, followed by the style of the page in a package."""
    return part("checker.report", "page.css") + part(package, "page.css")


def part(package: str, name: str) -> str:
    """Return the text of a file in the folder of a package."""
    return (files(package) / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """Return the digest that allows an inline text in a Content-Security-Policy."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
