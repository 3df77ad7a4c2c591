"""Certificates hold where proofs do, and nothing that is not so can be certified."""

from __future__ import annotations

import json
import shutil
import tracemalloc
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import NamedTemporaryFile
from typing import Any

import pytest
from hypothesis import given

from checker.analysis.prove.box_engine import prove_override, prove_policy
from checker.analysis.prove.certificate import NoCertificate, certify
from checker.analysis.prove.requirements import RequirementFormulas
from checker.language.model.schema import validator
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.documents import Document
from checker.verify.certificate_file import CertificateFile
from checker.verify.certificates import DEEPEST_TREE, Refuted, Verified, verify
from checker.verify.tokens import InvalidCertificate
from tests import reference
from tests.commands import checker
from tests.drawing import drawing, print_counts, share
from tests.properties.test_proofs import small_worlds
from tests.worlds import DAY, library


def opened(
    world: reference.World,
) -> tuple[Resolver, ResolvedPolicy, dict[str, Document]]:
    """Return the world as the program reads it, with its policy and its override."""
    documents = [world.vocabulary, world.policy, *world.upholds]
    documents += [world.override] if world.override else []
    resolver = Resolver(library(documents))
    by_kind = {
        document.kind: document for document in resolver.library.documents if document.id != "law"
    }
    return resolver, resolver.resolve(world.policy["id"], DAY), by_kind


def damaged(data: Any, random: Random) -> Any:
    """Return the certificate with one step of one tree changed."""
    changed = json.loads(json.dumps(data))
    tree = random.choice(changed["claims"])["tree"]
    position = random.randrange(len(tree))
    step = tree[position]
    if isinstance(step, int) or random.random() < 0.3:
        random.choice([lambda: tree.pop(position), lambda: tree.insert(position, 0)])()
    else:
        tree[position] = 0
    return changed


