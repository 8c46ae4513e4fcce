"""Rules for links: every hop of every journey has a way there and back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.finding import Finding, dangling
from bcsim.model.route import DEFAULT_LINK, link_key
from bcsim.model.rules.holding import holders, targets
from bcsim.model.rules.reference import each_dangling, of_other_kind
from bcsim.model.rules.site import CARRIERS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey

ARROW: Final = "->"


def link_references(firm: Firm) -> Iterator[Finding]:
    """What carries a link exists and can carry."""
    for key, link in firm.links.items():
        path = ("links", key, "over")
        yield from each_dangling(path, link.over, "component", firm.components)
        for position, name in enumerate(link.over):
            yield from of_other_kind(
                firm, (*path, position), name, CARRIERS, "what a link runs over"
            )


def link_names(firm: Firm) -> Iterator[Finding]:
    """A link is ``from -> to`` between two components, ``default``, or a channel's."""
    used = {channel.link for channel in firm.channels.values()} | {DEFAULT_LINK}
    for key in firm.links:
        if ARROW in key:
            yield from _ends(firm, key)
        elif key not in used:
            yield Finding(
                ("links", key),
                "no channel uses this link",
                value=repr(key),
                expected="`from -> to` for two components, or the name that a channel's link has",
                severity="warning",
                at_key=True,
            )


def _ends(firm: Firm, key: str) -> Iterator[Finding]:
    source, _, target = (end.strip() for end in key.partition(ARROW))
    if key != link_key(source, target):
        yield Finding(
            ("links", key),
            "a link that is not written `from -> to`",
            value=repr(key),
            expected=repr(link_key(source, target)),
            hint="put one blank on each side of the arrow",
            at_key=True,
        )
        return
    for end in (source, target):
        for finding in dangling(("links", key), end, "component", firm.components):
            yield Finding(
                finding.path,
                finding.message,
                finding.value,
                finding.expected,
                finding.hint,
                at_key=True,
            )
    if source == target:
        yield Finding(
            ("links", key),
            "a link from a component to itself has no effect",
            value=repr(key),
            hint="remove it",
            severity="warning",
            at_key=True,
        )


def links_of_hops(firm: Firm) -> Iterator[Finding]:
    """Requests and answers between two components of a journey have a link each."""
    if DEFAULT_LINK in firm.links:
        return
    told: set[str] = set()
    for journey_id, journey in firm.journeys.items():
        for position, source, target in hops(journey):
            for key in (link_key(source, target), link_key(target, source)):
                if source == target or key in firm.links or key in told:
                    continue
                told.add(key)
                yield Finding(
                    ("journeys", journey_id, "steps", position),
                    f"no link {key}",
                    expected="a link for every request and every answer",
                    hint=f"add {key!r}, or {DEFAULT_LINK!r} for all pairs, to links",
                )


def hops(journey: Journey) -> Iterator[tuple[int, str, str]]:
    """Every position, holder and target between which the journey's messages may run.

    A client reaches everything by its channel's link.
    """
    for position, (step, before) in enumerate(zip(journey.steps, holders(journey), strict=True)):
        for holder in sorted(filter(None, before)):
            for target in sorted(targets(step)):
                yield position, holder, target
