"""The site made of these pages: `python -m sphinx -W --keep-going -c docs . docs/_build`.

The pages are those that one reads in the repository. The source folder is the whole project, so
that links between the handbook, the examples, the benchmarks and the guide for contributors are
links of the site, too. The API reference is made from docstrings. Nothing is fetched from the
network, neither when the site is built nor when it is opened.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path

from sphinx.application import Sphinx

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))  # the reference describes this checkout

project = "returns-checker"
release = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
extensions = ["myst_parser", "sphinx.ext.apidoc", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]

root_doc = "docs/README"
include_patterns = ["*.md", "docs/**.md", "docs/api/*.rst", "examples/**.md", "benchmarks/**.md"]
exclude_patterns = ["**/.*", "**/node_modules", "docs/_build", "docs/api/modules.rst"]

myst_heading_anchors = 4  # headings have the names in links that GitHub gives them
myst_ref_domains = ["std"]  # a link in a page leads to a page
nitpicky = True
# Names in signatures are Python's, and mypy checks them: some are type variables, some belong to
# other projects, which are not looked up online.
nitpick_ignore_regex = [("py:.*", ".*")]
suppress_warnings = [
    "ref.python",  # a short name in a signature that two modules have
    "misc.highlighting_failure",  # what a command prints in a console is no Python
]

apidoc_modules = [{"path": "../checker", "destination": "docs/api", "module_first": True}]
apidoc_automodule_options = {"members", "undoc-members"}
napoleon_use_ivar = True  # attributes that a docstring explains are not described twice
autodoc_member_order = "bysource"
default_role = "code"  # docstrings have code between single backticks, as Markdown does

html_theme = "furo"
html_title = f"{project} {release}"
html_copy_source = False
templates_path = ["_templates"]
html_additional_pages = {"index": "index.html"}  # which sends on to the first page

PAGE = re.compile(r"\]\(([^)#:]+\.md)\)")
CAPTION = re.compile(r"^\*\*(.+)\*\*$", re.MULTILINE)


def menus(name: str, text: str) -> Iterator[str]:
    """Yield a menu for each part of a README that lists pages; a bold line begins a part."""
    first, *parts = CAPTION.split(text)
    for caption, listed in [("", first), *zip(parts[::2], parts[1::2], strict=True)]:
        pages = [page for page in PAGE.findall(listed) if name == root_doc or page[0] != "."]
        if pages:
            yield menu(caption, pages)
    if name == root_doc:
        yield menu("Python", ["api/checker"])


def menu(caption: str, pages: Iterable[str]) -> str:
    """Return a menu as MyST writes it."""
    named = f":caption: {caption}\n" if caption else ""
    return f"\n```{{toctree}}\n:hidden:\n{named}\n" + "\n".join(pages) + "\n```\n"


def add_menus(app: Sphinx, name: str, source: list[str]) -> None:
    """Append to a README below the root the menus of the pages that it lists.

    The lists are there for readers of the repository; so a new page is named in one place.
    """
    if name.endswith("/README"):
        source[0] += "".join(menus(name, source[0]))


def setup(app: Sphinx) -> None:
    """Have the menus made as pages are read."""
    app.connect("source-read", add_menus)
