"""`diff --format markdown`: what `diff` says, as GitHub shows it; hostile words stay words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from checker.report import diff_markdown
from checker.report.markdown_escape import visible
from tests.cli.test_diff import LONGER, OLD, newer, root
from tests.commands import checker
from tests.report.test_markdown import NOTHING, Page, calls

__all__ = ["root"]  # a fixture, which every test runs with
TAGS = {"h3", "p", "strong", "code", "ul", "li", "table", "thead", "tbody", "tr", "th", "td"}


def commented(*arguments: object, status: int = 0) -> str:
    done = checker("diff", *arguments, "--format", "markdown")
    assert (done.status, done.err) == (status, "")
    page = Page(done.out)
    assert {*page.tags} <= TAGS
    assert not calls(page)
    return done.out


def test_the_comment_says_what_the_text_says(root: Path) -> None:
    newer(root, "2.0.0", LONGER)
    comment = commented("rules@1.0.0", "rules@2.0.0", "--overrides", root, status=1)
    assert (
        comment
        == """\
### `rules@1.0.0` → `rules@2.0.0`: buyers gain

| what | changes | the plainest case |
| --- | --- | --- |
| `verdict` | buyers gain: `may_reject` → `must_accept` | `days` is `8` |
| `parameters.window` | the default was 7 and is 9 |  |
| `grounds.late` | buyers gain: `holds` → `does not hold` | `days` is `8` |
| `entitlements.early` | buyers gain: `not owed` → `owed` | `days` is `8` |

**A return by which buyers gain**: `verdict`: `may_reject` → `must_accept`

| fact | here | usually |
| --- | --- | --- |
| `days` | `8` | `3` |

Compared: 6 equal, 2 widens, 1 changed.

Version `2.0.0` is **honest**: the change is major.

- `verdict`: a case becomes must\\_accept where `days` is `8`
- `grounds.late`: stops holding where it could be cited where `used` is `true` and `days` is `8`

**Sellers**: 1 broken, 2 passing, 1 failing already.

| broken by `rules@2.0.0` | why | the plainest case |
| --- | --- | --- |
| `strict@1.0.0` | refuses a return that `rules@2.0.0` requires it to accept \
(`rejects-required-return`, `policy/sellers/strict.yaml:5:11`) | `days` is `8` |
"""
    )


def test_each_direction_has_its_case(root: Path) -> None:
    newer(root, "1.0.1", LONGER, ("{used: true}", "{any: [{used: true}, {days: 0}]}"))
    comment = commented("rules@1.0.0", "rules@1.0.1", status=1)
    assert "### `rules@1.0.0` → `rules@1.0.1`: buyers gain and lose\n" in comment
    gain = "**A return by which buyers gain**: `verdict`: `may_reject` → `must_accept`"
    lose = "**A return by which buyers lose**: `verdict`: `must_accept` → `may_reject`"
    for said, days in ((gain, 8), (lose, 0)):
        table = comment.partition(said)[2].splitlines()[2:5]
        assert table == [
            "| fact | here | usually |",
            "| --- | --- | --- |",
            f"| `days` | `{days}` | `3` |",
        ]
    assert "Version `1.0.1` is **dishonest**: the change is major, and needs `2.0.0`" in comment


def test_a_document_beside_itself(root: Path) -> None:
    comment = commented("rules", root / "old.yaml")
    assert comment.splitlines() == [
        "### `rules@1.0.0` → `rules@1.0.0`: buyers neither gain nor lose",
        "",
        "Compared: 9 equal.",
        "",
        "Version `1.0.0` is **honest**: nothing changed.",
    ]


def test_two_overrides(root: Path) -> None:
    comment = commented("strict", "shorter")
    assert "### `strict@1.0.0` → `shorter@1.0.0`: buyers lose\n" in comment
    assert (
        "**A return by which buyers lose**: `response`: `accept` → `reject (cites late)`" in comment
    )


def test_an_error_leaves_no_comment(root: Path) -> None:
    new = newer(root, "2.0.0", ("{used: true}", "{usd: true}"))
    done = checker("diff", "rules@1.0.0", new, "--format", "markdown")
    assert (done.status, done.out) == (1, "")
    assert "unknown fact" in done.err


HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "`|`@someone",
    "| a | b |",
    "@octocat see #1, GH-2 and https://example.org/x",
    "[click](https://example.org)",
    "</td></table><h1>",
    "a\\|b",
    "-->",
    "\u202egnp.exe",
]


FACTS = """\
kind: vocabulary
id: v
version: 1.0.0
facts:
  days: {type: integer, range: [0, 30], typical: 3, title: WORDS}
  word: {type: enum, values: [usual, WORDS], title: {zh: WORDS}}
