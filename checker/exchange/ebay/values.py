"""The values that eBay defines, with the values of notions that they stand for."""

from __future__ import annotations

from typing import Any

from checker.exchange.fields import Fields
from checker.exchange.positioned_data import Path

_MARKETPLACES = """
    AT AU BE CA CH CN CZ DE DK ES FI FR GB GR HK HU ID IE IL IN IT JP MY NL NO NZ PE PH PL PR PT RU
    SE SG TH TW US VN ZA HALF_US MOTORS_US
"""
MARKETPLACES = {f"EBAY_{code}": f"EBAY_{code}" for code in _MARKETPLACES.split()}
PAYERS = {"BUYER": "buyer", "SELLER": "seller"}
REFUNDS = {"MONEY_BACK": "money", "MERCHANDISE_CREDIT": "store_credit"}
METHODS = {"REPLACEMENT": True, "EXCHANGE": True}  # whether goods are exchanged
# whether a number of this unit is a number of calendar days
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
_MAX_DAYS = 2**31 - 1


def period(fields: Fields, value: Any, path: Path) -> int | None:
    """Return the calendar days of a return period, or None with a problem."""
    period_fields = fields.members(value, path, (), required=("unit", "value"))
    if period_fields is None:
        return None
    in_days = fields.choice(*period_fields["unit"], _UNITS)
    number = fields.integer(*period_fields["value"], 1, _MAX_DAYS, text=False)
    if in_days is False:
        fields.report_problem(
            path, "is no number of calendar days", "the unit of return periods is `DAY`"
        )
    return number if in_days else None
