"""Verdicts of policies, responses of sellers, and the response that follows from a verdict."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Verdict(StrEnum):
    """What a policy says about a return (docs/language.md, section 4.2)."""

    MUST_ACCEPT = "must_accept"
    MAY_REJECT = "may_reject"
    NEGOTIATE = "negotiate"
    UNKNOWN = "unknown"


class Response(StrEnum):
    """How a seller responds to a return (docs/language.md, section 5)."""

    ACCEPT = "accept"
    REJECT = "reject"
    MANUAL = "manual"
    UNKNOWN = "unknown"


FOLLOW = "follow"  # what a rule states in place of a response: the policy's verdict decides

# the response of a seller who follows the policy
RESPONSES: Mapping[Verdict, Response] = {
    Verdict.MUST_ACCEPT: Response.ACCEPT,
    Verdict.MAY_REJECT: Response.REJECT,
    Verdict.NEGOTIATE: Response.MANUAL,
    Verdict.UNKNOWN: Response.UNKNOWN,
}

# the check that a response fails where the policy requires to accept the return
REFUSALS: Mapping[Response, str] = {
    Response.REJECT: "rejects-required-return",
    Response.MANUAL: "defers-required-return",
}
