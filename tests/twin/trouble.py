"""Random timelines: motifs of trouble, laid over each other, and single changes of any kind.

A motif is what the continuity layer would write: a crash with its recovery, a failover with its
lag and its fail-back, a split with its healing. Several motifs fall on the same components, so
what is down crashes, what is hung is failed over, and much of it makes no difference – which is
for both engines to know.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from bcsim.engine.timeline import Attribute, Change, LogEntry, Timeline
from bcsim.units import NS_PER_H, NS_PER_MS, NS_PER_S
from tests.twin.firms import CHANNELS, CHECKS, COMPONENTS, PRIORITIES, WITH_STANDBY
from tests.twin.links import PAIRS

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.model.firm import Firm
    from tests.twin.chooser import Chooser

HORIZONS_MS: Final = (200, 60, 600, 2500, 200)
"""Within one of these orders come and trouble begins: what meets, tells the engines apart."""

MIDNIGHT_TO_ZERO_NS: Final = 10 * NS_PER_H
"""Time of day of time 0."""

SPANS_MS: Final = (50, 5, 0, 10, 100, 20, 500, 1500, 3, 310_000)
"""How long things last; the longest is longer than a team takes to mend an order."""

LOGGED: Final = (
    "fault_on",
    "fault_off",
    "detect",
    "declare",
    "action",
    "notify",
    "failover",
    "failback",
    "recover",
)

NORMAL: Final = {
    Attribute.UP: 1,
    Attribute.HANG: 0,
    Attribute.SPEED: 1000,
    Attribute.LINK_UP: 1,
    Attribute.LINK_LATENCY: 0,
    Attribute.LINK_LOSS: 0,
    Attribute.HALT: 0,
    Attribute.INTAKE: 1,
    Attribute.FALLBACK: 0,
    Attribute.CORRUPTION: 0,
    Attribute.SPLIT: 0,
}
"""What a healing drain sets back, but for servers, which have a number of their own."""


class Trouble:
    """Collects the changes of one case."""

    def __init__(self, choose: Chooser, firm: Firm) -> None:
        self.choose = choose
        self.firm = firm
        self.grain_ms = choose.pick((5, 10, 1, 25))
        self.horizon_ms = choose.pick(HORIZONS_MS)
        self.found: list[Change] = []
        self._number = 0
        self._cause = ""
        self.able = [n for n in WITH_STANDBY if firm.components[n].standby is not None]
        journeys = firm.journeys.values()
        steps = [step for journey in journeys for step in journey.steps]
        self.manual = [step.component for step in steps if step.fallback is not None]
        self.busy = [step.component for step in steps]
        self.batches = [
            (step.component, clock_ns)
            for step in steps
            if step.batch is not None
            for clock_ns in step.batch.at
        ]
        self.sessions = [
            (before.component, step.component)
            for journey in journeys
            for before, step in pairwise(journey.steps)
            if step.role == "execute"
        ]
        executing = [step for step in steps if step.role == "execute"]
        doers = [[s.component, *([s.fallback.component] if s.fallback else [])] for s in executing]
        self.venues = [name for names in doers for name in names]
        self.motifs: dict[str, Callable[[], None]] = {
            "crash": self.crash,
            "hang": self.hang,
            "mid-batch": self.mid_batch,
            "session": self.session,
            "doze": self.doze,
            "slow": self.slow,
            "servers": self.servers,
            "cut": self.cut,
            "degrade": self.degrade,
            "fallback": self.by_hand,
            "failover": self.failover,
            "split": self.split,
            "halt": self.halt,
            "corrupt": self.corrupt,
            "intake": self.intake,
            "priority": self.priority,
            "reconcile": self.reconcile,
            "anything": self.anything,
        }

    # -- words -----------------------------------------------------------------------------

    def moment(self) -> int:
        """A time on the case's grain, ns."""
        last = self.horizon_ms // self.grain_ms
        return self.choose.number(0, last) * self.grain_ms * NS_PER_MS

    def after(self, time_ns: int) -> int:
        """The same instant or a later one."""
        return time_ns + self.choose.pick(SPANS_MS) * NS_PER_MS

    def component(self) -> str:
        """A component, mostly one that has work."""
        return self.choose.pick(self.busy if self.choose.chance(85) else COMPONENTS)

    def change(
        self,
        time_ns: int,
        subject: str,
        attribute: Attribute,
        value: int,
        detail: tuple[str, ...] = (),
    ) -> None:
        """Add one change, caused by the motif under way."""
        self.found.append(Change(time_ns, subject, attribute, value, self._cause, detail))

    def add(self, motif: str) -> None:
        """Add a motif."""
        self._number += 1
        self._cause = f"{motif}-{self._number}"
        self.motifs[motif]()

    def _on_and_off(
        self, subject: str, attribute: Attribute, on: int, off: int, detail: tuple[str, ...] = ()
    ) -> None:
        """Something that begins, perhaps twice, and in most cases ends."""
        start = self.moment()
        self.change(start, subject, attribute, on, detail)
        if self.choose.chance(15):
            self.change(self.after(start), subject, attribute, on, detail)
        if self.choose.chance(85):
            self.change(self.after(start), subject, attribute, off)

    # -- motifs ----------------------------------------------------------------------------

    def crash(self) -> None:
        """A component is down for a while."""
        self._on_and_off(self.component(), Attribute.UP, 0, 1)

    def hang(self) -> None:
        """A component is frozen for a while."""
        self._on_and_off(self.component(), Attribute.HANG, 1, 0)

    def mid_batch(self) -> None:
        """A component stops in the middle of a batch, or when one is due."""
        if not self.batches:
            self.crash()
            return
        name, clock_ns = self.choose.pick(self.batches)
        attribute, value = self.choose.pick(((Attribute.UP, 0), (Attribute.HANG, 1)))
        start = clock_ns - MIDNIGHT_TO_ZERO_NS + self.choose.pick((0, 5, 20, 60)) * NS_PER_MS
        self.change(start, name, attribute, value)
        self.change(self.after(start), name, attribute, 1 - value)

    def session(self) -> None:
        """What a venue reports to cannot be reached, and then something happens to the venue."""
        if not self.sessions:
            self.cut()
            return
        choose = self.choose
        holder, venue = choose.pick(self.sessions)
        start = self.moment()
        subject, attribute, on = choose.pick(
            (
                (holder, Attribute.UP, 0),
                (holder, Attribute.HANG, 1),
                (f"{venue} -> {holder}", Attribute.LINK_UP, 0),
                (f"{holder} -> {venue}", Attribute.LINK_UP, 0),
            )
        )
        self.change(start, subject, attribute, on)
        then = self.after(start)
        what, value = choose.pick(
            ((Attribute.UP, 0), (Attribute.HANG, 1), (Attribute.HALT, 1), (Attribute.SPEED, 300))
        )
        self.change(then, venue, what, value, ("cancel",) if what is Attribute.HALT else ())
        ends = [(subject, attribute, 1 - on), (venue, what, NORMAL[what])]
        for end in ends if choose.chance(50) else ends[::-1]:
            then = self.after(then)
            self.change(then, *end)

    def doze(self) -> None:
        """What a venue reports to sleeps now and then, or its link does; the venue may crash."""
        if not self.sessions:
            self.hang()
            return
        choose = self.choose
        holder, venue = choose.pick(self.sessions)
        subject, attribute, on = choose.pick(
            ((holder, Attribute.HANG, 1), (f"{venue} -> {holder}", Attribute.LINK_UP, 0))
        )
        then = self.moment()
        for _ in range(choose.number(2, 4)):
            self.change(then, subject, attribute, on)
            if choose.chance(25):
                self.change(self.after(then), venue, Attribute.UP, 0)
            then += choose.pick((10, 5, 20, 50)) * NS_PER_MS
            self.change(then, subject, attribute, 1 - on)
            self.change(then, venue, Attribute.UP, 1)
            then += choose.pick((5, 10, 20)) * NS_PER_MS

    def slow(self) -> None:
        """A component is slow for a while; even at a speed of nothing at all."""
        speed = self.choose.pick((300, 50, 999, 0))
        self._on_and_off(self.component(), Attribute.SPEED, speed, 1000)

    def servers(self) -> None:
        """A component has fewer, or more, servers for a while."""
        name = self.component()
        usual = self.firm.components[name].servers
        self._on_and_off(name, Attribute.SERVERS, self.choose.pick((0, 1, 4)), usual)

    def cut(self) -> None:
        """A link is cut in one direction, or with its profile."""
        self._on_and_off(self.choose.pick(PAIRS), Attribute.LINK_UP, 0, 1)

    def degrade(self) -> None:
        """A link is slower, or loses messages."""
        pair = self.choose.pick(PAIRS)
        if self.choose.chance(50):
            added = self.choose.pick((30, 5, 200, 310_000)) * NS_PER_MS
            self._on_and_off(pair, Attribute.LINK_LATENCY, added, 0)
        else:
            loss = self.choose.pick((300_000, 1_000_000, 50_000))
            self._on_and_off(pair, Attribute.LINK_LOSS, loss, 0)

    def by_hand(self) -> None:
        """Steps at a component are done by their fallback."""
        name = self.choose.pick(self.manual) if self.manual else self.component()
        self._on_and_off(name, Attribute.FALLBACK, 1, 0)

    def failover(self) -> None:
        """A standby takes over: after a crash, a hang, or as planned; and perhaps gives back."""
        if not self.able:
            self.crash()
            return
        choose, name = self.choose, self.choose.pick(self.able)
        start = self.moment()
        if choose.chance(40):  # so that it holds orders when it fails
            for pair in [p for p in PAIRS if p.startswith(f"{name} -> ")]:
                self.change(start, pair, Attribute.LINK_UP, 0)
                self.change(self.after(start), pair, Attribute.LINK_UP, 1)
            start = self.after(start)
        trouble = choose.pick((Attribute.UP, Attribute.HANG, None))
        if trouble is not None:
            self.change(start, name, trouble, 0 if trouble is Attribute.UP else 1)
        switched = self.after(start)
        is_planned = trouble is None and choose.chance(60)
        lag_ns = choose.pick((50, 0, 5, 400)) * NS_PER_MS
        point = switched if is_planned else start - lag_ns
        self.change(switched, name, Attribute.FAILOVER, point)
        if trouble is not None and choose.chance(85):
            well = 1 if trouble is Attribute.UP else 0
            self.change(self.after(switched), name, trouble, well)
        if choose.chance(60):
            policy = choose.pick(("discard", "replay", "quarantine", ""))
            detail = (policy,) if policy else ()
            self.change(self.after(switched), name, Attribute.FAILBACK, 1, detail)

    def split(self) -> None:
        """Both instances are primary for a while, senders reaching one or both."""
        if not self.able:
            self.hang()
            return
        choose, name = self.choose, self.choose.pick(self.able)
        senders = (*COMPONENTS, *CHANNELS)
        reach = tuple(
            f"{choose.pick(('standby', 'both'))}:{sender}" for sender in choose.some(senders, 40)
        )
        start = self.moment()
        if choose.chance(30):
            self.change(start, name, Attribute.FAILOVER, start - choose.pick((0, 50)) * NS_PER_MS)
        split_ns = self.after(start)
        self.change(split_ns, name, Attribute.SPLIT, 1, reach)
        if choose.chance(15):
            self.change(self.after(split_ns), name, Attribute.SPLIT, 1, reach[1:])
        if choose.chance(80):
            policy = choose.pick(("discard", "merge", "quarantine", ""))
            healed_ns = self.after(split_ns)
            self.change(healed_ns, name, Attribute.SPLIT, 0, (policy,) if policy else ())

    def halt(self) -> None:
        """A venue executes nothing for a while."""
        detail = self.choose.pick(((), ("cancel",)))
        executing = self.venues if self.choose.chance(85) else COMPONENTS
        name = self.choose.pick(executing or COMPONENTS)
        self._on_and_off(name, Attribute.HALT, 1, 0, detail)

    def corrupt(self) -> None:
        """Up to three components alter what passes, one after the other."""
        chance = self.choose.pick((1_000_000, 500_000))
        for name in dict.fromkeys(self.component() for _ in range(self.choose.number(1, 3))):
            self._on_and_off(name, Attribute.CORRUPTION, chance, 0)

    def intake(self) -> None:
        """A channel takes no orders."""
        self._on_and_off(self.choose.pick(CHANNELS), Attribute.INTAKE, 0, 1)

    def priority(self) -> None:
        """Other classes of clients are served first."""
        for _ in range(self.choose.number(1, 2)):
            order = tuple(self.choose.shuffled(PRIORITIES))
            self.change(self.moment(), "priorities", Attribute.PRIORITY, 1, order)

    def reconcile(self) -> None:
        """The plan has two components compared now."""
        names = [name for name in CHECKS if name in self.firm.reconciliations]
        if names:
            self.change(self.moment(), self.choose.pick(names), Attribute.RECONCILE, 1)

    def anything(self) -> None:
        """A single end of something, whether or not it has begun."""
        attribute = self.choose.pick((Attribute.UP, Attribute.HANG, Attribute.SERVERS))
        value = 3 if attribute is Attribute.SERVERS else NORMAL[attribute]
        self.change(self.moment(), self.component(), attribute, value)
        if self.able:
            ends = (Attribute.FAILBACK, Attribute.SPLIT, Attribute.FAILOVER)
            last = self.choose.pick(ends)
            at_ns = self.moment()
            point = at_ns - 10 * NS_PER_MS if last is Attribute.FAILOVER else 0
            self.change(at_ns, self.choose.pick(self.able), last, point)

    # -- the whole -------------------------------------------------------------------------

    def heal(self, at_ns: int) -> None:
        """Set right whatever was touched."""
        self._cause = "heal"
        for subject, attribute in dict.fromkeys((c.subject, c.attribute) for c in self.found):
            if attribute is Attribute.SERVERS:
                self.change(at_ns, subject, attribute, self.firm.components[subject].servers)
            elif attribute in NORMAL:
                detail = ("quarantine",) if attribute is Attribute.SPLIT else ()
                self.change(at_ns, subject, attribute, NORMAL[attribute], detail)

    def log(self) -> list[LogEntry]:
        """Some lines of who did what."""
        return [
            LogEntry(
                self.moment(),
                self.choose.pick(("infrastructure", "plan")),
                self.choose.pick(LOGGED),
                component=self.choose.maybe(COMPONENTS),
                actor=self.choose.maybe(("duty",)),
                subject=self.choose.maybe(("status", "oms"), 20),
                reason=self.choose.maybe(("done",), 30),
                cause=self.choose.maybe(("crash-1",), 30),
            )
            for _ in range(self.choose.pick((0, 1, 3)))
        ]


def timeline(trouble: Trouble, spans: list[LogEntry], heal_ns: int | None) -> Timeline:
    """Everything collected, sorted; equal times keep the order of their making."""
    if heal_ns is not None:
        trouble.heal(heal_ns)
    changes = sorted(trouble.found, key=lambda change: change.time_ns)
    log = sorted([*spans, *trouble.log()], key=lambda entry: entry.time_ns)
    return Timeline(tuple(changes), tuple(log))


WINDOW_NS: Final = 3 * NS_PER_S
"""Length of the window; a healing drain heals at its end."""
