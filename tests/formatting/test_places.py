"""Where comments, blank lines, keys and quotes come to stand, by examples."""

from __future__ import annotations

from textwrap import fill, indent

import pytest

from checker.language.formatter import format as module
from checker.language.formatter.format import formatted
from checker.language.syntax.problems import InternalError
from tests.formatting.test_formatted import document

LONG = "word " * 30 + "end"
FOLDED = indent(fill(LONG, 98), "  ")
EXAMPLES = {
    "keys are sorted, with their comments": (
        "kind: override\nversion: 1.0.0  # now\n# what it is called\nid: a\n",
        "kind: override\n# what it is called\nid: a\nversion: 1.0.0  # now\n",
    ),
    "an unknown key stays behind the one that it follows": (
        "version: 1.0.0\nverzion: 2\nkind: override\n",
        "kind: override\nversion: 1.0.0\nverzion: 2\n",
    ),
    "names and items stay in their order": (
        "kind: vocabulary\nfacts: {b: {title: x, type: date}, a: {type: date}}\n",
        "kind: vocabulary\nfacts:\n  b: {type: date, title: x}\n  a: {type: date}\n",
    ),
    "keys stay in their order where there are aliases": (
        "kind: cases\nversion: &v 1.0.0\nid:  *v\n",
        "kind: cases\nversion: &v 1.0.0\nid: *v\n",
    ),
    "a rule that is commented out stays in the list": (
        "kind: override\nrules:\n  - id: a\n  # - id: b\nversion: 1.0.0\n",
        "kind: override\nversion: 1.0.0\nrules:\n  - id: a\n  # - id: b\n",
    ),
    "a last comment stays the last": (
        "kind: override\nrules: []\n\n# the end\n",
        "kind: override\nrules: []\n\n# the end\n",
    ),
    "a heading comment stays above, and one right above the first key goes with it": (
        "# heading\n\n# this\nkind: override\nversion: 1.0.0\nid: a\n",
        "# heading\n\n# this\nkind: override\nid: a\nversion: 1.0.0\n",
    ),
    "comments in brackets open them": (
        "kind: policy\ngrounds: {\n  # none yet\n  }\n"
        "terms: {a: {type: choice, # b\n  values: [x]}}\n",
        "kind: policy\ngrounds:\n  # none yet\n  {}\n"
        "terms:\n  a:\n    type: choice  # b\n    values: [x]\n",
    ),
    "comments of neighbours stand in one column, Chinese counted twice": (
        "kind: override  # a\ntitle: 店铺 # b\n\nversion: 1.0.0 # c\n",
        "kind: override  # a\n\nversion: 1.0.0  # c\ntitle: 店铺     # b\n",
    ),
    "comments without room in one column stand right behind": (
        f"kind: override # {'x' * 80}\nversion: 1.0.0 # y\n",
        f"kind: override  # {'x' * 80}\nversion: 1.0.0  # y\n",
    ),
    "several blank lines are one, and none is first": (
        "\n\nkind: override\n\n\n\nrules:\n\n- id: a\n",
        "kind: override\n\nrules:\n  - id: a\n",
    ),
    "a long text is folded, and one of several lines is kept": (
        f"kind: policy\ntitle: {LONG}\nnote: 'a\n\n  b'\n",
        f"kind: policy\ntitle: >-\n{FOLDED}\nnote: |-\n  a\n  b\n",
    ),
    "quotes stand where they are needed": (
        "kind: 'override'\ntitle: 'it is: so'\nnote: '2024-01-01'\n"
        "settings: {'due:a': 'x:y', b: '1'}\n",
        'kind: override\ntitle: "it is: so"\nnote: 2024-01-01\n'
        'settings: {"due:a": "x:y", b: "1"}\n',
    ),
    "maps of one entry stand bare where all in the list are": (
        f"kind: policy\na:\n - x: {LONG[:79]}\n - {{y: 1}}\n"
        f"b:\n - x: {LONG[:79]}\n - {{y: 1, z: 2}}\n",
        f"kind: policy\na:\n  - x: {LONG[:79]}\n  - y: 1\n"
        f"b:\n  - {{x: {LONG[:79]}}}\n  - {{y: 1, z: 2}}\n",
    ),
    "a name of an alias ends at a colon": (
        "kind: cases\nid: &7:7 x\nnote: *7\n",
        "kind: cases\nid: &7 :7 x\nnote: *7\n",
    ),
    "a key keeps a name of its own, and so does a map": (
        "kind: policy\na: [{&b id: x}, &c {id: y}]\nd: [*b, *c]\ne: [&f g: *f]\n",
        "kind: policy\na:\n  - &b id: x\n  - &c\n    id: y\nd: [*b, *c]\ne:\n  - &f g: *f\n",
    ),
    "an empty document stays one": ("# a\n{ }\n# b\n", "# a\n# b\n{}\n"),
    "markers go, and what stood behind them stays": (
        "%YAML 1.2\n# a\n--- # b\nkind: cases\n...\n# c\n",
        "# a\n# b\nkind: cases\n# c\n",
    ),
}


@pytest.mark.parametrize(("rough", "smooth"), EXAMPLES.values(), ids=EXAMPLES)
def test_an_example(rough: str, smooth: str) -> None:
    assert formatted(document(rough)) == smooth
    assert formatted(document(smooth)) == smooth


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("kind: override\n", "lost a comment"),
        ("kind: cases  # a\n", "says something else"),
        ("kind: [override  # a\n", "can't be read, at 1:7: not YAML"),
    ],
)
def test_a_text_that_would_say_something_else_is_an_error_of_the_program(
    monkeypatch: pytest.MonkeyPatch, text: str, reason: str
) -> None:
    monkeypatch.setattr(module, "document_text", lambda _: text)
    with pytest.raises(InternalError, match=f"drawn.yaml in the one layout {reason}"):
        formatted(document("kind: override  # a\n"))
