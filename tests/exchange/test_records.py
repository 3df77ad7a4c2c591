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
    mapped = record_of(Record(columns, "/0", HERE), shops.exchange())
    assert mapped.columns == {
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
    assert mapped.notes == (Note("`colour: red`: nothing in `shop/rules` is about it", HERE),)
    assert not mapped.problems


def test_a_code_that_is_not_listed_is_a_problem() -> None:
    before = not_understood(HERE, "something else", "/0")
    record = Record({"request": "9", "state": None}, "/0", HERE, problems=(before,))
    mapped = record_of(record, shops.exchange())
    assert mapped.columns == {"defect": None}
    first, second = mapped.problems
    assert first == before
    assert str(second) == (
        "refunds.json:7:5: error: `request: 9` is no code that `shop/rules/exchange@1.0.0` knows "
        "(it knows `1`, `2`, `kept`)"
    )


def test_a_record_is_left_out_without_a_required_column() -> None:
    for name, value in (("colour", "red"), ("request", "9")):
        columns = {"response": "rejected", name: value}
        mapped = record_of(Record(columns, "/0", HERE, required_columns=(name,)), shops.exchange())
        assert not mapped.columns
        assert mapped.problems[-1].message == (
            f"left out, as it would say something else without `{name}: {value}`"
        )
    complete = record_of(
        Record({"used": True}, "/0", HERE, required_columns=("used",)), shops.exchange()
    )
    assert complete.columns == {"used": True} and not complete.problems
