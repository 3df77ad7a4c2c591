"""An adversary: certificates are edited at random, and none is accepted for an override that fails.

`pytest tests/verify -k adversary -s --worlds 100000` draws 100,000 edits and prints the counts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest

from checker.analysis.prove.certificate import certify
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.verify.certificate_file import CertificateFile
from checker.verify.certificates import Refuted, verify
from checker.verify.tokens import InvalidCertificate
from tests.drawing import print_counts
from tests.worlds import DAY, library

Data = dict[str, Any]
FACTS: Data = {
    "days": {"type": "integer", "range": [0, 9_007_199_254_740_999], "typical": 3},
    "limit": {"type": "integer", "range": [0, 9_007_199_254_740_999], "typical": 9},
    "price": {"type": "money", "range": [0, 1000], "typical": "99.00"},
    "used": {"type": "boolean", "typical": False},
    "category": {"type": "enum", "values": ["food", "books", "toys"], "typical": "books"},
}
POLICY: Data = {
    "parameters": {"window": {"type": "integer", "default": 7, "range": [1, 60]}},
    "grounds": {"worn": {"when": {"used": True}}},
    "entitlements": {
        "soon": {"when": {"days": {"at_most": {"param": "window"}}}, "unless": ["worn"]},
        "within": {"when": {"days": {"at_most": {"fact": "limit"}}, "category": "books"}},
    },
    "otherwise": "negotiate",
    "terms": {
        "refund": {
            "type": "duration",
            "better": "lower",
            "decide": [{"when": {"price": {"at_least": 500}}, "then": "3d"}, {"then": "7d"}],
        }
    },
}
# one that passes, and others that fail in one case, in a few or in many: the same certificate's kin
SELLERS: dict[str, Data] = {
    "passes": {
        "rules": [
            {
                "id": "worn",
                "when": {"used": True, "category": "toys"},
                "respond": "reject",
                "cites": ["worn"],
            }
        ]
    },
    "boundary": {
        "rules": [
            {"id": "r", "when": {"days": 7, "used": False}, "respond": "reject", "cites": ["worn"]}
        ]
    },
    "beyond-2-to-53": {
        "rules": [
            {
                "id": "r",
                "when": {"days": 9_007_199_254_740_993, "limit": 9_007_199_254_740_993},
                "respond": "reject",
                "cites": ["worn"],
            }
        ]
    },
    "apart": {
        "rules": [
            {
                "id": "r",
                "when": {"days": {"is": {"fact": "limit"}}, "category": "books"},
                "respond": "reject",
                "cites": ["worn"],
            }
        ]
    },
    "short-window": {"settings": {"window": 6}},
    "slow": {"terms": {"refund": [{"when": {"category": "toys"}, "then": "8d"}, {"then": "3d"}]}},
    "no-ground": {
        "rules": [
            {
                "id": "r",
                "when": {"category": "toys", "days": {"more_than": 7}},
                "respond": "reject",
                "cites": ["worn"],
            }
        ]
    },
}


def documents() -> list[Data]:
    """Return the platform's documents, a law of the platform's name beside it, and the sellers'."""
    named = [
        {"kind": "vocabulary", "id": "returns", "facts": FACTS},
        {"kind": "policy", "id": "platform", "vocabulary": "returns@1", **POLICY},
        {"kind": "policy", "id": "lenient", "vocabulary": "returns@1", "otherwise": "negotiate"},
    ]
    named += [
        {"kind": "override", "id": name, "policy": "platform@1", **seller}
        for name, seller in SELLERS.items()
    ]
    return [{"version": "1.0.0", **document} for document in named]


@pytest.fixture(scope="module")
def resolver() -> Resolver:
    return Resolver(library(documents()))


@pytest.fixture(scope="module")
def honest(resolver: Resolver) -> list[Data]:
    """Return the certificates of what passes, and one as each failing seller would want it."""
    certificates: list[Data] = []
    for kind, name in (("override", "passes"), ("policy", "platform"), ("policy", "lenient")):
        document = resolver.library.versions(kind, f"{name}@1.0.0")[0]
        resolved = resolver.resolve_for(document, DAY)
        required = RequirementFormulas(resolved)
        data = certify(document, resolved, required, resolver, DAY).data
        certificates.append(json.loads(json.dumps(data)))
    return [
        *certificates,
        *(forged(certificates[0], name, resolver) for name in SELLERS if name != "passes"),
    ]


