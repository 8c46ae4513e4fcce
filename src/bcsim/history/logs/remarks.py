"""What a real log shows that is odd and that no class or law names, in a sentence each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.profile import CANCEL_ON_DISCONNECT, DISCONNECT, LIVE_TEST_LOG
from bcsim.history.schema import NULL, NULL_CODE, Kind
from bcsim.history.variation import varies

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.divided import AnyHistory
    from bcsim.history.history import History

    Ints = NDArray[np.int64]

_SIDES: Final = ("buy", "sell", "sell short")
"""Sides of an order; those of an entry of money say nothing about it."""


def remarks(history: AnyHistory) -> tuple[str, ...]:
    """What is odd about a real log; verdicts say nothing of it.

    A cancellation that the client was told of is a definite end, and passes; one because the
    session broke is the checkers' affair. That nobody is seen to have asked for it is said all
    the same. And an execution is judged by the word of one vantage point, the venue's if it was
    watched: that another one, or the ledger, states other terms of it is said here.
    """
    if history.profile.kind != LIVE_TEST_LOG:
        return ()
    cancelled, disagreeing = 0, list[str]()
    for number in range(history.share_count):
        share = history.share(number)
        cancelled += _cancelled_unasked(share)
        disagreeing += _of_other_terms(share)
    if CANCEL_ON_DISCONNECT in history.profile.allows:
        cancelled = 0
    return (*_cancelled(cancelled), *_disagreeing(disagreeing))


def _cancelled(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    verb = "order was" if count == 1 else "orders were"
    return (f"{count:,} {verb} cancelled though no log shows that anybody asked",)


def _cancelled_unasked(history: History) -> int:
    orders = history.codes("order_id")
    broken = history.columns.text("cause").is_in(DISCONNECT)
    cancelled, asked = (
        np.unique(orders[rows & (orders >= 0)])
        for rows in (
            history.is_kind(Kind.CANCEL),
            history.is_kind(Kind.CANCEL_REQUEST) | (history.is_kind(Kind.CANCEL) & broken),
        )
    )
    return int(np.count_nonzero(~np.isin(cancelled, asked)))


def _disagreeing(found: list[str]) -> tuple[str, ...]:
    if not found:
        return ()
    said = "execution is stated with other terms at another vantage point, such as"
    if len(found) > 1:
        said = "executions are stated with other terms at another vantage point, such as"
    return (f"{len(found):,} {said} {min(found)}",)


def _of_other_terms(history: History) -> list[str]:
    """Ids of executions of which two vantage points state other terms; corrected ones are left out.

    A booking is compared by instrument and quantity, where it is the only one of its execution
    at its vantage point and of no leg: entries may be parts, or money.
    """
    columns, codes = history.columns, history.codes("exec_id")
    refs = columns.text("ref")
    corrected = {refs.decode(int(row)) for row in np.flatnonzero(history.is_kind(Kind.CORRECT))}
    executed = history.is_kind(Kind.EXECUTE)
    named = (codes >= 0) & (history.codes("order_id") >= 0)
    rows = np.flatnonzero(named & (executed | _only_bookings(history, named)))
    if len(np.unique(history.codes("vantage")[rows])) < 2:  # noqa: PLR2004 - two to compare
        return []
    group = _groups(history, rows, "order_id", "exec_id")
    differ = np.zeros(int(group.max()) + 1, dtype=np.bool_)
    side = columns.text("side")
    sides = np.where(side.is_in(*_SIDES), side.codes, NULL_CODE)
    for values, null, everywhere in (
        (columns.text("instrument").codes, NULL_CODE, True),
        (history.integer("qty"), NULL, True),
        (history.integer("price"), NULL, False),
        (sides, NULL_CODE, False),
        (columns.text("account").codes, NULL_CODE, False),
    ):
        stated = (values[rows] != null) & (everywhere | executed[rows])
        differ |= varies(group[stated], values[rows][stated], null, len(differ))
    first = np.unique(group, return_index=True)[1]
    names = [str(columns.text("exec_id").decode(int(rows[n]))) for n in first[differ]]
    return [name for name in dict.fromkeys(names) if name not in corrected]


def _only_bookings(history: History, named: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Bookings without a leg that are the only ones of their execution at their vantage point."""
    only = np.zeros(len(history), dtype=np.bool_)
    rows = np.flatnonzero(named & history.is_kind(Kind.BOOK))
    if len(rows):
        group = _groups(history, rows, "order_id", "exec_id", "vantage")
        only[rows] = (np.bincount(group)[group] == 1) & (history.integer("leg")[rows] == NULL)
    return only


def _groups(history: History, rows: Ints, *names: str) -> Ints:
    """Number of each row: equal where all columns of texts, and the leg, are."""
    group = np.unique(history.integer("leg")[rows], return_inverse=True)[1].astype(np.int64)
    for name in names:
        codes = history.codes(name)[rows].astype(np.int64)
        joint = group * (int(codes.max(initial=0)) + 1) + codes
        group = np.unique(joint, return_inverse=True)[1].astype(np.int64)
    return group
