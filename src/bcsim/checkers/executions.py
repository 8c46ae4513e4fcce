"""Which executions really took place: distinct ones, however often they were reported.

An execution is known by its ``exec_id``. Of instruments that the venue executes, the venue's
word counts where it was watched; otherwise whatever any other vantage point reports; and where
nobody who executes was watched, what the ledger booked or the client was told. The same id seen
again, at the same or another vantage point, is a retransmission. A bust takes an execution
away, a correction changes its terms.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from bcsim.checkers.answers import EXECUTED_KINDS
from bcsim.checkers.arrays import (
    NEVER,
    any_of,
    counts_of,
    first_positions,
    happened,
    last_positions,
    paired,
    pick,
)
from bcsim.checkers.record import CLIENT, VENUE
from bcsim.history.schema import NULL, NULL_CODE, Kind

if TYPE_CHECKING:
    from bcsim.checkers.arrays import Bools, Ints
    from bcsim.checkers.case import Case
    from bcsim.checkers.record import Record
    from bcsim.checkers.subjects import Subjects


@dataclass(frozen=True, eq=False)
class Executions:
    """Distinct executions, arrays of ``(executions,)``; a *trade* is all legs of one exec_id.

    Parameters
    ----------
    row, correction
        The row that speaks for the execution, the venue's if there is one; and the last that
        corrects its terms.
    subject, order, leg, trade
        Whose it is; ``leg`` is -1 where the step has only one effect.
    counts
        Whether it took place and still stands.
    is_busted
        Whether it took place and was taken back.
    size
        Quantity, or amount where the wish is in money; after corrections.
    trade_of_row
        Trade of each row of the record that names an execution, -1 for the others.
    reports
        Positions of every execution report, retransmissions included.
    """

    record: Record
    row: Ints
    correction: Ints
    subject: Ints
    order: Ints
    leg: Ints
    trade: Ints
    counts: Bools
    is_busted: Bools
    size: Ints
    trade_of_row: Ints
    trade_count: int
    reports: Ints

    def integer(self, name: str) -> Ints:
        """An integer term as executed, after corrections, null if not reported."""
        column = self.record.integer(name)
        corrected = pick(column, self.correction, NULL)
        return np.where(corrected == NULL, column[self.row], corrected)

    def codes(self, name: str) -> Ints:
        """Code of a text term as executed, after corrections, -1 if not reported."""
        column = self.record.codes(name)
        corrected = pick(column, self.correction, NULL_CODE)
        return np.where(corrected == NULL_CODE, column[self.row], corrected)

    @cached_property
    def time_ns(self) -> Ints:
        """When each execution took place, as far as reported."""
        return self.record.time_ns[self.row]

    @cached_property
    def trade_counts(self) -> Bools:
        """Whether any leg of each trade counts, ``(trades,)``."""
        return any_of(self.trade_count, self.trade, self.counts)

    def first_rows(self, count: int, owner: Ints) -> Ints:
        """Position of the first execution that counts of each owner, ``(count,)``."""
        counting = np.flatnonzero(self.counts)
        counting = counting[np.argsort(self.row[counting], kind="stable")]
        return first_positions(count, owner[counting], self.row[counting])

    def trades_first(self, rows: Ints) -> Ints:
        """First of ``rows`` that names each trade, ``(trades,)``."""
        rows = rows[self.trade_of_row[rows] != NEVER]
        return first_positions(self.trade_count, self.trade_of_row[rows], rows)

    def trades_last(self, rows: Ints) -> Ints:
        """Last of ``rows`` that names each trade, ``(trades,)``."""
        rows = rows[self.trade_of_row[rows] != NEVER]
        return last_positions(self.trade_count, self.trade_of_row[rows], rows)


def executions_of(case: Case) -> Executions:
    """Gather the reports of the record into distinct executions."""
    record, subjects = case.record, case.subjects
    reports = _about_subjects(record.rows(Kind.EXECUTE), subjects)
    trade_of_row, trade_count = _trades(record, subjects, reports)
    witnesses = np.concatenate(
        [
            _naming(record.told(*EXECUTED_KINDS), trade_of_row),
            _naming(record.rows(Kind.BOOK), trade_of_row),
        ]
    )
    trade, leg, row, is_reported = _legs(record, trade_of_row, trade_count, reports, witnesses)
    subject = subjects.of_row[row]
    took_place = _took_place(case, subject, row, is_reported)
    is_busted = took_place & _busted(record, trade_of_row, trade_count)[trade]
    corrections = _naming(record.in_firm(Kind.CORRECT), trade_of_row)
    correction = last_positions(trade_count, trade_of_row[corrections], corrections)[trade]
    return Executions(
        record=record,
        row=row,
        correction=correction,
        subject=subject,
        order=subjects.order_of_row[row],
        leg=leg,
        trade=trade,
        counts=took_place & ~is_busted,
        is_busted=is_busted,
        size=_sizes(case, row, subject, correction),
        trade_of_row=trade_of_row,
        trade_count=trade_count,
        reports=reports,
    )


def _about_subjects(rows: Ints, subjects: Subjects) -> Ints:
    about: Ints = rows[subjects.of_row[rows] != NEVER]
    return about


def _naming(rows: Ints, trade_of_row: Ints) -> Ints:
    naming: Ints = rows[trade_of_row[rows] != NEVER]
    return naming


def _trades(record: Record, subjects: Subjects, reports: Ints) -> tuple[Ints, int]:
    """Trade of each row: equal exactly for rows of one subject that name one execution."""
    kinds = (Kind.CONFIRM, Kind.BOOK, Kind.SETTLE, Kind.BUST, Kind.CORRECT)
    others = _about_subjects(record.rows(*kinds), subjects)
    others = others[record.exec_codes[others] >= 0]
    rows = np.concatenate((reports, others))
    codes = np.concatenate((_exec_codes(record, subjects, reports), record.exec_codes[others]))
    distinct, trade = np.unique(paired(subjects.of_row[rows], codes), return_inverse=True)
    trade_of_row = np.full(len(record), NEVER, dtype=np.int64)
    trade_of_row[rows] = trade
    return trade_of_row, len(distinct)


def _exec_codes(record: Record, subjects: Subjects, reports: Ints) -> Ints:
    """Execution codes of ``reports``; a nameless one is the n-th of its subject and vantage."""
    codes = record.exec_codes[reports].copy()
    nameless = np.flatnonzero(codes == NULL_CODE)
    if len(nameless):
        rows = reports[nameless]
        key = paired(subjects.of_row[rows], record.codes("vantage")[rows])
        order = np.argsort(key, kind="stable")
        ordinal = np.arange(len(rows)) - np.searchsorted(key[order], key[order], side="left")
        codes[nameless[order]] = len(record.text("exec_id").names) + ordinal
    return codes


def _legs(
    record: Record, trade_of_row: Ints, trade_count: int, reports: Ints, witnesses: Ints
) -> tuple[Ints, Ints, Ints, Bools]:
    """Trade, leg and speaking row of each execution, and whether anybody reported it.

    A trade that nobody reported, but which somebody booked or confirmed, has one leg.
    """
    leg = np.where(record.integer("leg")[reports] == NULL, NEVER, record.integer("leg")[reports])
    distinct, group = np.unique(paired(trade_of_row[reports], leg + 1), return_inverse=True)
    first = first_positions(len(distinct), group, np.arange(len(reports)))
    speaking = first.copy()
    at_venue = np.flatnonzero(record.at(VENUE, reports))
    heard = first_positions(len(distinct), group[at_venue], at_venue)
    speaking = np.where(happened(heard), heard, speaking)
    reported = np.zeros(trade_count, dtype=np.bool_)
    reported[trade_of_row[reports]] = True
    silent = np.sort(witnesses[~reported[trade_of_row[witnesses]]])
    witness = first_positions(trade_count, trade_of_row[silent], silent)
    only = np.flatnonzero(happened(witness))
    return (
        np.concatenate((trade_of_row[reports[first]], only)),
        np.concatenate((leg[first], np.full(len(only), NEVER, dtype=np.int64))),
        np.concatenate((reports[speaking], witness[only])),
        np.concatenate((np.ones(len(first), dtype=np.bool_), np.zeros(len(only), dtype=np.bool_))),
    )


def _took_place(case: Case, subject: Ints, row: Ints, is_reported: Bools) -> Bools:
    """Believe the venue where it was watched, then anyone who executes, then the others."""
    record = case.record
    since_ns, when_ns = case.wishes.start_ns[subject], record.time_ns[row]
    shown = record.shows(Kind.EXECUTE)
    venue_knows = record.watch.covers(VENUE, since_ns, when_ns) & shown
    venue_knows &= _is_venues_business(case, subject, row)
    someone_knows = record.watch.any_covers(record.executing, since_ns, when_ns) & shown
    return np.where(is_reported, record.at(VENUE, row) | ~venue_knows, ~someone_knows)


def _is_venues_business(case: Case, subject: Ints, row: Ints) -> Bools:
    """Whether the venue executes the instrument at all: it knows nothing of a payment."""
    instrument, column = case.record.codes("instrument"), case.record.text("instrument")
    traded = column.codes_of(list(case.record.whole.traded))
    is_traded = np.zeros(len(column.names) + 1, dtype=np.bool_)
    is_traded[traded[traded >= NULL_CODE]] = True  # code -1, no instrument, is the last
    wished = case.wishes.codes("instrument")[subject]
    business: Bools = is_traded[np.where(wished == NULL_CODE, instrument[row], wished)]
    return business


def _busted(record: Record, trade_of_row: Ints, trade_count: int) -> Bools:
    """Trades that were taken back where they had been executed, ``(trades,)``.

    A bust at a vantage point that only books takes back an entry, not the execution. The
    client's word counts only for trades that no one in the firm takes back or executes.
    """
    executing = set(record.vantages_of(Kind.EXECUTE))
    only_booking = set(record.vantages_of(Kind.BOOK)) - executing
    rows = _naming(record.in_firm(Kind.BUST), trade_of_row)
    for vantage in only_booking:
        rows = rows[~record.at(vantage, rows)]
    if not executing - {CLIENT}:
        rows = np.concatenate((rows, _naming(record.told(Kind.BUST), trade_of_row)))
    return counts_of(trade_count, trade_of_row[rows]) > 0


def _sizes(case: Case, row: Ints, subject: Ints, correction: Ints) -> Ints:
    """Quantity or amount of each execution; one that reports none is of the whole wish."""
    record, wishes = case.record, case.wishes
    size = np.full(len(row), NULL, dtype=np.int64)
    for source in (row, correction):
        stated = np.where(
            wishes.is_by_amount[subject],
            pick(record.integer("amount"), source, NULL),
            pick(record.integer("qty"), source, NULL),
        )
        size = np.where(stated == NULL, size, stated)
    size = np.where(size == NULL, wishes.size[subject], size)
    return np.where(size == NULL, 1, size)