def forged(data: Data, name: str, resolver: Resolver) -> Data:
    """Return the certificate that passes with a failing seller's name, digests and claims."""
    document = resolver.library.versions("override", f"{name}@1.0.0")[0]
    digests = [
        {"kind": entry.kind, "name": entry.name, "file": entry.file, "sha256": entry.sha256}
        for entry in (document, *_others(resolver))
    ]
    trees = [claim["tree"] for claim in data["claims"]]
    rules = [f"rules.{rule['id']}" for rule in document.data.get("rules", [])]
    checks = ("rejects-required-return", "rejects-without-ground")
    places = [(check, at) for at in (*rules, "otherwise") for check in checks]
    places.append(("worse-term", "terms.refund"))
    claims = [
        {"check": check, "at": at, "tree": trees[number % len(trees)]}
        for number, (check, at) in enumerate(places)
    ]
    return {**data, "document": document.name, "documents": digests, "claims": claims}


def _others(resolver: Resolver) -> Iterator[Document]:
    for kind, name in (("policy", "platform@1.0.0"), ("vocabulary", "returns@1.0.0")):
        yield resolver.library.versions(kind, name)[0]


NUMBERS = (
    0,
    1,
    6,
    7,
    8,
    -1,
    2**53,
    2**53 + 1,
    2**53 + 2,
    10**19,
    7.0,
    9007199254740993.0,
    True,
    "7",
    "7d",
)
SPLITS: list[Any] = [
    ["days", 6],
    ["days", 7],
    ["days", 9_007_199_254_740_992],
    ["days", 9_007_199_254_740_993],
    ["limit", 9_007_199_254_740_992],
    ["days", "limit", 0],
    ["days", "limit", -1],
    ["limit", "days", 0],
    ["limit", "days", 9007199254740994.0],
    ["price", "499.99"],
    ["used", [True]],
    ["used", [1]],
    ["category", ["books"]],
    ["category", "books"],
    ["category", []],
    ["nothing", 1],
]

Edit = Callable[[Data, Random], object]


def _claim(data: Data, random: Random) -> Data:
    return random.choice(data["claims"]) if data["claims"] else {"tree": [0]}


def _tree(data: Data, random: Random) -> list[Any]:
    tree: list[Any] = _claim(data, random)["tree"]
    return tree


def _set_step(data: Data, random: Random) -> None:
    tree = _tree(data, random)
    if tree:
        tree[random.randrange(len(tree))] = random.choice([0, 1, *SPLITS])


def _grow_leaf(data: Data, random: Random) -> None:
    tree = _tree(data, random)
    leaves = [number for number, step in enumerate(tree) if isinstance(step, int)]
    if leaves:
        position = random.choice(leaves)
        tree[position : position + 1] = [
            random.choice(SPLITS),
            random.choice([0, 1]),
            random.choice([0, 1]),
        ]


def _set_number(data: Data, random: Random) -> None:
    splits = [step for step in _tree(data, random) if isinstance(step, list)]
    if splits:
        random.choice(splits)[-1] = random.choice(NUMBERS)


def _swap_halves(data: Data, random: Random) -> None:
    tree = _tree(data, random)
    random.shuffle(tree)


def _drop_step(data: Data, random: Random) -> None:
    tree = _tree(data, random)
    if tree:
        del tree[random.randrange(len(tree))]


def _leaf_only(data: Data, random: Random) -> None:
    _claim(data, random)["tree"] = random.choice([[0], [1], [], [0, 0], [["days", 7], 0, 0]])


def _other_tree(data: Data, random: Random) -> None:
    _claim(data, random)["tree"] = [*_tree(data, random)]


def _drop_claim(data: Data, random: Random) -> None:
    if data["claims"]:
        del data["claims"][random.randrange(len(data["claims"]))]


