"""Reads the fees of a return: who pays for the shipping, and what else the buyer pays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from checker.exchange.schema_org.collector import PolicyCollector
from checker.exchange.schema_org.things import PropertyValue, Thing
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
    """The kinds of fees for a reason of a return, and the amount of a flat fee."""

    kinds: Mapping[str, PropertyValue] = field(default_factory=dict)
    amount: tuple[Money, PropertyValue] | None = None


def read_fees(collector: PolicyCollector, thing: Thing) -> None:
    """Read the fees of a policy: for each reason its own fees, else those for any reason."""
    restocking = collector.single_value(thing, "restockingFee", fee)
    if restocking:
        _state_restocking(collector, *restocking)
    general = _fees(collector, thing, ANY_REASON, _Fees())
    for reason, names in REASONS.items():
        fees = _fees(collector, thing, names, general)
        _state_shipping(collector, reason, fees)
        if restocking and FREE in fees.kinds:
            free = fees.kinds[FREE]
            collector.note(free, f"{free.source_text}, with {restocking[1].source_text}")


def _state_restocking(
    collector: PolicyCollector, amount: int | Money, value: PropertyValue
) -> None:
    if isinstance(amount, Money):
        collector.state("restocking_fee", amount.hundredths, value, currency=amount.currency)
    else:
        collector.state("restocking_basis_points", amount, value)


def _fees(
    collector: PolicyCollector, thing: Thing, names: tuple[str, str], otherwise: _Fees
) -> _Fees:
    """Return the fees that a pair of properties states, `otherwise` where it states nothing."""
    has_own = bool(thing.properties.get(names[0]))
    kinds = dict(collector.values(thing, names[0], member(FEES))) if has_own else otherwise.kinds
    amount = collector.single_value(thing, names[1], money)
    free, flat = kinds.get(FREE), kinds.get(FLAT_FEE)
    if has_own and free and len(kinds) > 1:
        contradicting = next(value for kind, value in kinds.items() if kind != FREE)
        collector.report_problem(contradicting, f"contradicts `{free.source_text}`")
        return _Fees()
    if has_own and RESTOCKING in kinds and "restockingFee" not in thing.properties:
        collector.report_problem(
            kinds[RESTOCKING], "says that there is a fee, and `restockingFee` not which"
        )
    if not amount:
        return _Fees(kinds, otherwise.amount if flat else None)
    contradicted = free if amount[0].hundredths else flat
    if contradicted:
        collector.report_problem(amount[1], f"contradicts `{contradicted.source_text}`")
        return _Fees()
    if free:
        collector.note(amount[1])
    elif not flat:
        collector.report_problem(amount[1], f"applies only where `{names[0]}` is `{FLAT_FEE}`")
    return _Fees(kinds, amount if flat else None)


def _state_shipping(collector: PolicyCollector, reason: str, fees: _Fees) -> None:
    """State who pays for the shipping of a return for this reason, and the amount of a flat fee."""
    for kind, value in fees.kinds.items():
        if FEES[kind]:
            collector.state(f"{reason}_shipping", FEES[kind], value)
        elif kind == OUTBOUND and reason == "remorse":
            collector.state("outbound_shipping", "buyer", value)
        else:
            collector.note(value)
    if fees.amount:
        amount, value = fees.amount
        collector.state(
            f"{reason}_shipping_fee", amount.hundredths, value, currency=amount.currency
        )
