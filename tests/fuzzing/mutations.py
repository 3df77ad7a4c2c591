"""Changes of a file: of its structure, where it is YAML or JSON, of its cells, or of its bytes."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Callable
from random import Random
from typing import Any

from checker.language.formatter.dump import yaml_text
from checker.language.syntax.parser import ParseError, compose

# what JSON can't say: it is put into the text of JSON, as it stands here
RAW = {
    "1e999999999": "\ue000",
    "-1e-999999999": "\ue001",
    "9" * 5000: "\ue002",
    "NaN": "\ue003",
    "-0": "\ue004",
    "0x1F": "\ue005",
    "2024-02-30": "\ue006",
    "10000-01-01": "\ue007",
    "~": "\ue008",
    "&a {b: *a}": "\ue009",
    "!!python/object:os.system x": "\ue00a",
    "*nothing": "\ue00b",
}
TEXTS = (
    "",
    " ",
    "x",
    "\x00",
    "\x1b[2J",
    "\u202e",
    "\u2028",
    "\x85",
    "\ufeff",
    "\ud800",
    "１２",
    "🍜",
    "a" * 5000,
    "<b>&amp;`|",
    "::warning::x",
    "a\nb",
    "{{ x }}",
    "%s{0}",
    "../../etc/passwd",
    "none",
    "true",
    "follow",
    "reject",
    "must_accept",
)
VALUES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    1,
    -1,
    7,
    2**31,
    2**53 + 1,
    2**63,
    -(10**30),
    10**400,
    0.5,
    1e308,
    [],
    {},
    [[]],
    [None],
    {"": None},
    {"x": 1},
    *TEXTS,
    *RAW.values(),
    "2024-02-30",
    "0000-01-01",
    "0001-01-01",
    "9999-12-31",
    "2024-09-01T24:00:00Z",
    "2024-09-01T08:00:00+99:99",
    "2024-09-01T08:00:00Z",
    "0d",
    "-1d",
    "999999999999999m",
    "99999999999999999999999999d",
    "1.5d",
    "0.001",
    "-99.99",
    "99999999999999999999.99",
    "x@1",
    "x@99999999999999999999.0.0",
    "x@1.0.0#y",
    "@",
    "#",
    "a/b@1",
    {"fact": "days"},
    {"param": "window"},
    {"fact": "days", "plus": 10**30},
    {"definition": "late"},
    {"ground": "too-late"},
    {"not": {"all": []}},
    {"any": [{}]},
    {"all": [{"days": {"between": [9, 1]}}]},
    {"days": {"is": {"fact": "days"}}},
    {"at_most": 3, "at_least": 9},
    {"derive": {"days_from": "days", "to": "days"}},
)
KEYS = (
    "kind",
    "id",
    "version",
    "when",
    "unless",
    "not",
    "all",
    "any",
    "type",
    "values",
    "range",
    "typical",
    "derive",
    "from",
    "until",
    "effective",
    "scope",
    "expect",
    "facts",
    "cases",
    "accept",
    "override",
    "upholds",
    "calendars",
    "terms",
    "decide",
    "<<",
    "__proto__",
    "*a",
    "? a",
    "\x00",
    "é́",
    "a.b",
    "1",
    "null",
    "y",
)
SNIPPETS = (
    "\x00",
    "\ufeff",
    "\u2028",
    "\x85",
    "\t",
    "\r",
    "\x1b]0;x\x07",
    "\ud800",
    "&a ",
    "*a",
    "&a [*a]",
    "<<: *a\n",
    "!!binary ",
    "? ",
    "- ",
    ": ",
    "#",
    " #",
    "|\n",
    ">-\n  ",
    "'",
    '"',
    "{",
    "}",
    "[",
    "]",
    ",",
    "[" * 80,
    "{a: " * 70,
    "---\n",
    "...\n",
    "%YAML 9.9\n",
    "9" * 400,
    "1e999999999",
    "\n" * 50,
    " " * 200,
    "</script>",
    "<!--",
    "]]>",
    "<div>" * 300,
    "&#0;",
    "&#xD800;",
)

Steps = tuple[Any, ...]


def places(data: Any, here: Steps = ()) -> list[Steps]:
    """Return the path of each node."""
    inner = [*data.items()] if isinstance(data, dict) else []
    inner = [*enumerate(data)] if isinstance(data, list) else inner
    return [here, *(place for step, value in inner for place in places(value, (*here, step)))]


def node_at(data: Any, place: Steps) -> Any:
    """Return the node at the path."""
    for step in place:
        data = data[step]
    return data


def changed_data(data: Any, other: Any, random: Random) -> Any:
    """Return the data with a node deleted, copied, swapped, retyped, renamed or wrapped.

    Args:
        data: what to change, which stays as it is.
        other: data of which parts are put in, such as those of another kind of document.
        random: what decides.
    """
    root = [copy.deepcopy(data)]
    for _ in range(random.choice((1, 1, 1, 2, 3, 6))):
        inside = places(root[0], (0,))
        place = random.choice(inside)
        parent, step = node_at(root, place[:-1]), place[-1]
        random.choice(CHANGES)(parent, step, root, other, random)
    return root[0]


def _retype(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    parent[step] = copy.deepcopy(random.choice(VALUES))


def _delete(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    if parent is not root:
        del parent[step]


def _transplant(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    source = random.choice((other, root[0]))
    parent[step] = copy.deepcopy(node_at(source, random.choice(places(source))))


def _swap(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    second = random.choice([*parent] if isinstance(parent, dict) else range(len(parent)))
    parent[step], parent[second] = parent[second], parent[step]


def _rename(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    if isinstance(parent, dict):
        keys = [place[-1] for place in places(other) if place and isinstance(place[-1], str)]
        parent[random.choice([*KEYS, *keys])] = parent.pop(step)


def _add(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    node = parent[step]
    if isinstance(node, dict):
        node[random.choice(KEYS)] = copy.deepcopy(random.choice(VALUES))
    elif isinstance(node, list):
        node.insert(random.randint(0, len(node)), copy.deepcopy(random.choice([*VALUES, *node])))
    else:
        parent[step] = [node]


def _multiply(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    if isinstance(parent, list) and parent is not root:
        parent.extend(copy.deepcopy(parent[step]) for _ in range(random.choice((1, 2, 40))))


def _nest(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    node = parent[step]
    key = random.choice((None, "not", "all", "any", "x"))
    for _ in range(random.choice((1, 2, 30, 62, 100))):
        node = [node] if key is None else {key: [node] if key in ("all", "any") else node}
    parent[step] = node


def _tweak(parent: Any, step: Any, root: Any, other: Any, random: Random) -> None:
    """Change a value a little, so that the document often stays valid."""
    node = parent[step]
    if isinstance(node, bool):
        parent[step] = not node
    elif isinstance(node, int):
        parent[step] = node + random.choice((-1, 1, -node, node, 10**6))
    elif isinstance(node, str) and (number := re.search(r"\d+", node)):
        digits = str(int(number[0]) + random.choice((-1, 1, 30))) if len(number[0]) < 9 else "0"
        parent[step] = node[: number.start()] + digits + node[number.end() :]
    elif isinstance(node, str):
        siblings = [value for value in _scalars(root[0]) if isinstance(value, str)]
        parent[step] = random.choice(siblings)


def _scalars(data: Any) -> list[Any]:
    return [
        node
        for node in (node_at(data, place) for place in places(data))
        if not isinstance(node, dict | list)
    ]


Change = Callable[[Any, Any, Any, Any, Random], None]
CHANGES: list[Change] = [
    _retype,
    _retype,
    _delete,
    _delete,
    _transplant,
    _transplant,
    _swap,
    _rename,
    _rename,
    _add,
    _multiply,
    _nest,
    *[_tweak] * 6,
]


def written(data: Any, random: Random) -> bytes:
    """Return the data as JSON, with what JSON can't say and perhaps a key twice, or as YAML."""
    if random.random() < 0.3:
        try:
            return yaml_text(data).encode(errors="surrogatepass")
        except (AttributeError, RecursionError, TypeError, ValueError):
            pass  # not data of a document
    text = json.dumps(data, ensure_ascii=False, indent=random.choice((None, 1)))
    for raw, mark in RAW.items():
        text = text.replace(f'"{mark}"', raw).replace(mark, "x")
    if random.random() < 0.05 and text.startswith("{"):
        text = text[:-1].rstrip() + ", " + text.lstrip("{")
    return text.encode(errors="surrogatepass")