def _double_claim(data: Data, random: Random) -> None:
    if data["claims"]:
        data["claims"].append(random.choice(data["claims"]))


def _other_claims(data: Data, random: Random) -> None:
    for claim in data["claims"]:
        claim["at"] = random.choice(["otherwise", "rules.r", "rules.worn", "upholds", claim["at"]])
        claim["check"] = random.choice(["undercuts", "worse-term", claim["check"]])


def _other_document(data: Data, random: Random) -> None:
    names = [*SELLERS, "platform", "lenient", "returns", "no-ground\nholds: x"]
    data["document"] = random.choice(names) + random.choice(["@1.0.0", "@1", "", "@1.9.9"])


def _other_kind(data: Data, random: Random) -> None:
    data["kind"] = random.choice(["policy", "override", "vocabulary", "cases"])


def _other_day(data: Data, random: Random) -> None:
    data["on"] = random.choice(["1970-01-01", "2199-12-31", "2024-02-30", "today", data["on"]])


def _other_digest(data: Data, random: Random) -> None:
    if data["documents"]:
        entry = random.choice(data["documents"])
        entry["sha256"] = random.choice(["0" * 64, random.choice(data["documents"])["sha256"]])


def _other_documents(data: Data, random: Random) -> None:
    if data["documents"]:
        entry = {**random.choice(data["documents"])}
        entry["name"] = random.choice(["lenient@1.0.0", "platform@1.9.9", entry["name"]])
        data["documents"].append(entry)


def _drop_document(data: Data, random: Random) -> None:
    if data["documents"]:
        del data["documents"][random.randrange(len(data["documents"]))]


def _case(data: Data, random: Random) -> None:
    data["case"] = random.choice([{}, {"days": 1}, {"days": 1.0, "used": 1}])


EDITS: list[Edit] = [
    *([_set_step, _grow_leaf, _set_number] * 3),
    _swap_halves,
    _drop_step,
    _leaf_only,
    _other_tree,
    _drop_claim,
    _double_claim,
    _other_claims,
    _other_document,
    _other_kind,
    _other_day,
    _other_digest,
    _other_documents,
    _drop_document,
    _case,
]
DOUBLED_KEYS = ("document", "kind", "claims", "documents", "on")


def text_of(data: Data, random: Random) -> str:
    """Return the certificate as text, at times with a key that stands twice."""
    text = json.dumps(data)
    if random.random() < 0.05:
        key = random.choice(DOUBLED_KEYS)
        text = "{" + json.dumps(key) + ":" + json.dumps(data.get(key)) + "," + text[1:]
    return text


def test_no_forged_certificate_is_accepted(
    resolver: Resolver, honest: list[Data], tmp_path: Path, worlds_to_draw: int
) -> None:
    """What is accepted is about a document that passes; `--worlds` says how many are drawn."""
    random, counts, path = Random(20), Counter[str](), tmp_path / "certificate.json"
    passing = {"passes@1.0.0", "platform@1.0.0", "lenient@1.0.0"}
    for _ in range(max(2000, worlds_to_draw)):
        data = json.loads(json.dumps(random.choice(honest)))
        for edit in random.choices(EDITS, k=random.choice([1, 1, 2, 4])):
            edit(data, random)
        path.write_text(text_of(data, random))
        outcome = "refused"
        with suppress(Refuted, InvalidCertificate):
            verified = verify(CertificateFile(path), resolver)
            outcome = f"accepted, and it passes: {verified.document.name}"
            assert verified.document.name in passing, path.read_text()
            assert verified.document.kind == data["kind"]
        counts[outcome] += 1
    print_counts(counts)
    assert counts["refused"] > 1000


def test_what_is_honest_is_accepted(resolver: Resolver, honest: list[Data], tmp_path: Path) -> None:
    path = tmp_path / "certificate.json"
    for data in honest[:3]:
        path.write_text(json.dumps(data))
        assert verify(CertificateFile(path), resolver).document.name == data["document"]
    for data in honest[3:]:
        path.write_text(json.dumps(data))
        with pytest.raises(Refuted):
            verify(CertificateFile(path), resolver)
