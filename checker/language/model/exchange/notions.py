"""What return policies of other formats can state, in words that no format and no policy owns.

A format's reader turns its fields into statements of these notions, and an `exchange` document says
what each of them is under one policy. Neither knows of the other.
"""

from __future__ import annotations

from typing import Literal

Form = Literal["boolean", "integer", "money", "names", "choice"]

# the form of a notion's value; of a choice, its values
NOTIONS: dict[str, tuple[Form, tuple[str, ...]]] = {
    # what it is about
    "country": ("names", ()),  # ISO 3166-1 alpha-2, of the buyers
    "destination": ("choice", ("domestic", "international")),
    "marketplace": ("choice", ()),  # eBay's marketplace id
    "category": ("names", ()),  # goods, as the format names them
    # what is accepted
    "returns": ("choice", ("none", "limited", "unlimited")),
    "window_days": ("integer", ()),  # whole days from delivery
    "window_elapsed_days": ("integer", ()),  # blocks of 24 hours from delivery
    "defects_only": ("boolean", ()),
    "used_accepted": ("boolean", ()),
    "damaged_accepted": ("boolean", ()),
    # the Chinese rule of returns without a reason: Kuaishou's codes 1, 4 to 13
    "no_reason_return": (
        "choice",
        (
            "supported",
            "not_supported",
            "unless_opened",
            "unless_activated",
            "unless_installed",
            "unless_made_to_order",
            "unless_used",
            "unless_window_opened",
            "any_time_and_when_expired",
            "when_expired",
            "never",
        ),
    ),
    # who pays what
    "remorse_shipping": ("choice", ("seller", "buyer")),
    "defect_shipping": ("choice", ("seller", "buyer")),
    "remorse_shipping_fee": ("money", ()),  # a flat fee for the return, in hundredths
    "defect_shipping_fee": ("money", ()),
    "outbound_shipping": ("choice", ("seller", "buyer")),  # whether it is refunded
    "restocking_basis_points": ("integer", ()),  # of the price; 1500 is 15 %
    "restocking_fee": ("money", ()),
    # how it is settled
    "refund": ("choice", ("money", "exchange", "store_credit")),
    "refund_days": ("integer", ()),
    "exchange_accepted": ("boolean", ()),
    "method": ("names", ()),  # of mail, store, kiosk, keep
    "label": ("choice", ("in_package", "download", "buyer")),
}
