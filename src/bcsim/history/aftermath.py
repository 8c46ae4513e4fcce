"""Words of the aftermath's rows, which the engine writes and the measures read.

======================  ==========================================================================
kind                    columns
======================  ==========================================================================
``complain``            vantage ``client``; ``ref`` the complaint, ``intent_id``, ``subject`` what
                        the client felt, ``reason`` first, again, or also: the same complaint,
                        about a further order
``respond``             ``ref``, ``intent_id``, ``actor`` the team, ``subject`` first response or
                        final answer
``redress``             ``intent_id``, ``subject`` due or paid, ``amount``, ``ref`` the complaint or
                        control that led to the payment, ``deadline_ns`` when payment is due
``detect``              vantage a line or ``client``; ``subject`` kind of defect, ``intent_id``, or
                        ``component`` and ``cause`` of a fault, whose first event is number
                        ``parent_id``; ``ref`` the control, ``actor``
``action``              vantage a line; ``subject`` the control, ``reason`` switched off, switched
                        on or checked by its maker, ``cause`` the component, ``actor``
======================  ==========================================================================
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

CLIENT: Final = "client"
"""Vantage point of clients, who find what no line of defence has."""


class Occasion(StrEnum):
    """Whether a client complains for the first time; ``reason`` of a complaint.

    ``also`` tells of a further order that a complaint is about, and is no complaint of its own.
    """

    FIRST = "first"
    AGAIN = "again"
    ALSO = "also"


class Response(StrEnum):
    """What a client was sent; ``subject`` of a response."""

    FIRST = "first response"
    FINAL = "final answer"


class Money(StrEnum):
    """Whether money is owed or was paid; ``subject`` of a redress."""

    DUE = "due"
    PAID = "paid"


class ControlState(StrEnum):
    """What became of a control; ``reason`` of an action."""

    OFF = "switched off"
    ON = "switched on"
    SELF_CHECKED = "checked by its maker"


def line_vantage(line: int) -> str:
    """Vantage point of a line of defence, 1 to 3."""
    return f"line-{line}"


LINES: Final[tuple[str, ...]] = (*(line_vantage(line) for line in (1, 2, 3)), CLIENT)
"""Who finds a defect, in the order in which they should."""
