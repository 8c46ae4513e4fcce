"""Payments: what clients are owed, and what they get of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

from bcsim.engine.aftermath.harm import Market, amount_due
from bcsim.history.aftermath import Money
from bcsim.history.schema import Kind
from bcsim.streams import address

if TYPE_CHECKING:
    from collections.abc import Mapping

    import simpy

    from bcsim.engine.aftermath.case import Case
    from bcsim.engine.aftermath.execution import Execution
    from bcsim.engine.aftermath.office import Steps
    from bcsim.engine.aftermath.record import AftermathRecord
    from bcsim.engine.blueprint import Blueprint
    from bcsim.model.redress import Redress
    from bcsim.streams import Streams

FIRM: Final = "firm"
"""Vantage point of money that is owed or paid."""


@dataclass(eq=False, slots=True)
class Payments:
    """The firm's debts to the clients of one run, and its payments."""

    rules: Redress | None
    streams: Streams
    record: AftermathRecord
    due: Mapping[int, int]
    """Case's number -> what is owed; cases without harm are left out."""
    _paid: dict[int, int] = field(default_factory=dict)

    def settle(self, env: simpy.Environment, case: Case, ref: str) -> Steps[bool]:
        """Pay for a case what is still owed; gives whether the client has got less than that."""
        amount = self._amount(case)
        if not amount:
            return False
        turn = int(case.number in self._paid)
        self._paid[case.number] = self._paid.get(case.number, 0) + amount
        wait = self.streams.at("redress_delay", case.source)
        assert self.rules is not None, "without rules nothing is owed"
        yield env.timeout(wait.sample_ns(self.rules.pay_after, case.index, address(attempt=turn)))
        self.record.add(
            Kind.REDRESS,
            int(env.now),
            FIRM,
            subject=Money.PAID,
            amount=amount,
            ref=ref,
            **case.names,
        )
        return self._paid[case.number] < self.due[case.number]

    def settle_unasked(
        self, env: simpy.Environment, case: Case, found_ns: int, ref: str
    ) -> Steps[None]:
        """Pay for a case once a line of defence has found it."""
        yield env.timeout(max(0, found_ns - int(env.now)))
        yield from self.settle(env, case, ref)

    def _amount(self, case: Case) -> int:
        """What is to be paid now: what is owed less what was paid already, with mistakes."""
        owed = self.due.get(case.number, 0) - self._paid.get(case.number, 0)
        if self.rules is None or owed <= 0:
            return 0
        turn = int(case.number in self._paid)
        luck = self.streams.at("redress_error", case.source)
        if luck.uniform(case.index, address(step=0, attempt=turn)) >= self.rules.wrong:
            return owed
        low, high = (Fraction(str(share)) for share in self.rules.wrong_share)
        share = Fraction(luck.uniform(case.index, address(step=1, attempt=turn)))
        return int(owed * (low + (high - low) * share))


def debts(
    blueprint: Blueprint, cases: tuple[Case, ...], executions: Mapping[str, tuple[Execution, ...]]
) -> dict[int, int]:
    """What is owed for each case by its number, in minor units; those with something owed."""
    redress = blueprint.firm.redress
    if redress is None:
        return {}
    market = Market.of(blueprint)
    due = {c.number: amount_due(redress, market, c, executions.get(c.intent, ())) for c in cases}
    return {number: amount for number, amount in due.items() if amount}


def note_debts(payments: Payments, cases: tuple[Case, ...], day_end_ns: int) -> None:
    """Note what is owed, at the end of the day of the harm."""
    within = None if payments.rules is None else payments.rules.within
    for case in cases:
        if case.number in payments.due:
            payments.record.add(
                Kind.REDRESS,
                day_end_ns,
                FIRM,
                subject=Money.DUE,
                amount=payments.due[case.number],
                deadline_ns=None if within is None else day_end_ns + within,
                **case.names,
            )
