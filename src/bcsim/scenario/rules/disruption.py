"""Rules for disruptions: what they strike, and that they do something."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from bcsim.model.finding import Finding, dangling
from bcsim.model.plan import ActionKind
from bcsim.model.rules.reference import each_dangling, repeated
from bcsim.scenario.disruption import (
    Absence,
    Corrupt,
    Crash,
    DegradeLink,
    FailbackFails,
    Flap,
    PriceShock,
    Slow,
    Surge,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm
    from bcsim.scenario.disruption import AnyDisruption
    from bcsim.scenario.scenario import Scenario


def disruptions(scenario: Scenario) -> Iterator[tuple[Path, AnyDisruption]]:
    """Every disruption with its place."""
    for position, disruption in enumerate(scenario.disruptions):
        yield ("disruptions", position), disruption


PLACE: Final = "component or site"
SENDER: Final = "component, channel or site"
PAIR: Final = "component with a standby"
HOLDER: Final = "component that holds data"

STRUCK: Final[Mapping[str, Mapping[str, str]]] = MappingProxyType(
    {
        "crash": {"targets": PLACE},
        "hang": {"targets": PLACE},
        "flap": {"targets": PLACE},
        "slow": {"targets": "component"},
        "cut-link": {"source_side": SENDER, "target_side": SENDER},
        "degrade-link": {"source_side": SENDER, "target_side": SENDER},
        "replication-lag": {"target": "component with a replicated store"},
        "failover-fails": {"targets": PAIR},
        "failback-fails": {"target": PAIR, "reach_standby": SENDER, "reach_both": SENDER},
        "absence": {"teams": "team"},
        "site-unreachable": {"site": "site"},
        "surge": {"sources": "source of demand"},
        "corrupt": {"target": "component that does a step"},
        "leak": {"target": HOLDER, "data": "data class"},
        "halt": {"target": "component that executes"},
        "price-shock": {"products": "product"},
    }
)
"""For each kind of disruption, the fields that name parts of the firm, and which parts."""


def parts(firm: Firm) -> dict[str, Collection[str]]:
    """The names of each sort of part that a disruption can strike."""
    components, sites = firm.components, firm.sites
    with_standby = {name for name in components if components[name].standby is not None}
    return {
        "component": components,
        PLACE: {**sites, **components},
        SENDER: {**sites, **firm.channels, **components},
        PAIR: with_standby,
        HOLDER: {name for name in components if components[name].holds},
        "data class": firm.data_classes,
        "component with a replicated store": {
            name
            for name in with_standby
            if (store := components[name].store) is not None and store.kind == "replicated"
        },
        "component that does a step": _doing(firm, None),
        "component that executes": _doing(firm, "execute"),
        "team": {*firm.teams, *(team.component for team in firm.teams.values())},
        "site": sites,
        "source of demand": firm.demand,
        "product": firm.products,
    }


def _doing(firm: Firm, role: str | None) -> set[str]:
    """Components that do a step of some role, or any step; their fallbacks too."""
    steps = [step for journey in firm.journeys.values() for step in journey.steps]
    doing = [step for step in steps if role is None or step.role == role]
    by_hand = {step.fallback.component for step in doing if step.fallback is not None}
    return by_hand | {step.component for step in doing}


def disruption_references(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """Whatever a disruption strikes exists, and can be struck so."""
    names_of = parts(firm)
    for path, disruption in disruptions(scenario):
        for field, sort in STRUCK[disruption.kind].items():
            value, names = getattr(disruption, field), names_of[sort]
            if isinstance(value, str):
                yield from dangling((*path, field), value, sort, names)
            else:
                yield from each_dangling((*path, field), value, sort, names)
                yield from repeated((*path, field), value, sort)
        trigger = disruption.on
        if trigger is not None and trigger.component is not None:
            place = (*path, "on", "component")
            yield from dangling(place, trigger.component, "component", firm.components)


def idle_disruptions(scenario: Scenario) -> Iterator[Finding]:
    """Every disruption disrupts something."""
    for path, disruption in disruptions(scenario):
        idle = _why_idle(disruption)
        if idle is not None:
            value, expected = idle
            yield Finding(
                path,
                f"disruption {disruption.id} changes nothing",
                value=value,
                expected=expected,
            )


def _why_idle(disruption: AnyDisruption) -> tuple[str, str] | None:
    """The values with which a disruption changes nothing, and what was expected."""
    match disruption:
        case Surge(orders=1.0, enquiries=1.0):
            return "factors 1 and 1", "orders or enquiries above 1"
        case Slow(speed=1000):
            return "speed=1000", "a speed below 1000 per mille"
        case Absence(share=0.0) | Corrupt(probability=0.0) | PriceShock(change=0.0):
            return "0", "a share, probability or change other than 0"
        case DegradeLink(latency=0, loss=0.0):
            return "latency 0 and loss 0", "latency or loss above 0"
        case Flap(down=0) | Flap(up=0):
            return "down or up of 0 s", "down and up above 0"
        case _:
            return None


def failed_failbacks(scenario: Scenario) -> Iterator[Finding]:
    """In a split brain a sender reaches the standby only, or both instances."""
    for path, disruption in disruptions(scenario):
        if not isinstance(disruption, FailbackFails):
            continue
        for position, name in enumerate(disruption.reach_both):
            if name in disruption.reach_standby:
                yield Finding(
                    (*path, "reach_both", position),
                    f"{name} reaches the standby only, and both",
                    value=repr(name),
                    expected="one of reach_standby and reach_both",
                )


def lost_data(scenario: Scenario, firm: Firm) -> Iterator[Finding]:
    """Lost data is restored by the plan, or never."""
    actions = firm.plan.actions.values() if firm.plan else ()
    restored = {n for action in actions if action.kind == ActionKind.RESTORE for n in action.target}
    for path, disruption in disruptions(scenario):
        if not isinstance(disruption, Crash) or not disruption.data_lost:
            continue
        if disruption.lasts is not None:
            yield Finding(
                (*path, "lasts"),
                "what has lost its data is down until it is restored",
                hint="remove lasts, or data_lost",
                severity="warning",
            )
        for position, target in enumerate(disruption.targets):
            lost = [name for name in _struck_with(firm, target) if name not in restored]
            if lost:
                yield Finding(
                    (*path, "targets", position),
                    f"nothing restores the data of {', '.join(lost)}",
                    value=repr(target),
                    expected=f"an action of kind restore with target [{', '.join(lost)}]",
                    hint="without one they stay down until the drain",
                    severity="warning",
                )


def _struck_with(firm: Firm, target: str) -> tuple[str, ...]:
    """Components that lose their data with a target: itself, or all systems at a site."""
    if target in firm.components:
        return (target,)
    staffed = {team.component for team in firm.teams.values()}
    return tuple(
        name
        for name, component in firm.components.items()
        if component.site == target and name not in staffed
    )
