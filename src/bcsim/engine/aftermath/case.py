"""Cases: the orders whose clients felt something, or in which something is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.first_rows import first_rows
from bcsim.history.schema import NULL, Kind, Vantage
from bcsim.history.verdict import CLASSES, FLAGS, VerdictClass, Verdicts
from bcsim.model.defect import Defect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.history import History

STRAY: Final = "stray"
"""Source of the luck of executions and orders that belong to no client's wish."""

_TOLD: Final = (
    Kind.ACKNOWLEDGE,
    Kind.REJECT,
    Kind.EXECUTE,
    Kind.CONFIRM,
    Kind.CANCEL,
    Kind.EXPIRE,
    Kind.NOTIFY,
)
"""Events that tell a client something about an order."""

_TRIED: Final = (Kind.INTEND, Kind.SUBMIT, Kind.RESEND, Kind.ENQUIRE)
"""What a client does to have an order done."""

_TEXTS: Final = ("client_id", "segment", "channel", "account", "instrument", "side")
_WORDS: Final = frozenset(Defect)


@dataclass(frozen=True, slots=True)
class Case:
    """One order that is not as it should be.

    Parameters
    ----------
    number
        Position of its verdict.
    kinds
        Class and flags that are defects, or that clients mind; the gravest first. Of a stranded
        order also that it is unreached, if nothing of it was seen beyond its client.
    source, index
        Where its luck is: the source of orders, and the order's index in it.
    from_ns, end_ns
        Its first event, and the last that told the client something (or the first again).
    felt_ns
        When the client last heard of it, or, if it is unreached, last tried.
    deadline_ns, qty, price
        As wished; None where nothing was stated.
    """

    number: int
    intent: str
    kinds: tuple[str, ...]
    source: str
    index: int
    from_ns: int
    end_ns: int
    felt_ns: int
    deadline_ns: int | None
    qty: int | None
    price: int | None
    client: str | None
    segment: str | None
    channel: str | None
    account: str | None
    instrument: str | None
    side: str | None

    @property
    def names(self) -> dict[str, str | None]:
        """Columns that say which order and client a row of the aftermath is about."""
        return {
            "intent_id": self.intent,
            "client_id": self.client,
            "segment": self.segment,
            "channel": self.channel,
        }

    @property
    def delay_ns(self) -> int:
        """How long after its deadline, or after the wish, the client last heard of it."""
        due_ns = self.from_ns if self.deadline_ns is None else self.deadline_ns
        return max(0, self.end_ns - due_ns)


def cases_of(history: History, verdicts: Verdicts) -> tuple[Case, ...]:
    """Every order with a defect, or with something that its client felt."""
    numbers = np.flatnonzero(_is_case(verdicts))
    names = [str(verdicts.intents[number]) for number in numbers.tolist()]
    mine = Verdicts(names, verdicts.classes[numbers], verdicts.flags[numbers])
    rows = first_rows(history, mine)
    times = history.integer("time_ns")[rows]
    ends = np.maximum(times, _last_told(history, rows))
    is_unreached = _is_unreached(history, mine, rows)
    felt = np.where(is_unreached, _last(history, history.is_kind(*_TRIED), rows), ends)
    texts = {name: history.columns.text(name) for name in _TEXTS}
    whole = {name: history.integer(name)[rows] for name in ("deadline_ns", "qty", "price")}
    found = []
    for place, (number, name) in enumerate(zip(numbers.tolist(), names, strict=True)):
        row = int(rows[place])
        source, index = _luck(name, number)
        client, segment, channel, account, instrument, side = (
            texts[column].decode(row) for column in _TEXTS
        )
        stated = {key: int(value[place]) for key, value in whole.items()}
        found.append(
            Case(
                number=number,
                intent=name,
                kinds=_kinds(
                    int(mine.classes[place]),
                    int(mine.flags[place]),
                    is_unreached=bool(is_unreached[place]),
                ),
                source=source,
                index=index,
                from_ns=int(times[place]),
                end_ns=int(ends[place]),
                felt_ns=int(felt[place]),
                client=client,
                segment=segment,
                channel=channel,
                account=account,
                instrument=instrument,
                side=side,
                **{key: None if value == NULL else value for key, value in stated.items()},
            )
        )
    return tuple(found)


def _is_case(verdicts: Verdicts) -> NDArray[np.bool_]:
    classes = [verdict.code for verdict in CLASSES if verdict.value in _WORDS]
    bits = sum(flag.bit for flag in FLAGS if flag.value in _WORDS)
    found: NDArray[np.bool_] = np.isin(verdicts.classes, classes) | (verdicts.flags & bits != 0)
    return found


def _kinds(verdict: int, flags: int, *, is_unreached: bool) -> tuple[str, ...]:
    unreached = [Defect.UNREACHED.value] if is_unreached else []
    bits = (flag.value for flag in FLAGS if flags & flag.bit)
    return tuple(kind for kind in (CLASSES[verdict].value, *unreached, *bits) if kind in _WORDS)


def _is_unreached(
    history: History, verdicts: Verdicts, rows: NDArray[np.int64]
) -> NDArray[np.bool_]:
    """Whether each subject is stranded, and nothing of it was seen beyond its client."""
    intents = history.codes("intent_id")
    beyond = ~history.columns.text("vantage").is_in(Vantage.CLIENT, Vantage.ENGINE_STORE)
    seen = np.unique(intents[beyond & (intents >= 0)])
    is_wish = history.is_kind(Kind.INTEND)[rows]
    is_stranded = verdicts.classes == VerdictClass.STRANDED.code
    found: NDArray[np.bool_] = is_stranded & is_wish & ~np.isin(intents[rows], seen)
    return found


def _luck(intent: str, number: int) -> tuple[str, int]:
    """The order's address, which its name tells; a stray's is its position."""
    source, _, index = intent.rpartition("-")
    return (source, int(index)) if index.isdecimal() else (STRAY, number)


def _last_told(history: History, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Last time at which each row's intent had word at its client; before all time if never."""
    return _last(history, history.is_kind(*_TOLD), rows)


def _last(history: History, asked: NDArray[np.bool_], rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Last of some events at the client of each row's intent; before all time if none."""
    intents = history.codes("intent_id")
    names = len(history.columns.text("intent_id").names)
    at_client = history.columns.text("vantage").is_in(Vantage.CLIENT)
    events = np.flatnonzero(at_client & asked & (intents >= 0))
    last = np.full(names + 1, NULL, dtype=np.int64)
    np.maximum.at(last, intents[events], history.integer("time_ns")[events])
    last[names] = NULL  # where a row without an intent looks
    found: NDArray[np.int64] = last[intents[rows]]
    return found
