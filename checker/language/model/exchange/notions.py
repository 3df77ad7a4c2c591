"""Notions: what return policies of other formats can state, independent of format and policy.

The reader of a format turns fields into statements of these notions. An `exchange` document maps
each notion to one policy. Neither knows the other.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

Form = Literal["boolean", "integer", "money", "names", "choice"]


class Notion(NamedTuple):
    """The form of a notion's value, and the values of a choice; empty where any name is one."""

    form: Form
    values: tuple[str, ...] = ()


NOTIONS: dict[str, Notion] = {
    # which cases the policy is about
    "country": Notion("names"),  # ISO 3166-1 alpha-2, of the buyers
    "destination": Notion("choice", ("domestic", "international")),
    "marketplace": Notion("choice"),  # eBay's marketplace id
    "category": Notion("names"),  # goods, as the format names them
    # which returns are accepted
    "returns": Notion("choice", ("none", "limited", "unlimited")),
    "window_days": Notion("integer"),  # whole days from delivery
    "window_elapsed_days": Notion("integer"),  # blocks of 24 hours from delivery
    "defects_only": Notion("boolean"),
    "used_accepted": Notion("boolean"),
    "damaged_accepted": Notion("boolean"),
    # the Chinese rule of returns without a reason: Kuaishou's codes 1, 4 to 13
    "no_reason_return": Notion(
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
    # who pays which costs
    "remorse_shipping": Notion("choice", ("seller", "buyer")),
    "defect_shipping": Notion("choice", ("seller", "buyer")),
    "remorse_shipping_fee": Notion("money"),  # a flat fee for the return, in hundredths
    "defect_shipping_fee": Notion("money"),
    "outbound_shipping": Notion("choice", ("seller", "buyer")),  # the seller refunds it, or not
    "restocking_basis_points": Notion("integer"),  # of the price; 1500 is 15 %
    "restocking_fee": Notion("money"),
    # how a return is settled
    "refund": Notion("choice", ("money", "exchange", "store_credit")),
    "refund_days": Notion("integer"),
    "exchange_accepted": Notion("boolean"),
    "method": Notion("names"),  # some of mail, store, kiosk, keep
    "label": Notion("choice", ("in_package", "download", "buyer")),
}
