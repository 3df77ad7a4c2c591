"""What an audit says of each row of settings is what a proof of that row alone says."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.analysis.limits import free_settings
from checker.analysis.limits.joint import joint, shares
from checker.analysis.prove.box_engine import prove_override
from checker.analysis.prove.engine import Engines
from checker.analysis.prove.requirements import RequirementFormulas
from checker.audit.settings.outcome import SettingsOutcome
from checker.audit.settings.table import audit_table
from checker.evaluate.decider import Decider
from checker.language.model.override import Override
from checker.language.resolve.resolver import InvalidDocument, ResolvedPolicy, Resolver
from checker.language.syntax.documents import parse_document
from tests import reference
from tests.drawing import drawing, print_counts
from tests.properties.test_limits import holds, samples, small_worlds
from tests.worlds import DAY, library

Row = dict[str, Any]
ROWS = 12


def resolved(documents: reference.World) -> tuple[Resolver, ResolvedPolicy]:
    resolver = Resolver(library([documents.vocabulary, documents.policy, *documents.upholds]))
    return resolver, resolver.resolve(documents.policy["id"], DAY)


def drawn_row(random: Random, resolved: ResolvedPolicy, number: int) -> Row:
    """Return a row as a table states it: some settings, and perhaps facts that narrow it."""
    row: Row = {"seller": f"shop-{number}"}
    for parameter in resolved.policy.parameters.values():
        if random.random() < 0.4:
            text = parameter.type.show(random.choice(samples(parameter)))
            row[parameter.name] = text if parameter.type.name == "set" else str(text).lower()
    for fact in resolved.vocabulary.testable_facts().values():
        if random.random() < 0.1:
            values = drawn_values(fact.type)
            chosen = random.sample(values, random.randint(1, min(2, len(values))))
            row[fact.name] = "|".join(str(fact.type.show(name)).lower() for name in chosen)
    return row


def drawn_values(type_: Any) -> list[Any]:
    return [*range(type_.range[0], type_.range[1] + 1)] if type_.ordered else [*type_.categories()]


def table(rows: list[Row], resolved: ResolvedPolicy) -> tuple[pl.LazyFrame, dict[str, str]]:
    names = [*dict.fromkeys(name for row in rows for name in row)]
    sets = {p.name for p in resolved.policy.parameters.values() if p.type.name == "set"}
    schema = {name: pl.List(pl.String) if name in sets else pl.String for name in names}
    kinds = {name: "list" if name in sets else "text" for name in names}
    return pl.LazyFrame({n: [r.get(n) for r in rows] for n in names}, schema), kinds


def override_of(row: Row, resolver: Resolver, resolved: ResolvedPolicy) -> Override:
    """Return the override that a row stands for; InvalidDocument where it is in error."""
    data: Row = {"kind": "override", "id": "seller", "version": "1.0.0"}
    data |= {"policy": resolved.policy.name, "settings": {}, "scope": {}}
    for name, cell in row.items():
        if name in resolved.policy.parameters:
            type_ = resolved.policy.parameters[name].type.name
            plain = type_ in ("boolean", "integer")
            data["settings"][name] = json.loads(cell) if plain else cell
        elif name != "seller":
            plain = resolved.vocabulary.facts[name].type.name in ("boolean", "integer")
            data["scope"][name] = [json.loads(v) if plain else v for v in cell.split("|")]
    data = {key: value for key, value in data.items() if value != {}}
    document, problems = parse_document(json.dumps(data).encode(), "row.yaml")
    assert document, problems
    return resolver.override_of(document, resolved)


def failed(override: Override, required: RequirementFormulas) -> set[tuple[str, str]]:
    return {(failure.check, failure.at) for failure in prove_override(required, override)}


def checks_by_seller(outcome: SettingsOutcome) -> dict[str, set[tuple[str, str]]]:
    """Return what the audit says of every seller that it accepts."""
    checks: dict[str, set[tuple[str, str]]] = {s: set() for s in outcome.sellers["seller"]}
    for seller, check, at, *_ in outcome.findings.iter_rows():
        checks[seller].add((check, at))
    return checks


def check_shown(
    outcome: SettingsOutcome, overrides: dict[str, Override], resolved: ResolvedPolicy
) -> None:
    """Check that every counterexample shows the failure of every seller that it is given for."""
    for row in outcome.findings.filter(pl.col("counterexample").is_not_null()).iter_rows(
        named=True
    ):
        decider = Decider(resolved, overrides[row["seller"]])
        findings = decider.decide(decider.admit(json.loads(row["counterexample"]))).findings
        assert (row["check"], row["at"]) in {(finding.check, finding.at) for finding in findings}


def check_tables(outcome: SettingsOutcome, rows: list[Row]) -> None:
    """Check that the tables of an audit agree with each other."""
    assert outcome.sellers["seller"].to_list() == [row["seller"] for row in rows]
    counts = Counter(outcome.findings["seller"])
    for seller, passes, checks, limits, findings in outcome.sellers.iter_rows():
        mine = outcome.findings.filter(seller=seller)
        # a warning is shown, and leaves the seller to hold
        assert passes == ({*mine["check"]} <= {"defers-required-return"})
        assert findings == counts[seller]
        assert checks == "|".join(sorted({*mine["check"]}))
        assert limits == " ; ".join(sorted({*mine["limit"].drop_nulls()}))
    numbers = [failure["failure"] for failure in outcome.failures]
    assert numbers == [*range(1, len(numbers) + 1)]
    for failure in outcome.failures:
        mine = outcome.findings.filter(failure=failure["failure"])
        assert mine["seller"].n_unique() == failure["sellers"] > 0
        assert failure["example"] in mine["seller"]


def test_the_limits_of_the_checks_are_the_joint_ones(worlds_to_draw: int) -> None:
    @drawing(max(6, worlds_to_draw // 50))
    @given(small_worlds(), st.randoms(use_true_random=False))
    def agree(documents: reference.World, random: Random) -> None:
        _, policy = resolved(documents)
        required = RequirementFormulas(policy)
        together, apart = joint(required), shares(required)
        assert all(share.exact for share in apart)
        conditions = [condition for share in apart for condition in share.conditions]
        free = [parameter for parameter in policy.policy.parameters.values() if not parameter.fixed]
        for _ in range(6):
            chosen = {parameter.name: random.choice(samples(parameter)) for parameter in free}
            passes = holds({"all": conditions}, policy, chosen)
            assert passes == holds(together.condition, policy, chosen)

    agree()


@pytest.mark.parametrize("exact", [True, False], ids=["limits are exact", "limits are too many"])
def test_each_row_is_told_what_its_own_proof_says(
    exact: bool, worlds_to_draw: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts: Counter[str] = Counter()
    if not exact:
        monkeypatch.setattr(free_settings, "MOST_REGIONS", 1)

    @drawing(max(6, worlds_to_draw // 50))
    @given(small_worlds(), st.randoms(use_true_random=False))
    def agree(documents: reference.World, random: Random) -> None:
        resolver, policy = resolved(documents)
        names = [*policy.policy.parameters, *policy.vocabulary.testable_facts()]
        columns = {"seller", *(name for name in names if random.random() < 0.7)}  # as columns
        rows = [drawn_row(random, policy, number) for number in range(ROWS)]
        rows = [{name: row[name] for name in row if name in columns} for row in rows]
        outcome = audit_table(*table(rows, policy), policy, resolver, Engines())
        assert outcome.rows_read == ROWS and outcome.refused.is_empty()
        required, checks = RequirementFormulas(policy), checks_by_seller(outcome)
        overrides: dict[str, Override] = {}
        for row in rows:
            try:
                overrides[row["seller"]] = override_of(row, resolver, policy)
            except InvalidDocument:
                assert {check for check, _ in checks[row["seller"]]} == {"invalid-settings"}
                counts["invalid"] += 1
                continue
            expected = failed(overrides[row["seller"]], required)
            assert checks[row["seller"]] == expected, row
            counts["fails" if expected else "passes"] += 1
            counts["scoped"] += any(name in policy.vocabulary.facts for name in row)
        check_shown(outcome, overrides, policy)
        check_tables(outcome, rows)

    agree()
    print_counts(counts)
