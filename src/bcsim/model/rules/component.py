"""Rules for components: what they refer to and what a store or memory is good for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.limits import COMPONENTS_MAX
from bcsim.model.finding import Finding, dangling
from bcsim.model.rules.reference import each_dangling, repeated
from bcsim.model.rules.retry_chain import retry_chain_ns
from bcsim.units import format_duration

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.component import Dependency
    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm


def number_of_components(firm: Firm) -> Iterator[Finding]:
    """A model has at most ``COMPONENTS_MAX`` components."""
    if len(firm.components) > COMPONENTS_MAX:
        yield Finding(
            ("components",),
            "too many components",
            value=str(len(firm.components)),
            expected=f"at most {COMPONENTS_MAX}",
            hint="combine components that always fail together",
        )


def component_references(firm: Firm) -> Iterator[Finding]:
    """A component's site, its standby's site, and all dependencies exist."""
    for name, component in firm.components.items():
        path: Path = ("components", name)
        if component.site is not None:
            yield from dangling((*path, "site"), component.site, "site", firm.sites)
        if component.standby is not None:
            path = (*path, "standby")
            yield from dangling((*path, "site"), component.standby.site, "site", firm.sites)
    for path, _, dependency in dependencies(firm):
        yield from _providers(firm, path, dependency)


def dependencies(firm: Firm) -> Iterator[tuple[Path, str, Dependency]]:
    """Every dependency of a component or its standby, with its place and the component."""
    for name, component in firm.components.items():
        path: Path = ("components", name, "dependencies")
        for position, dependency in enumerate(component.dependencies):
            yield (*path, position), name, dependency
        if component.standby is not None:
            path = ("components", name, "standby", "dependencies")
            for position, dependency in enumerate(component.standby.dependencies):
                yield (*path, position), name, dependency


def _providers(firm: Firm, path: Path, dependency: Dependency) -> Iterator[Finding]:
    """Only ``hosted-at`` may name sites."""
    place: Path = (*path, "on")
    yield from repeated(place, dependency.on, "component")
    if dependency.kind == "hosted-at":
        candidates = {**firm.sites, **firm.components}
        yield from each_dangling(place, dependency.on, "site or component", candidates)
        return
    for position, name in enumerate(dependency.on):
        if name in firm.sites and name not in firm.components:
            yield Finding(
                (*place, position),
                f"a dependency of kind {dependency.kind} names a site",
                value=repr(name),
                expected="a component",
                hint="use kind hosted-at for a site",
            )
        else:
            yield from dangling((*place, position), name, "component", firm.components)


def dependency_numbers(firm: Firm) -> Iterator[Finding]:
    """``needed`` and ``speed`` are possible, and given only where they mean something."""
    for path, name, dependency in dependencies(firm):
        if dependency.kind == "any-of" and dependency.needed > len(dependency.on):
            yield Finding(
                (*path, "needed"),
                "more are needed than there are",
                value=f"needed={dependency.needed}",
                expected=f"1 to {len(dependency.on)}",
                hint=f"{name} could never work",
            )
        for field, kind in (("needed", "any-of"), ("speed", "degrading")):
            if field in dependency.model_fields_set and dependency.kind != kind:
                yield Finding(
                    (*path, field),
                    f"{field} has no effect on a dependency of kind {dependency.kind}",
                    expected=f"{field} with kind {kind} only",
                    hint=f"remove it, or use kind {kind}",
                    severity="warning",
                )


def store_without_effect(firm: Firm) -> Iterator[Finding]:
    """A lag needs replication, and replication needs a standby to replicate to."""
    for name, component in firm.components.items():
        store = component.store
        if store is None:
            continue
        if store.lag and store.kind != "replicated":
            yield Finding(
                ("components", name, "store", "lag"),
                f"lag has no effect on a {store.kind} store",
                value=format_duration(store.lag),
                hint="remove it, or use kind replicated",
                severity="warning",
            )
        if store.kind == "replicated" and component.standby is None:
            yield Finding(
                ("components", name, "store", "kind"),
                "a replicated store without a standby to replicate to",
                value="replicated",
                hint="add a standby, or use kind durable",
                severity="warning",
            )


def dedup_horizon(firm: Firm) -> Iterator[Finding]:
    """Keys are remembered for as long as retries of the same request can arrive."""
    longest: dict[str, tuple[int, str]] = {}
    for journey_id, journey in firm.journeys.items():
        for step in journey.steps:
            chain = (retry_chain_ns(step), f"step {step.id} of journey {journey_id}")
            longest[step.component] = max(chain, longest.get(step.component, chain))
    for name, component in firm.components.items():
        chain_ns, where = longest.get(name, (0, ""))
        if component.dedup is not None and component.dedup.horizon < chain_ns:
            yield Finding(
                ("components", name, "dedup", "horizon"),
                "keys are forgotten before the last retry: duplicates are possible",
                value=format_duration(component.dedup.horizon),
                expected=f"at least {format_duration(chain_ns)}, for {where}",
                hint="lengthen the horizon, or retry for a shorter time",
                severity="warning",
            )
