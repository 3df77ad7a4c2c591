"""No text and no place in it makes the core raise: prefixes and edits of shipped documents."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.language.resolve.folders import documents_below
from checker.lsp.features.code_actions import fixes
from checker.lsp.features.completion import completion
from checker.lsp.features.diagnostics import highlighted_range, related_facts, validation_findings
from checker.lsp.features.hover import hover, key_hover
from checker.lsp.features.inlay_hints import limit_hints
from checker.lsp.features.navigation import RenameRefused, declaration, rename, uses
from checker.lsp.index.names import key_at, name_at, names
from checker.lsp.index.positions import Text, offset_before_edit
from checker.lsp.index.symbols import declaration_of
from checker.lsp.index.workspace import Workspace
from tests.conftest import PROJECT
from tests.drawing import share

FILES = [
    *documents_below(PROJECT / "policy"),
    *documents_below(PROJECT / "examples" / "1-decide"),
    *documents_below(PROJECT / "examples" / "3-sellers"),
]
TEXTS = {path: path.read_text(encoding="utf-8") for path in FILES}
SMALL = [path for path in FILES if len(TEXTS[path]) < 20_000]
JUNK = st.text(max_size=3) | st.sampled_from(
    [
        "{",
        "}",
        "[",
        "]",
        ": ",
        "- ",
        "\n",
        "\n  ",
        "'",
        '"',
        "#",
        "&a ",
        "*a",
        "? ",
        "|\n",
        "🍜",
        "é",
    ]
)
QUIET = settings(max_examples=share(60))


def ask_everything(path: Path, text: str, offset: int) -> None:
    """Ask all that an editor may ask at an offset of a text."""
    workspace = Workspace()
    workspace.put(path, TEXTS[path])
    workspace.readable(path)
    workspace.put(path, text)
    findings, view, snapshot = (
        validation_findings(path, workspace),
        Text(text),
        workspace.snapshot(path),
    )
    good = workspace.readable(path)
    line, unit = view.position(offset)
    assert view.offset(line, unit) == offset
    completion(text, offset, str(path), good, snapshot)
    for finding in findings:
        start, end = highlighted_range(finding, view, good if good and good.text == text else None)
        assert 0 <= start <= end <= len(text)
        if good and good.text == text:
            assert related_facts(finding, good, snapshot) == []
            for fix in fixes(finding, start, end, good):
                assert 0 <= fix.start <= fix.end <= len(text)
    there = offset_before_edit(good.text, text, offset) if good else None
    if good is None or there is None:
        return
    name, key = name_at(good, there), key_at(good, there)
    [*limit_hints(good, {"window_days": "7 to 365"})]
    if key:
        key_hover(key, good)
    if name:
        assert good.text[name.start : name.end] is not None
        hover(name, good, snapshot, {})
        declaration(name, good, snapshot)
        uses(name, good, snapshot, workspace)
        try:
            rename(good, there, "another", snapshot, workspace)
        except RenameRefused as error:
            assert str(error)


@given(st.data())
@QUIET
def test_any_beginning_of_a_shipped_document(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SMALL))
    end = data.draw(st.integers(0, len(TEXTS[path])))
    text = TEXTS[path][:end]
    ask_everything(path, text, data.draw(st.integers(0, len(text)) | st.just(len(text))))


@given(st.data())
@QUIET
def test_any_edit_of_a_shipped_document(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SMALL))
    text = TEXTS[path]
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 20))
        text = text[:start] + data.draw(JUNK) + text[end:]
    ask_everything(path, text, data.draw(st.integers(0, len(text))))


def test_every_name_is_where_it_is_said_to_be_and_means_something() -> None:
    """In shipped documents, each name is written at its place, and something declares it."""
    for path, text in TEXTS.items():
        workspace = Workspace()
        workspace.put(path, text)
        document = workspace.readable(path)
        assert document
        for name in names(document):
            assert text[name.start : name.end] == name.text, (path, name)
            declared = declaration_of(name, document, workspace.snapshot(path))
            assert declared or name.what in ("value", "operator", "check"), (path, name)


@given(st.text(), st.integers(0, 20), st.integers(0, 20), st.sampled_from(["utf-8", "utf-16"]))
@settings(max_examples=share(300))
def test_every_place_of_an_editor_is_an_offset(
    text: str, line: int, unit: int, encoding: str
) -> None:
    view = Text(text, encoding)
    offset = view.offset(line, unit)
    assert 0 <= offset <= len(view.document)
    assert view.offset(*view.position(offset)) == offset
