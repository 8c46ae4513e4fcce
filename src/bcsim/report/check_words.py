"""Words for a check of logs: events, vantage points and times as the log's clock shows them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bcsim.report.remarks import in_thai
from bcsim.report.wording import Words
from bcsim.units import NS_PER_MS, NS_PER_S

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bcsim.checkers.whole import Whole
    from bcsim.history.profile import Profile
    from bcsim.units import Lang

_NO_CLOCK = datetime.datetime(2000, 1, 1)  # noqa: DTZ001 - stands for a clock that nobody knows


@dataclass(frozen=True, slots=True)
class CheckWords:
    """A language, and the clock of the record that was judged.

    Parameters
    ----------
    words
        The language; its clock starts at midnight of the record's first day.
    profile
        What the history says about itself.
    first_ns
        That midnight as a time of the history.
    is_dated
        Whether the record says what wall clock its times are on.
    """

    words: Words
    profile: Profile
    first_ns: int
    is_dated: bool

    def say(self, key: str, **values: object) -> str:
        """Fill a text of the catalogue."""
        return self.words.say(key, **values)

    def remark(self, text: str) -> str:
        """What a reader or checker says, in the language as far as the catalogue knows it."""
        return in_thai(text) if self.words.lang == "th" else text

    def moment(self, time_ns: int) -> str:
        """A time of day to the millisecond, and the day where it is not the first."""
        since_ns = time_ns - self.first_ns
        wall = self.words.start + datetime.timedelta(seconds=since_ns // NS_PER_S)
        text = f"{wall:%H:%M:%S}.{since_ns % NS_PER_S // NS_PER_MS:03d}"
        days = (wall.date() - self.words.start.date()).days
        return text if not days else f"{text} {days:+d} {'วัน' if self.words.lang == 'th' else 'd'}"

    def clock(self, time_ns: int) -> str:
        """A time of day to the second."""
        return self.words.clock(time_ns - self.first_ns)

    def date(self) -> str:
        """The record's first day."""
        return self.words.date()

    def vantage(self, name: str) -> str:
        """A vantage point; one that the catalogue does not know stands for itself."""
        key = f"check.vantage.{name}"
        return self.say(key) if self.words.knows(key) else name

    def event(self, event: Mapping[str, int | str | None]) -> str:
        """What happened, with how much of what and at which price, as far as the event says."""
        kind = str(event["kind"])
        key = f"check.kind.{kind}"
        said = self.say(key) if self.words.knows(key) else kind
        size = self._decimal(event, "qty") or self._decimal(event, "amount")
        price = self._decimal(event, "price")
        parts = [said, size, event["instrument"] if size else "", f"@ {price}" if price else ""]
        if kind in {"reject", "cancel", "cancel_reject", "expire", "orphan", "notify"}:
            parts.append(event["reason"] or "")
        return " ".join(str(part) for part in parts if part)

    def _decimal(self, event: Mapping[str, int | str | None], name: str) -> str:
        value = event[name]
        if not isinstance(value, int):
            return ""
        scale: int = getattr(self.profile, f"{name}_scale")
        return f"{Decimal(value).scaleb(-scale):,f}"


def check_words(lang: Lang, record: Whole) -> CheckWords:
    """Words in a language on the clock of a record."""
    start = _start(record.profile)
    begin = (start or _NO_CLOCK) + datetime.timedelta(seconds=record.begin_ns // NS_PER_S)
    midnight = begin.replace(hour=0, minute=0, second=0, microsecond=0)
    since_s = round((midnight - (start or _NO_CLOCK)).total_seconds())
    words = Words(lang, midnight)
    return CheckWords(words, record.profile, since_s * NS_PER_S, start is not None)


def _start(profile: Profile) -> datetime.datetime | None:
    try:
        return datetime.datetime.fromisoformat(profile.start or "")
    except ValueError:
        return None
