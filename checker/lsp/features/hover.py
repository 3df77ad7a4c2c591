"""What is told of a name where the pointer rests: titles, type, sources and limits, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.language.syntax.documents import Document, Path
from checker.language.syntax.scalars import scalar_text
from checker.lsp.features.condition_hover import sentences
from checker.lsp.index.names import Name
from checker.lsp.index.schema_at import description
from checker.lsp.index.symbols import Meaning, meaning
from checker.lsp.index.workspace import Snapshot
from checker.report.markdown_escape import code, words

_SHOWN = ("type", "unit", "currency", "values", "of", "range", "typical", "default", "better")
Limits = Mapping[str, str]  # of each setting, in words


def hover(name: Name, document: Document, snapshot: Snapshot, limits: Limits) -> str:
    """Return what is told of a name in a document, nothing where nothing declares it.

    `limits` are those of the settings of the document's policy, as far as they are proved.
    """
    if name.what == "operator":
        return words(description(document.kind, name.path))
    found = meaning(name, document, snapshot)
    if found is None:
        return ""
    if name.what == "value":
        return "\n\n".join(_value(name.text, found))
    lines = [*_told(found, snapshot)]
    if found.what == "parameter" and found.name in limits:
        lines.append(f"passes alone: {words(limits[found.name])}")
    return "\n\n".join(lines)


def hover_key(path: Path, document: Document) -> str:
    """Return what is told of a key that is no name, by the schema."""
    return words(description(document.kind, path))


def _value(value: str, of: Meaning) -> Iterator[str]:
    yield f"**{code(value)}**, a value of the {of.what} {code(of.name)}"
    titles = of.entry.get("titles")
    yield from _text(titles.get(value) if isinstance(titles, dict) else None)


def _told(found: Meaning, snapshot: Snapshot) -> Iterator[str]:
    """Yield the paragraphs about what a name means."""
    entry = found.entry if isinstance(found.entry, dict) else {}
    if found.path == ("id",):
        yield f"{found.what} **{code(found.document.name)}**"
        yield from _text(entry.get("title"))
        yield from _text(entry.get("note"))
        return
    fixed = ", which sellers can't set" if entry.get("fixed") is True else ""
    yield f"{found.what} **{code(found.name)}** of {code(found.document.name)}{fixed}"
    if found.what == "definition":
        titles = found.document.data.get("titles")
        entry = {"title": titles.get(found.name)} if isinstance(titles, dict) else {}
    yield from _text(entry.get("title"))
    yield from sentences(found, snapshot)
    shown = [f"{key} {_shown(key, entry[key])}" for key in _SHOWN if entry.get(key) is not None]
    yield from ["; ".join(shown)] if shown else []
    if found.what == "clause":
        yield from _text(entry.get("gist"))
        yield from [f"status {code(scalar_text(entry['status']))}"] if "status" in entry else []
    yield from _text(entry.get("note"))
    yield from sources(entry, snapshot)


def _text(text: Any) -> Iterator[str]:
    """Yield a text for people in each of its languages."""
    for each in text.values() if isinstance(text, dict) else [text]:
        if isinstance(each, str) and each.strip():
            yield words(each)


def _shown(key: str, value: Any) -> str:
    if isinstance(value, dict):  # a unit in two languages
        return " / ".join(words(str(each)) for each in value.values())
    if not isinstance(value, list):
        return code(scalar_text(value))
    return (" to " if key == "range" else ", ").join(code(scalar_text(each)) for each in value)


def sources(entry: Mapping[str, Any], snapshot: Snapshot) -> Iterator[str]:
    """Yield the clauses that an entry rests on, each with its gist, as one list."""
    lines = []
    cited = entry.get("source")
    for each in cited if isinstance(cited, list) else ():
        source, _, clause = str(each).partition("#")
        found = snapshot.picked("source", source)
        clauses = found.data.get("clauses") if found else None
        gist = clauses.get(clause, {}) if isinstance(clauses, dict) else {}
        gist = gist.get("gist") if isinstance(gist, dict) else None
        said = [*_text(gist)]
        lines.append(f"- {code(str(each))}" + (f" {' / '.join(said)}" if said else ""))
    if entry.get("basis") == "assumption":
        lines.append("- an assumption, which no source states")
    yield from ["\n".join(lines)] if lines else []
