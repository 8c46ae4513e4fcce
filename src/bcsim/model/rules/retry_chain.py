"""How long one round of attempts at a step can take."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Final

from bcsim.limits import TIME_NS_MAX

if TYPE_CHECKING:
    from bcsim.model.journey import Retry, Step

_DOUBLINGS_MAX: Final = 62
"""Beyond this a doubled nanosecond is later than any time that bcsim counts."""


def retry_chain_ns(step: Step) -> int:
    """Longest time from the first request of a step to the end of its last attempt.

    The sum of all timeouts and of all waits min(cap, backoff · 2^(n−1)), each stretched by the
    largest jitter; without a timeout attempts have no end of their own and only waits count.

    Returns
    -------
    int
        Nanoseconds, at most ``TIME_NS_MAX``.
    """
    timeout_ns = step.timeout or 0
    if step.retry is None:
        return timeout_ns
    retry = step.retry
    waits_ns = sum(_wait_ns(retry, turn) for turn in range(1, retry.limit + 1))
    stretched_ns = waits_ns * (1 + Fraction(str(retry.jitter)))
    return min(TIME_NS_MAX, (retry.limit + 1) * timeout_ns + int(stretched_ns))


def _wait_ns(retry: Retry, turn: int) -> int:
    wait_ns = retry.backoff << min(turn - 1, _DOUBLINGS_MAX)
    return wait_ns if retry.cap is None else min(wait_ns, retry.cap)