def changed_text(raw: bytes, random: Random) -> bytes:
    """Return the text with lines moved, parts cut or put in, or odd bytes in it."""
    for _ in range(random.choice((1, 1, 2, 4))):
        start = random.randint(0, len(raw))
        end = min(len(raw), start + random.choice((0, 1, 3, 20, 200)))
        lines = raw.splitlines(keepends=True) or [b""]
        number = random.randrange(len(lines))
        choice = random.randrange(9)
        if choice == 0:
            raw = raw[:start]
        elif choice == 1:
            raw = raw[:start] + raw[end:]
        elif choice == 2:
            raw = b"".join(lines[:number] + lines[number + 1 :])
        elif choice == 3:
            raw = b"".join([*lines[:number], lines[number] * 2, *lines[number + 1 :]])
        elif choice == 4:
            indent = random.choice((b" ", b"  ", b"\t", b"- ", b"# "))
            raw = b"".join([*lines[:number], indent + lines[number], *lines[number + 1 :]])
        elif choice == 5:
            random.shuffle(lines)
            raw = b"".join(lines)
        elif choice == 6:
            raw = raw[:start] + random.randbytes(random.choice((1, 2, 30))) + raw[start:]
        elif choice == 7:
            raw = random.choice((b"", b"\xef\xbb\xbf" + raw, b"\xff\xfe" + raw, b"\n", b"\x00"))
        else:
            snippet = random.choice(SNIPPETS).encode(errors="surrogatepass")
            raw = raw[:start] + snippet + raw[start:]
    return raw


