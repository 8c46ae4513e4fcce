"""Small random firms that use the whole language of models, in the numbers that make events meet.

Three journeys, three channels, two products, two segments and three priority classes share a
dozen components. In a *tied* firm every duration is a multiple of 5 ms, so that much happens at
one instant; else they are drawn from distributions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.twin.chooser import Chooser

COMPONENTS = (
    "front",
    "oms",
    "risk",
    "gateway",
    "venue",
    "pool",
    "ledger",
    "bank",
    "dealer",
    "desk",
)
TEAMS = ("dealer", "desk")
CHANNELS = ("app", "phone", "branch")
PRIORITIES = ("gold", "client", "bulk")
CONTROLS = ("limits", "fitness")
WITH_STANDBY = ("oms", "front", "venue", "ledger", "gateway")
CHECKS = ("morning", "noon", "night")

TIED_SERVICES = ("5 ms", "0 s", "10 ms", "20 ms", "50 ms", "200 ms")
SERVICES = (
    "10 ms",
    "0 s",
    "exponential 20 ms",
    "uniform 1 ms..60 ms",
    "triangular 1 ms, 2 ms, 90 ms",
    "erlang 3, 30 ms",
    "lognormal median 15 ms sigma 0.9",
    "weibull scale 20 ms shape 0.6",
    {"kind": "empirical", "quantiles": ["1 ms", "4 ms", "200 ms"]},
)
TIED_LATENCIES = ("5 ms", "0 s", "10 ms")
LATENCIES = ("1 ms", "0 s", "exponential 5 ms", "erlang 2, 6 ms", "uniform 1 ms..40 ms", "3 ms")
TIMES = (
    "10:00:00.1",
    "10:00:00.02",
    "10:00:00.05",
    "10:00:00.2",
    "10:00:00.5",
    "10:00:01",
    "10:00:01.005",
    "10:00:01.5",
    "10:00:02",
    "10:00:03",
    "10:00:10",
    "10:04",
    "09:30",
)


@dataclass(frozen=True)
class Emphasis:
    """What a family of cases is about: percentages, and the motifs that trouble is made of."""

    tied: int = 50
    manners: int = 60
    calls: int = 20
    fallbacks: int = 25
    batches: int = 12
    legs: int = 15
    standbys: int = 40
    controls: int = 50
    rates: int = 25
    limits: int = 30
    fickle: int = 50
    checks: int = 40
    signals: int = 8
    natural: int = 20
    motifs: tuple[str, ...] = ()
    """Kinds of trouble that come more often than the others."""
    troubles: int = 6
    """Most motifs of a case."""
    wishes: int = 10
    trace: tuple[str, ...] = ("full", "full", "business", "outcomes")


class FirmMaker:
    """Makes one firm's data."""

    def __init__(self, choose: Chooser, emphasis: Emphasis) -> None:
        self.choose = choose
        self.emphasis = emphasis
        self.is_tied = choose.chance(emphasis.tied)

    # -- small parts -----------------------------------------------------------------------

    def service(self) -> Any:
        """A service time."""
        return self.choose.pick(TIED_SERVICES if self.is_tied else SERVICES)

    def latency(self) -> Any:
        """A link's latency."""
        return self.choose.pick(TIED_LATENCIES if self.is_tied else LATENCIES)

    def manners(self) -> dict[str, Any]:
        """How a step deals with trouble."""
        choose = self.choose
        bulkhead = choose.maybe((1, 2, 3), 20)
        found: dict[str, Any] = {"bulkhead": bulkhead} if bulkhead else {}
        if not choose.chance(self.emphasis.manners):
            return found
        found["timeout"] = choose.pick(("50 ms", "5 ms", "20 ms", "100 ms", "15 ms", "400 ms"))
        if choose.chance(60):
            cap = choose.maybe(("25 ms", "10 ms", "0 s"))
            found["retry"] = {
                "limit": choose.number(0, 4),
                "backoff": choose.pick(("10 ms", "0 s", "5 ms", "35 ms")),
                "jitter": choose.pick((0.0, 0.0, 0.3, 1.0)),
            } | ({"cap": cap} if cap else {})
        if choose.chance(30):
            found["breaker"] = {
                "failures": choose.number(1, 3),
                "window": choose.pick(("1 s", "50 ms", "10 ms")),
                "open": choose.pick(("50 ms", "0 s", "10 ms", "500 ms")),
                "probes": choose.number(1, 3),
            }
        found["on_failure"] = choose.pick(("park", "reject", "continue", "park"))
        return found

    def fallback(self, component: str) -> dict[str, Any]:
        """A way around a step."""
        choose = self.choose
        others = [name for name in ("dealer", "desk", "pool", "risk", "oms") if name != component]
        found = {
            "component": choose.pick(others),
            "service": self.service(),
            "timeout": choose.maybe(("100 ms", "20 ms", "5 ms")),
            "skips": choose.some(CONTROLS, 40),
            "mistype": choose.pick((0.0, 0.5, 1.0)),
            "back_entry": choose.maybe((self.service(),)),
        }
        return {name: value for name, value in found.items() if value is not None}

    def step(self, name: str, at: str, **more: Any) -> dict[str, Any]:
        """A step at its usual component, or now and then at any other."""
        choose, emphasis = self.choose, self.emphasis
        component = choose.pick(COMPONENTS) if choose.chance(12) else at
        found = {"id": name, "component": component, "service": self.service()}
        found |= self.manners() | more
        if "mode" not in found and choose.chance(emphasis.calls):
            found["mode"] = "call"
        if choose.chance(emphasis.fallbacks):
            found["fallback"] = self.fallback(component)
            if choose.chance(50):
                found["on_failure"] = "fallback"
        if found.get("role") != "control" and choose.chance(emphasis.legs):
            found["legs"] = self.legs()
        if found.get("mode") != "call" and choose.chance(emphasis.batches):
            found["batch"] = self.batch()
        return found

    def batch(self) -> dict[str, Any]:
        """Work at stated times."""
        times = list(dict.fromkeys(sorted(self.choose.shuffled(TIMES))))
        return {"at": times, "rerun": self.choose.pick(("checkpoint", "start"))}

    def legs(self) -> list[dict[str, Any]]:
        """Several effects; now and then as many as there can be."""
        count = self.choose.pick((2, 1, 3, 4, 16))
        fails = (0.0, 0.0, 0.4, 0.05) if count < 5 else (0.0, 0.05)
        return [
            {"name": f"leg-{n}", "service": self.service(), "fail": self.choose.pick(fails)}
            for n in range(count)
        ]

    # -- journeys --------------------------------------------------------------------------

    def journeys(self) -> dict[str, Any]:
        """The usual way, one that shares components with it, and a fund's."""
        return {
            "way": {"name": "Way", "steps": self.way("venue", "gateway")},
            "paper": {"name": "Paper", "steps": self.way("pool", "dealer")},
            "fund": {"name": "Fund", "steps": self.way("pool", "gateway")},
        }

    def way(self, venue: str, gateway: str) -> list[dict[str, Any]]:
        """Steps from the client to the books; most are there in most ways."""
        choose, emphasis = self.choose, self.emphasis
        early = {"role": "control", "control": "limits", "mode": "call"}
        plan: list[tuple[int, str, str, dict[str, Any]]] = [
            (emphasis.calls // 2, "greet", "front", {"mode": "call"}),
            (emphasis.calls // 4, "early", "risk", early),
            (95, "take", "front", {"role": "acknowledge"}),
            (60, "accept", "oms", {}),
            (emphasis.controls, "limits", "risk", {"role": "control", "control": "limits"}),
            (30, "note", "oms", {}),
            (20, "fitness", "risk", {"role": "control", "control": "fitness"}),
            (60, "route", gateway, {}),
            (93, "execute", venue, {"role": "execute"}),
            (50, "fill", "oms", {}),
            (70, "book", "ledger", {"role": "book"}),
            (40, "confirm", "ledger", {"role": "confirm"}),
            (25, "settle", "bank", {"role": "settle"}),
            (12, "late", "risk", {"role": "control", "control": "fitness"}),
        ]
        found = [
            self.step(name, at, **more) for share, name, at, more in plan if choose.chance(share)
        ]
        return _few_effects(found) or [self.step("take", "front", role="acknowledge")]

    # -- components and links --------------------------------------------------------------

    def component(self, name: str) -> dict[str, Any]:
        """A component with a memory and a capacity of its own."""
        choose, emphasis = self.choose, self.emphasis
        found: dict[str, Any] = {
            "name": name,
            "kind": "team" if name in TEAMS else "application",
            "servers": choose.pick((1, 2, 3, 1)),
            "queue": {"durable": choose.chance(50)},
        }
        if choose.chance(emphasis.limits):
            found["queue"]["limit"] = choose.pick((2, 1, 0, 4))
        kinds = ("durable", "volatile", "durable", None)
        has_standby = name in WITH_STANDBY and choose.chance(emphasis.standbys)
        kind = (
            choose.pick(("replicated", "replicated", *kinds)) if has_standby else choose.pick(kinds)
        )
        if kind:
            found["store"] = {"kind": kind}
        if has_standby:
            found["standby"] = {"kind": "hot", "site": "b", "switch": "1 s"}
        horizon = choose.maybe(("1 d", "1 d", "100 ms", "20 ms", "5 ms", "1 s"), 70)
        if horizon:
            found["dedup"] = {"horizon": horizon}
        if choose.chance(emphasis.rates):
            found["rate_limit"] = choose.pick((100, 10, 20, 200, 1000))
        if choose.chance(10):
            found["vantage"] = "house"
        return found

    def links(self) -> dict[str, Any]:
        """A default that most pairs share, a network of two channels, and some pairs."""
        names = ["default", "net", *self.choose.some(PROFILED, 25)]
        return {name: self.link(name) for name in names}

    def link(self, name: str) -> dict[str, Any]:
        """A link, now and then a lossy one."""
        choose = self.choose
        losses = (0.0, 0.0, 0.0, 0.02) if name in ("default", "net") else (0.0, 0.0, 0.2, 1.0)
        return {
            "latency": self.latency(),
            "loss": choose.pick(losses),
            "on_disconnect": choose.pick(("keep", "cancel")),
        }


PROFILED = (
    "front -> oms",
    "oms -> front",
    "oms -> risk",
    "oms -> gateway",
    "gateway -> venue",
    "venue -> gateway",
    "dealer -> pool",
    "oms -> ledger",
    "ledger -> oms",
)


def _few_effects(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same steps, behind the execution with as few legs as their fills leave room for."""
    roles = [step.get("role") for step in steps]
    if "execute" not in roles:
        return steps
    for step in steps[roles.index("execute") + 1 :]:
        if "legs" in step:
            step["legs"] = step["legs"][:4]
    return steps
