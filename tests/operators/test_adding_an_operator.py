"""A new operator is one row and one data file: every backend, the schema and the prose follow.

The row is added for the time of a test; `outside.yaml` has its cases.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from checker.analysis.prove.prover import fact_domains
from checker.analysis.prove.requirements import RequirementFormulas
from checker.analysis.prove.smt_engine import Prepared
from checker.evaluate.case_drawing import thresholds
from checker.evaluate.compile_policy import COMPILED
from checker.evaluate.decider import Decider
from checker.evaluate.interpreter import INTERPRETED
from checker.evaluate.requirement import Backend
from checker.explain.conditions.phrases import inline
from checker.explain.conditions.rich_text import plain_text
from checker.explain.conditions.sentences import policy_sentences
from checker.language.model import schema
from checker.language.model.conditions import All, AtMost, Not
from checker.language.model.operators import OPERATORS, OperandShape, Operator, Wording
from checker.language.resolve.facts import Facts, show_facts
from checker.language.syntax.parser import compose
from checker.lsp.index.schema_at import keys_at
from checker.solver.box_search import BoxSearch, Query
from checker.solver.formulas import Formula, Has, Is, Within, every
from checker.solver.space import make_space
from checker.verify.case_sets import ConditionEvaluator, one_case
from tests.columns.column_engines import by_polars, expected
from tests.columns.test_columns import by_duckdb
from tests.conftest import PROJECT
from tests.solver.test_smt import APIS, decided, read
from tests.test_conformance import documents, world_of
from tests.worlds import decider, problems

FILE, _ = compose(Path(__file__).with_name("outside.yaml").read_text(encoding="utf-8"))
GROUPS = {group["name"]: group for group in FILE["groups"]}
DECIDED = {name: group for name, group in GROUPS.items() if "tests" in group}
VERDICTS = {True: "must_accept", False: "negotiate", "unknown": "unknown"}

OUTSIDE = Operator(
    "outside",
    OperandShape.PAIR,
    "Lies below the first or above the second.",
    true=Wording("is outside of {value} to {high}", "不在{value}至{high}之间", {}),
    false=Wording("is from {value} to {high}", "在{value}至{high}之间", {}),
    lower=lambda subject, ends, type_: Not(
        All((AtMost(ends[0], subject, type_), AtMost(subject, ends[1], type_)))
    ),
    needs_order=True,
)


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Add the row, and read the schemas anew before and after."""
    monkeypatch.setitem(OPERATORS, OUTSIDE.name, OUTSIDE)
    cached = (schema.schema, schema.validator)
    for each in cached:
        each.cache_clear()
    yield
    for each in cached:
        each.cache_clear()


def cases(name: str) -> Iterator[tuple[Facts, str]]:
    """Yield the cases of a group with the verdict that each must get."""
    read = decider(world_of(FILE, GROUPS[name]))
    for test in GROUPS[name]["tests"]:
        yield read.admit(test["facts"]), VERDICTS[test["expect"]]


def decider_of(name: str) -> Decider:
    return decider(world_of(FILE, GROUPS[name]))


@pytest.mark.parametrize("backend", [COMPILED, INTERPRETED], ids=["compiled", "interpreted"])
@pytest.mark.parametrize("name", DECIDED)
def test_one_case(name: str, backend: Backend) -> None:
    read = replace(decider_of(name), backend=backend)
    for facts, verdict in cases(name):
        assert read.decide(facts).required.verdict == verdict


@pytest.mark.parametrize("by", [by_polars, by_duckdb])
@pytest.mark.parametrize("name", DECIDED)
def test_many_cases(name: str, by: Any) -> None:
    read, stated = decider_of(name), [facts for facts, _ in cases(name)]
    (found,) = by([(read, stated)])
    assert found == [expected(read, facts) for facts in stated]


def complete(name: str) -> Iterator[tuple[Facts, str]]:
    """Yield the cases of a group that state every fact."""
    return (each for each in cases(name) if None not in each[0].values())


@pytest.mark.parametrize("name", DECIDED)
def test_all_cases_by_boxes(name: str) -> None:
    resolved = decider_of(name).resolved
    accepted = RequirementFormulas(resolved).must_accept
    for facts, verdict in complete(name):
        in_case = [at(fact, int(value)) for fact, value in facts.items()]  # type: ignore[arg-type]
        space = make_space(fact_domains(resolved), [accepted, *in_case])
        queries = Query(space, space.full).narrowed(every([accepted, *in_case]))
        assert bool(BoxSearch(space).any(queries, expect_case=False)) is (verdict == "must_accept")


def at(fact: str, value: int) -> Formula:
    """Return where a fact is a value."""
    return Is(Has(fact, frozenset([value])) if fact == "used" else Within(fact, value, value))


@pytest.mark.parametrize("name", DECIDED)
def test_certificates(name: str) -> None:
    policy = decider_of(name).resolved.policy
    evaluator = ConditionEvaluator(policy.names, policy.defaults())
    (owed,) = policy.entitlements.values()
    for facts, verdict in complete(name):
        stated = show_facts(facts, policy.vocabulary)
        case = one_case(stated, policy.vocabulary)
        assert evaluator.truth(owed.when, case) is (verdict == "must_accept")


@pytest.mark.parametrize("api", APIS)
@pytest.mark.parametrize("name", DECIDED)
def test_all_cases_by_a_solver(name: str, api: str) -> None:
    resolved, override = read(world_of(FILE, GROUPS[name]))
    prepared = Prepared(resolved, APIS[api])
    for test in GROUPS[name]["tests"]:
        if {*test["facts"]} == {*resolved.vocabulary.facts}:
            found = decided(prepared, override, test["facts"])
            assert found and found["verdict"] == VERDICTS[test["expect"]]


def test_edges_are_drawn() -> None:
    read = decider_of("outside of two literals")
    assert thresholds(read.resolved)["days"] == {3, 5}


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["days is outside of 3 to 5", "days is from 3 to 5"]),
        ("zh", ["days不在3至5之间", "days在3至5之间"]),
    ],
)
def test_prose(language: str, sentences: list[str]) -> None:
    policy = decider_of("outside of two literals").resolved.policy
    (owed,) = policy.entitlements.values()
    words = policy_sentences(policy, language)
    said = [words.condition(owed.when, holds) for holds in (True, False)]
    assert [plain_text(inline(each, language)) for each in said] == sentences


@pytest.mark.parametrize("name", sorted(GROUPS.keys() - DECIDED.keys()))
def test_errors_name_it(name: str) -> None:
    found = problems(documents(world_of(FILE, GROUPS[name])))
    (error,) = (each for each in found if each.severity == "error")
    assert GROUPS[name]["refused"] in error.message


def test_the_schema_and_editors_know_it() -> None:
    written = json.loads(schema.schema_text("condition"))["$defs"]["test"]["properties"]
    assert written["outside"]["description"] == OUTSIDE.description
    assert "outside" in keys_at("override", ("rules", 0, "when", "days"))


def test_the_schema_on_disk_is_that_of_the_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(OPERATORS, OUTSIDE.name)
    path = PROJECT / "schemas" / "condition.schema.json"
    assert path.read_text(encoding="utf-8") == schema.schema_text("condition")
