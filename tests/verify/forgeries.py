"""Certificates as a forger would make them, of the documents in `forgeries.yaml`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from checker.language.model.types import ValueType
from checker.language.model.vocabulary import Vocabulary
from checker.language.resolve.resolver import Resolver
from checker.language.syntax.documents import Document
from checker.language.syntax.parser import compose
from tests.worlds import library

Data = dict[str, Any]
DATA: Data = compose(Path(__file__).with_name("forgeries.yaml").read_text(encoding="utf-8"))[0]
DAY = "2024-09-02"
LEAF = [0]
MALFORMED = ("twice", "nothing", "without its end")


def documents() -> list[Data]:
    """Return all documents of the file as they would stand in a folder."""
    vocabulary = {"kind": "vocabulary", "id": "returns", "facts": DATA["facts"]}
    made = [{**vocabulary, "invariants": DATA["invariants"]}]
    for kind, named in (("policy", DATA["policies"]), ("override", DATA["overrides"])):
        for id, data in named.items():
            stated = {key: value for key, value in data.items() if key != "fails"}
            more = {"vocabulary": "returns@1"} if kind == "policy" else {"policy": "platform@1"}
            if "policy" in stated:
                stated["policy"] += "@1"
            made.append({"kind": kind, "id": id, **more, **stated})
    return [{"version": "1.0.0", **document} for document in made]


def passes(document: Document) -> bool:
    """Return whether the document has no error, so that a certificate of it is honest."""
    if document.kind == "override":
        return document.id.startswith("passes")
    return not DATA["policies"][document.id].get("fails", False)


@cache
def resolver() -> Resolver:
    """Return the resolver of the documents."""
    return Resolver(library(documents()))


def certificates() -> Iterator[tuple[str, bool, Data]]:
    """Yield certificates, each with a name and whether it is one to accept."""
    for document in resolver().library.documents:
        if document.kind not in ("override", "policy"):
            continue
        data = _certificate(document)
        claims = data["claims"]
        holds = passes(document)
        for name, tree in _trees().items():
            if holds and name not in ("each case", *MALFORMED):
                continue  # of some that pass it shows that they do, of others it does not
            trees = {**data, "claims": [{**claim, "tree": tree} for claim in claims]}
            yield f"{document.id}: {name}", holds and name == "each case", trees


def _certificate(document: Document) -> Data:
    """Return a certificate of the document with all that it must have, and empty trees."""
    from checker.verify.claims import OverrideClaims, PolicyClaims

    day = ValueType("date").read(DAY)
    assert isinstance(day, int)
    resolved = resolver().resolve_for(document, day)
    claims: OverrideClaims | PolicyClaims = PolicyClaims(resolved)
    if document.kind == "override":
        claims = OverrideClaims(resolved, resolver().override_of(document, resolved))
    entries = dict.fromkeys([document, *resolver().documents_of(resolved)])
    return {
        "certificate": 1,
        "document": document.name,
        "kind": document.kind,
        "on": DAY,
        "documents": [
            {"kind": each.kind, "name": each.name, "file": each.file, "sha256": each.sha256}
            for each in entries
        ],
        "case": {"days": 1, "limit": 0, "used": False, "category": "books"},
        "claims": [{"check": check, "at": at, "tree": []} for check, at in claims.expected],
    }


@cache
def _trees() -> dict[str, list[Any]]:
    """Return trees that a forger would try for any claim."""
    (document,) = (each for each in resolver().library.documents if each.kind == "vocabulary")
    vocabulary = resolver().valid_model(document, resolver().vocabulary(document))
    order = ["days", "limit", "used", "category"]
    apart = [
        ["days", "limit", -2],
        ["days", "limit", -1],
        ["days", "limit", 0],
        ["days", "limit", 1],
    ]
    cases = _cases(vocabulary, order)
    return {
        "each case": cases,
        "one leaf": LEAF,
        "no case in it": [1],
        "differences": _split_by(apart, _cases(vocabulary, order[2:])),
        "differences, turned": _split_by(
            [["limit", "days", number] for number in (-2, -1, 0, 1)], _cases(vocabulary, order[2:])
        ),
        "values alone": _cases(vocabulary, order[2:]),
        "days alone": _cases(vocabulary, order[:2]),
        "twice": [*cases, *cases],
        "nothing": [],
        "without its end": cases[:-1],
        "out of range": [["days", -1], *LEAF, *cases],
    }


def _cases(vocabulary: Vocabulary, names: list[str]) -> list[Any]:
    """Return the tree that splits by the facts, value by value."""
    tree: list[Any] = LEAF
    for name in reversed(names):
        type_ = vocabulary.facts[name].type
        if type_.ordered:
            assert type_.range
            splits: list[Any] = [[name, value] for value in range(*type_.range)]
        else:
            splits = [[name, [value]] for value in type_.categories()[:-1]]
        tree = _split_by(splits, tree)
    return tree


def _split_by(splits: list[Any], tree: list[Any]) -> list[Any]:
    """Return the tree of the splits, each in the other half of the one before."""
    return [step for split in splits for step in (split, *tree)] + tree


def texts() -> Iterator[tuple[str, bool, str]]:
    """Yield certificates as text, each with a name and whether it is one to accept."""
    honest = {}
    for name, holds, data in certificates():
        text = json.dumps(data)
        id, _, tree = name.partition(": ")
        if holds and tree == "each case":
            honest[id] = text
        yield name, holds, text
    for key, holds in (("changed", False), ("as_good", True)):
        for id, replacements in DATA[key].items():
            for old, new in replacements:
                assert old in honest[id], old
                yield f"{id}: `{old}` is `{new}`", holds, honest[id].replace(old, new, 1)


@cache
def files() -> list[tuple[str, bool, Path]]:
    """Write the certificates to files; return their names and whether they are to be accepted."""
    folder, written = Path(mkdtemp()), []
    for number, (name, holds, text) in enumerate(sorted(texts(), key=lambda each: not each[1])):
        path = folder / f"{number}.json"
        path.write_text(text, encoding="utf-8")
        written.append((name, holds, path))
    return written


def mistakes() -> Iterator[str]:
    """Yield each certificate that is accepted and should not be, or the other way round."""
    reader, checks, tokens = (
        import_module(f"checker.verify.{name}")
        for name in ("certificate_file", "certificates", "tokens")
    )
    for name, holds, path in files():
        try:
            checks.verify(reader.CertificateFile(path), resolver())
            accepted = True
        except (checks.Refuted, tokens.InvalidCertificate):
            accepted = False
        if accepted != holds:
            yield name
