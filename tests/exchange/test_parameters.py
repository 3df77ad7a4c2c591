"""What a platform lets its sellers choose becomes parameters."""

from __future__ import annotations

from typing import Any

import pytest

from checker.exchange.parameters import parameters_of
from checker.exchange.statements import SellerChoices
from checker.language.syntax.problems import Position
from tests.exchange import shops

BOTH, NO_MONEY = ["money", "exchange"], ["store_credit", "exchange"]
HERE = Position("category.json", 3, 1)


@pytest.mark.parametrize(
    ("notion", "values", "data", "notes"),
    [
        ("window_days", (30, 60), {"window_days": {"range": [30, 60]}}, ["one of `30`, `60`"]),
        ("window_days", (13, 14), {"window_days": {"range": [13, 14], "default": 14}}, []),
        ("window_days", (30,), {"window_days": {"range": [30, 30], "default": 30}}, []),
        (
            "refund_days",
            (14, 3),
            {"refund_limit": {"range": ["3d", "14d"], "default": "14d"}},
            ["within its range, `refund_limit` is one of `3d`, `14d`"],
        ),
        ("refund", ("exchange", "money"), {"settled_in": {"values": BOTH, "default": "money"}}, []),
        ("refund", ("exchange",), {"settled_in": {"values": BOTH[1:], "default": "exchange"}}, []),
        ("refund", ("exchange", "store_credit"), {"settled_in": {"values": NO_MONEY}}, []),
        ("remorse_shipping", ("seller",), {}, ["`terms.shipping` is no parameter"]),
        ("returns", ("limited", "unlimited"), {}, ["not each of them says what `window_days` is"]),
        ("returns", ("unlimited",), {"window_days": {"range": [3650, 3650], "default": 3650}}, []),
        ("label", ("buyer",), {}, ["`label` may be `buyer`: nothing in `shop/rules` is about it"]),
        ("exchange_accepted", (True, False), {}, ["may be `true`, `false`: nothing"]),
        ("country", (("DE",),), {}, ["`scope.country` is no parameter"]),
        ("marketplace", ("EBAY_DE",), {}, ["`marketplace` may be `EBAY_DE`: nothing"]),
        ("category", (("FOOD",), ("SHOES",)), {}, ["`SHOES` is not under", "`scope.goods` is no"]),
    ],
)  # fmt: skip
def test_values_become_parameters(notion: str, values: Any, data: Any, notes: list[str]) -> None:
    built = parameters_of(SellerChoices("", "", HERE, ((notion, values),)), shops.exchange())
    assert built.data == data
    assert not built.problems
    assert len(built.notes) == len(notes), built.notes
    assert all(text in note.text for text, note in zip(notes, built.notes, strict=True)), (
        built.notes
    )
    assert built.mapped.get(notion, ()) == tuple(data)


def test_what_does_not_fit() -> None:
    allowed = (
        ("window_days", (14, 5000)),
        ("returns", ("unlimited",)),
        ("window_elapsed_days", (7,)),
        ("remorse_shipping_fee", (0, 499)),
    )
    built = parameters_of(SellerChoices("", "/0", HERE, allowed, ("5",)), shops.exchange())
    assert built.data == {"window_days": {"range": [3650, 3650], "default": 3650}}
    assert [str(problem) for problem in built.problems] == [
        "category.json:3:1: error: `window_days` may be `14`, `5000`, which does not fit "
        "`window_days`: `5000` is outside of the range 0 to 3650",
        "category.json:3:1: error: `window_elapsed_days` may be `7`: `window_days` may be "
        "something else by what is stated before",
        "category.json:3:1: error: `remorse_shipping_fee` may be `0`, `499`, in a currency that "
        "is not said",
    ]
    assert built.notes[0].text == "of the categories `5` alone"
