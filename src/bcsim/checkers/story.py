"""One subject's events, and how a sentence refers to them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.arrays import NEVER
from bcsim.checkers.phrases import PHRASES
from bcsim.checkers.record import CLIENT
from bcsim.history.matching import BUSINESS_KEY
from bcsim.history.schema import NULL
from bcsim.units import NS_PER_MS, NS_PER_S, NS_PER_US

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Ints
    from bcsim.checkers.facts import Facts
    from bcsim.checkers.record import Record
    from bcsim.units import Lang


@dataclass(frozen=True, eq=False)
class Story:
    """The events of one subject in a language; collects those that a sentence named."""

    facts: Facts
    subject: int
    lang: Lang = "en"

    @property
    def record(self) -> Record:
        """The history in order of time."""
        return self.facts.record

    @cached_property
    def rows(self) -> Ints:
        """Positions of the subject's events, ascending."""
        return np.flatnonzero(self.facts.subjects.of_row == self.subject).astype(np.int64)

    @cached_property
    def named(self) -> list[int]:
        """Positions of the events that were named so far."""
        return []

    def of(self, *kinds: str) -> Ints:
        """The subject's events of some kinds."""
        return self.rows[self.record.has_text("kind", self.rows, *kinds)]

    def told(self, *kinds: str) -> Ints:
        """The subject's events of some kinds that the client saw."""
        rows = self.of(*kinds)
        return rows[self.record.at(CLIENT, rows)]

    @cached_property
    def executions(self) -> Ints:
        """Indices of the subject's executions that count, by time."""
        executions = self.facts.executions
        mine = np.flatnonzero((executions.subject == self.subject) & executions.counts)
        return mine[np.argsort(executions.row[mine], kind="stable")].astype(np.int64)

    # -- phrases -----------------------------------------------------------------------------

    def say(self, key: str, /, **values: object) -> str:
        """Fill a template of the language."""
        return PHRASES[self.lang][key].format(**values)

    @property
    def name(self) -> str:
        """Name and wish: ``I-17 (buy 100 ABC, app)``."""
        size = "amount" if self.facts.wishes.is_by_amount[self.subject] else "qty"
        side, *rest = (self._wished(name) for name in ("side", size, "instrument"))
        wish = [self.word("side", side), *rest]
        terms = " ".join(text for text in wish if text)
        matched = self._wished("ref") == BUSINESS_KEY
        likeness = self.say("matched", key=BUSINESS_KEY) if matched else ""
        parts = [text for text in (terms, self._wished("channel"), likeness) if text]
        name = str(self.facts.subjects.names[self.subject])
        return f"{name} ({', '.join(parts)})" if parts else name

    def _wished(self, column: str) -> str:
        row = int(self.facts.wishes.row[self.subject])
        return "" if row == NEVER else self.value(column, row)

    def value(self, column: str, row: int) -> str:
        """A cell as text; empty if null."""
        cell = self.record.history.columns.cell(column, row)
        if column in {"qty", "amount"} and isinstance(cell, int):
            profile = self.record.profile
            scale = profile.qty_scale if column == "qty" else profile.amount_scale
            return in_units(cell, scale)
        return "" if cell is None else str(cell)

    def size(self, count: int) -> str:
        """A quantity or amount of the subject as people write it, not in minor units."""
        profile = self.record.profile
        by_amount = bool(self.facts.wishes.is_by_amount[self.subject])
        return in_units(count, profile.amount_scale if by_amount else profile.qty_scale)

    def event(self, row: int) -> str:
        """An event by what happened, time, sequence and vantage; remembers that it was named."""
        self.named.append(row)
        return self.say("event", what=self.verb(row), when=self.at(row))

    def verb(self, row: int) -> str:
        """What happened, as a verb."""
        return self.word("verb", self.value("kind", row))

    def word(self, family: str, text: str) -> str:
        """A word of the logs in the language, or itself where there is none."""
        return PHRASES[self.lang].get(f"{family}.{text}", text)

    def at(self, row: int) -> str:
        """``at 10:03:01.250 (seq 812, client)``."""
        seq = int(self.record.integer("seq")[row])
        when = self.clock(int(self.record.time_ns[row]))
        return self.say("at", time=when, seq=seq, vantage=self.value("vantage", row))

    def events(self, rows: Ints, most: int = 3) -> str:
        """Several events, the first few of them, joined by "and"; how many, if not all."""
        texts: list[str] = []
        verb = ""
        for row in rows[:most]:
            verb, before = self.verb(int(row)), verb
            texts.append(self.event(int(row)).removeprefix(f"{before} " if before else ""))
        rest = len(rows) - len(texts)
        more = [self.say("more", rest=rest, count=len(rows))] if rest else []
        return self.say("and").join([*texts, *more])

    @property
    def last_trace(self) -> str:
        """The last event of all, but for what a reader says about the end of its logs."""
        told = self.rows[~self.record.has_text("kind", self.rows, "action")]
        row = int((told if len(told) else self.rows)[-1])
        self.named.append(row)
        return self.say("last trace", kind=self.value("kind", row), at=self.at(row))

    @property
    def end(self) -> str:
        """End of what is judged."""
        return self.clock(self.record.end_ns)

    def clock(self, time_ns: int) -> str:
        """A time for people, to the nanosecond only where it has any."""
        return self.say("unknown time") if time_ns == NULL else clock(self.record, time_ns)


def in_units(count: int, scale: int) -> str:
    """Minor units as a decimal number, digit by digit, without zeros at the end."""
    if not scale:
        return str(count)
    whole, rest = divmod(abs(count), 10**scale)
    fraction = f"{rest:0{scale}d}".rstrip("0")
    text = f"{whole}.{fraction}" if fraction else str(whole)
    return f"-{text}" if count < 0 else text


def clock(record: Record, time_ns: int) -> str:
    """Wall clock of ``time_ns`` where the profile tells the start, else hours since then."""
    if time_ns == NULL:
        return "an unknown time"
    start = _start(record)
    if start is not None:
        time_ns += start.microsecond * NS_PER_US
    whole_s, rest_ns = divmod(time_ns, NS_PER_S)
    digits = f".{rest_ns:09d}" if rest_ns % NS_PER_MS else f".{rest_ns // NS_PER_MS:03d}"
    if start is not None:
        then = start.replace(microsecond=0) + datetime.timedelta(seconds=whole_s)
        return f"{then:%Y-%m-%d %H:%M:%S}{digits}"
    minutes, seconds = divmod(whole_s, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{seconds:02d}{digits}"


def _start(record: Record) -> datetime.datetime | None:
    """Wall clock of time 0, if the profile states it in a form that can be read."""
    stated = record.profile.start
    if stated is None:
        return None
    try:
        return datetime.datetime.fromisoformat(stated)
    except ValueError:
        return None
