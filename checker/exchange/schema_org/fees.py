"""Who pays for sending goods back, and what it costs besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.exchange.schema_org.found import Found
from checker.exchange.schema_org.nodes import Node, Value
from checker.exchange.schema_org.values import Money, fee, member, money
from checker.exchange.schema_org.vocabulary import (
    ANY_REASON,
    FEES,
    FLAT_FEE,
    FREE,
    OUTBOUND,
    REASONS,
    RESTOCKING,
)


@dataclass(frozen=True, slots=True)
class _Fees:
    """The kinds of fees for some reason of a return, and the amount of a flat fee."""

    kinds: Mapping[str, Value] = field(default_factory=dict)
    amount: tuple[Money, Value] | None = None


def take_fees(found: Found, node: Node) -> None:
    """Take the fees of a policy: those for one reason where it states them, else those for any."""
    restocking = found.one(node, "restockingFee", fee)
    if restocking:
        _restock(found, *restocking)
    general = _fees(found, node, ANY_REASON, _Fees())
    for reason, names in REASONS.items():
        fees = _fees(found, node, names, general)
        _state(found, reason, fees)
        if restocking and FREE in fees.kinds:
            free = fees.kinds[FREE]
            found.note(free, f"{free.said}, with {restocking[1].said}")


def _restock(found: Found, amount: int | Money, value: Value) -> None:
    if isinstance(amount, Money):
        found.state("restocking_fee", amount.hundredths, value, currency=amount.currency)
    else:
        found.state("restocking_basis_points", amount, value)


def _fees(found: Found, node: Node, names: tuple[str, str], otherwise: _Fees) -> _Fees:
    """Return the fees that a pair of properties states; where it says nothing, `otherwise`."""
    own = bool(node.says.get(names[0]))
    kinds = dict(found.each(node, names[0], member(FEES))) if own else otherwise.kinds
    amount = found.one(node, names[1], money)
    free, flat = kinds.get(FREE), kinds.get(FLAT_FEE)
    if own and free and len(kinds) > 1:
        other = next(value for kind, value in kinds.items() if kind != FREE)
        found.odd(other, f"contradicts `{free.said}`")
        return _Fees()
    if own and RESTOCKING in kinds and "restockingFee" not in node.says:
        found.odd(kinds[RESTOCKING], "says that there is a fee, and `restockingFee` not which")
    if not amount:
        return _Fees(kinds, otherwise.amount if flat else None)
    contradicted = free if amount[0].hundredths else flat
    if contradicted:
        found.odd(amount[1], f"contradicts `{contradicted.said}`")
        return _Fees()
    if free:
        found.note(amount[1])
    elif not flat:
        found.odd(amount[1], f"applies only where `{names[0]}` is `{FLAT_FEE}`")
    return _Fees(kinds, amount if flat else None)


def _state(found: Found, reason: str, fees: _Fees) -> None:
    """State who pays where goods go back for a reason."""
    for kind, value in fees.kinds.items():
        if FEES[kind]:
            found.state(f"{reason}_shipping", FEES[kind], value)
        elif kind == OUTBOUND and reason == "remorse":
            found.state("outbound_shipping", "buyer", value)
        else:
            found.note(value)
    if fees.amount:
        amount, value = fees.amount
        found.state(f"{reason}_shipping_fee", amount.hundredths, value, currency=amount.currency)