"""
RULES = """\
kind: policy
id: rules
version: 1.0.0
vocabulary: v
parameters:
  named: {type: choice, values: [usual, WORDS], default: usual}
  window: {type: integer, default: 7, range: [0, 30]}
grounds:
  late: {when: {days: {more_than: 7}}}
entitlements:
  early: {when: {days: {at_most: {param: window}}, word: WORDS}}
"""
SELLER = "kind: override\nid: seller\nversion: 1.0.0\npolicy: rules@1\nsettings: {window: 7}\n"


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_stay_words(words: str, tmp_path: Path) -> None:
    folder = tmp_path / words.replace("/", "")
    folder.mkdir()

    def put(name: str, text: str) -> Path:
        (folder / name).write_text(text.replace("WORDS", json.dumps(words)), encoding="utf-8")
        return folder / name

    put("v.yaml", FACTS)
    put("seller.yaml", SELLER)
    old = put("old.yaml", RULES)
    new = RULES.replace("1.0.0", "2.0.0").replace("default: 7", "default: 9")
    new = put("new.yaml", new.replace("default: usual", "default: WORDS"))
    comment = commented(old, new, "--root", folder, "--overrides", folder, status=1)
    seen = visible(words).replace("\\|", "\\ |")
    written = seen.replace("`|`", "|")  # in a message, backticks make a code span
    cells = [row for table in tables(comment) for row in table]
    assert {len(row) for row in cells} == {3}
    rows = {row[0]: [cell.replace(NOTHING, "") for cell in row] for row in cells}
    where = f"days is 8 and word is {seen}"
    assert rows["verdict"][1:] == ["buyers gain: may_reject → must_accept", where]
    assert rows["seller@1.0.0"][2] == where
    assert rows["parameters.named"][1] == f"the default was usual and is {written}"
    titles = {f"{written} (days)": ["8", "3"], f"{written} (word)": [seen, "usual"]}
    shown = {row[0].replace(NOTHING, "").replace("`|`", "|"): row[1:] for row in cells}
    assert {shown[title] == values for title, values in titles.items()} == {True}


def tables(markdown: str) -> Iterator[list[list[str]]]:
    """Yield the cells of each table, as the reader shows them."""
    page = re.findall(r"(?:^\|.*\n)+", markdown, re.MULTILINE)
    for source in page:
        texts = Page(source).texts
        count = len(texts) // (source.count("\n") - 1)
        yield [texts[at : at + count] for at in range(0, len(texts), count)]


def test_long_tables_are_cut_and_counted(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(diff_markdown, "MOST_ROWS", 1)
    newer(root, "2.0.0", LONGER)
    for number in range(4):
        text = (root / "sellers" / "strict.yaml").read_text()
        place = root / "sellers" / f"strict-{number}.yaml"
        place.write_text(text.replace("id: strict", f"id: strict-{number}"))
    comment = commented("rules@1.0.0", "rules@2.0.0", "--overrides", root, status=1)
    assert comment.count("| … and 3 more |  |  |\n") == 1
    assert comment.count("| … and 4 more |  |  |\n") == 1
    assert "- … and 1 more\n" in comment
    assert "**Sellers**: 5 broken" in comment


def test_a_comment_has_room_for_so_much(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer(root, "2.0.0", LONGER)
    monkeypatch.setattr(diff_markdown, "LONGEST", 500)
    comment = commented("rules@1.0.0", "rules@2.0.0")
    assert comment == "1 more would not fit into a comment; `checker diff` prints all.\n"


def test_long_values_are_cut(root: Path) -> None:
    value = "x" * 5_000
    text = OLD.replace(
        "polite: {", f"word: {{type: choice, values: [a, {value}], default: a}}\n  polite: {{"
    )
    (root / "old.yaml").write_text(text)
    new = root / "new.yaml"
    new.write_text(text.replace("1.0.0", "1.1.0").replace("default: a", f"default: {value}"))
    comment = commented(root / "old.yaml", new)
    assert f"{'x' * 100}" in comment and len(comment) < 1_000
