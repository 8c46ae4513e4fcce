"""Handling: what becomes of a complaint from the client's word to the money.

A complaint is one piece of work, however many orders it is about; each of them is settled. First
responses come before final answers. A client who hears nothing for too long, or is paid
less than is owed, may complain again: the first is more work on the same complaint, the second
a new one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import IntEnum
from typing import TYPE_CHECKING

from bcsim.history.aftermath import CLIENT, Occasion, Response
from bcsim.history.schema import Kind
from bcsim.streams import address

if TYPE_CHECKING:
    import simpy

    from bcsim.engine.aftermath.case import Case
    from bcsim.engine.aftermath.complaining import Complaint
    from bcsim.engine.aftermath.office import Office, Steps
    from bcsim.engine.aftermath.payment import Payments
    from bcsim.engine.aftermath.record import AftermathRecord
    from bcsim.model.complaint import Complaints
    from bcsim.streams import Streams


class Task(IntEnum):
    """What is done about a complaint; the first in order comes first."""

    FIRST_RESPONSE = 0
    FINAL_ANSWER = 1


class Turn(IntEnum):
    """Which complaint of a client about the same order; part of a draw's address."""

    FIRST = 0
    UNPAID = 1
    UNHEARD = 2


@dataclass(eq=False, slots=True)
class Handling:
    """The complaints of one run, on their way through the office."""

    env: simpy.Environment
    rules: Complaints
    office: Office
    payments: Payments
    streams: Streams
    record: AftermathRecord
    _count: int = 0

    def receive(self, complaint: Complaint, turn: Turn = Turn.FIRST) -> Steps[None]:
        """Let one complaint happen, and all that follows from it."""
        yield self.env.timeout(complaint.time_ns - int(self.env.now))
        self._count += 1
        ref = f"complaint-{self._count:06d}"
        self._complain(complaint, ref, turn)
        heard = self.env.event()
        self.env.process(self._lose_patience(complaint, ref, turn, heard))
        yield from self._do(complaint, ref, turn, Task.FIRST_RESPONSE)
        heard.succeed()
        yield from self._do(complaint, ref, turn, Task.FINAL_ANSWER)
        paid = [
            self.env.process(self.payments.settle(self.env, grievance.case, ref))
            for grievance in complaint.grievances
        ]
        yield self.env.all_of(paid)
        pairs = zip(complaint.grievances, paid, strict=True)
        short = tuple(grievance for grievance, process in pairs if process.value)
        if short and turn is Turn.FIRST:
            yield from self._complain_of_redress(replace(complaint, grievances=short))

    def _complain_of_redress(self, complaint: Complaint) -> Steps[None]:
        """Let a client who was paid less than is owed complain again, once he has all payments."""
        case = complaint.case
        if self._complains_again(case, Turn.UNPAID):
            wait = self.streams.at("complaint_delay", case.source)
            draw = address(attempt=Turn.UNPAID)
            time_ns = int(self.env.now) + wait.sample_ns(self.rules.clients.delay, case.index, draw)
            yield from self.receive(replace(complaint, time_ns=time_ns), Turn.UNPAID)

    def _do(self, complaint: Complaint, ref: str, turn: Turn, task: Task) -> Steps[None]:
        """Wait for somebody who does a task, and note the answer."""
        case, is_first = complaint.case, task is Task.FIRST_RESPONSE
        work = self.rules.first_response if is_first else self.rules.final_answer
        luck = self.streams.at("complaint_work", case.source)
        work_ns = luck.sample_ns(work, case.index, address(step=task, attempt=turn))
        team = yield from self.office.work(task, work_ns)
        self.record.add(
            Kind.RESPOND,
            int(self.env.now),
            team,
            actor=team,
            ref=ref,
            subject=Response.FIRST if is_first else Response.FINAL,
            **case.names,
        )

    def _lose_patience(
        self, complaint: Complaint, ref: str, turn: Turn, heard: simpy.Event
    ) -> Steps[None]:
        """Let a client who hears nothing complain again, which is work too."""
        yield self.env.any_of([heard, self.env.timeout(self.rules.clients.patience)])
        if heard.triggered or turn is not Turn.FIRST:
            return
        if self._complains_again(complaint.case, Turn.UNHEARD):
            self._complain(complaint, ref, Turn.UNHEARD)
            yield from self._do(complaint, ref, Turn.UNHEARD, Task.FIRST_RESPONSE)

    def _complain(self, complaint: Complaint, ref: str, turn: Turn) -> None:
        occasion = Occasion.FIRST if turn is Turn.FIRST else Occasion.AGAIN
        for number, grievance in enumerate(complaint.grievances):
            self.record.add(
                Kind.COMPLAIN,
                int(self.env.now),
                CLIENT,
                ref=ref,
                subject=grievance.kind,
                reason=Occasion.ALSO if number else occasion,
                **grievance.case.names,
            )

    def _complains_again(self, case: Case, turn: Turn) -> bool:
        luck = self.streams.at("complaint", case.source)
        return luck.uniform(case.index, address(attempt=turn)) < self.rules.clients.again
