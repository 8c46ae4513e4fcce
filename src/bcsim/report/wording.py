"""What a report says in a language: sentences from the catalogues, numbers, times and dates.

The catalogues are ``locale/en.yaml`` and ``locale/th.yaml``: the same keys, the same values
between braces. Thai dates are of the Buddhist era.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import yaml

from bcsim.units import NS_PER_S, format_duration, thai_date

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bcsim.model.fields import LocalText
    from bcsim.units import Lang

LOCALE: Final = Path(__file__).resolve().parent / "locale"
"""Folder of the catalogues."""

LANGUAGE_NAMES: Final[Mapping[Lang, str]] = MappingProxyType({"en": "English", "th": "ไทย"})
"""Every language of a report, with its own name."""

_THAI_LETTERS: Final = frozenset(map(chr, range(0x0E01, 0x0E4F)))
"""Thai writes no space between words; a number or a Latin word has one before it."""

NO_BREAK: Final = "\N{NO-BREAK SPACE}"
"""Between a number and its unit."""

_BEFORE_UNIT: Final = re.compile(r"(?<=\d) (?=[^\W\d])")

_ONE: Final = ".one"
_LOW_SHARE: Final = 0.1
"""Shares below it are written with a decimal."""


@cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """All texts of a language by their dotted keys."""
    # NOTE: the base loader reads every scalar as text; the others would make booleans of `no`.
    text = (LOCALE / f"{lang}.yaml").read_text(encoding="utf-8")
    return MappingProxyType(dict(_flat(yaml.load(text, yaml.BaseLoader), "")))  # noqa: S506


def _flat(node: Mapping[str, object] | str, prefix: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, str):
        yield prefix, node
        return
    for key, below in node.items():
        assert isinstance(below, dict | str), f"{prefix}.{key} is a text or a mapping"
        yield from _flat(below, f"{prefix}.{key}" if prefix else key)


@dataclass(frozen=True, slots=True)
class Words:
    """One language, and the wall clock of time 0 of the run that is told about."""

    lang: Lang
    start: datetime.datetime

    # -- sentences -------------------------------------------------------------------------------

    def say(self, key: str, **values: object) -> str:
        """Fill a text of the catalogue; integers are written as numbers.

        Where ``count`` is 1 and the catalogue has ``KEY.one``, that text is used.
        """
        texts = catalogue(self.lang)
        if values.get("count") == 1:
            key = key + _ONE if key + _ONE in texts else key
        text = texts[key].format_map(
            {name: self.number(v) if isinstance(v, int) else v for name, v in values.items()}
        )
        return _BEFORE_UNIT.sub(NO_BREAK, text) if self.lang == "th" else text

    def knows(self, key: str) -> bool:
        """Whether the catalogue has a text."""
        return key in catalogue(self.lang)

    def name(self, text: LocalText) -> str:
        """A name of the model in this language."""
        return text.in_(self.lang)

    def listing(self, items: Sequence[str]) -> str:
        """Join parts as a sentence does: ``a, b and c``."""
        *head, last = items
        if not head:
            return last
        if self.lang == "th":
            return f"{' '.join(head)} และ{'' if last[0] in _THAI_LETTERS else ' '}{last}"
        return f"{', '.join(head)} and {last}"

    # -- quantities ------------------------------------------------------------------------------

    def number(self, count: int) -> str:
        """Write a count: ``12,345``."""
        return f"{count:,}"

    def share(self, part: int, whole: int) -> str:
        """Write a part of a whole in percent; only nothing is 0 % and only all is 100 %."""
        if not whole:
            return "–"
        return self.percent(part / whole)

    def percent(self, ratio: float) -> str:
        """Write a ratio in percent: ``34 %``, ``0.7 %``, ``< 0.1 %``."""
        if 0 < ratio < 0.001:  # noqa: PLR2004 - a tenth of a percent
            return f"<{NO_BREAK}0.1{NO_BREAK}%"
        if 0.999 < ratio < 1:  # noqa: PLR2004
            return f">{NO_BREAK}99.9{NO_BREAK}%"
        has_decimal = ratio not in {0, 1} and (ratio < _LOW_SHARE or ratio > 1 - _LOW_SHARE)
        text = f"{100 * ratio:.{1 if has_decimal else 0}f}"
        return f"{text.removesuffix('.0')}{NO_BREAK}%"

    def duration(self, duration_ns: int) -> str:
        """Write a duration for people, to the second from a second on."""
        if duration_ns >= NS_PER_S:
            duration_ns = (duration_ns + NS_PER_S // 2) // NS_PER_S * NS_PER_S
        return _BEFORE_UNIT.sub(NO_BREAK, format_duration(duration_ns, self.lang))

    def seconds(self, duration_s: float) -> str:
        """Write a duration that a document gives in seconds."""
        return self.duration(round(duration_s * NS_PER_S))

    # -- times -----------------------------------------------------------------------------------

    def wall(self, time_ns: int) -> datetime.datetime:
        """Wall clock of a time, to the second, in the firm's time zone."""
        seconds = (time_ns + NS_PER_S // 2) // NS_PER_S
        return self.start + datetime.timedelta(seconds=seconds)

    def clock(self, time_ns: int) -> str:
        """Write the time of day: ``10:05``, with seconds only where there are any.

        From the second day on the number of days is added: ``09:30 +1 d``.
        """
        wall = self.wall(time_ns)
        text = f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"
        days = (wall.date() - self.start.date()).days
        return text if not days else f"{text} {days:+d} {'วัน' if self.lang == 'th' else 'd'}"

    def date(self, time_ns: int = 0) -> str:
        """Write the date: ``23 November 2026``, ``23 พฤศจิกายน พ.ศ. 2569``."""
        day = self.wall(time_ns).date()
        if self.lang == "th":
            return thai_date(day)
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


# Not strftime: its names depend on the machine's locale.
_MONTHS: Final = (
    "January February March April May June July August September October November December"
).split()
