"""Harm: what an order costs its client against the order done as due, in money.

Prices are the market's: that of the deadline, or of the wish where there is no deadline, for
what was due; that of the day's close for what was not done, or is to be undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.engine.aftermath.case import Case
    from bcsim.engine.aftermath.execution import Execution
    from bcsim.engine.blueprint import Blueprint
    from bcsim.model.redress import Redress, RedressRule

NS_PER_YEAR: Final = 365 * NS_PER_DAY
"""Year of a rate of interest."""


@dataclass(frozen=True, slots=True)
class Market:
    """Prices of one run, by instrument."""

    blueprint: Blueprint
    place: Mapping[str, tuple[str, int]]

    @classmethod
    def of(cls, blueprint: Blueprint) -> Market:
        """The market of a run."""
        place = {
            instrument: (product, number)
            for product, spec in blueprint.firm.products.items()
            for number, instrument in enumerate(spec.instruments)
        }
        return cls(blueprint, place)

    def price(self, instrument: str, time_ns: int | None = None) -> int:
        """Price at a time, or at the day's close; minor units."""
        product, number = self.place[instrument]
        prices = self.blueprint.prices
        if time_ns is None:
            return int(prices.paths[product][number, -1])
        return prices.price(product, number, time_ns)

    def touched(self, case: Case, limit: int) -> bool:
        """Whether a limit order could have executed between its wish and the day's close."""
        assert case.instrument is not None, "a limit order has an instrument"
        product, number = self.place[case.instrument]
        is_buy = case.side != "sell"
        now = self.price(case.instrument, case.from_ns)
        if now <= limit if is_buy else now >= limit:
            return True
        found = self.blueprint.prices.first_touch(
            product, number, case.from_ns, limit=limit, is_buy=is_buy
        )
        return found is not None


def amount_due(
    redress: Redress, market: Market, case: Case, executions: tuple[Execution, ...]
) -> int:
    """What a client is owed for a case, minor units: the greatest amount of its kinds' rules."""
    rules = [rule for kind, rule in redress.rules.items() if kind.value in case.kinds]
    return max((_by_rule(rule, market, case, executions) for rule in rules), default=0)


def _by_rule(
    rule: RedressRule, market: Market, case: Case, executions: tuple[Execution, ...]
) -> int:
    amount = rule.fixed
    if rule.restore:
        amount += loss(market, case, executions)
    if rule.refund:
        amount += excess(case, executions)
    if rule.interest:
        amount += _interest(rule, market, case)
    return amount


def loss(market: Market, case: Case, executions: tuple[Execution, ...]) -> int:
    """Money that would put the client where the order, done as due, would have led.

    The sum of three losses, none of them below zero: a worse price for what was executed as
    wished; a price that has moved away from what was not; and undoing, at the close, what was
    executed beyond the order or otherwise than wished. A limit order has its own price.
    """
    instrument = case.instrument
    if instrument not in market.place or instrument is None or case.qty is None:
        return sum(_undone(market, execution, execution.qty) for execution in executions)
    sign = -1 if case.side == "sell" else 1
    due = case.price
    if due is None:
        at_ns = case.from_ns if case.deadline_ns is None else case.deadline_ns
        due = market.price(instrument, at_ns)
    fitting = _fitting(case, executions)
    slipped = undone = 0
    for execution, fits in zip(executions, fitting, strict=True):
        slipped += sign * (execution.price - due) * fits if case.price is None else 0
        undone += _undone(market, execution, execution.qty - fits)
    missing = case.qty - sum(fitting)
    if case.price is not None and missing and not market.touched(case, case.price):
        missing = 0
    missed = sign * (market.price(instrument) - due) * missing
    return max(0, slipped) + max(0, missed) + undone


def excess(case: Case, executions: tuple[Execution, ...]) -> int:
    """Money that moved beyond the order, or otherwise than wished, minor units."""
    fitting = _fitting(case, executions)
    pairs = zip(executions, fitting, strict=True)
    return sum((execution.qty - fits) * execution.price for execution, fits in pairs)


def _fitting(case: Case, executions: tuple[Execution, ...]) -> list[int]:
    """How much of each execution is as wished, in the order of the executions."""
    fitting, filled = [], 0
    for execution in executions:
        is_as_wished = _is_as_wished(case, execution)
        fits = min(execution.qty, (case.qty or 0) - filled) if is_as_wished else 0
        fitting.append(fits)
        filled += fits
    return fitting


def _is_as_wished(case: Case, execution: Execution) -> bool:
    wished = (case.account, case.instrument, case.side)
    return wished == (execution.account, execution.instrument, execution.side)


def _undone(market: Market, execution: Execution, qty: int) -> int:
    """Loss of undoing a quantity of an execution at the close."""
    instrument = execution.instrument
    if instrument not in market.place or instrument is None:
        return 0
    sign = -1 if execution.side == "sell" else 1
    return max(0, sign * (execution.price - market.price(instrument)) * qty)


def _interest(rule: RedressRule, market: Market, case: Case) -> int:
    instrument = case.instrument
    if instrument not in market.place or instrument is None or case.qty is None:
        return 0
    price = case.price
    if price is None:
        price = market.price(instrument, case.from_ns)
    owed = Fraction(str(rule.interest)) * case.qty * price * case.delay_ns / NS_PER_YEAR
    return int(owed + Fraction(1, 2))
