"""Goal: logs cover what their first message was sent with, and no more than that."""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.history.fix.coverage import first_ns
from bcsim.history.fix.messages import Messages
from bcsim.history.schema import NULL

LOGGED = 40_680_268_000
MS = 1_000_000


@pytest.mark.parametrize(
    ("sending", "first"),
    [
        (40_680_000_000, 40_680_000_000),  # the same millisecond
        (40_000_000_000, 40_000_000_000),  # the same second, as FIX 4.2 states it
        (LOGGED + MS, LOGGED),  # a sender whose clock is ahead
        (LOGGED - 3_600_000 * MS, LOGGED),  # one whose clock is an hour behind
        (NULL, LOGGED),
    ],
)
def test_the_first_message_is_dated_by_when_it_was_sent(sending, first):
    """Goal: stores date by SendingTime. Method: first messages with several of them."""
    times = np.array([LOGGED + 5 * MS, LOGGED, LOGGED + MS])
    traffic = Messages({"time_ns": times, "sending_ns": np.array([1, sending, 2])})
    assert first_ns(traffic) == first
