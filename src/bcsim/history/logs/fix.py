"""FIX logs: raw messages of one or both ends, and what the engines' stores hold, as a history.

FIX 4.0 to 4.4 and 5.0 over FIXT 1.1. :func:`read_fix` is the table of contents of the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.errors import HistoryError, Problem
from bcsim.history.columns import HistoryColumns
from bcsim.history.columns import concatenate as joined_rows
from bcsim.history.fix import coverage, store
from bcsim.history.fix.arithmetic import contradictions_of
from bcsim.history.fix.chain import notes_on_shared_ids, orders_of
from bcsim.history.fix.clocks import clocks_of
from bcsim.history.fix.ends import UNKNOWN, End, ends_of, roles_of
from bcsim.history.fix.events import Seen, live_work, rows_of, scales_of
from bcsim.history.fix.framing import delimiter_of
from bcsim.history.fix.lifecycle import KINDS, life_of
from bcsim.history.fix.log_file import LogFile, read_log
from bcsim.history.fix.messages import ORDER, Dictionaries, Messages, concatenate
from bcsim.history.fix.options import FixOptions
from bcsim.history.fix.session import directions_of
from bcsim.history.fix.session_notes import notes_on_sessions
from bcsim.history.fix.transitions import notes_on_changes
from bcsim.history.history import History
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.reading import Reading
from bcsim.history.profile import HEAL, ClockError, Coverage
from bcsim.history.schema import NULL, NULL_CODE, Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bcsim.history.fix.coverage import Span
    from bcsim.history.fix.events import Scales
    from bcsim.history.fix.session import Gap

NO_DEADLINE: Final = "no-deadline"
"""Entry of ``allows``: FIX states no time by which an order must be done, so none is judged
unless intents or a profile state one."""


_SESSION: Final = (
    "type", "end", "seq", "poss_dup", "time_ns", "sending_ns", "is_own", "sender", "target"
)  # fmt: skip
"""What of a message's session matters for the order that it is about."""


def is_fix(beginning: bytes) -> bool:
    """Whether the first bytes of a file, unpacked, are those of a FIX log or message store."""
    return delimiter_of(beginning) is not None or store.looks_like_companion(beginning)


def read_fix(files: Sequence[Path], options: FixOptions | None = None) -> Reading:
    """Read all FIX logs and message stores of one drill together.

    Parameters
    ----------
    files
        Logs of any number of sessions and ends, whole or rotated, packed by gzip or not, and
        ``.body`` files of QuickFIX's message stores.

    Raises
    ------
    bcsim.errors.HistoryError
        If a file cannot be read, holds no FIX message, or is damaged and damage is refused.
    """
    options = options or FixOptions()
    dictionaries = Dictionaries()
    logs, stores, notes = _read_files(files, dictionaries, options)
    roles = roles_of([*logs, *stores])
    names = dictionaries["comp_id"].names
    ends, ends_notes = ends_of(logs, names, roles, options)
    places = tuple(dict.fromkeys(ends))
    notes += [note for file in (*logs, *stores) for note in file.notes]
    traffic, life = _drawn_together(logs or [_without_messages(stores[0])], places, ends)
    del logs  # all that is needed of them is in one table now, and they are large
    clocks = clocks_of(traffic, places, names)
    traffic = clocks.corrected(traffic)
    directions = directions_of(traffic, [file.traffic for file in stores])
    gaps = coverage.unknown_gaps(directions, roles)
    spans = _spans(traffic, gaps)
    seen = [_seen(traffic, life, dictionaries, tuple(end.vantage for end in places), gaps)]
    seen += [_stored(file, dictionaries) for file in stores]
    covered = coverage.coverage_of(places, spans, roles)
    columns, scales = _rows(seen, dictionaries, covered)
    notes += [
        "FIX states no deadlines: lateness is judged only if intents or a profile state them",
        *ends_notes,
        *clocks.notes,
        *notes_on_sessions(traffic, directions, places, names),
        *notes_on_shared_ids(seen[0].messages, seen[0].order),
        *notes_on_changes(seen[0].life, seen[0].messages, seen[0].order),
    ]
    return _reading(
        columns, scales, _Watched(traffic, spans, covered, clocks.errors(places)), notes, options
    )


