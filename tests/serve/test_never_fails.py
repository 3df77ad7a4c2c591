"""No text makes a question fail: odd documents are answered, or refused with a reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.language.formatter.dump import yaml_text
from checker.language.syntax.parser import compose
from checker.serve.handlers import HANDLERS
from checker.serve.worker import answer
from tests.conftest import PROJECT

ROOTS = [PROJECT / "policy"]
DATA = {
    kind: compose((PROJECT / "policy" / file).read_text(encoding="utf-8"))[0]
    for kind, file in (
        ("policy", "platform/kuaishou/flash-purchase.yaml"),
        ("override", "sellers/generous-shop.yaml"),
    )
}
ODD = st.sampled_from(
    [
        None,
        True,
        -1,
        10**12,
        "",
        "x",
        "1d",
        "2024-09-01",
        [],
        [1],
        {},
        {"x": 1},
        [[]],
        "\x00",
        "<b>",
    ]
)
MORE: dict[str, dict[str, Any]] = {
    "decide": {"facts": {"opened": True}},
    "setting": {"name": "window_days", "value": 9},
}
TASKS = [task for task in HANDLERS if task not in ("documents", "document")]


def _places(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    steps = (
        data.items()
        if isinstance(data, dict)
        else enumerate(data)
        if isinstance(data, list)
        else ()
    )
    return [here, *(place for step, each in steps for place in _places(each, (*here, step)))]


def _with(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = data.copy()
    copy[place[0]] = _with(data[place[0]], place[1:], value)
    return copy


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Return a request in which something stands where it does not belong."""
    kind = draw(st.sampled_from([*DATA]))
    data = DATA[kind]
    for _ in range(draw(st.integers(1, 2))):
        data = _with(data, draw(st.sampled_from(_places(data))), draw(ODD))
    other = "override" if kind == "policy" else "policy"
    return {kind: {"text": yaml_text(data)}, other: {"text": yaml_text(DATA[other])}}


@pytest.mark.parametrize("task", TASKS)
@given(request=documents())
@settings(max_examples=25)
def test_odd_documents_are_answered_or_refused(task: str, request: dict[str, Any]) -> None:
    status, text = answer(task, json.dumps({**request, **MORE.get(task, {})}).encode(), ROOTS)
    assert status in (200, 422), text
    assert status == 200 or json.loads(text)["detail"]


@pytest.mark.parametrize("task", TASKS)
@given(text=st.text(max_size=60))
@settings(max_examples=25)
def test_odd_texts_are_answered_or_refused(task: str, text: str) -> None:
    body = {"override": {"text": text}, **MORE.get(task, {})}
    assert answer(task, json.dumps(body).encode(), ROOTS)[0] in (200, 422)
