"""Records of other formats get the policy's facts."""

from __future__ import annotations

from checker.exchange.records import record_of
from checker.exchange.statements import Note, Record, not_understood
from checker.language.syntax.problems import Position
from tests.exchange import shops

HERE = Position("refunds.json", 7, 5)


def test_names_and_codes_become_facts() -> None:
    columns = {
        "id": "r1",
        "seller": "s",
        "response": "rejected",
        "cites": ["worn"],
        "request": 2,
        "state": "1",
        "price_paid": "4.99",
        "used": True,
        "opened": None,
        "colour": "red",
    }
    found = record_of(Record(columns, "/0", HERE), shops.exchange())
    assert found.columns == {
        "id": "r1",
        "seller": "s",
        "response": "rejected",
        "cites": ["worn"],
        "goods": "toys",
        "defect": True,
        "price": "4.99",
        "used": True,
        "opened": None,
    }
    assert found.notes == (Note("`colour: red`: nothing in `shop/rules` is about it", HERE),)
    assert not found.problems


def test_a_code_that_is_not_listed_is_a_problem() -> None:
    before = not_understood(HERE, "something else", "/0")
    record = Record({"request": "9", "state": None}, "/0", HERE, problems=(before,))
    found = record_of(record, shops.exchange())
    assert found.columns == {"defect": None}
    first, second = found.problems
    assert first == before
    assert str(second) == (
        "refunds.json:7:5: error: `request: 9` is no code that `shop/rules/exchange@1.0.0` knows "
        "(it knows `1`, `2`, `kept`)"
    )


def test_a_record_is_left_out_without_what_it_needs() -> None:
    for name, value in (("colour", "red"), ("request", "9")):
        columns = {"response": "rejected", name: value}
        found = record_of(Record(columns, "/0", HERE, needs=(name,)), shops.exchange())
        assert not found.columns
        assert found.problems[-1].message == (
            f"left out, as it would say something else without `{name}: {value}`"
        )
    kept = record_of(Record({"used": True}, "/0", HERE, needs=("used",)), shops.exchange())
    assert kept.columns == {"used": True} and not kept.problems