def _read_files(
    files: Sequence[Path], dictionaries: Dictionaries, options: FixOptions
) -> tuple[list[LogFile], list[LogFile], list[str]]:
    """Decode all files: logs, stores, and notes on files that are empty, as engines leave some.

    What only belongs to a store holds no messages.
    """
    logs: list[LogFile] = []
    stores: list[LogFile] = []
    problems: list[Problem] = []
    notes: list[str] = []
    for path in files:
        if store.is_companion(path):
            continue
        if path.is_file() and not path.stat().st_size:
            notes.append(f"{path.name}: empty")
            continue
        is_body = store.is_body(path)
        try:
            file = read_log(path, dictionaries, options, is_store=is_body)
        except HistoryError as error:
            problems += error.problems
            continue
        (stores if is_body else logs).append(file)
    if not logs and not stores and not problems:
        message = "there is no FIX log among the files"
        problems.append(Problem(message, expected="a log of messages, or the .body of a store"))
    if problems:
        raise HistoryError(problems)
    return logs, stores, notes


def _without_messages(file: LogFile) -> LogFile:
    none = np.empty(0, dtype=np.intp)
    return replace(file, traffic=file.traffic.take(none), life=file.life.take(none))


def _drawn_together(
    logs: Sequence[LogFile], places: Sequence[End], ends: Sequence[End]
) -> tuple[Messages, Messages]:
    """Messages of all logs by end and time, with their end; and those about orders."""
    pieces, lives, begin = [], [], 0
    for log, end in zip(logs, ends or [End(UNKNOWN, "")], strict=True):
        own = log.traffic["sender"] == end.party
        number = places.index(end) if places else 0
        number_of = np.full(len(log.traffic), number, dtype=np.int64)
        pieces.append(Messages({**log.traffic.columns, "end": number_of, "is_own": own}))
        lives.append(Messages({**log.life.columns, "message": log.life["message"] + begin}))
        begin += len(log.traffic)
    traffic, life = concatenate(pieces), concatenate(lives)
    order = np.lexsort((traffic["time_ns"], traffic["end"]))
    if bool(np.all(order[1:] > order[:-1])):
        return traffic, life
    new_row = np.empty(len(order), dtype=np.int64)
    new_row[order] = np.arange(len(order))
    moved = new_row[life["message"]]
    life = Messages({**life.columns, "message": moved}).take(np.argsort(moved, kind="stable"))
    return traffic.take(order), life


def _spans(traffic: Messages, gaps: Mapping[int, Sequence[Gap]]) -> dict[int, Span]:
    """Time that the log of each end covers, given the unexplained gaps of each."""
    first_ns = coverage.first_ns(traffic) if len(traffic) else 0
    return {
        end: coverage.span_of(
            traffic.take(np.flatnonzero(traffic["end"] == end)), gaps.get(end, ()), first_ns
        )
        for end in np.unique(traffic["end"]).tolist()
    }


def _seen(
    traffic: Messages,
    life: Messages,
    dictionaries: Dictionaries,
    vantages: tuple[str, ...],
    gaps: Mapping[int, Sequence[Gap]],
) -> Seen:
    """What the logs show of orders."""
    rows = life["message"]
    session = {name: traffic[name][rows] for name in _SESSION}
    messages = Messages({**life.columns, **session})
    order = orders_of(messages, messages["type"], len(dictionaries["cl_ord_id"]))
    order = _through_rejects(messages, traffic, order)
    meaning = life_of(messages, messages["type"], messages["end"], order)
    wrong = contradictions_of(meaning, messages, order, gaps)
    return Seen(messages, meaning, order, messages["time_ns"], messages["end"], vantages, wrong)


def _stored(file: LogFile, dictionaries: Dictionaries) -> Seen:
    """What a message store shows: orders handed to the engine, and reports that it holds."""
    rows = file.life["message"]
    traffic = file.traffic
    session = {name: traffic[name][rows] for name in ("type", "poss_dup", "time_ns")}
    end = np.zeros(len(rows), dtype=np.int64)
    own = np.ones(len(rows), dtype=np.bool_)
    messages = Messages({**file.life.columns, **session, "end": end, "is_own": own})
    order = orders_of(messages, messages["type"], len(dictionaries["cl_ord_id"]))
    meaning = life_of(messages, messages["type"], end, order)
    routed = np.where(messages["type"] == ORDER, KINDS.index(Kind.ROUTE), meaning.kind)
    meaning = replace(meaning, kind=routed)
    return Seen(messages, meaning, order, messages["time_ns"], end, (Vantage.ENGINE_STORE.value,))


