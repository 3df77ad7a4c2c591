"""Quick fixes: each wrong text, the title of what is offered, and the text after it."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.lsp.features.code_actions import fixes
from checker.lsp.features.diagnostics import highlighted_range, validation_findings
from checker.lsp.index.positions import Text
from checker.lsp.index.workspace import Workspace
from tests.lsp.shop import FILES, lay_out

SHOP, RULES, FACTS, CASES = (
    *("policy/shop.yaml", "policy/rules.yaml", "policy/facts.yaml", "cases.yaml"),
)


@pytest.mark.parametrize(
    ("file", "right", "wrong", "title"),
    [
        (SHOP, "otherwise:", "otherwse:", "`otherwse` to `otherwise`"),
        (SHOP, "goods: food", "goods: fod", "`fod` to `food`"),
        (SHOP, "{window: 14}", "{windw: 14}", "`windw` to `window`"),
        (SHOP, "{more_than:", "{mor_than:", "`mor_than` to `more_than`"),
        (SHOP, "market/rules@1", "market/rule@1", "`market/rule` to `market/rules`"),
        (SHOP, "ground: too-late", "ground: too-lat", "`too-lat` to `too-late`"),
        (SHOP, "kind: override", "kind: overide", "`overide` to `override`"),
        (RULES, "[book#c2]", "[bok#c2]", "`bok` to `book`"),
        (RULES, "{param: window}}}, unless", "{param: wndow}}}, unless", "`wndow` to `window`"),
        (FACTS, "days_from: bought_on", "days_from: bougt_on", "`bougt_on` to `bought_on`"),
        (CASES, "opened: true", "opend: true", "`opend` to `opened`"),
        (CASES, "override: shop", "override: shp", "`shp` to `shop`"),
    ],
)
def test_what_was_probably_meant(
    tmp_path: Path, file: str, right: str, wrong: str, title: str
) -> None:
    folder = lay_out(tmp_path)
    assert FILES[file].count(right) == 1
    path, text = folder / file, FILES[file].replace(right, wrong)
    workspace = Workspace()
    workspace.put(path, text)
    document = workspace.readable(path)
    assert document
    offered = {}
    for finding in validation_findings(path, workspace):
        start, end = highlighted_range(finding, Text(text), document)
        for fix in fixes(finding, start, end, document):
            offered[fix.title] = text[: fix.start] + fix.text + text[fix.end :]
    assert offered[f"change {title}"] == FILES[file]
