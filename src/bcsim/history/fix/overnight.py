"""Orders that are done for the day and go on another day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from bcsim import limits
from bcsim.history.fix.groups import is_any
from bcsim.history.fix.messages import EXECUTION_REPORT, YES
from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from bcsim.history.fix.messages import Messages

_DONE_FOR_DAY: Final = ord("3")
_RESTATED: Final = ord("D")
_ACTIVE: Final = tuple(map(ord, "01"))


def goes_on(
    messages: Messages,
    kind: NDArray[np.int64],
    is_trade: NDArray[np.bool_],
    whose: NDArray[np.int64],
) -> NDArray[np.bool_]:
    """Tell which reports say that an order is done for the day that goes on another day.

    It does if it is restated as active (FIX 4.4 volume 4, 2003-04, H.1), or reported as active or
    executed so much later that it must be another trading day. DoneForDay says no more than that
    nothing further is executed on that day (FIX 4.4 volume 6, 2003-04, OrdStatus), so that an
    execution soon after it is none of another day.

    Parameters
    ----------
    messages, kind, is_trade
        Messages about orders, their types, and which of them report an execution.
    whose
        A number for each order, ``(messages,)``, the same at all ends.
    """
    exec_type, ord_status = messages["exec_type"], messages["ord_status"]
    report = kind == EXECUTION_REPORT
    status = np.where(exec_type == 0, ord_status, exec_type)
    done: NDArray[np.bool_] = report & (status == _DONE_FOR_DAY)
    if not done.any():
        return done
    times = messages["time_ns"]
    later = report & (messages["poss_dup"] != YES) & (is_any(ord_status, _ACTIVE) | is_trade)
    restated = later & (exec_type == _RESTATED)
    found = np.zeros(len(kind), dtype=np.bool_)
    for those, apart_ns in ((restated, 0), (later, limits.OVERNIGHT_NS)):
        last = np.full(int(whose.max()) + 1, NULL, dtype=np.int64)
        np.maximum.at(last, whose[those], times[those])
        found |= done & (last[whose] != NULL) & (last[whose] - apart_ns >= times)
    return found