def changed_table(raw: bytes, random: Random) -> bytes:
    """Return a table of CSV with cells, columns or rows changed."""
    rows = [*csv.reader(io.StringIO(raw.decode()))]
    for _ in range(random.choice((1, 1, 2, 5))):
        row = random.choice(rows)
        cell = random.randrange(len(row)) if row else 0
        choice = random.randrange(6)
        if choice == 0:
            rows.append([*row, *row])
        elif choice == 1 and row:
            del row[cell]
        elif choice == 2:
            rows.append([str(random.choice(VALUES)) for _ in rows[0]])
        elif choice == 3:
            rows[0] = [*rows[0], random.choice((*KEYS, *rows[0]))]
        elif row:
            row[cell] = str(random.choice(VALUES))
    out = io.StringIO()
    csv.writer(out, lineterminator=random.choice(("\n", "\r\n"))).writerows(rows)
    return out.getvalue().encode(errors="surrogatepass")


def changed(name: str, raw: bytes, other: bytes, random: Random) -> bytes:
    """Return the file's content changed, by what its name's ending says that it is.

    Args:
        name: the name of the file.
        raw: its content.
        other: that of another file, of which parts are put in.
        random: what decides.
    """
    suffix = name.rpartition(".")[2]
    if suffix == "csv" and random.random() < 0.7:
        return changed_table(raw, random)
    if suffix in ("yaml", "yml", "json", "jsonl") and random.random() < 0.75:
        lines = raw.splitlines() if suffix == "jsonl" else [raw]
        number = random.randrange(len(lines))
        data, graft = _data(lines[number]), _data(other)
        if data is not None:
            lines[number] = written(changed_data(data, graft, random), random)
            return b"\n".join(lines)
    return changed_text(raw, random)


def _data(raw: bytes) -> Any:
    """Return the data of YAML or JSON, None where there is none."""
    try:
        return json.loads(raw)
    except ValueError:
        pass
    try:
        return compose(raw.decode())[0]
    except (ParseError, UnicodeDecodeError):
        return None
