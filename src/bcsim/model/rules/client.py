"""Rules for channels, segments and priority classes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding, dangling
from bcsim.model.route import DEFAULT_LINK
from bcsim.model.rules.link import ARROW
from bcsim.model.rules.reference import of_other_kind, repeated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm


def channel_references(firm: Firm) -> Iterator[Finding]:
    """A channel's link, desk and profile exist."""
    profiles = [key for key in firm.links if ARROW not in key and key != DEFAULT_LINK]
    for name, channel in firm.channels.items():
        path = ("channels", name)
        if channel.link not in firm.links:
            yield from dangling((*path, "link"), channel.link, "link", profiles)
        if channel.desk is not None:
            place = (*path, "desk")
            yield from dangling(place, channel.desk, "component", firm.components)
            yield from of_other_kind(firm, place, channel.desk, {ComponentKind.TEAM}, "a desk")
        if channel.enquiry_profile is not None:
            place = (*path, "enquiry_profile")
            yield from dangling(place, channel.enquiry_profile, "profile", firm.profiles)


def enquiries(firm: Firm) -> Iterator[Finding]:
    """Whoever enquires finds a desk, and the desk's work takes time."""
    with_demand = {line.channel for line in firm.demand.values()}
    for name, channel in firm.channels.items():
        if channel.desk is not None and channel.enquiry is None:
            yield Finding(
                ("channels", name, "desk"),
                "a desk whose enquiries take no time",
                expected="enquiry: the service time of one enquiry",
                hint="add enquiry, or remove desk",
            )
        if not channel.enquiries_per_day:
            continue
        path = ("channels", name, "enquiries_per_day")
        if channel.desk is None:
            yield Finding(
                path,
                "enquiries that nobody answers",
                value=f"{channel.enquiries_per_day:g} a day",
                expected="a desk",
                hint="add desk and enquiry",
            )
        if name not in with_demand:
            yield Finding(
                path,
                "enquiries on a channel that has no demand",
                value=f"{channel.enquiries_per_day:g} a day",
                expected="a source of demand on this channel",
                hint="add one, if of 0 orders a day",
            )


def segment_references(firm: Firm) -> Iterator[Finding]:
    """A segment's priority class and second channel exist."""
    for name, segment in firm.segments.items():
        path = ("segments", name)
        yield from dangling((*path, "priority"), segment.priority, "priority", firm.priorities)
        if segment.second_channel is not None:
            place = (*path, "second_channel")
            yield from dangling(place, segment.second_channel, "channel", firm.channels)


def lost_patience(firm: Firm) -> Iterator[Finding]:
    """What clients do when their patience ends adds up, and is possible."""
    for name, segment in firm.segments.items():
        path = ("segments", name, "on_timeout")
        habits = segment.on_timeout
        total = habits.resubmit + habits.switch + habits.enquire
        if total > 1 + 1e-9:
            yield Finding(
                path,
                "chances add up to more than 1",
                value=f"{habits.resubmit:g} + {habits.switch:g} + {habits.enquire:g}",
                expected="at most 1; the rest give up",
            )
        if habits.switch and segment.second_channel is None:
            yield Finding(
                (*path, "switch"),
                "clients switch channels, but have no second one",
                value=f"switch={habits.switch:g}",
                expected="second_channel",
                hint="add it, or set switch to 0",
            )
        if not habits.enquire:
            continue
        for channel in dict.fromkeys(
            line.channel for line in firm.demand.values() if line.segment == name
        ):
            if channel in firm.channels and firm.channels[channel].desk is None:
                yield Finding(
                    (*path, "enquire"),
                    f"clients enquire, but channel {channel} has no desk",
                    value=f"enquire={habits.enquire:g}",
                    hint="add desk and enquiry to the channel; until then nobody answers",
                    severity="warning",
                )


def second_channels(firm: Firm) -> Iterator[Finding]:
    """The second channel knows the products that its clients order."""
    sold = {(line.channel, line.product) for line in firm.demand.values()}
    for name, segment in firm.segments.items():
        second = segment.second_channel
        if second is None or second not in firm.channels:
            continue
        for product in dict.fromkeys(
            line.product for line in firm.demand.values() if line.segment == name
        ):
            if (second, product) not in sold:
                yield Finding(
                    ("segments", name, "second_channel"),
                    f"channel {second} does not take orders in {product}",
                    value=repr(second),
                    hint=f"clients who switch cannot order {product}; add demand for it on "
                    f"{second}, if of 0 orders a day",
                    severity="warning",
                )


def priorities(firm: Firm) -> Iterator[Finding]:
    """Each priority class is named once."""
    yield from repeated(("priorities",), firm.priorities, "priority")
