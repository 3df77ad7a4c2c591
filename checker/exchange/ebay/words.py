"""The values that eBay defines, in words of notions."""

from __future__ import annotations

from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.positioned_data import Path

_MARKETPLACES = """
    AT AU BE CA CH CN CZ DE DK ES FI FR GB GR HK HU ID IE IL IN IT JP MY NL NO NZ PE PH PL PR PT RU
    SE SG TH TW US VN ZA HALF_US MOTORS_US
"""
MARKETPLACES = {f"EBAY_{each}": f"EBAY_{each}" for each in _MARKETPLACES.split()}
PAYERS = {"BUYER": "buyer", "SELLER": "seller"}
REFUNDS = {"MONEY_BACK": "money", "MERCHANDISE_CREDIT": "store_credit"}
METHODS = {"REPLACEMENT": True, "EXCHANGE": True}  # whether goods are exchanged
# whether a number of them is one of calendar days
_UNITS = {
    "DAY": True,
    "CALENDAR_DAY": True,
    "BUSINESS_DAY": False,
    "YEAR": False,
    "MONTH": False,
    "HOUR": False,
    "MINUTE": False,
    "SECOND": False,
    "MILLISECOND": False,
}
_MOST = 2**31 - 1


def period(fields: Fields, value: Any, path: Path) -> int | None:
    """Return the calendar days of a return period, or None with a problem."""
    found = fields.members(value, path, (), needs=("unit", "value"))
    if found is None:
        return None
    in_days = fields.choice(*found["unit"], _UNITS)
    number = fields.whole(*found["value"], 1, _MOST, text=False)
    if in_days is False:
        fields.odd(path, "is no number of calendar days", "the unit of return periods is `DAY`")
    return number if in_days else None
