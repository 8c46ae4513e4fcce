"""Office clocks: when the people who handle complaints work, on the run's clock.

A day has 24 hours: the aftermath knows no change of clocks.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bcsim.model.complaint import Weekday
from bcsim.units import NS_PER_DAY

if TYPE_CHECKING:
    from bcsim.model.complaint import OfficeHours


@dataclass(frozen=True, slots=True)
class OfficeClock:
    """Office hours of a run whose first day is ``first_day`` and began at ``midnight_ns``."""

    hours: OfficeHours
    first_day: datetime.date
    midnight_ns: int

    def opening(self, time_ns: int) -> int:
        """Earliest time from ``time_ns`` on at which people work."""
        day = (time_ns - self.midnight_ns) // NS_PER_DAY
        while True:
            begin_ns = self.midnight_ns + day * NS_PER_DAY
            if self._is_working_day(day) and time_ns < begin_ns + self.hours.close:
                return max(time_ns, begin_ns + self.hours.open)
            day += 1

    def is_open(self, time_ns: int) -> bool:
        """Whether people work."""
        return self.opening(time_ns) == time_ns

    def after_work(self, time_ns: int, work_ns: int) -> int:
        """When work that begins now is done; it rests while nobody works."""
        now_ns = self.opening(time_ns)
        while True:
            closing_ns = self.closing(now_ns)
            if work_ns <= closing_ns - now_ns:
                return now_ns + work_ns
            work_ns -= closing_ns - now_ns
            now_ns = self.opening(closing_ns)

    def closing(self, time_ns: int) -> int:
        """End of the office hours of the day of ``time_ns``, which may lie before it."""
        day = (time_ns - self.midnight_ns) // NS_PER_DAY
        return self.midnight_ns + day * NS_PER_DAY + self.hours.close

    def _is_working_day(self, day: int) -> bool:
        date = self.first_day + datetime.timedelta(days=day)
        weekday = tuple(Weekday)[date.weekday()]
        return weekday in self.hours.days and date not in self.hours.holidays
