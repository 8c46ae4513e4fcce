"""What the operator may say about FIX logs that the logs do not say themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

SKIP: Final = "skip"
FAIL: Final = "fail"


@dataclass(frozen=True, slots=True)
class FixOptions:
    """How FIX logs are to be understood; the defaults infer everything from the logs.

    Parameters
    ----------
    vantages
        Vantage point by file name or by comp id. Without it, whoever only sends orders is the
        ``client``, whoever only answers them the ``venue``, whoever does both a ``gateway``.
    own_comp_ids
        Comp ids at whose end logs were written, where a file does not show it.
    on_damage
        ``skip`` leaves out messages with a wrong checksum or length and counts them; ``fail``
        refuses the file.
    settle_ns
        How long before the end of the logs an order may have moved and still be judged as if
        nothing more would come, nanoseconds; without it, the longest heartbeat of the sessions.
    links_legs
        Whether the OrderID that reports on two orders share makes them legs of one.
    """

    vantages: Mapping[str, str] = field(default_factory=dict)
    own_comp_ids: tuple[str, ...] = ()
    on_damage: str = SKIP
    settle_ns: int | None = None
    links_legs: bool = False

    def __post_init__(self) -> None:
        assert self.on_damage in {SKIP, FAIL}, f"on_damage={self.on_damage!r}"
        assert self.settle_ns is None or self.settle_ns >= 0, f"settle_ns={self.settle_ns}"
