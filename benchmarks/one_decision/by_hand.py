"""The same policy and law as a programmer writes them down in Python, for this policy alone."""

from __future__ import annotations

from typing import Any

HOURS = 60
DAYS = 24 * HOURS

WINDOW = 7  # days, of the platform and of the law


def decide(facts: dict[str, Any]) -> tuple[str, list[str], list[str], dict[str, Any]]:  # noqa: PLR0912, PLR0915
    """Return verdict, entitlements, grounds and terms of a case."""
    request_type = facts["request_type"]
    category = facts["category"]
    exclusion = facts["exclusion"]
    negotiation = facts["negotiation"]
    used = facts["used"]
    swapped = facts["swapped"]
    days_since_completion = facts["days_since_completion"]

    seller_answers = facts["defect_confirmed"] and facts["reason"] in (
        "quality_defect",
        "not_as_described",
        "wrong_item",
        "missing_parts",
        "damaged_in_transit",
    )
    sends_back = request_type == "return_refund"
    wants_remedy = request_type in ("exchange", "repair", "reship")

    used_or_damaged = (used or facts["damage_cause"] == "buyer") and not seller_answers
    accessories_missing = not facts["accessories_complete"] and not seller_answers
    not_resaleable = (
        not facts["labels_intact"]
        or facts["altered"]
        or (category in ("food", "cosmetics", "health") and facts["seal_broken"])
        or (category == "electronics" and facts["activated"])
    ) and not seller_answers
    excluded_outright = (
        exclusion in ("made_to_order", "perishable", "digital_content", "periodical")
        and not seller_answers
    )
    excluded_by_nature = (
        exclusion == "unsuitable_by_nature" and facts["exclusion_confirmed"] and not seller_answers
    )
    excluded = excluded_outright or excluded_by_nature
    not_intact = accessories_missing or not_resaleable or used_or_damaged  # as the law lists it

    in_platform_window = days_since_completion <= WINDOW
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
    if sends_back and seller_answers and (in_platform_window or in_legal_window) and not swapped:
        entitlements.append("quality-return")

    grounds = []
    if accessories_missing:
        grounds.append("accessories-missing")
    if excluded:
        grounds.append("excluded-goods")
    if not_resaleable:
        grounds.append("not-resaleable")
    if facts["single_use"] and used and not seller_answers:
        grounds.append("single-use-used")
    if swapped:
        grounds.append("swapped")
    if used_or_damaged:
        grounds.append("used-or-damaged")
    if not in_platform_window and not seller_answers:
        grounds.append("window-passed")

    if entitlements:
        verdict = "must_accept"
    elif grounds:
        verdict = "may_reject"
    else:
        verdict = "negotiate"

    if facts["legal_dispute"]:
        resolved_by = "professionals"
    elif negotiation == "failed":
        resolved_by = "customer_service"
    else:
        resolved_by = "parties"

    terms = {
        "answer_complaint_within": 48 * HOURS,
        "close_within": 48 * HOURS,
        "complete_within": 7 * DAYS,
        "process_within": 15 * DAYS,
        "refund_within": 7 * DAYS,
        "resolved_by": resolved_by,
        "return_address_within": 15 * DAYS,
        "return_shipping": "seller" if seller_answers else "buyer",
        "review_within": 48 * HOURS,
    }
    return verdict, entitlements, grounds, terms
