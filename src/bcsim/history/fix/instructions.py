"""What an order asks to be done with it in a failure: codes of ExecInst (18).

H, J, K and Q came with FIX 4.3 (2001-08), n and o are those of FIX 5.0 SP2 (2011-08); FIX 4.2
(2000-05) has none of them. The instructions to suspend an order (l, m, p) are not read, since
reports do not show whether it was.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim.history.profile import CANCELS, REINSTATES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.framing import Bytes, Places

SYSTEM_FAILURE: Final = "system failure"
CONNECTION_LOSS: Final = "connection loss"
TRADING_HALT: Final = "trading halt"


@dataclass(frozen=True, slots=True)
class Instruction:
    """A code of ExecInst: what the order wants done in which failure."""

    code: str
    wants: str
    failure: str

    @property
    def said(self) -> str:
        """In words, such as ``ExecInst Q, system failure``."""
        return f"ExecInst {self.code}, {self.failure}"


INSTRUCTIONS: Final = (
    Instruction("H", REINSTATES, SYSTEM_FAILURE),
    Instruction("J", REINSTATES, TRADING_HALT),
    Instruction("K", CANCELS, TRADING_HALT),
    Instruction("Q", CANCELS, SYSTEM_FAILURE),
    Instruction("n", REINSTATES, CONNECTION_LOSS),
    Instruction("o", CANCELS, CONNECTION_LOSS),
)
"""Instructions for failures; the bit of each in what :func:`asks` gives is its place here."""

_GIVES_WAY: Final = sum(
    1 << bit
    for bit, one in enumerate(INSTRUCTIONS)
    if one.wants == CANCELS and one.failure != TRADING_HALT
)
_BYTES_MAX: Final = 64
"""Bytes of ExecInst that are read; no order has more than a handful of codes."""


def asks(data: Bytes, starts: Places, lengths: Places) -> NDArray[np.uint8]:
    """Bits of the :data:`INSTRUCTIONS` in ExecInst, codes with blanks between them."""
    found = np.zeros(len(starts), dtype=np.uint8)
    for place in range(0, min(int(lengths.max(initial=0)), _BYTES_MAX), 2):
        code = data[np.minimum(starts + place, len(data) - 1)]
        for bit, instruction in enumerate(INSTRUCTIONS):
            here = (place < lengths) & (code == ord(instruction.code))
            found |= here.astype(np.uint8) << np.uint8(bit)
    return found


def gives_way(asked: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """Whether the order asks to be cancelled when a system or the connection fails."""
    willing: NDArray[np.bool_] = (asked & np.uint8(_GIVES_WAY)) != 0
    return willing
