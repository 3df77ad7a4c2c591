"""The description of the name under the pointer: titles, type, sources, limits, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.language.syntax.documents import Document, Path
from checker.language.syntax.scalars import scalar_text
from checker.lsp.features.condition_hover import condition_sentences
from checker.lsp.index.names import Name
from checker.lsp.index.schema_at import description
from checker.lsp.index.symbols import Declaration, declaration_of
from checker.lsp.index.workspace import Snapshot
from checker.report.markdown_escape import code, words

_PROPERTIES = ("type", "unit", "currency", "values", "of", "range", "typical", "default", "better")
Limits = Mapping[str, str]  # of each setting, as a text


def hover(name: Name, document: Document, snapshot: Snapshot, limits: Limits) -> str:
    """Return the description of a name in a document, empty where nothing declares it.

    `limits` are those of the policy's settings, as far as they are proved.
    """
    if name.what == "operator":
        return words(description(document.kind, name.path))
    declaration = declaration_of(name, document, snapshot)
    if declaration is None:
        return ""
    if name.what == "value":
        return "\n\n".join(_value_description(name.text, declaration))
    lines = [*_description(declaration, snapshot)]
    if declaration.what == "parameter" and declaration.name in limits:
        lines.append(f"passes alone: {words(limits[declaration.name])}")
    return "\n\n".join(lines)


def key_hover(path: Path, document: Document) -> str:
    """Return the schema's description of a key that is no name."""
    return words(description(document.kind, path))


def _value_description(value: str, owner: Declaration) -> Iterator[str]:
    yield f"**{code(value)}**, a value of the {owner.what} {code(owner.name)}"
    titles = owner.entry.get("titles")
    yield from _text(titles.get(value) if isinstance(titles, dict) else None)


def _description(declaration: Declaration, snapshot: Snapshot) -> Iterator[str]:
    """Yield the paragraphs of the description of a declared name."""
    entry = declaration.entry if isinstance(declaration.entry, dict) else {}
    if declaration.path == ("id",):
        yield f"{declaration.what} **{code(declaration.document.name)}**"
        yield from _text(entry.get("title"))
        yield from _text(entry.get("note"))
        return
    fixed = ", which sellers can't set" if entry.get("fixed") is True else ""
    owner = code(declaration.document.name)
    yield f"{declaration.what} **{code(declaration.name)}** of {owner}{fixed}"
    if declaration.what == "definition":
        titles = declaration.document.data.get("titles")
        entry = {"title": titles.get(declaration.name)} if isinstance(titles, dict) else {}
    yield from _text(entry.get("title"))
    yield from condition_sentences(declaration, snapshot)
    properties = [
        f"{key} {_property_text(key, entry[key])}"
        for key in _PROPERTIES
        if entry.get(key) is not None
    ]
    yield from ["; ".join(properties)] if properties else []
    if declaration.what == "clause":
        yield from _text(entry.get("gist"))
        yield from [f"status {code(scalar_text(entry['status']))}"] if "status" in entry else []
    yield from _text(entry.get("note"))
    yield from sources(entry, snapshot)


def _text(text: Any) -> Iterator[str]:
    """Yield a title or note in each of its languages."""
    for translation in text.values() if isinstance(text, dict) else [text]:
        if isinstance(translation, str) and translation.strip():
            yield words(translation)


def _property_text(key: str, value: Any) -> str:
    if isinstance(value, dict):  # a unit in two languages
        return " / ".join(words(str(translation)) for translation in value.values())
    if not isinstance(value, list):
        return code(scalar_text(value))
    return (" to " if key == "range" else ", ").join(code(scalar_text(item)) for item in value)


def sources(entry: Mapping[str, Any], snapshot: Snapshot) -> Iterator[str]:
    """Yield the clauses that an entry cites, each with its gist, as one list."""
    lines = []
    citations = entry.get("source")
    for citation in citations if isinstance(citations, list) else ():
        id, _, clause_id = str(citation).partition("#")
        source = snapshot.pick("source", id)
        clauses = source.data.get("clauses") if source else None
        clause = clauses.get(clause_id, {}) if isinstance(clauses, dict) else {}
        gists = [*_text(clause.get("gist") if isinstance(clause, dict) else None)]
        lines.append(f"- {code(str(citation))}" + (f" {' / '.join(gists)}" if gists else ""))
    if entry.get("basis") == "assumption":
        lines.append("- an assumption, which no source states")
    yield from ["\n".join(lines)] if lines else []