def test_what_is_proved_is_certified_and_nothing_else(worlds_to_draw: int) -> None:
    counts: Counter[str] = Counter()

    @drawing(max(share(30), worlds_to_draw // 12))
    @given(small_worlds())
    def agree(drawn: reference.World) -> None:
        resolver, resolved, documents = opened(drawn)
        required = RequirementFormulas(resolved)
        override = resolver.override_of(documents["override"], resolved)
        failures_by_kind = {
            "override": prove_override(required, override),
            "policy": prove_policy(required, silent_otherwise=False),
        }
        for kind, failures in failures_by_kind.items():
            errors = [each for each in failures if each.severity == "error"]
            counts[f"{kind} with errors" if errors else f"{kind} certified"] += 1
            if errors:
                with pytest.raises(NoCertificate):
                    certify(documents[kind], resolved, required, resolver, DAY)
                continue
            data = certify(documents[kind], resolved, required, resolver, DAY).data
            data = json.loads(json.dumps(data))
            validator("certificate").validate(data)
            assert verified(data, resolver).steps > 0
            with pytest.raises(Refuted, match=r"tree|left open|goes on"):
                verified({**data, "claims": [*_leafless(data)]}, resolver)

    agree()
    print_counts(counts)
    assert {"override certified", "policy certified"} <= {*counts}


def verified(data: Any, resolver: Resolver) -> Verified:
    """Return what a certificate shows that a file has."""
    with NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(data, file)
        file.flush()
        return verify(CertificateFile(Path(file.name)), resolver)


def _leafless(data: Any) -> list[Any]:
    """Return the claims with a last leaf missing from one of them."""
    first, *others = data["claims"]
    return [{**first, "tree": first["tree"][:-1]}, *others]


NEVER = json.dumps(
    {
        "certificate": 1,
        "document": "x@1.0.0",
        "kind": "override",
        "on": "2024-02-30",
        "documents": [],
        "claims": [],
    }
)


@pytest.fixture(scope="module")
def proved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("proved")
    result = checker("prove", "policy/sellers/generous-shop.yaml", "--certificates", str(folder))
    assert result.status == 0, result.err
    (path,) = folder.iterdir()
    return path


@pytest.fixture
def certificate(proved: Path, tmp_path: Path) -> Path:
    """Return a copy that the test may change."""
    return Path(shutil.copy(proved, tmp_path))


def test_a_certificate_of_a_shipped_seller_holds(certificate: Path) -> None:
    result = checker("verify", str(certificate))
    assert result.status == 0, result.err
    assert "holds: no error stands for sellers/generous-shop@1.0.0" in result.out


def test_a_damaged_certificate_is_refuted(certificate: Path) -> None:
    data, random = json.loads(certificate.read_text()), Random(1)
    claims = [each for each in data["claims"] if len(each["tree"]) > 1]
    for _ in range(12):
        certificate.write_text(json.dumps(damaged({**data, "claims": claims}, random)))
        assert checker("verify", str(certificate)).status == 1


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda data: data["claims"].pop(), "says nothing of worse-term at terms."),
        (lambda data: data["documents"].pop(), "does not rest on vocabulary `returns@2.0.0`"),
        (
            lambda data: data["documents"][0].update(sha256="0" * 64),
            "override `sellers/generous-shop@1.0.0` has changed",
        ),
        (lambda data: data.update(on="2020-01-01"), "is not in force on 2020-01-01"),
        (lambda data: data["claims"][0].update(tree=[["nothing", 3], 0, 0]), "no split"),
        (lambda data: data["claims"][0].update(tree=[["used", 3], 0, 0]), "no split"),
        (lambda data: data["claims"][0].update(tree=[["used", "food", 3], 0, 0]), "no split"),
        (
            lambda data: data.update(document="sellers/nobody@1.0.0"),
            "no policy `sellers/nobody` among the documents",
        ),
        (lambda data: data.update(document="sellers/generous-shop"), "with its version"),
        (lambda data: data.update(document="sellers/generous-shop@1"), "with its version"),
        (lambda data: data.update(kind="policy"), "another kind: override"),
        (lambda data: data["claims"].append(data["claims"][0]), "claims something twice"),
        (
            lambda data: data["documents"].append({**data["documents"][0], "name": "more@1.0.0"}),
            "a document that the proof does not need",
        ),
    ],
)
def test_a_certificate_that_shows_less_is_refuted(
    certificate: Path, change: Change, message: str
) -> None:
    data = json.loads(certificate.read_text())
    change(data)
    certificate.write_text(json.dumps(data))
    result = checker("verify", str(certificate))
    assert result.status == 1, result.err
    assert message in result.out


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is no JSON"),
        ("[]", "is no certificate"),
        ("{}", "`certificate` is missing"),
        ("[" * 100_000, "is no certificate"),
        ("{" * 100_000, "is no certificate"),
        ('{"certificate": 2}', "is no certificate"),
        ('{"certificate": 1.0}', "numbers of a certificate are integers"),
        ('{"certificate": 1e0}', "numbers of a certificate are integers"),
        ('{"certificate": ' + "1" * 30 + "}", "numbers of a certificate are integers"),
        ('{"certificate": 1, "certificate": 1}', '`"certificate"` stands twice'),
        (NEVER.replace('"certificate": 1', '"certificate": true'), "$.certificate: expected 1"),
        (NEVER + "1", "something follows its end"),
        (NEVER.replace("override", "override\u0007"), "is no JSON"),
        (
            NEVER.replace('"claims": []', '"claims": [{"check": "x", "at": "y"}]'),
            "`tree` is missing",
        ),
        (NEVER.replace('"claims": []', '"claims": [{"tree": []}]'), "has no place there"),
        (NEVER, "$.on: found `2024-02-30`, which is no day of the calendar"),
    ],
)
def test_what_is_no_certificate_is_said_and_the_others_are_checked(
    certificate: Path, text: str, message: str
) -> None:
    other = certificate.with_name("other.json")
    other.write_text(text)
    result = checker("verify", str(other), str(certificate))
    assert result.status == 2
    assert message in result.err
    assert "holds" in result.out


