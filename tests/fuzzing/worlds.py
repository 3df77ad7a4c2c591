"""Folders of files, and the commands that read them: what is fuzzed.

Each row is how often it is drawn, a command line, and the files of which one is changed; `{file}`
in the command line is the one that is changed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

from checker.language.resolve.folders import documents_below
from tests.commands import checker
from tests.conftest import PROJECT
from tests.exchange.shops import SHOP
from tests.lsp.shop import FILES

SELLERS = "seller,window,flat,goods,exclusion\nshort,3,,,\nlong,14,,food,\nodd,x,true,general,r\n"
RETURNS = (
    "seller,id,response,cites,goods,opened,days,price\n"
    "shop,1,accepted,,food,true,2,9.00\n"
    "shop,2,rejected,food-opened,general,false,2,9.00\n"
    "shop,3,rejected,food-opened|too-late,food,true,40,1.00\n"
)
RECORDS = (
    '{"no": 1, "who": "shop", "did": "ok", "kind": "food", "open": true, "days": 2, "cents": 900}\n'
    '{"no": 2, "who": "shop", "did": "no", "why": ["f"], "kind": "food", "days": 20, "cents": 1}\n'
)
COLUMNS = """\
kind: columns
columns:
  id: no
  seller: who
  response: {from: did, values: {ok: accepted, "no": rejected}}
  cites: {from: why, values: {f: food-opened}}
  goods: kind
  opened: open
  price: {from: cents, unit: cents}
