"""Documents that can't be used: each gives one clear error with its place, and no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.commands import checker

GOOD = "kind: vocabulary\nid: good\nversion: 1.0.0\nfacts: {used: {type: boolean}}\n"
ROLLED = """\
kind: vocabulary
id: rolled
version: 1.0.0
facts:
  country: {type: enum, values: [DE, FR]}
  seen: {type: date}
  asked: {type: date}
  days: {type: integer, range: [0, 9], derive: {days_from: seen, to: asked, weekends: true,
    roll: {fact: country, calendars: {DE: rest, FR: rest}}}}
"""
CALENDAR = "kind: calendar\nid: rest\nversion: 1.0.0\nyears: [2024, 2024]\nholidays: []\n"
VOCABULARY = """\
kind: vocabulary
id: returns
version: 1.0.0
as_of: asked_on
facts:
  used: {type: boolean}
  opened: {type: boolean}
  days: {type: integer, range: [0, 30]}
  kind_of: {type: enum, values: [food, toys]}
  asked_on: {type: date}
invariants:
  - {id: used-means-opened, always: {any: [{used: false}, {opened: true}]}}
"""
POLICY = """\
kind: policy
id: shop/rules
version: 1.0.0
vocabulary: returns@1
parameters:
  window: {type: integer, default: 7, range: [1, 30]}
  fixed_fee: {type: money, default: 1, fixed: true}
grounds:
  used: {when: {used: true}}
entitlements:
  early: {when: {days: {at_most: {param: window}}}, unless: [used]}
