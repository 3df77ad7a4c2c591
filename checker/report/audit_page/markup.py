"""Functions of the page's template that return markup.

Everything that is not a phrase of the page is escaped, and marked as not to be translated.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import quote

from markupsafe import Markup

from checker.report.audit_page.catalog import WORDS
from checker.report.audit_page.charts import chart
from checker.report.audit_page.data import facts_of
from checker.report.audit_page.formatting import (
    Pair,
    bucket,
    counted,
    duration,
    number,
    percent,
    phrase,
    visible,
)

Text = str | Mapping[str, str]  # for people: a string, or a map of languages
Titles = Mapping[str, Text]  # by the ids of terms and rungs

_BOTH = Markup('<span lang="en">{}</span><span lang="zh">{}</span>')
_VERBATIM = Markup('<bdi translate="no">{}</bdi>')
_CODE = Markup('<code translate="no">{}</code>')


def helpers(titles: Titles) -> dict[str, Callable[..., Any]]:
    """Return the functions that the template calls, by name."""
    plain: list[Callable[..., Any]] = [both, t, text, code, verbatim, ticked, seller, moment]
    plain += [chart, bucket, facts_of, counted, duration, number, percent, phrase]
    named_by = {function.__name__: partial(function, titles) for function in (named, short, check)}
    return (
        {function.__name__: function for function in plain}
        | named_by
        | {"known": WORDS.__contains__}
    )


def both(pair: Pair) -> Markup:
    """Return a phrase in both languages; the style sheet shows one of them."""
    return _BOTH.format(*pair)


def t(key: str, **values: Any) -> Markup:
    """Return the phrase of `key` in both languages, with its values filled in."""
    return both(phrase(key, values))


def verbatim(stated: str) -> Markup:
    """Return a user's text; its direction of writing does not affect the text around it."""
    return _VERBATIM.format(visible(stated))


def code(stated: str) -> Markup:
    """Return an id or a value of a document."""
    return _CODE.format(visible(stated))


def ticked(message: str) -> Markup:
    """Return a message with its parts in backticks as code."""
    parts = enumerate(message.split("`"))
    return _VERBATIM.format(
        Markup("").join(code(part) if index % 2 else visible(part) for index, part in parts)
    )


def text(stated: Text) -> Markup:
    """Return a text for people."""
    if isinstance(stated, Mapping) and len(stated) == 2:
        return both((stated["en"], stated["zh"]))
    return verbatim(next(iter(stated.values())) if isinstance(stated, Mapping) else stated)


def seller(name: str) -> Markup:
    """Return the link to a seller's view; a blank name is shown in quotes."""
    label = verbatim(name if name.strip() else json.dumps(name))
    return Markup('<a href="#seller={}">{}</a>').format(quote(name, safe=""), label)


def moment(stated: str) -> Markup:
    """Return a datetime for people, without seconds where they are 0."""
    day, _, clock = stated.partition("T")
    clock = clock[:5] + clock[5:].removeprefix(":00")
    return Markup('<time datetime="{}">{} {}</time>').format(stated, day, clock)


def short(titles: Titles, name: str) -> Markup:
    """Return the title of an id, else the id."""
    return text(titles[name]) if name in titles else code(name)


def named(titles: Titles, name: str) -> Markup:
    """Return the title of an id followed by the id, else the id."""
    return Markup("{} {}").format(text(titles[name]), code(name)) if name in titles else code(name)


def check(titles: Titles, name: str) -> Markup:
    """Return the name of a check, with its term if it has one."""
    kind, _, term = name.partition(":")
    if f"check.{kind}" not in WORDS:
        return code(name)
    label = phrase(f"check.{kind}", {})
    return t("check.term", check=label, term=named(titles, term)) if term else both(label)
