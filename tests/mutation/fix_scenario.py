"""Words of which the scripts of FIX scenarios are made; :mod:`tests.fix_session` plays them."""

from __future__ import annotations

from dataclasses import dataclass, field

OK, CANCELLED, EXPIRED, REJECTED, RECOVERED = "ok", "cancelled", "expired", "rejected", "recovered"

TERMS = "55=ABC 54=1"


@dataclass(frozen=True)
class Scenario:
    """One table of the standard.

    Parameters
    ----------
    verdicts
        Class of each order.
    wishes
        Quantity that the client wished of each order; None for a cash order.
    """

    title: str
    script: str
    verdicts: dict[str, str]
    wishes: dict[str, int | None] = field(default_factory=lambda: {"X": 10_000})


def new(order: str = "X", qty: int = 10_000, more: str = "") -> str:
    """A new order."""
    return f"> D 11={order} {TERMS} 40=2 44=10 38={qty} {more}"


def report(  # noqa: PLR0917 - the fields of a report
    kind: str,
    status: str,
    cum: int,
    qty: int = 10_000,
    order: str = "X",
    orig: str = "",
    more: str = "",
) -> str:
    """A report that executes nothing; ``orig`` is the OrigClOrdID."""
    leaves = 0 if status in "348C" else qty - cum
    chain = f"41={orig}" if orig else ""
    numbers = f"38={qty} 14={cum} 151={leaves}"
    return f"< 8 11={order} {chain} 37=1 17=0 {TERMS} 150={kind} 39={status} {numbers} {more}"


def trade(  # noqa: PLR0917 - the fields of a report
    exec_id: str,
    last: int,
    cum: int,
    qty: int = 10_000,
    order: str = "X",
    status: str = "",
    more: str = "",
) -> str:
    """A report of an execution at a price of 10."""
    status = status or ("2" if cum == qty else "1")
    numbers = f"38={qty} 32={last} 31=10 14={cum} 151={qty - cum} 6=10"
    return f"< 8 11={order} 37=1 17={exec_id} {TERMS} 150=F 39={status} {numbers} {more}"


def cancel(own: str = "Y", orig: str = "X", qty: int = 10_000) -> str:
    """A request to cancel."""
    return f"> F 11={own} 41={orig} {TERMS} 38={qty}"


def replace(own: str, orig: str, qty: int, price: int = 10) -> str:
    """A request to replace."""
    return f"> G 11={own} 41={orig} {TERMS} 40=2 44={price} 38={qty}"


def refused(to: str, status: str, own: str = "Y", orig: str = "X", reason: int = 0) -> str:
    """A refusal of a cancel (``to`` 1) or replace (2)."""
    return f"< 9 11={own} 41={orig} 37=1 39={status} 434={to} 102={reason}"


def lines(*parts: str) -> str:
    """A script of several messages."""
    return "\n".join(parts)


ACCEPTED = lines(new(), report("0", "0", 0))
"""An order of 10 000 that the venue has accepted."""
