"""Replication: up to which instant the standby knows what the first instance knows."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(slots=True)
class Replication:
    """The last replicated instant never goes back.

    Parameters
    ----------
    lag_ns
        How far the standby is behind; ``None`` while replication is cut or the first instance
        does not work, so that the last replicated instant stands still.
    floor_ns
        The last replicated instant when the lag last changed.
    """

    lag_ns: int | None
    floor_ns: int = 0

    def until_ns(self, now_ns: int) -> int:
        """The last replicated instant."""
        if self.lag_ns is None:
            return self.floor_ns
        return max(self.floor_ns, now_ns - self.lag_ns)

    def change(self, now_ns: int, lag_ns: int | None) -> bool:
        """Go on with another lag; whether it is another one."""
        if lag_ns == self.lag_ns:
            return False
        self.floor_ns = self.until_ns(now_ns)
        self.lag_ns = lag_ns
        return True

    def restart(self, now_ns: int) -> None:
        """Both instances know the same now: after a fail-back, or when a split is healed."""
        self.floor_ns = now_ns
