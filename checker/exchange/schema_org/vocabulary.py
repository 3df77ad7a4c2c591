"""The names that schema.org 30.0 defines for return policies, with the notions they stand for.

Source: https://schema.org/MerchantReturnPolicy and the types that it uses.
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

# the members of an enumeration, each with the value of a notion; a condition with its notion
Members = dict[str, str]
CATEGORIES: Members = {FINITE: "limited", NOT_PERMITTED: "none", UNLIMITED: "unlimited"} | {
    UNSPECIFIED: ""
}
FEES: Members = {FREE: "seller", OWN_COST: "buyer", FLAT_FEE: "buyer", RESTOCKING: "", OUTBOUND: ""}
CONDITIONS: Members = {NEW: "", USED: "used_accepted", DAMAGED: "damaged_accepted", REFURBISHED: ""}
# in the order of preference: the first that a policy lists is the value of `refund`
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

# the properties for the kind and for the amount of fees, for any reason and for each reason
ANY_REASON = ("returnFees", "returnShippingFeesAmount")
REASONS = {
    "remorse": ("customerRemorseReturnFees", "customerRemorseReturnShippingFeesAmount"),
    "defect": ("itemDefectReturnFees", "itemDefectReturnShippingFeesAmount"),
}
OVERRIDES = "returnPolicySeasonalOverride"
# the properties of a seasonal override, without its dates
SEASONAL = (
    "returnPolicyCategory",
    "merchantReturnDays",
    *ANY_REASON,
    "restockingFee",
    "returnMethod",
    "refundType",
)
# the properties of all types, which are for people
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
    """Return a name of schema.org without its URL or prefix; any other name as it is.

    `https://schema.org/FreeReturn`, `http://schema.org/FreeReturn`, `schema:FreeReturn` and
    `FreeReturn` are all `FreeReturn`. A name that schema.org has replaced becomes the new one.
    """
    name = name.strip()
    match = _SCHEMA_ORG.fullmatch(name)
    local_name = match[1] if match else name.removeprefix("schema:")
    return _REPLACED.get(local_name, local_name)