def test_a_document_that_changed_has_no_proof_any_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seller = Path("policy/sellers/steady-shop.yaml").read_text()
    monkeypatch.chdir(tmp_path)
    mine = tmp_path / "mine.yaml"
    mine.write_text(seller.replace("sellers/steady-shop", "mine"))
    assert checker("prove", "mine.yaml", "--certificates", "proofs").status == 0
    (path,) = (tmp_path / "proofs").iterdir()
    result = checker("verify", str(path))  # which names the file, and that is not followed
    assert result.status == 1
    assert "no policy `mine` among the documents" in result.out
    result = checker("verify", str(path), "mine.yaml")
    assert result.status == 0
    assert f"    mine.yaml, SHA-256 {sha256(mine.read_bytes()).hexdigest()}" in result.out
    mine.write_text(mine.read_text() + "\n# the same, with a remark\n")
    result = checker("verify", str(path), "mine.yaml")
    assert result.status == 1
    assert "override `mine@1.0.0` has changed" in result.out


def test_a_tree_without_end_is_refused_before_it_takes_memory(certificate: Path) -> None:
    data = json.loads(certificate.read_text())
    deep = [["days_since_delivery", 0]] * (DEEPEST_TREE + 1)
    data["claims"][0]["tree"] = [*deep, *data["claims"][0]["tree"]]
    certificate.write_text(json.dumps(data))
    result = checker("verify", str(certificate))
    assert result.status == 1
    assert "more than 100,000 splits inside each other" in result.out


def test_steps_are_read_wherever_a_piece_of_the_file_ends(certificate: Path) -> None:
    """Pieces are read of 64 KiB; spaces of all lengths make them end within steps."""
    data, random = json.loads(certificate.read_text()), Random(5)
    steps = [
        0,
        1,
        ["a", 3],
        ["b", [True, False, "x", '\\"]é']],
        ["a", "b", -10],
        ["c", []],
        ["\n", None],
    ]
    for _ in range(6):
        tree = random.choices(steps, k=20_000)
        spaces = iter(lambda: " " * random.choice((0, 0, 0, 1, 7)) + "\n", "")
        text = ",".join(next(spaces) + json.dumps(step) for step in tree)
        data["claims"] = [{"check": "undercuts", "at": "upholds", "tree": []}]
        certificate.write_text(json.dumps(data).replace("[]}]}", f"[{text} ]}}]}}"))
        ((claim, read),) = (
            (claim, [*tree]) for claim, tree in CertificateFile(certificate).claims()
        )
        assert (claim, read) == (("undercuts", "upholds"), tree)


def test_memory_is_bounded_whatever_the_size(certificate: Path) -> None:
    """A certificate of 300,000 steps, and one with a step that has no end."""
    data = json.loads(certificate.read_text())
    data["claims"] = [{"check": "undercuts", "at": "upholds", "tree": []}]
    before, after = json.dumps(data).split("[]}]}")
    split = json.dumps(["days_since_delivery", 7]) + ", 0, 0, "
    tracemalloc.start()
    try:
        certificate.write_text(before + "[" + split * 100_000 + "0]}]}" + after)
        tracemalloc.reset_peak()
        assert sum(1 for _, tree in CertificateFile(certificate).claims() for _ in tree) == 300_001
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
        certificate.write_text(before + '[["used", [' + "true, " * 1_000_000 + "true]]]}]}" + after)
        tracemalloc.reset_peak()
        with pytest.raises(InvalidCertificate, match="expected 0, 1 or a split"):
            CertificateFile(certificate)
        assert tracemalloc.get_traced_memory()[1] < 4_000_000
    finally:
        tracemalloc.stop()


def test_an_override_without_a_policy_is_refuted(certificate: Path, tmp_path: Path) -> None:
    document = tmp_path / "broken.yaml"
    document.write_text("kind: override\nid: broken\nversion: 1.0.0\n")
    data = json.loads(certificate.read_text())
    certificate.write_text(json.dumps({**data, "document": "broken@1.0.0"}))
    result = checker("verify", str(certificate), str(document))
    assert result.status == 1, result.err
    assert "`policy` is missing" in result.out