"""
OVERRIDE = """\
kind: override
id: seller
version: 1.0.0
policy: shop/rules@1
"""
CASES = "kind: cases\npolicy: shop/rules@1\ncases:\n"

# name: the document, line:column of the error (where it is one), what the message says
BAD: dict[str, tuple[bytes | str, str, str]] = {
    "not UTF-8": (b"kind: vocabulary\nid: caf\xe9\n", "2:8", "not UTF-8: byte 0xe9"),
    "UTF-16": ("kind: policy\n".encode("utf-16"), "1:1", "not UTF-8"),
    "not YAML": ("kind: [policy\nid: }\n", "1:7", "not YAML"),
    "a tab as indentation": ("kind: policy\nparameters:\n\ta: 1\n", "3:1", "not YAML"),
    "a NUL byte": (b"kind: policy\nid: a\x00b\n", "2:6", "not YAML"),
    "empty": ("", "1:1", "an empty document"),
    "nothing but a comment": ("# to do\n", "1:1", "an empty document"),
    "two documents": (GOOD + "---\n" + GOOD, "5:1", "a second document"),
    "a list at the top": ("- kind: policy\n", "1:1", "no map at the top"),
    "a word at the top": ("policy\n", "1:1", "no map at the top"),
    "duplicate keys": ("kind: policy\nid: a\nkind: policy\n", "3:1", "key `kind` twice"),
    "a tag": ("kind: policy\nid: !!str a\n", "2:5", "a tag, `!!str`"),
    "a tag on a map": ("kind: policy\nid: !!python/object:os.system {}\n", "2:5", "a tag"),
    "a merge key": ("kind: policy\nbase: &b {}\nmore:\n  <<: *b\n", "4:3", "a merge key `<<`"),
    "a key that is no string": ("kind: policy\n1: a\n", "2:1", "`1` as a key"),
    "a key that is true": ("kind: policy\ntrue: a\n", "2:1", "`true` as a key"),
    "a collection as a key": ("kind: policy\n? [a]\n: b\n", "2:3", "a collection as a key"),
    "not a number": ("kind: policy\nx: .nan\n", "2:4", "`.nan`, which is no number"),
    "infinity": ("kind: policy\nx: -.inf\n", "2:4", "`-.inf`, which is no number"),
    "a huge number": ("kind: policy\nx: " + "9" * 5000 + "\n", "2:4", "5000 digits"),
    "a huge exponent": ("kind: policy\nx: 1e999999999\n", "2:4", "out of all proportion"),
    "an alias of nothing": ("kind: policy\nx: *a\n", "2:4", "alias `*a` of nothing"),
    "an alias of itself": ("kind: policy\nx: &a [*a]\n", "2:8", "inside of what it names"),
    "an alias bomb": (
        "kind: policy\na0: &a0 [x,x,x,x,x,x,x,x,x,x]\n"
        + "".join(f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 9)),
        "",
        "makes the document grow to more than 10,000 nodes",
    ),
    "100,000 nested brackets": ("kind: " + "[" * 100_000, "1:70", "more than 64 levels"),
    "100,000 nested maps": ("a: " + "{a: " * 100_000, "1:253", "more than 64 levels"),
    "a file of 50 MB": (b"#" * 50_000_000, "", "a document of more than 1 MiB"),
    "no kind": ("id: a\nversion: 1.0.0\n", "1:1", "`kind` is missing"),
    "an unknown kind": ("kind: polcy\n", "1:7", "did you mean `policy`?"),
    "a missing version": (GOOD.replace("version: 1.0.0\n", ""), "1:1", "`version` is missing"),
    "a version of two numbers": (GOOD.replace("1.0.0", "1.2"), "3:10", "version of three numbers"),
    "an id in capitals": (GOOD.replace("id: good", "id: Good"), "2:5", "lower-case words"),
    "an unknown key": (GOOD + "fact: {}\n", "5:1", "did you mean `facts`?"),
    "a wrong type": (GOOD.replace("facts:", "title: [a]\nfacts:"), "4:8", "found a list"),
    "no facts": (GOOD.replace("{used: {type: boolean}}", "{}"), "4:8", "an empty map"),
    "an unknown type": (GOOD.replace("boolean", "bool"), "4:22", "expected one of `boolean`"),
    "an integer without range": (GOOD.replace("boolean", "integer"), "4:15", "`range` is missing"),
    "a range turned round": (
        GOOD.replace("{type: boolean}", "{type: integer, range: [9, 1]}"),
        "4:38",
        "turned round: 9 is above 1",
    ),
    "a fact that can't be named so": (GOOD.replace("used:", "id:"), "4:9", "can't name a fact"),
    "a bad date": (GOOD + "effective: {from: 2024-02-30}\n", "5:19", "no day of the calendar"),
    "a period turned round": (
        GOOD + "effective: {from: 2024-02-03, until: 2024-02-02}\n",
        "5:38",
        "is not after",
    ),
    "a calendar of what is no value": (
        ROLLED.replace("DE: rest", "ED: rest"),
        "9:39",
        "`ED` is no value of `country`",
    ),
    "a calendar picked by no enum": (
        ROLLED.replace("fact: country", "fact: seen"),
        "9:18",
        "`seen` is of type date, expected an enum",
    ),
    "a calendar picked by nothing": (
        ROLLED.replace("fact: country", "fact: county"),
        "9:18",
        "did you mean `country`?",
    ),
    "an unknown calendar of a value": (
        ROLLED.replace("FR: rest", "FR: rst"),
        "9:53",
        "did you mean `rest`?",
    ),
    "an unknown time zone": (GOOD + "time_zone: Mars/Olympus\n", "5:12", "unknown time zone"),
    "an unknown fact": (
        POLICY.replace("{used: true}", "{usd: true}"),
        "9:17",
        "did you mean `used`?",
    ),
    "a wrong literal": (POLICY.replace("{used: true}", "{used: 3}"), "9:23", "found `3`"),
    "an unknown parameter": (
        POLICY.replace("param: window}", "param: windw}"),
        "11:42",
        "`window`?",
    ),
    "an unknown ground": (POLICY.replace("[used]", "[usde]"), "11:62", "did you mean `used`?"),
    "cyclic definitions": (
        POLICY + "definitions:\n  a: {definition: b}\n  b: {not: {definition: a}}\n",
        "13:3",
        "a circle: `a` → `b` → `a`",
    ),
    "a reference to nothing": (POLICY.replace("returns@1", "return@1"), "4:13", "`returns`?"),
    "a version of nothing": (POLICY.replace("returns@1", "returns@2"), "4:13", "there is 1.0.0"),
    "a policy that upholds itself": (POLICY + "upholds: [shop/rules]\n", "12:11", "a circle"),
    "a fixed setting set": (OVERRIDE + "settings: {fixed_fee: 2}\n", "5:12", "is fixed by"),
    "a setting out of range": (OVERRIDE + "settings: {window: 31}\n", "5:20", "range 1 to 30"),
    "an unknown setting": (OVERRIDE + "settings: {windw: 3}\n", "5:12", "did you mean `window`?"),
    "a refusal that cites nothing": (
        OVERRIDE + "rules: [{id: a, when: {used: true}, respond: reject}]\n",
        "5:9",
        "`cites` is missing",
    ),
    "an impossible case": (
        CASES + "  - facts: {used: true, opened: false}\n",
        "4:12",
        "`used: true`, `opened: false` can't be",
    ),
    "a case out of range": (CASES + "  - facts: {days: 31}\n", "4:19", "fact `days`"),
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "returns.yaml").write_text(VOCABULARY, encoding="utf-8")
    (tmp_path / "rules.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("name", BAD)
def test_bad_document_is_one_clear_error(root: Path, name: str) -> None:
    text, place, message = BAD[name]
    content = text if isinstance(text, bytes) else text.encode()
    own = ([*content.split(b"\n", 2), b""])[1]
    file = {b"id: shop/rules": "rules.yaml", b"id: returns": "returns.yaml"}.get(own, "bad.yaml")
    if file == "bad.yaml" and own == b"id: good":
        (root / "good.yaml").unlink()
    (root / file).write_bytes(content)
    (root / "rest.yaml").write_text(CALENDAR, encoding="utf-8")
    result = checker("validate", "--root", root, root / file, root / "returns.yaml")
    assert result.status == 1
    errors = [line for line in result.out.splitlines() if ": error: " in line]
    where = f"{root / file}:{place}: " if place else f"{root / file}"
    hits = [line for line in errors if line.startswith(where)]
    assert hits and message in result.out, result.out
    assert "Traceback" not in result.err
    assert "2 documents" in result.out, "the other document is still done"


def test_all_errors_of_a_document_are_reported(root: Path) -> None:
    (root / "bad.yaml").write_text(
        OVERRIDE
        + "colour: red\nsettings: {window: 99, windw: 1}\nrules:\n"
        + "  - {id: a, when: {usd: true}, respond: accept}\n"
        + "  - {id: a, when: {days: {at_lest: 3}}, respond: acept}\n"
        + "  - {id: b, when: {opened: 7, kind_of: tools}, respond: reject, cites: [use]}\n",
        encoding="utf-8",
    )
    result = checker("validate", "--root", root, root / "bad.yaml")
    lines = [line for line in result.out.splitlines() if ": error: " in line]
    places = [line.removeprefix(f"{root / 'bad.yaml'}:").partition(": ")[0] for line in lines]
    assert places == ["5:1", "6:20", "6:24", "8:20", "9:27", "9:50", "10:28", "10:40", "10:73"]


def test_the_same_id_and_version_twice_is_an_error(root: Path) -> None:
    (root / "again.yaml").write_text(GOOD, encoding="utf-8")
    result = checker("validate", "--root", root)
    assert result.status == 1
    assert "`good@1.0.0` is here twice: also in" in result.out


def test_an_id_in_two_roots_is_an_error(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "good.yaml").write_text(GOOD.replace("1.0.0", "1.1.0"), encoding="utf-8")
    result = checker("validate", "--root", root, "--root", other)
    assert result.status == 1
    assert "`good@1.1.0` is in two roots" in result.out


def test_what_refers_to_a_broken_document_says_so(root: Path) -> None:
    (root / "rules.yaml").write_text(POLICY.replace("{used: true}", "{usd: 1}"), encoding="utf-8")
    (root / "seller.yaml").write_text(OVERRIDE, encoding="utf-8")
    result = checker("validate", "--root", root, root / "seller.yaml")
    assert result.status == 1
    assert "seller.yaml:4:9: error: `shop/rules@1.0.0` has errors: " in result.out
    assert "unknown fact or parameter `usd`" in result.out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["validate", "nowhere.yaml"], "nowhere.yaml: no such file or folder"),
        (["validate", "--root", "nowhere"], "no folder `nowhere`"),
        (["validate", "--on", "yesterday"], "expected a date like"),
        (["decide", "nowhere.csv", "--policy", "shop/rules"], "nowhere.csv: no such file"),
        (["decide", "cases.txt", "--policy", "shop/rules"], "cases.txt"),
        (["decide"], "Missing argument"),
        (["dcide"], "No such command"),
        (["decide", "-", "--policy", "shop/rulez"], "no policy `shop/rulez`"),
        (["decide", "-"], "no policy is named"),
        (["decide", "-", "--override", "nobody"], "no override `nobody`"),
        (["schema", "poem"], "poem"),
    ],
)
def test_a_bad_call_exits_with_2(
    root: Path, monkeypatch: pytest.MonkeyPatch, arguments: list[str], message: str
) -> None:
    monkeypatch.chdir(root)
    (root / "cases.txt").write_text("", encoding="utf-8")
    (root / "policy").mkdir()
    (root / "returns.yaml").rename(root / "policy" / "returns.yaml")
    (root / "rules.yaml").rename(root / "policy" / "rules.yaml")
    result = checker(*arguments)
    assert result.status == 2
    assert message in result.err
    assert result.out == ""


def test_an_empty_folder_is_no_success(root: Path) -> None:
    (root / "empty").mkdir()
    result = checker("validate", "--root", root, root / "empty")
    assert result.status == 2
    assert "found no documents" in result.err


def test_a_circle_below_a_diamond_is_found(root: Path) -> None:
    for id, upholds in (("a", "b, c"), ("b", "d"), ("c", "d"), ("d", "c")):
        text = f"kind: policy\nid: {id}\nversion: 1.0.0\nvocabulary: returns@1\n"
        (root / f"{id}.yaml").write_text(f"{text}upholds: [{upholds}]\n")
    result = checker("validate", "--root", root, root / "a.yaml")
    assert result.status == 1
    assert "a circle: `a` → `b` → `d` → `c` → `d`" in result.out


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_that_are_no_text_have_their_place(root: Path, mark: bytes) -> None:
    (root / "bytes.yaml").write_bytes(mark + b"a: 1\n\xc3\xa4: \xe4")
    result = checker("validate", "--root", root)
    assert f"{root / 'bytes.yaml'}:2:4: error: not UTF-8: byte 0xe4" in result.out


def test_what_is_no_file_is_said(root: Path) -> None:
    (root / "loop.yaml").symlink_to(root / "loop.yaml")
    (root / "gone.yaml").symlink_to(root / "nothing.yaml")
    os.mkfifo(root / "pipe.yaml")
    result = checker("validate", "--root", root)
    assert result.status == 1
    for name in ("loop", "gone", "pipe"):
        assert f"{root / name}.yaml: error: can't be read: " in result.out
    assert checker("validate", "--root", root, "x" * 5000).status == 2


def test_documents_behind_a_link_are_found(
    root: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "seller.yaml").write_text(OVERRIDE)
    (root / "link").symlink_to(other)
    (other / "back").symlink_to(root)
    result = checker("validate", "--root", root)
    assert (result.status, "4 documents" in result.out) == (0, True), result.out


def test_what_can_not_be_tested_is_no_success(root: Path) -> None:
    cases = "cases:\n  - {facts: {used: false, days: 1}, expect: {verdict: may_reject}}\n"
    texts = {
        "kind: case\n" + cases: "did you mean `cases`?",
        "kind: cases\n" + cases: "no policy is named",
        "kind: cases\npolicy: nope\n" + cases: "no policy `nope`",
        OVERRIDE.replace("shop/rules@1", "nope"): "no policy `nope`",
        "kind: override\nid: seller\nversion: 1.0.0\n": "`policy` is missing",
    }
    for text, message in texts.items():
        (root / "x.yaml").write_text(text)
        result = checker("test", "--root", root, root / "x.yaml", "--examples", 10)
        assert result.status == 1 and message in result.out, text


def test_a_broken_policy_is_one_error_of_its_cases(root: Path) -> None:
    (root / "rules.yaml").write_text(POLICY.replace("{used: true}", "{usd: true}"))
    (root / "x.yaml").write_text(CASES + "  - facts: {days: 1}\n" * 3)
    result = checker("validate", "--root", root, root / "x.yaml")
    assert result.status == 1 and "1 document, 1 error," in result.out
    assert "x.yaml:2:9: error: `shop/rules@1.0.0` has errors" in result.out


def test_an_author_may_use_the_words_of_the_language(root: Path) -> None:
    (root / "text.yaml").write_text(
        "kind: source\nid: text\nclauses: {a1: {gist: x, status: encoded}}\n"
    )
    text = POLICY.replace(
        "  used: {when", "  when: {when: {opened: true}, source: [text#a1]}\n  used: {when"
    )
    (root / "rules.yaml").write_text(text)
    result = checker("validate", "--root", root)
    assert result.status == 0, result.out
    traced = checker("trace", "--root", root, root / "text.yaml")
    assert "shop/rules@1.0.0 grounds.when" in traced.out


def test_trace_says_what_it_can_not_read(root: Path) -> None:
    (root / "text.yaml").write_text("kind: source\nid: [\n")
    result = checker("trace", "--root", root)
    assert result.status == 1 and "not YAML" in result.err
    assert checker("trace", "--root", root, root / "good.yaml").status == 2


def test_a_file_that_can_not_be_read_is_found_by_any_path_to_it(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (root / "text.yaml").write_text("kind: source\nid: [\n")
    monkeypatch.chdir(root.parent)
    for path in (root / "text.yaml", f"{root.name}/text.yaml", f"{root.name}/../{root.name}"):
        for roots in (root, root.name, f"{root.name}/../{root.name}"):
            result = checker("validate", path, "--root", roots)
            assert result.status == 1 and "not YAML" in result.out, (path, roots)
