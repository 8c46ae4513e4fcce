"""Events: single rows of a history, as the measures of people and plan read them."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from bcsim.history.history import History

Event: TypeAlias = "Mapping[str, int | str | None]"


def events_about(history: History, kind: str, subjects: Collection[str]) -> list[Event]:
    """Events of a kind about one of some subjects; of the other events none is looked at."""
    wanted = history.is_kind(kind) & history.columns.text("subject").is_in(*subjects)
    return list(history.columns.take(wanted).events())


def time_of(event: Event) -> int:
    """When an event happened, ns on the history's clock."""
    time_ns = event["time_ns"]
    assert isinstance(time_ns, int), "a time is never null"
    return time_ns


def place_of(event: Event) -> tuple[int, int]:
    """Time and number of an event; later events have greater places."""
    seq = event["seq"]
    assert isinstance(seq, int), "a number is never null"
    return time_of(event), seq
