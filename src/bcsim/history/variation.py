"""Whether rows that speak of one thing say the same of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def varies(
    group: NDArray[np.int64], values: NDArray[np.int64], null: int, count: int
) -> NDArray[np.bool_]:
    """Whether the values of each group, where there are any, are not all one, ``(count,)``.

    Parameters
    ----------
    group, values
        Group, from 0 to ``count`` - 1, and value of each row; ``null`` is none.
    """
    known = values != null
    least = np.full(count, np.iinfo(np.int64).max, dtype=np.int64)
    most = np.full(count, np.iinfo(np.int64).min, dtype=np.int64)
    np.minimum.at(least, group[known], values[known])
    np.maximum.at(most, group[known], values[known])
    varying: NDArray[np.bool_] = most > least
    return varying
