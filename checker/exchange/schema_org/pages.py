"""HTML pages as lxml reads them, with the exact place of what may speak of return policies."""

from __future__ import annotations

import html
import re
from collections import defaultdict, deque
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from checker.exchange.positioned_data import UNREADABLE, Data
from checker.language.syntax.problems import Finding, Position

_DECLARED = re.compile(rb"charset\s{0,9}=[\s\"']{0,9}([\w-]{1,40})", re.IGNORECASE)
_DECLARES_IN = 4096  # bytes
_CHARSETS = re.compile(
    r"windows-125\d|iso-8859-\d+|koi8-\w|big5|gb\w+|shift_jis|euc-\w+", re.ASCII | re.IGNORECASE
)
_WESTERN = "windows-1252"
# a tag as HTML's tokenizer reads it; nothing is tried twice, so that no page takes long
_OPENS = re.compile(r"<(?:!--|[a-z])", re.IGNORECASE)
_TAG = re.compile(
    r"<([a-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([^\s/=]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(\S*+)))?")
_RAW = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
}
_TELLING = ("type", "itemscope", "itemprop", "itemtype", "itemid")
_OPENS_JSON = re.compile(r"\s*+(?:<!--|(?://|/\*)?\s*+<!\[CDATA\[(?:\s*+\*/)?)")
_CLOSES_JSON = re.compile(r"(?:(?://|/\*)?\s{0,9}\]\]>(?:\s{0,9}\*/)?|(?://)?\s{0,9}-->)$")
_Key = tuple[str | None, ...]


@dataclass(frozen=True)
class Script:
    """The JSON-LD of a page's script, and where it starts."""

    text: str
    origin: Position


class Page:
    """A page: its `root`, None of an empty one, and where things stand in its text.

    `problem` is why it could not be read to its end, None where it was.
    """

    def __init__(self, raw: bytes, file: str) -> None:
        self._text = decoded(raw)
        self._data = Data(None, self._text, Position(file, 1, 1))
        self.root: Any = None
        self.problem: Finding | None = None
        if self._text.strip():
            parser = etree.HTMLParser(
                encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True
            )
            self.root = etree.fromstring(self._text.encode(), parser)
            self.problem = next(map(self._stopped, parser.error_log.filter_from_fatals()), None)

    def _stopped(self, error: Any) -> Finding:
        """Return that lxml stopped at an error: of markup, it knows but one at which it does."""
        position = Position(self._data.origin.file, error.line, 1)
        message = "elements are nested too deeply for the page to be read to its end"
        return Finding(position, message, "close the elements that are left open", check=UNREADABLE)

    @cached_property
    def _tags(self) -> dict[_Key, deque[tuple[int, int]]]:
        return _telling_tags(self._text)

    def having(self, *attributes: str) -> list[Any]:
        """Return the elements that have one of some attributes, in the page's order."""
        elements = () if self.root is None else self.root.iter("*")
        return [each for each in elements if any(each.get(name) is not None for name in attributes)]

    def position(self, element: Any) -> Position:
        """Return where an element's tag starts; of equal tags, the first that was not asked for.

        Where broken markup keeps the tag from being found, its line is all that is known.
        """
        places = self._tags[_key(element.tag, element.attrib)]
        if places:
            return self._data.at(places.popleft()[0])
        return Position(self._data.origin.file, element.sourceline or 0, 1)

    def scripts(self) -> Iterator[Script]:
        """Yield the JSON-LD of the page."""
        for element in () if self.root is None else self.root.iter("script"):
            kind = element.get("type", "").partition(";")[0].strip().lower()
            text = element.text or ""
            start, end = _inside(text)
            if kind == "application/ld+json" and start < end:
                yield Script(text[start:end], self._script(element, text, start))

    def _script(self, element: Any, text: str, start: int) -> Position:
        places = self._tags[_key("script", element.attrib)]
        while places:
            offset = places.popleft()[1]
            if self._text.startswith(text, offset):
                return self._data.at(offset + start)
        return Position(self._data.origin.file, element.sourceline or 0, 1)


def decoded(raw: bytes) -> str:
    """Return a page's text, with each line ended by a line feed.

    A page that is UTF-8 is read as UTF-8 whatever it declares. What can't be read is U+FFFD.
    """
    return _text(raw).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _text(raw: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return raw[2:].decode(encoding, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = _DECLARED.search(raw[:_DECLARES_IN])
        declared = found[1].decode("ascii", "replace").lower() if found else _WESTERN
        if declared.startswith("utf"):
            return raw.decode("utf-8-sig", "replace")
        if declared == "iso-8859-1" or not _CHARSETS.fullmatch(declared):
            declared = _WESTERN  # as browsers do
        try:
            return raw.decode(declared, "replace")
        except LookupError:
            return raw.decode(_WESTERN, "replace")


def _telling_tags(text: str) -> dict[_Key, deque[tuple[int, int]]]:
    """Return where the tags of scripts and of microdata start and end, in their order."""
    found: dict[_Key, deque[tuple[int, int]]] = defaultdict(deque)
    position = 0
    while opens := _OPENS.search(text, position):
        start = opens.start()
        if opens[0] == "<!--":
            end = text.find("-->", start + 2)
            position = end + 3
        else:
            tag = _TAG.match(text, start)
            end, position = _take(tag, text, found) if tag else (-1, -1)
        if end < 0:  # the rest is a comment, a tag or a script that nothing ends
            break
    return found


def _take(
    tag: re.Match[str], text: str, found: dict[_Key, deque[tuple[int, int]]]
) -> tuple[int, int]:
    name, attributes, end = tag[1].lower(), tag[2], tag.end()
    if name == "script" or "item" in attributes.lower():
        values: dict[str, str] = {}
        for each in _ATTRIBUTE.finditer(attributes):
            value = next((v for v in each.groups()[1:] if v is not None), "")
            values.setdefault(each[1].lower(), html.unescape(value))
        found[_key(name, values)].append((tag.start(), end))
    if name not in _RAW:
        return end, end
    closes = _RAW[name].search(text, end)
    return (end, closes.start()) if closes else (-1, -1)


def _key(name: str, attributes: Any) -> _Key:
    """Return what tells a tag from others."""
    return (name, *(attributes.get(each) for each in _TELLING))


def _inside(text: str) -> tuple[int, int]:
    """Return where the JSON of a script starts and ends within comments and CDATA sections."""
    start, end = 0, len(text.rstrip())
    while opens := _OPENS_JSON.match(text, start):
        start = opens.end()
    while closes := _CLOSES_JSON.search(text, max(start, end - 20), end):
        end = len(text[: closes.start()].rstrip())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, end
