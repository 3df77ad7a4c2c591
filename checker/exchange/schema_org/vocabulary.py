"""What schema.org 30.0 defines of return policies: its names, and what they are in notions.

The names are those of https://schema.org/MerchantReturnPolicy and of the types that it uses.
"""

from __future__ import annotations

import re

POLICY = "MerchantReturnPolicy"
SEASON = "MerchantReturnPolicySeasonalOverride"
ATTACHES = "hasMerchantReturnPolicy"
_SCHEMA_ORG = re.compile(r"https?://(?:www\.|pending\.)?schema\.org/(\w+)", re.IGNORECASE)

FINITE = "MerchantReturnFiniteReturnWindow"
NOT_PERMITTED = "MerchantReturnNotPermitted"
UNLIMITED = "MerchantReturnUnlimitedWindow"
UNSPECIFIED = "MerchantReturnUnspecified"
FREE, OWN_COST = "FreeReturn", "ReturnFeesCustomerResponsibility"
FLAT_FEE, RESTOCKING, OUTBOUND = "ReturnShippingFees", "RestockingFees", "OriginalShippingFees"
NEW, USED, DAMAGED = "NewCondition", "UsedCondition", "DamagedCondition"
REFURBISHED = "RefurbishedCondition"

# the members of an enumeration, with the value of a notion (of conditions, the notion)
Members = dict[str, str]
CATEGORIES: Members = {FINITE: "limited", NOT_PERMITTED: "none", UNLIMITED: "unlimited"} | {
    UNSPECIFIED: ""
}
FEES: Members = {FREE: "seller", OWN_COST: "buyer", FLAT_FEE: "buyer", RESTOCKING: "", OUTBOUND: ""}
CONDITIONS: Members = {NEW: "", USED: "used_accepted", DAMAGED: "damaged_accepted", REFURBISHED: ""}
# in the order in which they stand for what the buyer gets: an exchange is further to the rest
REFUNDS: Members = {
    "FullRefund": "money",
    "StoreCreditRefund": "store_credit",
    "ExchangeRefund": "exchange",
}
METHODS: Members = {
    "ReturnByMail": "mail",
    "ReturnInStore": "store",
    "ReturnAtKiosk": "kiosk",
    "KeepProduct": "keep",
}
LABELS: Members = {
    "ReturnLabelInBox": "in_package",
    "ReturnLabelDownloadAndPrint": "download",
    "ReturnLabelCustomerResponsibility": "buyer",
}

# of fees for any reason, and for one: the properties of their kind and of their amount
ANY_REASON = ("returnFees", "returnShippingFeesAmount")
REASONS = {
    "remorse": ("customerRemorseReturnFees", "customerRemorseReturnShippingFeesAmount"),
    "defect": ("itemDefectReturnFees", "itemDefectReturnShippingFeesAmount"),
}
OVERRIDES = "returnPolicySeasonalOverride"
# what a seasonal override can say, beside its dates
SEASONAL = (
    "returnPolicyCategory",
    "merchantReturnDays",
    *ANY_REASON,
    "restockingFee",
    "returnMethod",
    "refundType",
)
# what is said of things of every kind, for people
OF_THINGS = (
    *("name", "additionalType", "alternateName", "description", "disambiguatingDescription"),
    *("identifier", "image", "mainEntityOfPage", "owner", "potentialAction", "sameAs"),
    *("subjectOf", "url"),
)
NOTED = (*OF_THINGS[1:], "additionalProperty", "merchantReturnLink", "validForMemberTier")
_READ = (
    *("name", "applicableCountry", "returnPolicyCountry", "itemCondition"),
    *("inStoreReturnsOffered", "returnLabelSource", OVERRIDES),
    *("customerRemorseReturnLabelSource", "itemDefectReturnLabelSource"),
    *(name for names in REASONS.values() for name in names),
)
OF_POLICIES = frozenset({*SEASONAL, *NOTED, *_READ})
OF_SEASONS = frozenset({*SEASONAL, *OF_THINGS, "startDate", "endDate"})

# names that schema.org has replaced
_REPLACED = {
    "ProductReturnPolicy": POLICY,
    "hasProductReturnPolicy": ATTACHES,
    "productReturnDays": "merchantReturnDays",
    "productReturnLink": "merchantReturnLink",
    "ProductReturnFiniteReturnWindow": FINITE,
    "ProductReturnNotPermitted": NOT_PERMITTED,
    "ProductReturnUnlimitedWindow": UNLIMITED,
    "ProductReturnUnspecified": UNSPECIFIED,
}


def local(name: str) -> str:
    """Return a name of schema.org without what goes before it; any other as it is.

    `https://schema.org/FreeReturn`, `http://schema.org/FreeReturn` and `schema:FreeReturn` are
    all `FreeReturn`, which stands for itself.
    """
    name = name.strip()
    found = _SCHEMA_ORG.fullmatch(name)
    short = found[1] if found else name.removeprefix("schema:")
    return _REPLACED.get(short, short)