def _rows(
    seen: Sequence[Seen], dictionaries: Dictionaries, covered: Sequence[Coverage]
) -> tuple[HistoryColumns, Scales]:
    """Rows of the history, by time.

    Where nobody but the client's end was logged, the reports that it received are the venue's
    word: they count as executions seen by the firm's gateway as well as told to the client.
    """
    scales = scales_of(seen)
    watched = {span.vantage for span in covered}
    reported_at = Vantage.GATEWAY.value if watched == {Vantage.CLIENT.value} else None
    pieces = [rows_of(one, dictionaries, scales, reported_at) for one in seen if len(one.order)]
    if len(pieces) <= 1:
        return (*pieces, HistoryColumns({"time_ns": np.empty(0, dtype=np.int64)}))[0], scales
    rows = joined_rows(pieces)
    order = np.argsort(rows.integer("time_ns"), kind="stable")
    return rows.take(order), scales


@dataclass(frozen=True, eq=False)
class _Watched:
    """What the logs cover: their messages, the span of each end, and the vantage points."""

    traffic: Messages
    spans: dict[int, Span]
    covered: tuple[Coverage, ...]
    clock_errors: tuple[ClockError, ...]


def _numbered(watched: _Watched) -> tuple[str, ...]:
    """Kinds that cannot have gone missing: no log has a hole among the answers.

    Contradictions of what was read cannot go missing at all.
    """
    compared = (Kind.CONTRADICT.value,)
    if not watched.spans or any(len(span.pieces) > 1 for span in watched.spans.values()):
        return compared
    vantages = {span.vantage for span in watched.covered}
    kinds = [Kind.ACKNOWLEDGE, Kind.EXECUTE]
    kinds += [Kind.CONFIRM] if Vantage.CLIENT in vantages else []
    return (*(kind.value for kind in kinds), *compared)


def _reading(
    columns: HistoryColumns,
    scales: Scales,
    watched: _Watched,
    notes: Sequence[str],
    options: FixOptions,
) -> Reading:
    """Put rows, profile and notes together, and mark what the end of the logs cut off."""
    times = [watched.traffic["time_ns"], columns.integer("time_ns")]
    last_ns = max(int(time_ns.max()) for time_ns in times if len(time_ns))
    until_ns = coverage.judged_until_ns(watched.spans.values(), last_ns)
    settle_ns = options.settle_ns
    if settle_ns is None:
        settle_ns = coverage.settle_ns(watched.traffic)
    columns = live_work(columns, Vantage.GATEWAY.value, until_ns - settle_ns, last_ns)
    numbered = {name: columns[name] for name in columns if name != "seq"}
    history = HistoryColumns({**numbered, "seq": np.arange(columns.row_count)})
    entries = history.integer("time_ns")[history.text("kind").is_in(Kind.SUBMIT)]
    profile = log_profile(
        coverage=_with_gateway(watched.covered, history),
        allows=(NO_DEADLINE,),
        drain=HEAL,
        drain_from_ns=int(entries.max()) if len(entries) else None,
        drain_to_ns=until_ns,
        qty_scale=scales.qty,
        price_scale=scales.price,
        amount_scale=scales.amount,
        source="FIX logs",
        numbered_kinds=_numbered(watched),
        clock_errors=watched.clock_errors,
    )
    return Reading(History(history, profile), tuple(notes))


def _with_gateway(covered: tuple[Coverage, ...], history: HistoryColumns) -> tuple[Coverage, ...]:
    """Cover the gateway as the client's end, where it stands for what that end received."""
    if {span.vantage for span in covered} != {Vantage.CLIENT.value}:
        return covered
    del history
    return (*covered, *(replace(span, vantage=Vantage.GATEWAY.value) for span in covered))


def _through_rejects(
    messages: Messages, traffic: Messages, order: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Find the orders of rejects that name a message by its number only (RefSeqNum)."""
    lost = np.flatnonzero((order == NULL_CODE) & (messages["ref_seq"] != NULL))
    if not len(lost):
        return order
    found = order.copy()
    row = messages["message"]
    by_message = {
        (int(traffic["end"][m]), int(traffic["sender"][m]), int(traffic["seq"][m])): int(o)
        for m, o in zip(row, order, strict=True)
        if o != NULL_CODE
    }
    for place in lost.tolist():
        m = int(row[place])
        key = (int(traffic["end"][m]), int(traffic["target"][m]), int(messages["ref_seq"][place]))
        found[place] = by_message.get(key, NULL_CODE)
    return found
