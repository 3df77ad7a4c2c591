"""The codes of Kuaishou's Open Platform that concern returns, with their meanings.

Sources: the field lists of open.kwaixiaodian.com, as published clients transcribe them. The
meanings of `refundReason` are from a third party's list, as the platform documents only a text for
each code.
"""

from __future__ import annotations

# `refundRule` of an item, `refundRuleList` of a category: the notion's value, the documented text
RULES: dict[int, tuple[str, str]] = {
    1: ("supported", "支持7天无理由退货"),
    4: ("not_supported", "不支持7天无理由退货"),
    5: ("unless_opened", "支持7天无理由退货(拆封后不支持)"),
    6: ("unless_activated", "支持7天无理由退货(激活后不支持)"),
    7: ("unless_installed", "支持7天无理由退货(安装后不支持)"),
    8: ("unless_made_to_order", "支持7天无理由退货(定制类不支持)"),
    9: ("unless_used", "支持7天无理由退货(使用后不支持)"),
    10: ("unless_window_opened", "支持7天无理由退货(开窗后不支持)"),
    11: ("any_time_and_when_expired", "随时退过期退"),
    12: ("when_expired", "过期自动退"),
    13: ("never", "不可退"),
}

# promises in addition to the rule: booleans of an item, `CHOICES` of a category
PROMISES = {
    "allergyRefund": "returns because of an allergy",
    "freshRotRefund": "returns of fresh goods that went bad",
    "brokenRefund": "returns of goods that arrive broken",
    "crabRefund": "the promise for crabs",
}
CHOICES = {0: "can't be promised", 1: "may be promised", 2: "must be promised"}

# `handlingWay`; 0 is unknown
REQUESTS: dict[int, str] = {
    0: "",
    1: "return_refund",
    3: "exchange",
    4: "reship",
    5: "repair",
    10: "refund_only",
}

# `refundReason`
REASONS: dict[int, str] = {
    3: "quality",
    4: "wrong_item",
    5: "not_sent_in_time",
    7: "other",
    8: "not_as_described",
    10: "ordered_by_mistake",
    11: "not_wanted",
    12: "wrong_address",
    13: "out_of_stock",
    14: "never_arrived",
    15: "counterfeit",
    16: "missing_parts",
    17: "damaged",
    18: "return_postage",
    19: "no_reason",
    20: "no_reason",  # 20 to 25: under the item's rules 5 to 10
    21: "no_reason",
    22: "no_reason",
    23: "no_reason",
    24: "no_reason",
    25: "no_reason",
}

# `negotiateStatus`: the seller's decision; 0 is unknown
DECISIONS: dict[int, str] = {0: "", 1: "pending", 2: "accepted", 3: "rejected"}

# `status`, of records and of queries: the seller's decision that it implies. 20 to 23 are decided
# by the platform. 70 is closed without a refund, which does not say who closed it.
STATUSES: dict[int, str] = {
    10: "pending",
    11: "pending",
    12: "rejected",
    20: "",
    21: "",
    22: "",
    23: "",
    30: "accepted",
    40: "accepted",
    45: "accepted",
    50: "accepted",
    60: "accepted",
    70: "",
}
REFUSED = 12
RETURNED = (40, 45)  # the goods are back or on their way; the seller now refuses to receive them
REFUNDED = 60

# the messages about refunds, and the field that has the time of the request
MESSAGES = {"kwaishop_aftersales_addRefund": "createTime", "kwaishop_aftersales_updateRefund": ""}
