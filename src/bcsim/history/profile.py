"""What a history says about itself: clock, coverage, promises; part of the history's root.

A profile travels in the metadata of a history, and stands beside a real log as a JSON file.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from bcsim import limits
from bcsim.history import canonical_json
from bcsim.history.schema import Kind, Trace

if TYPE_CHECKING:
    from collections.abc import Iterable

SIMULATION: Final = "simulation"
PAPER_EXERCISE: Final = "paper exercise"
LIVE_TEST_LOG: Final = "live test log"
_KINDS: Final = (SIMULATION, PAPER_EXERCISE, LIVE_TEST_LOG)

HEAL: Final = "heal"
FREEZE: Final = "freeze"
_DRAINS: Final = (HEAL, FREEZE)

CANCEL_ON_DISCONNECT: Final = "cancel-on-disconnect"
PURGE_ON_RESTART: Final = "purge-on-restart"
"""Entries of ``allows``: the venue cancels what is open when its session breaks; it forgets what is
open when it starts again, and says nothing."""

DISCONNECT: Final = "disconnect"
"""``cause`` of a cancellation because the order's session broke."""

HALT: Final = "trading halt"
"""``cause`` of a cancellation because trading was halted."""

RESTART: Final = "restart"
"""``subject`` of an action that marks an order that was open when its session began again."""

CANCELS: Final = "to be cancelled"
REINSTATES: Final = "to be reinstated"
"""``subject`` of an action that marks an order that asked for this in a failure, once one was
seen: from this time on it may not trade, or must be there again."""

_LATER_KEYS: Final = frozenset({"clock_errors", "numbered_kinds"})

SCALE_MAX: Final = 18
"""Most decimal digits of a minor unit: 10**18 still fits an int64."""


