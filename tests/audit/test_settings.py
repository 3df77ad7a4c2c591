"""Audits of tables of settings: what is refused, what is invalid, what fails and why."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from checker.analysis.prove.requirements import RequirementFormulas
from checker.audit.settings import cells as cells_module
from checker.audit.settings.limits import limits_of
from checker.audit.settings.outcome import SettingsOutcome
from checker.audit.settings.plan import REFUSED
from checker.audit.settings.plan_builder import settings_plan
from checker.audit.settings.table import audit_table
from checker.audit.summary import settings_summary
from checker.language.model.schema import validator
from checker.language.resolve.resolver import ResolvedPolicy, Resolver
from checker.language.syntax.problems import UsageError
from tests.audit.engines import ENGINES
from tests.worlds import DAY, library

VOCABULARY: dict[str, Any] = {
    "kind": "vocabulary",
    "id": "returns",
    "version": "1.0.0",
    "as_of": "requested_at",
    "facts": {
        "used": {"type": "boolean"},
        "category": {"type": "enum", "values": ["general", "cosmetics", "food"]},
        "days": {"type": "integer", "range": [0, 60], "typical": 3},
        "amount": {"type": "money", "range": ["0.00", "9999.00"], "typical": "99.00"},
        "completed_at": {"type": "date"},
        "ended_at": {"type": "date"},
        "days_open": {
            "type": "integer",
            "range": [0, 60],
            "derive": {"days_from": "completed_at", "to": "ended_at"},
        },
        "requested_at": {"type": "datetime"},
        "reviewed_at": {"type": "datetime"},
    },
}
POLICY: dict[str, Any] = {
    "kind": "policy",
    "id": "rules",
    "version": "1.0.0",
    "vocabulary": "returns@1",
    "parameters": {
        "window": {"type": "integer", "default": 7, "range": [0, 30]},
        "wait": {"type": "duration", "default": "2d", "range": ["0d", "30d"]},
        "fee": {"type": "money", "default": "0.00"},
        "excluded": {"type": "set", "of": "category", "default": ["food"]},
        "pays": {"type": "boolean", "default": False, "fixed": True},
        "tags": {"type": "set", "of": "category", "default": ["food"], "fixed": True},
    },
    "grounds": {
        "late": {"when": {"days": {"more_than": {"param": "window"}}}},
        "used": {"when": {"used": True}},
        "exempt": {"when": {"category": {"one_of": {"param": "excluded"}}}},
    },
    "entitlements": {
        "early": {
            "when": {"days": {"at_most": {"param": "window"}}},
            "unless": ["used", "exempt"],
        }
    },
    "terms": {
        "review": {
            "type": "duration",
            "better": "lower",
            "counting": "calendar",
            "from": "requested_at",
            "until": "reviewed_at",
            "decide": [{"then": {"param": "wait"}}],
        },
        "cost": {"type": "money", "better": "lower", "decide": [{"then": {"param": "fee"}}]},
    },
}
LAW: dict[str, Any] = {
    "kind": "policy",
    "id": "law",
    "version": "1.0.0",
    "vocabulary": "returns@1",
    "grounds": {"spoils": {"when": {"category": "food"}}},
    "entitlements": {"always": {"when": {"days": {"at_most": 10}}, "unless": ["spoils"]}},
}
Row = dict[str, Any]
WINDOW = "window: {at_least: 7}"


def world_of(*documents: dict[str, Any]) -> tuple[Resolver, ResolvedPolicy]:
    resolver = Resolver(library([VOCABULARY, *documents]))
    return resolver, resolver.resolve("rules", DAY)


def audited(
    rows: list[Row], *documents: dict[str, Any], **columns: tuple[str, Any]
) -> SettingsOutcome:
    """Return the audit of rows; a column is text unless its kind and type are given."""
    names = [*dict.fromkeys(name for row in rows for name in row)]
    kinds = {name: columns.get(name, ("text", pl.String))[0] for name in names}
    schema = {name: columns.get(name, ("text", pl.String))[1] for name in names}
    table = pl.LazyFrame({name: [row.get(name) for row in rows] for name in names}, schema)
    resolver, resolved = world_of(*(documents or (POLICY,)))
    outcome = audit_table(table, kinds, resolved, resolver)
    assert outcome.rows_read == len(rows)
    summary = settings_summary(outcome, "t", "polars", [resolved], resolver)
    validator("audit-summary").validate(json.loads(json.dumps(summary)))
    return outcome


def findings(outcome: SettingsOutcome) -> list[tuple[str, str, str, str | None]]:
    return sorted(outcome.findings.select("seller", "check", "at", "limit").rows())


def reasons(outcome: SettingsOutcome) -> dict[int, str]:
    return dict(outcome.refused.select("row", "reason").rows())


def failing(setting: str, cell: str) -> list[tuple[str, str, str | None]]:
    outcome = audited([{"seller": "a", setting: cell}])
    return [finding[1:] for finding in findings(outcome)]


def test_empty_cells_are_defaults_and_pass() -> None:
    outcome = audited([{"seller": "a", "window": None, "excluded": ""}, {"seller": "b"}])
    assert outcome.sellers.rows() == [("a", True, "", "", 0), ("b", True, "", "", 0)]
    assert outcome.findings.is_empty() and outcome.refused.is_empty() and not outcome.failures


def test_a_table_without_settings_is_a_table() -> None:
    assert audited([{"seller": "a"}]).sellers["holds"].all()


def test_a_broken_limit_is_told_with_a_case_that_shows_it() -> None:
    outcome = audited([{"seller": f"s{n}", "window": str(n)} for n in (3, 6, 7, 9)])
    (failure,) = outcome.failures
    assert failure["check"] == "rejects-required-return" and failure["at"] == "otherwise"
    assert failure["limit"] == WINDOW and failure["sellers"] == 2
    assert failure["counterexample"]["days"] == 7, "the nearest breach shows the farther one"
    assert outcome.sellers.select("seller", "holds").rows() == [
        ("s3", False),
        ("s6", False),
        ("s7", True),
        ("s9", True),
    ]


@pytest.mark.parametrize(
    ("setting", "cell", "at", "limit"),
    [
        ("window", "31", "settings.window", "window: {between: [0, 30]}"),
        ("window", "-1", "settings.window", "window: {between: [0, 30]}"),
        ("wait", "31d", "settings.wait", "wait: {between: [0d, 30d]}"),
        ("wait", "36h", "settings.wait", "wait: whole days, as `review` counts by calendar"),
        ("pays", "true", "settings.pays", "pays: false, which is fixed"),
        ("tags", "general", "settings.tags", "tags: [food], which is fixed"),
        ("tags", "food|general", "settings.tags", "tags: [food], which is fixed"),
    ],
)
def test_a_setting_that_is_an_error_is_a_finding(
    setting: str, cell: str, at: str, limit: str
) -> None:
    assert failing(setting, cell) == [("invalid-settings", at, limit)]


@pytest.mark.parametrize(
    ("setting", "cell"),
    [("window", "30"), ("wait", "24h"), ("pays", "false"), ("tags", "food"), ("excluded", "food")],
)
def test_a_setting_at_its_limit_passes(setting: str, cell: str) -> None:
    assert failing(setting, cell) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ({"window": "a week"}, "setting `window`: found `a week`, expected a whole number"),
        ({"excluded": "foods"}, "setting `excluded`: found "),
        ({"category": "foods"}, "fact `category`: found `foods`, expected one of"),
        ({"days": "61"}, "fact `days`: `61` is outside of the range 0 to 60"),
        ({"days": "|".join(["3"] * 1001)}, "fact `days`: found 1001 values, expected at most"),
        ({"days": "3||4"}, "fact `days`: found"),
        ({"window": "x", "wait": "y"}, "setting `window`: found `x`, expected a whole number; "),
        ({"seller": ""}, "no `seller`"),
        ({"seller": None}, "no `seller`"),
    ],
)
def test_what_is_no_value_is_refused(row: Row, reason: str) -> None:
    outcome = audited([{"seller": "a"}, {"seller": "b", **row}, {"seller": "c"}])
    assert [*reasons(outcome)] == [2]
    assert reasons(outcome)[2].startswith(reason), reasons(outcome)
    assert outcome.sellers["seller"].to_list() == ["a", "c"]


@pytest.mark.parametrize(
    ("column", "message"),
    [
        ("windows", "did you mean `window`"),
        ("colour", "the settings of `rules@1.0.0` are"),
        ("requested_at", "a datetime"),
        ("completed_at", "`days_open` derives from it"),
    ],
)
def test_a_column_that_is_none_of_a_table_of_settings_is_said(column: str, message: str) -> None:
    with pytest.raises(UsageError, match=message):
        audited([{"seller": "a", column: None}])


@pytest.mark.parametrize(
    ("column", "kind", "type_"),
    [
        ("seller", "list", pl.List(pl.String)),
        ("seller", "float", pl.Float64),
        ("category", "boolean", pl.Boolean),
        ("window", "boolean", pl.Boolean),
    ],
)
def test_a_column_of_the_wrong_type_is_said(column: str, kind: str, type_: Any) -> None:
    with pytest.raises(UsageError, match=f"column `{column}` is of type {kind}, expected"):
        audited([{"seller": None, column: None}], **{column: (kind, type_)})


def test_a_table_without_sellers_is_said() -> None:
    with pytest.raises(UsageError, match="no column `seller`"):
        audited([{"window": "7"}])


def test_a_scope_is_judged_by_its_own_limits() -> None:
    rows: list[Row] = [
        {"seller": "late", "window": "3", "days": "20|30"},
        {"seller": "food", "window": "3", "category": "food"},
        {"seller": "soon", "window": "3", "days": "5|20"},
        {"seller": "sooner", "window": "3", "days": "20|5"},
        {"seller": "slow", "wait": "3d", "category": "food", "days": "20"},
    ]
    outcome = audited(rows)
    assert {seller for seller, *_ in findings(outcome)} == {"soon", "sooner", "slow"}
    (scoped,) = [f for f in outcome.failures if f["check"] == "rejects-required-return"]
    assert scoped["limit"] == "window: {at_least: 5}" and scoped["sellers"] == 2
    assert ("slow", "worse-term", "terms.review", "wait: {at_most: 2d}") in findings(outcome)


def test_settings_that_break_two_limits_of_a_check_are_one_finding() -> None:
    outcome = audited([{"seller": "a", "window": "3", "excluded": "cosmetics"}])
    limits = {limit for _, check, _, limit in findings(outcome) if "required" in check}
    assert limits == {f"{WINDOW} ; excluded: {{excludes: [general, cosmetics]}}"}


def test_lists_and_numbers_are_read_as_they_are() -> None:
    rows: list[Row] = [
        {"seller": 1, "window": 7, "excluded": [], "category": ["food", "general"]},
        {"seller": 2, "window": 3, "excluded": ["food", "general"], "category": None},
        {"seller": 3, "window": 3, "excluded": None, "category": []},
        {"seller": 4, "window": None, "excluded": None, "category": ["food", None]},
    ]
    lists = ("list", pl.List(pl.String))
    integer = ("integer", pl.Int64)
    outcome = audited(rows, seller=integer, window=integer, excluded=lists, category=lists)
    assert set(reasons(outcome)) == {3, 4}
    assert outcome.sellers.select("seller", "holds").rows() == [("1", True), ("2", False)]


def test_a_policy_that_fails_by_itself_fails_outside_of_every_scope() -> None:
    rows: list[Row] = [
        {"seller": "none"},
        {"seller": "strict", "window": "10", "excluded": "food"},
        {"seller": "scoped", "category": "food"},
        {"seller": "day", "days": "5"},
    ]
    outcome = audited(rows, {**POLICY, "upholds": ["law"]}, LAW)
    checks = {seller: check for seller, check, *_ in findings(outcome)}
    assert {"none", "scoped", "day"} <= {*checks}
    limits = {
        s: finding for s, check, _, finding in findings(outcome) if check.startswith("rejects-req")
    }
    # nothing that is set in scope helps outside of it
    assert limits["scoped"] == "no setting passes: the policy fails by itself"


def test_rows_of_one_seller_with_disjoint_scopes_are_one_seller() -> None:
    rows: list[Row] = [
        {"seller": "a", "window": "3", "category": "food"},
        {"seller": "a", "window": "3", "category": "general|cosmetics"},
        {"seller": "a", "window": "3", "category": "general"},
        {"seller": "a", "window": "3", "category": "food", "days": "5"},
        {"seller": "b", "category": "food"},
        {"seller": "b"},
        {"seller": "c"},
        {"seller": "c"},
    ]
    outcome = audited(rows)
    assert reasons(outcome) == {
        3: "the seller's row 2 answers some of the same cases",
        4: "the seller's row 1 answers some of the same cases",
        6: "the seller's row 5 answers some of the same cases",
        8: "the seller's row 7 answers some of the same cases",
    }
    assert outcome.sellers["seller"].to_list() == ["a", "b", "c"]


def test_a_seller_twice_without_scopes_is_refused() -> None:
    outcome = audited([{"seller": "a"}, {"seller": "a", "window": "3"}])
    assert reasons(outcome) == {2: "the seller's row 1 answers some of the same cases"}
    assert outcome.sellers["holds"].all()


def test_cells_read_once_are_cells_read_row_by_row(monkeypatch: pytest.MonkeyPatch) -> None:
    cells: dict[str, list[Any]] = {
        "window": ["3", "7", "x", "", None, "0x7", "31", "1e400", " 7"],
        "wait": ["1d", "36h", "3d", "", None, "d", "24h", "9999999999d", "0m"],
        "fee": ["0", "0.10", "1.001", "", None, "+0.0", "-0.01", "x", "1e2"],
        "excluded": ["food", "food|general", "foods", "", None, "food|", "general", "|", "food"],
    }
    rows = [{"seller": str(n), **{k: v[n] for k, v in cells.items()}} for n in range(9)]
    rows += [{"seller": f"{k}{n}", k: v[n]} for k, v in cells.items() for n in range(9)]
    fees = [{"seller": str(n), "fee": Decimal(n).scaleb(-4)} for n in (0, 100, 101, -100)]
    money = {"fee": ("decimal", pl.Decimal(18, 4))}
    once = [audited(rows), audited(fees, **money)]
    monkeypatch.setattr(cells_module, "MOST_CELLS", 0)
    by_row = [audited(rows), audited(fees, **money)]
    for looked_up, read_by_row in zip(once, by_row, strict=True):
        assert not looked_up.refused.is_empty() and not looked_up.findings.is_empty()
        for name, table in looked_up.tables().items():
            assert table.equals(read_by_row.tables()[name], null_equal=True), name


def test_an_empty_table_has_no_sellers() -> None:
    resolver, resolved = world_of(POLICY)
    table = pl.LazyFrame(schema={"seller": pl.String, "window": pl.Int64, "category": pl.String})
    kinds = {"seller": "text", "window": "integer", "category": "text"}
    outcome = audit_table(table, kinds, resolved, resolver)
    assert outcome.rows_read == outcome.sellers.height == outcome.findings.height == 0


@pytest.mark.parametrize("name", ENGINES)
def test_the_plan_is_the_same_on_every_engine(name: str) -> None:
    engine = ENGINES[name]
    _, resolved = world_of(POLICY)
    limits = limits_of(RequirementFormulas(resolved))
    kinds = dict.fromkeys(["seller", "window", "wait", "fee", "excluded", "pays", "tags"], "text")
    every = [limit for of_check in limits.by_check.values() for limit in of_check]
    plan = settings_plan(engine.columns, kinds, resolved.policy, every)
    rows: list[Row] = [
        {"seller": "a"},
        {"seller": "b", "window": "6", "wait": "3d", "fee": "1", "excluded": "general"},
        {"seller": "c", "window": "31", "wait": "36h", "pays": "true", "tags": "general"},
        {"seller": "", "window": "x"},
    ]
    schema = dict.fromkeys(kinds, pl.String)
    table = pl.DataFrame({name: [row.get(name) for row in rows] for name in kinds}, schema)
    table = table.select(**{ours: pl.col(theirs) for ours, theirs in plan.renamed.items()})
    outputs = [REFUSED, *plan.invalid, *plan.broken]
    layers = [*plan.reading, *plan.layers]
    results = engine.run(table, layers, {name: engine.columns.column(name) for name in outputs})
    true_columns = [
        {name for name, flag in zip(outputs, row, strict=True) if flag} for row in results
    ]
    assert not true_columns[0]
    assert {plan.broken[name].text for name in true_columns[1]} >= {
        WINDOW,
        "wait: {at_most: 2d}",
        'fee: {at_most: "0.00"}',
        "excluded: {excludes: [general, cosmetics]}",
    }
    invalid = {plan.invalid[name][0] for name in true_columns[2] if name in plan.invalid}
    assert invalid == {"settings.window", "settings.wait", "settings.pays", "settings.tags"}
    assert true_columns[3] == {REFUSED}
