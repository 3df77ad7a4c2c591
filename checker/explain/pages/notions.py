"""Titles of the notions of exchange documents and of their values, in English and Chinese."""

from __future__ import annotations

from typing import Any

NOTION_TITLES: dict[str, dict[str, str]] = {
    "country": {"en": "the buyers' countries", "zh": "买家所在国家"},
    "destination": {"en": "where the goods go", "zh": "商品寄往何处"},
    "marketplace": {"en": "the marketplace", "zh": "交易平台"},
    "category": {"en": "the goods, as the format names them", "zh": "商品类别（按原格式）"},
    "returns": {"en": "whether returns are taken", "zh": "是否接受退货"},
    "window_days": {"en": "whole days from delivery", "zh": "自签收起的整天数"},
    "window_elapsed_days": {
        "en": "blocks of 24 hours from delivery",
        "zh": "自签收起的24小时段数",
    },
    "defects_only": {"en": "returns of defective goods only", "zh": "仅限有缺陷的商品退货"},
    "used_accepted": {"en": "used goods are taken back", "zh": "接受已使用的商品"},
    "damaged_accepted": {"en": "damaged goods are taken back", "zh": "接受已损坏的商品"},
    "no_reason_return": {
        "en": "the Chinese rule of returns without a reason",
        "zh": "无理由退货规则",
    },
    "remorse_shipping": {
        "en": "who pays the return postage of a change of mind",
        "zh": "无理由退货的运费承担方",
    },
    "defect_shipping": {
        "en": "who pays the return postage of a defect",
        "zh": "质量问题退货的运费承担方",
    },
    "remorse_shipping_fee": {
        "en": "a flat fee for returning after a change of mind",
        "zh": "无理由退货的固定费用",
    },
    "defect_shipping_fee": {
        "en": "a flat fee for returning because of a defect",
        "zh": "质量问题退货的固定费用",
    },
    "outbound_shipping": {
        "en": "who ends up with the cost of the first delivery",
        "zh": "首次发货运费的最终承担方",
    },
    "restocking_basis_points": {
        "en": "a share of the price that is kept, in hundredths of a per cent",
        "zh": "扣留价款的比例（万分之一）",
    },
    "restocking_fee": {"en": "an amount that is kept", "zh": "扣留的金额"},
    "refund": {"en": "how the refund is made", "zh": "退款方式"},
    "refund_days": {"en": "days until the refund", "zh": "退款天数"},
    "exchange_accepted": {"en": "exchanges are offered", "zh": "提供换货"},
    "method": {"en": "how the goods come back", "zh": "退回方式"},
    "label": {"en": "where the label comes from", "zh": "退货面单来源"},
}

_PARTIES = {
    "seller": {"en": "the seller", "zh": "商家"},
    "buyer": {"en": "the buyer", "zh": "买家"},
}

# values with the same title in every notion; others are shown as documents write them
NOTION_VALUES: dict[str, Any] = {
    "true": {"en": "yes", "zh": "是"},
    "false": {"en": "no", "zh": "否"},
    "domestic": {"en": "within the country", "zh": "境内"},
    "international": {"en": "abroad", "zh": "境外"},
    "none": {"en": "none", "zh": "不接受"},
    "limited": {"en": "for a limited time", "zh": "限期接受"},
    "unlimited": {"en": "without a limit of time", "zh": "不限期接受"},
    "money": {"en": "money", "zh": "退款"},
    "exchange": {"en": "an exchange", "zh": "换货"},
    "store_credit": {"en": "store credit", "zh": "店铺余额"},
    **_PARTIES,
}
