"""The same policy and law as a programmer writes them down in Python, for this policy alone."""

from __future__ import annotations

from typing import Any

HOURS = 60
DAYS = 24 * HOURS

WINDOW = 7  # days, of the platform and of the law
SIX_MONTHS = 181  # days that six months have at least


def decide(facts: dict[str, Any]) -> tuple[str, list[str], list[str], dict[str, Any]]:  # noqa: PLR0912, PLR0915
    """Return verdict, entitlements, grounds and terms of a case."""
    request_type = facts["request_type"]
    category = facts["category"]
    exclusion = facts["exclusion"]
    negotiation = facts["negotiation"]
    used = facts["used"]

    inspected = facts["inspected"]
    reason = facts["reason"]
    claim = reason in (
        "quality_defect",
        "not_as_described",
        "wrong_item",
        "missing_parts",
        "damaged_in_transit",
        "found_substandard",
        "not_sent",
        "never_arrived",
    )
    seller_answers = inspected and facts["defect_confirmed"] and claim
    claim_not_examined = claim and not inspected
    sends_back = request_type == "return_refund"
    wants_remedy = request_type in ("exchange", "repair", "reship")

    examined_return = inspected and not seller_answers
    used_or_damaged = (used or facts["damage_cause"] == "buyer") and examined_return
    accessories_missing = not facts["accessories_complete"] and examined_return
    not_resaleable = (
        not facts["labels_intact"]
        or facts["altered"]
        or (category in ("food", "cosmetics", "health") and facts["seal_broken"])
        or (category == "electronics" and (facts["activated"] or facts["personal_data_left"]))
    ) and examined_return
    swapped = inspected and facts["swapped"] and not facts["swap_consented"]
    excluded_outright = (
        exclusion in ("made_to_order", "perishable", "digital_content", "periodical")
        or category in ("fresh_food", "plants_animals")
    ) and not seller_answers
    excluded_by_nature = (
        exclusion == "unsuitable_by_nature" and facts["exclusion_confirmed"] and not seller_answers
    )
    excluded = excluded_outright or excluded_by_nature
    not_intact = accessories_missing or not_resaleable or used_or_damaged  # as the law lists it

    in_platform_window = not facts["order_completed"] or facts["days_since_completion"] <= WINDOW
    past_platform_window = (
        facts["order_completed"] and facts["days_since_completion_at_least"] > WINDOW
    )
    in_legal_window = facts["days_since_delivery"] <= WINDOW
    no_reason_by_platform = in_platform_window and not (
        used_or_damaged or swapped or accessories_missing or not_resaleable or excluded
    )
    no_reason_by_law = in_legal_window and not (swapped or excluded or not_intact)

    entitlements = []
    if negotiation == "agreed":
        entitlements.append("agreed-return")
    if sends_back and (no_reason_by_platform or no_reason_by_law):
        entitlements.append("no-reason-return")
    if wants_remedy and seller_answers and not swapped:
        entitlements.append("quality-remedy")
    in_time = in_platform_window or in_legal_window or reason == "found_substandard"
    if sends_back and seller_answers and in_time and not swapped:
        entitlements.append("quality-return")
    if request_type in ("refund_only", "reship") and seller_answers:  # noqa: SIM102
        if reason in ("not_sent", "never_arrived"):
            entitlements.append("undelivered-goods")

    grounds = []
    if accessories_missing:
        grounds.append("accessories-missing")
    if not_resaleable:
        grounds.append("not-resaleable")
    if swapped:
        grounds.append("swapped")
    if used_or_damaged:
        grounds.append("used-or-damaged")
    if past_platform_window and not seller_answers and not claim_not_examined:
        grounds.append("window-passed")

    if entitlements:
        verdict = "must_accept"
    elif grounds:
        verdict = "may_reject"
    else:
        verdict = "negotiate"

    resolved_by = "customer_service" if negotiation == "failed" else "parties"
    durable_and_doubtful = (
        category == "electronics"
        and reason in ("quality_defect", "not_as_described", "damaged_in_transit", "missing_parts")
        and facts["days_since_delivery"] <= SIX_MONTHS
    )
    gift_is_charged = examined_return and not facts["gifts_returned"]
    freight_is_charged = facts["free_shipping_lost"] and not seller_answers

    terms = {
        "answer_complaint_within": 48 * HOURS,
        "burden_of_proof": "seller" if durable_and_doubtful else "not_said",
        "close_within": 48 * HOURS,
        "freight_deduction": "freight" if freight_is_charged else "none",
        "gift_deduction": "marked_price" if gift_is_charged else "none",
        "process_within": 15 * DAYS,
        "resolve_complaint_within": 7 * DAYS,
        "resolved_by": resolved_by,
        "return_shipping": "seller" if seller_answers else "buyer",
        "review_within": 48 * HOURS,
    }
    if request_type in ("return_refund", "exchange"):
        terms["complete_within"] = 7 * DAYS
    if request_type in ("return_refund", "exchange", "repair"):
        terms["return_address_within"] = 15 * DAYS
    if sends_back and not seller_answers:
        terms["refund_within"] = 7 * DAYS
    if request_type in ("return_refund", "refund_only") and seller_answers:
        terms["quality_refund_within"] = 15 * DAYS
    return verdict, entitlements, grounds, terms