def _one_of(choices: Iterable[object], **options: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    return field(metadata={"choices": tuple(choices)}, **options)


def _from_to(least: float, most: float, **options: Any) -> Any:  # noqa: ANN401 - as dataclasses.field
    return field(metadata={"bounds": (least, most)}, **options)


@dataclass(frozen=True, slots=True)
class Coverage:
    """A vantage point was recorded from ``from_ns`` to ``to_ns`` (``None``: to the end)."""

    vantage: str
    from_ns: int = 0
    to_ns: int | None = None


@dataclass(frozen=True, slots=True)
class ClockError:
    """Times of a vantage point may be wrong against the others' by up to ``uncertainty_ns``."""

    vantage: str
    uncertainty_ns: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A trading or service session, open from ``open_ns`` until before ``close_ns``."""

    name: str
    open_ns: int
    close_ns: int


@dataclass(frozen=True, slots=True)
class CutOff:
    """A stated latest time, such as a fund's dealing time or a payment's value date.

    ``name`` is that of the instrument or channel whose orders it is for.
    """

    name: str
    at_ns: int


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something must happen within ``within_ns``; ``None`` means any channel or segment."""

    name: str = _one_of(("acknowledge", "execute", "confirm", "settle", "book"))
    channel: str | None = None
    segment: str | None = None
    within_ns: int = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class ServiceTolerance:
    """Targets of one service: the orders of some channels and instruments (empty: all).

    ``rto_ns``, ``rpo_ns`` and ``mtpd_ns`` are nanoseconds; ``mbco`` is the smallest share of
    orders acknowledged within ``acknowledge_ns``, 0 to 1, in each bucket of ``bucket_ns``.
    """

    name: str
    channels: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()
    rto_ns: int | None = None
    rpo_ns: int | None = None
    mtpd_ns: int | None = None
    mbco: float | None = _from_to(0.0, 1.0, default=None)
    bucket_ns: int = _from_to(1, limits.TIME_NS_MAX, default=60_000_000_000)
    acknowledge_ns: int | None = None

    def __post_init__(self) -> None:
        assert self.mbco is None or 0 <= self.mbco <= 1, f"mbco={self.mbco} is not a share"
        assert self.bucket_ns > 0, f"bucket_ns={self.bucket_ns} must be positive"
        if self.mbco is not None:  # 1 and 1.0 are equal, so their canonical text must be
            object.__setattr__(self, "mbco", float(self.mbco))


@dataclass(frozen=True, slots=True)
class Profile:
    """What a history says about itself; the root covers it.

    Parameters
    ----------
    kind
        ``simulation``, ``paper exercise`` or ``live test log``; every result repeats it.
    start
        Wall clock of time 0, ISO 8601; ``time_zone`` is an IANA name.
    trace
        The trace level of the record.
    qty_scale, price_scale, amount_scale
        Decimal digits of the minor units: price 12345 with scale 2 is 123.45.
    intents_recorded
        Whether there is a stream of intents; without one, completeness is unknown.
    coverage
        Which vantage points were recorded, from when to when; empty: not known.
    priority_classes
        Best first; the column ``priority`` is an index into it.
    controls
        Mandatory controls: ``NAME``, ``NAME@CHANNEL`` or ``NAME@CHANNEL/INSTRUMENT``.
    allows
        Anomalies that the firm's contract allows.
    declared_kinds
        Kinds that the log claims to record; empty: all.
    drain, drain_from_ns, drain_to_ns
        How the run ended: ``heal`` or ``freeze``, and between which times.
    settled
        False when the passes between orders and plan reached their limit.
    within_plan
        Whether the scenario must pass; ``None`` when nobody said.
    source
        Name of the scenario or log.
    clock_errors
        How far the clocks of vantage points may still be apart; those not named are exact.
    numbered_kinds
        Kinds whose messages are numbered, with no number missing: that one never occurs proves
        that it did not happen, although a table without rows would prove nothing.
    """

    version: int = _one_of((1,), default=1)
    kind: str = _one_of(_KINDS, default=SIMULATION)
    start: str | None = None
    time_zone: str | None = None
    trace: str = _one_of(tuple(Trace), default=Trace.BUSINESS.value)
    qty_scale: int = _from_to(0, SCALE_MAX, default=0)
    price_scale: int = _from_to(0, SCALE_MAX, default=2)
    amount_scale: int = _from_to(0, SCALE_MAX, default=2)
    intents_recorded: bool = False
    coverage: tuple[Coverage, ...] = ()
    sessions: tuple[Session, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    priority_classes: tuple[str, ...] = ()
    obligations: tuple[Obligation, ...] = ()
    controls: tuple[str, ...] = ()
    allows: tuple[str, ...] = ()
    declared_kinds: tuple[str, ...] = _one_of(tuple(Kind), default=())
    drain: str | None = _one_of(_DRAINS, default=None)
    drain_from_ns: int | None = None
    drain_to_ns: int | None = None
    settled: bool = True
    within_plan: bool | None = None
    services: tuple[ServiceTolerance, ...] = ()
    source: str | None = None
    clock_errors: tuple[ClockError, ...] = ()
    numbered_kinds: tuple[str, ...] = _one_of(tuple(Kind), default=())

    def __post_init__(self) -> None:
        assert self.kind in _KINDS, f"kind={self.kind!r} is not one of {_KINDS}"
        assert self.trace in tuple(Trace), f"trace={self.trace!r} is not a trace level"
        assert self.drain in (None, *_DRAINS), f"drain={self.drain!r} is not one of {_DRAINS}"

    def to_json(self) -> str:
        """Write the canonical form: sorted keys, no spaces, every key present.

        NOTE: keys that came later are left out while they say nothing, so that the histories
        recorded before keep their roots.
        """
        keys = asdict(self)
        said = {key: value for key, value in keys.items() if key not in _LATER_KEYS or value}
        return canonical_json.canonical(said)

    @classmethod
    def from_json(cls, text: str, file: str = "") -> Profile:
        """Read a profile; missing keys take their defaults.

        Raises
        ------
        bcsim.errors.HistoryError
            With every problem found: not JSON, an unknown key, a value of the wrong type.
        """
        return canonical_json.decode(cls, text, file)
