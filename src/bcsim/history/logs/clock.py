"""The clock of logs: nanoseconds since 1970 in UTC, so that any two logs count from one moment.

A history of a simulation counts from the start of its scenario. Logs of one drill come from
several systems, none of which knows when the others began: all their readers count from here,
and :func:`log_profile` says so.
"""

from __future__ import annotations

from typing import Any, Final

from bcsim.history.profile import LIVE_TEST_LOG, Profile

START: Final = "1970-01-01T00:00:00+00:00"
"""``start`` of the profile of every log that was read."""

TIME_ZONE: Final = "UTC"
"""``time_zone`` of the profile of every log that was read."""


def log_profile(**stated: Any) -> Profile:  # noqa: ANN401 - the fields of Profile
    """Make a profile of a real log on this clock; ``stated`` are further fields of Profile."""
    return Profile(kind=LIVE_TEST_LOG, start=START, time_zone=TIME_ZONE, **stated)
