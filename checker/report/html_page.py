"""What pages of HTML have in common: each holds its style, and says so to the browser."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files


def style(package: str) -> str:
    """Return the style of the page in a package, on what pages have in common."""
    return part("checker.report", "page.css") + part(package, "page.css")


def part(package: str, name: str) -> str:
    """Return the text of a file beside the modules of a package."""
    return (files(package) / name).read_text(encoding="utf-8")


def digest(text: str) -> str:
    """Return the digest by which a Content-Security-Policy lets an inline text through."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
