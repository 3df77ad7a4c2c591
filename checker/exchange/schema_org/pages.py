"""HTML pages as lxml reads them, with exact positions of scripts and microdata."""

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

_CHARSET = re.compile(rb"charset\s{0,9}=[\s\"']{0,9}([\w-]{1,40})", re.IGNORECASE)
_MAX_CHARSET_OFFSET = 4096  # bytes
_CHARSETS = re.compile(
    r"windows-125\d|iso-8859-\d+|koi8-\w|big5|gb\w+|shift_jis|euc-\w+", re.ASCII | re.IGNORECASE
)
_WESTERN = "windows-1252"
# a tag as HTML's tokenizer reads it; possessive quantifiers prevent backtracking on long pages
_OPENS = re.compile(r"<(?:!--|[a-z])", re.IGNORECASE)
_TAG = re.compile(
    r"<([a-z][^\s/>]*+)((?:[^>=]++|=\s*+(?:\"[^\"]*+\"|'[^']*+'|))*+)>", re.IGNORECASE
)
_ATTRIBUTE = re.compile(r"([^\s/=]++)\s*+(?:=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|(\S*+)))?")
_RAW_TEXT_ENDS = {
    name: re.compile(f"</{name}", re.IGNORECASE)
    for name in ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"]
}
_KEY_ATTRIBUTES = ("type", "itemscope", "itemprop", "itemtype", "itemid")
_OPENS_JSON = re.compile(r"\s*+(?:<!--|(?://|/\*)?\s*+<!\[CDATA\[(?:\s*+\*/)?)")
_CLOSES_JSON = re.compile(r"(?:(?://|/\*)?\s{0,9}\]\]>(?:\s{0,9}\*/)?|(?://)?\s{0,9}-->)$")
_TagKey = tuple[str | None, ...]
_TagSpans = dict[_TagKey, deque[tuple[int, int]]]  # start and end of each tag with the key


@dataclass(frozen=True)
class Script:
    """The JSON-LD of a page's script; `origin` is the position where it starts."""

    text: str
    origin: Position


class Page:
    """A page. `root` is None if it is empty.

    `problem` says why the page could not be read to its end, None if it could.
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
            fatal_errors = parser.error_log.filter_from_fatals()
            self.problem = next(map(self._fatal_problem, fatal_errors), None)

    def _fatal_problem(self, error: Any) -> Finding:
        """Return the problem of a fatal error; deep nesting is the only one of lxml's parser."""
        position = Position(self._data.origin.file, error.line, 1)
        message = "elements are nested too deeply for the page to be read to its end"
        return Finding(position, message, "close the elements that are left open", check=UNREADABLE)

    @cached_property
    def _tag_spans(self) -> _TagSpans:
        return _tag_spans(self._text)

    def elements_with(self, *attributes: str) -> list[Any]:
        """Return the elements that have any of these attributes, in the page's order."""
        elements = () if self.root is None else self.root.iter("*")
        return [
            element
            for element in elements
            if any(element.get(name) is not None for name in attributes)
        ]

    def position(self, element: Any) -> Position:
        """Return the position of an element's tag; call it once an element, in the page's order.

        Of equal tags, each call returns the next one. If broken markup hides the tag, the column is
        1.
        """
        spans = self._tag_spans[_tag_key(element.tag, element.attrib)]
        if spans:
            return self._data.at(spans.popleft()[0])
        return Position(self._data.origin.file, element.sourceline or 0, 1)

    def scripts(self) -> Iterator[Script]:
        """Yield the JSON-LD of the page."""
        for element in () if self.root is None else self.root.iter("script"):
            media_type = element.get("type", "").partition(";")[0].strip().lower()
            text = element.text or ""
            start, end = _json_span(text)
            if media_type == "application/ld+json" and start < end:
                yield Script(text[start:end], self._script_position(element, text, start))

    def _script_position(self, element: Any, text: str, start: int) -> Position:
        spans = self._tag_spans[_tag_key("script", element.attrib)]
        while spans:
            offset = spans.popleft()[1]
            if self._text.startswith(text, offset):
                return self._data.at(offset + start)
        return Position(self._data.origin.file, element.sourceline or 0, 1)


def decoded(raw: bytes) -> str:
    """Return a page's text, with a line feed at the end of each line.

    Valid UTF-8 is read as UTF-8, whatever the page declares. Bytes that can't be decoded become
    U+FFFD.
    """
    return _decoded(raw).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "\ufffd")


def _decoded(raw: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if raw.startswith(mark):
            return raw[2:].decode(encoding, "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        match = _CHARSET.search(raw[:_MAX_CHARSET_OFFSET])
        declared = match[1].decode("ascii", "replace").lower() if match else _WESTERN
        if declared.startswith("utf"):
            return raw.decode("utf-8-sig", "replace")
        if declared == "iso-8859-1" or not _CHARSETS.fullmatch(declared):
            declared = _WESTERN  # as browsers do
        try:
            return raw.decode(declared, "replace")
        except LookupError:
            return raw.decode(_WESTERN, "replace")


def _tag_spans(text: str) -> _TagSpans:
    """Return the start and end of each tag of a script or of microdata, in the page's order."""
    spans: _TagSpans = defaultdict(deque)
    position = 0
    while opens := _OPENS.search(text, position):
        start = opens.start()
        if opens[0] == "<!--":
            end = text.find("-->", start + 2)
            position = end + 3
        else:
            tag = _TAG.match(text, start)
            end, position = _read_tag(tag, text, spans) if tag else (-1, -1)
        if end < 0:  # the rest is a comment, a tag or a script that nothing ends
            break
    return spans


def _read_tag(tag: re.Match[str], text: str, spans: _TagSpans) -> tuple[int, int]:
    """Add the span of a tag, and return its end and the offset at which the next may start.

    Both are -1 if the tag starts raw text, such as a script, that does not end.
    """
    name, attributes, end = tag[1].lower(), tag[2], tag.end()
    if name == "script" or "item" in attributes.lower():
        values: dict[str, str] = {}
        for attribute in _ATTRIBUTE.finditer(attributes):
            value = next((value for value in attribute.groups()[1:] if value is not None), "")
            values.setdefault(attribute[1].lower(), html.unescape(value))
        spans[_tag_key(name, values)].append((tag.start(), end))
    if name not in _RAW_TEXT_ENDS:
        return end, end
    raw_text_end = _RAW_TEXT_ENDS[name].search(text, end)
    return (end, raw_text_end.start()) if raw_text_end else (-1, -1)


def _tag_key(name: str, attributes: Any) -> _TagKey:
    """Return the key of a tag; tags with equal keys are told apart by their order."""
    return (name, *(attributes.get(attribute) for attribute in _KEY_ATTRIBUTES))


def _json_span(text: str) -> tuple[int, int]:
    """Return the start and end of a script's JSON within comments and CDATA sections."""
    start, end = 0, len(text.rstrip())
    while opens := _OPENS_JSON.match(text, start):
        start = opens.end()
    while closes := _CLOSES_JSON.search(text, max(start, end - 20), end):
        end = len(text[: closes.start()].rstrip())
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return start, end
