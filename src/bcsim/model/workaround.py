"""What the continuity plan can do about a failure: switch systems over, or work by hand."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from bcsim.model.plan import ActionKind
from bcsim.model.propagation import Structure, can_switch, effectively_down
from bcsim.model.route import Route, blockage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from bcsim.model.firm import Firm


@dataclass(frozen=True, slots=True)
class Workaround:
    """What the plan could do: fail some components over, have the steps of others done by hand.

    Both together where both are named.
    """

    fail_over: tuple[str, ...] = ()
    by_hand: tuple[str, ...] = ()


def switchable(firm: Firm) -> frozenset[str]:
    """Components that some action of the plan fails over, to a standby that can take over."""
    return frozenset(
        node
        for node in _targets(firm, ActionKind.FAIL_OVER) & firm.components.keys()
        if (standby := firm.components[node].standby) is not None and can_switch(standby)
    )


def after_switching(structure: Structure, switched: Collection[str]) -> Structure:
    """The structure in which these components' standbys take over too."""
    instances = dict(structure.instances)
    for node in switched:
        instances[node] = tuple(replace(one, takes_over=True) for one in instances[node])
    return replace(structure, instances=instances)


def _targets(firm: Firm, kind: ActionKind) -> frozenset[str]:
    """Components on which some action of a kind acts."""
    actions = firm.plan.actions.values() if firm.plan else ()
    return frozenset(node for action in actions if action.kind == kind for node in action.target)


def workarounds(
    firm: Firm, structure: Structure, route: Route, node: str
) -> tuple[Workaround, ...]:
    """The ways in which the plan can reopen a route after the crash of one node.

    By failing over alone and by hand alone, each if that is enough, else by both. No component
    is named without need. Empty if all that the plan has does not help, or if there is nothing
    to reopen.
    """

    def by_hand(switched: Collection[str]) -> tuple[str, ...] | None:
        left = effectively_down(after_switching(structure, switched), frozenset({node}))
        return _by_hand(firm, route, left)

    def open_without_hands(switched: Collection[str]) -> bool:
        return by_hand(switched) == ()

    everything = sorted(switchable(firm), key=structure.nodes.index)
    unaided, aided = by_hand(()), by_hand(everything)
    if unaided == ():
        return ()
    found = []
    if aided == ():
        found.append(Workaround(fail_over=_needed(everything, open_without_hands)))
    if unaided is not None:
        found.append(Workaround(by_hand=unaided))
    elif aided:
        switches = _needed(everything, lambda switched: by_hand(switched) == aided)
        found.append(Workaround(switches, aided))
    return tuple(found)


def _needed(names: Sequence[str], is_enough: Callable[[Collection[str]], bool]) -> tuple[str, ...]:
    """Those of some names that are needed for them to be enough, found one by one."""
    kept = list(names)
    for name in names:
        fewer = [other for other in kept if other != name]
        if is_enough(fewer):
            kept = fewer
    return tuple(kept)


def _by_hand(firm: Firm, route: Route, failed: frozenset[str]) -> tuple[str, ...] | None:
    """Components whose steps the plan must have done by hand for a route to be open.

    ``None`` if even that does not help.
    """
    targets = _targets(firm, ActionKind.MANUAL_FALLBACK)
    done: dict[str, str] = {}
    while (stop := blockage(firm, route, failed)) is not None:
        step = next(step for step in route.steps if step.id == stop.step)
        if step.fallback is None or step.component not in targets or step.id in done:
            return None
        done[step.id] = step.component
        manual = step.replace(on_failure="fallback", timeout=step.timeout or 1)
        steps = tuple(manual if other is step else other for other in route.steps)
        route = replace(route, steps=steps)
    return tuple(dict.fromkeys(done.values()))
