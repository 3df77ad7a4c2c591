"""The schemas alone say where names stand: the annotation `x-name`, and no list beside it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.language.model import schema as schemas
from checker.language.syntax.documents import KINDS
from checker.language.syntax.resources import schema_text
from checker.lsp.features.completion import completion
from checker.lsp.features.hover import hover
from checker.lsp.features.navigation import declaration, uses
from checker.lsp.index.names import name_at, names
from checker.lsp.index.schema_at import definitions, parts_pattern
from checker.lsp.index.workspace import Workspace
from tests.lsp.shop import FILES, lay_out

SHOP, RULES = "policy/shop.yaml", "policy/rules.yaml"
CHANNELS = "channels:\n  web: {title: online}\n  till: {title: in the shop}\n"


def with_channels(name: str) -> str:
    """Return a schema: policies define channels, and overrides refer to them."""
    schema = json.loads(schema_text(name))
    if name == "policy":
        schema["properties"]["channels"] = {
            "type": "object",
            "propertyNames": {"x-name": {"kind": "channel", "role": "definition"}},
        }
    elif name == "override":
        named = {"type": "string", "x-name": {"kind": "channel"}}
        schema["properties"]["sold_by"] = {"type": "array", "items": named}
    return json.dumps(schema)


@pytest.fixture
def with_a_new_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def forget() -> None:
        schemas.schema.cache_clear()
        schemas.validator.cache_clear()
        definitions.cache_clear()

    monkeypatch.setattr(schemas.resources, "schema_text", with_channels)
    forget()
    yield
    monkeypatch.undo()
    forget()


@pytest.mark.usefixtures("with_a_new_kind")
def test_a_kind_of_names_is_added_to_the_schemas_alone(tmp_path: Path) -> None:
    lay_out(tmp_path)
    path, workspace = tmp_path / SHOP, Workspace()
    (tmp_path / RULES).write_text(FILES[RULES] + CHANNELS, encoding="utf-8")
    text = FILES[SHOP] + "sold_by: [web]\n"
    workspace.put(path, text)
    document, snapshot = workspace.readable(path), workspace.snapshot(path)
    assert document
    offset = text.index("[web]") + 1
    name = name_at(document, offset)
    assert name and (name.what, name.text) == ("channel", "web")
    text_span = declaration(name, document, snapshot)
    assert text_span and text_span.document.text[text_span.start : text_span.end] == "web"
    assert Path(text_span.document.file).name == "rules.yaml"
    found = [Path(each.document.file).name for each, _ in uses(name, document, snapshot, workspace)]
    assert sorted(found) == ["rules.yaml", "shop.yaml"]
    assert "online" in hover(name, document, snapshot, {})
    offered = completion(text, offset, str(path), document, snapshot)
    assert {each.label for each in offered} == {"web", "till"}


def annotations(schema: Any) -> Iterator[dict[str, str]]:
    if isinstance(schema, dict):
        yield from [schema["x-name"]] if "x-name" in schema else []
        schema = [*schema.values()]
    for each in schema if isinstance(schema, list) else ():
        yield from annotations(each)


@pytest.mark.parametrize("name", ["common", "condition", *KINDS])
def test_an_annotation_says_a_kind_that_is_declared_somewhere(name: str) -> None:
    others = {"value", "tested", "check", "place", "name"}
    for each in annotations(json.loads(schema_text(name))):
        assert set(each) <= {"kind", "role", "parts"}
        assert each.get("role", "definition") == "definition"
        assert each["kind"] in {*KINDS, *definitions(), *others}
        kinds = parts_pattern(each["parts"]).groupindex if "parts" in each else {}
        assert {*kinds} <= {*KINDS, *definitions()}


def test_metrics_of_a_ladder_are_names_of_no_document(tmp_path: Path) -> None:
    path, workspace = tmp_path / "rules.yaml", Workspace()
    ladder = "[{id: slow, when: {all: [{late_replies: {more_than: 3}}]}, source: [book#c1]}]"
    text = f"kind: policy\nid: p\nstandards:\n  window: 90d\n  ladder: {ladder}\n"
    workspace.put(path, text)
    document = workspace.readable(path)
    assert document
    assert [each.what for each in names(document)] == ["policy", "source", "clause"]
