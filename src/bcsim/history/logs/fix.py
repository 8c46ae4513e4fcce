"""FIX logs: raw messages of one or both ends, and what the engines' stores hold, as a history.

FIX 4.0 to 4.4 and 5.0 over FIXT 1.1. :func:`read_fix` is the table of contents of the reader.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.errors import HistoryError, Problem
from bcsim.history.fix import coverage, store
from bcsim.history.fix.aside import Aside
from bcsim.history.fix.breaks import breaks_of
from bcsim.history.fix.chain import notes_on_shared_ids
from bcsim.history.fix.clocks import clocks_of
from bcsim.history.fix.copies import without_copies
from bcsim.history.fix.elsewhere import elsewhere_of
from bcsim.history.fix.ends import UNKNOWN, ends_of, roles_of
from bcsim.history.fix.failures import mass_cancels_of
from bcsim.history.fix.framing import delimiter_of
from bcsim.history.fix.log_file import FileReader, LogFile, read_log
from bcsim.history.fix.messages import Dictionaries, Messages, concatenate
from bcsim.history.fix.options import FixOptions
from bcsim.history.fix.rows import drawn_up
from bcsim.history.fix.samples import smallest
from bcsim.history.fix.session import directions_of
from bcsim.history.fix.session_notes import notes_on_sessions
from bcsim.history.fix.share import Setting
from bcsim.history.fix.traffic import Tally
from bcsim.history.fix.transitions import notes_on_changes
from bcsim.history.logs.clock import log_profile
from bcsim.history.logs.reading import Reading
from bcsim.history.profile import HEAL, ClockError, Coverage
from bcsim.history.schema import Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from bcsim.history.fix.coverage import Span
    from bcsim.history.fix.ends import End
    from bcsim.history.fix.rows import Rows
    from bcsim.history.fix.session import Gap
    from bcsim.history.history import History
    from bcsim.history.profile import Profile

NO_DEADLINE: Final = "no-deadline"
"""Entry of ``allows``: FIX states no time by which an order must be done, so none is judged
unless intents or a profile state one."""


_ALL_ROWS: Final = int(np.iinfo(np.int64).max)


def is_fix(beginning: bytes) -> bool:
    """Whether the first bytes of a file, unpacked, are those of a FIX log or message store."""
    return delimiter_of(beginning) is not None or store.looks_like_companion(beginning)


def read_fix(
    files: Sequence[Path],
    options: FixOptions | None = None,
    share_rows: int = limits.SHARE_ROWS,
    others: Sequence[History] = (),
) -> Reading:
    """Read all FIX logs and message stores of one drill together.

    Parameters
    ----------
    files
        Logs of any number of sessions and ends, whole or rotated, packed by gzip or not, and
        ``.body`` files of QuickFIX's message stores.
    share_rows
        Messages about orders that are judged together, about; if there are more, the history
        is in shares. It makes no difference to any verdict.
    others
        Other records of the drill, which may call orders and executions by other ids of theirs.

    Raises
    ------
    bcsim.errors.HistoryError
        If a file cannot be read, holds no FIX message, or is damaged and damage is refused.
    """
    options = options or FixOptions()
    share_rows = _ALL_ROWS if options.links_legs else share_rows  # legs may be anywhere
    dictionaries, aside = Dictionaries(), Aside(share_rows, elsewhere_of(others))
    logs, stores, notes = _read_files(files, dictionaries, options, aside)
    roles = roles_of([*logs, *stores])
    names = dictionaries["comp_id"].names
    ends, ends_notes = ends_of(logs, names, roles, options)
    places = tuple(dict.fromkeys(ends))
    numbers = [places.index(end) for end in ends]
    clocks = clocks_of(_samples(logs, ends, numbers), places, names)
    traffic = clocks.corrected(_drawn_together(logs, stores, ends, numbers))
    directions = directions_of(traffic, [file.traffic for file in stores])
    gaps = coverage.unknown_gaps(directions, roles)
    spans = _spans(traffic, gaps)
    covered = coverage.coverage_of(places, spans, roles)
    last_ns = _last_ns(traffic, stores)
    until_ns = coverage.judged_until_ns(spans.values(), last_ns)
    settle_ns = coverage.settle_ns(traffic) if options.settle_ns is None else options.settle_ns
    setting = Setting(
        **_by_file(logs, stores, ends, numbers, len(places)),
        ahead_ns=np.array([*clocks.ahead_ns, *(0 for _ in stores)], dtype=np.int64),
        vantages=tuple(end.vantage for end in places),
        reported_at=_reported_at(covered),
        gaps=gaps,
        texts={name: one.names for name, one in dictionaries.by_name.items()},
        long=dictionaries.long,
        live_ns=(until_ns - settle_ns, last_ns),
        links_legs=options.links_legs,
        breaks=breaks_of(traffic),
        settle_ns=settle_ns,
        elsewhere=aside.elsewhere,
        mass_cancels=mass_cancels_of(traffic),
    )
    rows = drawn_up(aside, setting)
    notes += [
        "FIX states no deadlines: lateness is judged only if intents or a profile state them",
        *ends_notes,
        *clocks.notes,
        *notes_on_sessions(_tallies(logs, numbers), directions, places, names),
        *notes_on_shared_ids(rows.shared_ids),
        *notes_on_changes(rows.changes),
    ]
    watched = _Watched(spans, covered, clocks.errors(places), until_ns)
    return Reading(rows.history(_profile(watched, rows)), tuple(notes), ties=rows.ties)


def _refuse_unknown(stated: Mapping[str, str], known: Sequence[str]) -> None:
    """A vantage point stated for something that is not there is a slip in its name."""
    problems = [
        Problem(
            "no FIX log and no comp id has the name for which a vantage point is stated",
            value=f"{name}={vantage}",
            expected=f"one of {', '.join(dict.fromkeys(known))}",
        )
        for name, vantage in stated.items()
        if name not in known
    ]
    if problems:
        raise HistoryError(problems)


def _read_files(
    files: Sequence[Path], dictionaries: Dictionaries, options: FixOptions, aside: Aside
) -> tuple[list[LogFile], list[LogFile], list[str]]:
    """Decode all files: logs, stores, and notes, also on empty files, as engines leave some.

    What only belongs to a store holds no messages.
    """
    logs: list[LogFile] = []
    stores: list[LogFile] = []
    problems: list[Problem] = []
    files, notes = without_copies(files, options.vantages)
    for path in files:
        if store.is_companion(path):
            continue
        if path.is_file() and not path.stat().st_size:
            notes.append(f"{path.name}: empty")
            continue
        is_body = store.is_body(path)
        reader = FileReader(len(logs) + len(stores), is_body, aside)
        try:
            file = read_log(path, dictionaries, options, reader)
        except HistoryError as error:
            problems += error.problems
            continue
        (stores if is_body else logs).append(file)
    if not logs and not stores and not problems:
        message = "there is no FIX log among the files"
        problems.append(Problem(message, expected="a log of messages, or the .body of a store"))
    if problems:
        raise HistoryError(problems)
    read = (*logs, *stores)
    known = [*dictionaries["comp_id"].names, *(file.name for file in read)]
    _refuse_unknown(options.vantages, known)
    return logs, stores, [*notes, *(note for file in read for note in file.notes)]


# -- all logs together ------------------------------------------------------------------------


def _by_file(
    logs: Sequence[LogFile],
    stores: Sequence[LogFile],
    ends: Sequence[End],
    numbers: Sequence[int],
    end_count: int,
) -> dict[str, NDArray[np.int64]]:
    """What a share has to know of each file, by its number."""
    by_file = {
        file.number: (number, end.party, 0, file.zone_ns)
        for file, end, number in zip(logs, ends, numbers, strict=True)
    }
    for number, file in enumerate(stores):
        by_file[file.number] = (end_count + number, UNKNOWN, number + 1, file.zone_ns)
    table = np.array([by_file[number] for number in range(len(by_file))], dtype=np.int64)
    sizes = {file.number: file.tally.count for file in (*logs, *stores)}
    begin = np.cumsum([0, *(sizes[number] for number in range(len(sizes)))])[:-1]
    names = ("end", "party", "store", "zone_ns")
    return {**dict(zip(names, table.T, strict=True)), "begin": begin}


def _samples(
    logs: Sequence[LogFile], ends: Sequence[End], numbers: Sequence[int]
) -> dict[int, Messages]:
    """Messages by which the clocks are compared, by end."""
    pieces: dict[int, list[Messages]] = {}
    for log, end, number in zip(logs, ends, numbers, strict=True):
        own = log.samples["sender"] == end.party
        pieces.setdefault(number, []).append(Messages({**log.samples.columns, "is_own": own}))
    return {number: smallest(found) for number, found in pieces.items()}


def _tallies(logs: Sequence[LogFile], numbers: Sequence[int]) -> dict[int, Tally]:
    tallies: dict[int, Tally] = {}
    for log, number in zip(logs, numbers, strict=True):
        tallies[number] = tallies.get(number, Tally()).joined(log.tally)
    return tallies


def _drawn_together(
    logs: Sequence[LogFile],
    stores: Sequence[LogFile],
    ends: Sequence[End],
    numbers: Sequence[int],
) -> Messages:
    """What was kept of the messages of all logs, by end and time, with their end."""
    if not logs:  # nothing, with the columns of something
        none = stores[0].traffic.take(np.empty(0, dtype=np.intp))
        nobody = np.empty(0, dtype=np.int64)
        return Messages({**none.columns, "end": nobody, "is_own": nobody.astype(np.bool_)})
    pieces = []
    for log, end, number in zip(logs, ends, numbers, strict=True):
        own = log.traffic["sender"] == end.party
        here = np.full(len(log.traffic), number, dtype=np.int64)
        pieces.append(Messages({**log.traffic.columns, "end": here, "is_own": own}))
    traffic = concatenate(pieces)
    return traffic.take(np.lexsort((traffic["time_ns"], traffic["end"])))


def _spans(traffic: Messages, gaps: Mapping[int, Sequence[Gap]]) -> dict[int, Span]:
    """Time that the log of each end covers, given the unexplained gaps of each."""
    first_ns = coverage.first_ns(traffic) if len(traffic) else 0
    return {
        end: coverage.span_of(
            traffic.take(np.flatnonzero(traffic["end"] == end)), gaps.get(end, ()), first_ns
        )
        for end in np.unique(traffic["end"]).tolist()
    }


def _last_ns(traffic: Messages, stores: Sequence[LogFile]) -> int:
    """Time of the last message in a log, or of the last about an order in a store."""
    last = [int(traffic["time_ns"].max())] if len(traffic) else []
    return max([*last, *(file.last_about_ns for file in stores)])


def _reported_at(covered: Sequence[Coverage]) -> str | None:
    """Vantage point that reports executions, where nobody but the client's end was logged.

    The reports that it received are the venue's word then: they count as executions seen by the
    firm's gateway as well as told to the client.
    """
    only_client = {span.vantage for span in covered} == {Vantage.CLIENT.value}
    return Vantage.GATEWAY.value if only_client else None


@dataclass(frozen=True, eq=False)
class _Watched:
    """What the logs cover: the span of each end, the vantage points, and until when."""

    spans: dict[int, Span]
    covered: tuple[Coverage, ...]
    clock_errors: tuple[ClockError, ...]
    until_ns: int


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


def _profile(watched: _Watched, rows: Rows) -> Profile:
    """What the history says about itself."""
    return log_profile(
        coverage=_with_gateway(watched.covered),
        allows=(NO_DEADLINE,),
        drain=HEAL,
        drain_from_ns=rows.entered_last_ns,
        drain_to_ns=watched.until_ns,
        qty_scale=rows.scales.qty,
        price_scale=rows.scales.price,
        amount_scale=rows.scales.amount,
        source="FIX logs",
        numbered_kinds=_numbered(watched),
        clock_errors=watched.clock_errors,
    )


def _with_gateway(covered: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
    """Cover the gateway as the client's end, where it stands for what that end received."""
    if _reported_at(covered) is None:
        return covered
    return (*covered, *(replace(span, vantage=Vantage.GATEWAY.value) for span in covered))
