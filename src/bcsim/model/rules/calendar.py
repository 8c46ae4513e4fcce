"""Rules for the firm's calendar."""

from __future__ import annotations

import zoneinfo
from typing import TYPE_CHECKING

from bcsim.model.finding import dangling

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.finding import Finding
    from bcsim.model.firm import Firm


def time_zone(firm: Firm) -> Iterator[Finding]:
    """The time zone is one of the IANA database."""
    zones = zoneinfo.available_timezones()
    yield from dangling(("calendar", "time_zone"), firm.calendar.time_zone, "time zone", zones)