ignore: [unused]
"""
CASES = (
    '{"id": "a", "goods": "food", "opened": true, "days": 2}\n'
    '{"id": 2, "bought_on": "2024-09-01"}\n'
)
NEXT = FILES["policy/rules.yaml"].replace("version: 1.0.0", "version: 1.1.0")
WEAK = FILES["policy/shop.yaml"].replace("id: shop", "id: weak").replace("14", "5")
SOME = "--policy market/rules"
SHOP_COMMANDS = f"""\
40 validate {{file}} --format json | policy/[!l]*.yaml cases.yaml columns.yaml weak.yaml
3 validate --strict | policy/*.yaml
20 check {{file}} --examples 3 | policy/[!l]*.yaml cases.yaml weak.yaml
2 check --examples 3 --format sarif | policy/*.yaml
25 prove {{file}} --engine boxes | policy/shop.yaml policy/rules.yaml policy/facts.yaml weak.yaml
6 prove weak.yaml --format github --engine boxes | policy/rules.yaml policy/facts.yaml
5 prove policy/shop.yaml --certificates proofs --engine boxes | policy/*.yaml
10 test {{file}} --examples 3 --format junit | policy/*.yaml cases.yaml
20 decide cases.yaml --explain | cases.yaml cases.yaml policy/*.yaml
6 decide cases.yaml --format json --override weak.yaml | cases.yaml weak.yaml policy/*.yaml
12 decide cases.jsonl {SOME} | cases.jsonl
12 decide returns.csv {SOME} --override shop --format json | returns.csv
1 trace | policy/*.yaml
2 trace {{file}} --format json | policy/law.yaml policy/rules.yaml
20 explain {{file}} | policy/*.yaml cases.yaml columns.yaml
10 explain {{file}} --lang zh --format html | policy/*.yaml
6 explain market/rules | policy/*.yaml
12 limits market/rules | policy/rules.yaml policy/facts.yaml
4 limits market/rules --schema | policy/rules.yaml policy/facts.yaml
4 limits market/rules --format json | policy/rules.yaml policy/facts.yaml
12 repair weak.yaml | weak.yaml policy/rules.yaml policy/facts.yaml
2 repair --all --write | policy/shop.yaml policy/rules.yaml
15 diff policy/rules.yaml next.yaml | next.yaml policy/rules.yaml policy/facts.yaml
8 diff policy/shop.yaml weak.yaml --format markdown | weak.yaml policy/shop.yaml policy/rules.yaml
4 diff policy/rules.yaml next.yaml --overrides policy --format json | next.yaml policy/*.yaml
3 diff policy other --format markdown | policy/*.yaml
25 fmt {{file}} | policy/*.yaml cases.yaml columns.yaml
15 fmt --check {{file}} | policy/*.yaml cases.yaml
15 verify proof.json | proof.json proof.json policy/shop.yaml policy/rules.yaml policy/facts.yaml
2 audit settings sellers.csv {SOME} | sellers.csv policy/rules.yaml policy/facts.yaml
2 audit settings {{file}} {SOME} --format json | policy/shop.yaml weak.yaml
1 audit settings sellers.csv {SOME} --out out --tables csv | sellers.csv
3 audit returns returns.csv {SOME} | returns.csv returns.csv policy/*.yaml
2 audit returns returns.csv {SOME} --out out --tables csv | returns.csv
3 audit returns records.jsonl {SOME} --columns columns.yaml --format json | *.jsonl columns.yaml
"""
EXCHANGE_COMMANDS = """\
4 validate seller.yaml | *.yaml
3 explain {file} | *.yaml
9 import schema.org {file} --policy shop/rules | *.html schema_org-*.json
4 import google {file} --policy shop/rules --format json | google-*.json google-*.yaml
4 import ebay {file} --policy shop/rules | ebay-*.json ebay-*.yml
4 import kuaishou {file} --policy shop/rules --out out | kuaishou-*.json *.jsonl
2 import schema.org schema_org-page.html --policy shop/rules | *.yaml
1 import google google-everything.json --policy shop/rules | *.yaml
3 export schema.org seller.yaml | seller.yaml *.yaml
3 export google seller.yaml | seller.yaml *.yaml
1 audit settings {file} --from schema.org --policy shop/rules | *.html
"""
SELLER = """\
kind: override
id: seller
version: 1.0.0
policy: shop/rules@1
effective: {from: 2026-01-01}
settings: {window_days: 30, seller_pays: true, channels: [mail], refund_limit: 5d}
rules:
  - {id: worn, when: {used: true}, respond: reject, cites: [worn]}
otherwise: follow
"""
# of packs, with all that they stand on: the files are larger, so they are drawn less often
PACK_COMMANDS = """\
6 validate {file} | policy/*.yaml
4 check {file} --examples 2 | policy/*.yaml
4 prove {file} --engine boxes | policy/platform/* policy/law/* policy/sellers/*
2 explain {file} --lang zh | policy/*.yaml
1 limits kuaishou/flash-purchase | policy/platform/* policy/law/*
1 repair policy/sellers/generous-shop.yaml | policy/sellers/* policy/platform/* policy/law/*
1 trace | policy/*.yaml
4 fmt {file} | policy/*.yaml
2 decide cases.yaml | cases.yaml policy/platform/*
1 export google policy/sellers/generous-shop.yaml | policy/exchange/* policy/sellers/*
"""
PACK = (
    "calendar/cn calendar/eu/de.yaml exchange/kuaishou/flash-purchase.yaml law platform sellers "
    "vocabulary sources/cn sources/kuaishou sources/eu"
)


@dataclass(frozen=True)
class Line:
    """A command line, and the files of which one is changed before it is run."""

    weight: int
    arguments: list[str]
    files: list[str]


@dataclass
class World:
    """Files of a folder, and the commands that are run in it.

    Attributes:
        files: the content of each file, by its path.
        lines: the commands.
        weight: how often it is drawn.
    """

    files: dict[str, bytes]
    commands: str
    weight: int
    lines: list[Line] = field(init=False)

    def __post_init__(self) -> None:
        self.lines = []
        for text in self.commands.splitlines():
            weight, _, rest = text.partition(" ")
            arguments, _, patterns = rest.partition(" | ")
            files = [
                name
                for pattern in patterns.split()
                for name in self.files
                if fnmatch(name, pattern)
            ]
            assert files, f"no file for {text}"
            self.lines.append(Line(int(weight), arguments.split(), files))

    def lay_out(self, folder: Path) -> None:
        """Write the files into the folder."""
        for name, raw in self.files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)


def _shop(folder: Path) -> World:
    texts = {**FILES, "weak.yaml": WEAK, "next.yaml": NEXT, "other/rules.yaml": NEXT}
    texts |= {"sellers.csv": SELLERS, "returns.csv": RETURNS, "records.jsonl": RECORDS}
    texts |= {"columns.yaml": COLUMNS, "cases.jsonl": CASES}
    files = {name: text.encode() for name, text in texts.items()}
    for name, raw in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(raw)
    proofs = folder / "proofs"
    policy = folder / "policy"
    result = checker("prove", policy / "shop.yaml", "--root", policy, "--certificates", proofs)
    assert result.status == 0, result
    files["proof.json"] = next(proofs.iterdir()).read_bytes()
    return World(files, SHOP_COMMANDS, 80)


def _exchange() -> World:
    files = {f"policy/{path.name}": path.read_bytes() for path in SHOP.glob("*.yaml")}
    files["seller.yaml"] = SELLER.encode()
    for path in (PROJECT / "tests" / "exchange").glob("*/documents/*"):
        if path.suffix != ".md" and path.stat().st_size < 20_000:
            files[f"{path.parent.parent.name}-{path.name}"] = path.read_bytes()
    for path in (PROJECT / "examples" / "7-imported-shops" / "shops").iterdir():
        files[path.name] = path.read_bytes()
    return World(files, EXCHANGE_COMMANDS, 12)


def _pack() -> World:
    files = {}
    for name in PACK.split():
        path = PROJECT / "policy" / name
        for file in [path] if path.is_file() else documents_below(path):
            files[str(file.relative_to(PROJECT))] = file.read_bytes()
    files["cases.yaml"] = (PROJECT / "examples" / "1-decide" / "cases.yaml").read_bytes()
    return World(files, PACK_COMMANDS, 8)


def worlds(folder: Path) -> list[World]:
    """Return the worlds; a certificate of one is made in the folder."""
    return [_shop(folder), _exchange(), _pack()]
