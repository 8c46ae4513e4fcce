"""Pieces of work on whole arrays, done beside each other.

NumPy lets the interpreter go on while it works on large arrays, so that a second core takes up to
half of the time off; neither piece may change what the other one reads.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

One = TypeVar("One")
Other = TypeVar("Other")

ROWS_MIN: Final = 20_000
"""Rows below which starting a thread takes longer than it saves."""


def both(row_count: int, one: Callable[[], One], other: Callable[[], Other]) -> tuple[One, Other]:
    """What two pieces of work on some rows give; what either raises is raised."""
    if row_count < ROWS_MIN:
        return one(), other()
    with ThreadPoolExecutor(1, "beside") as pool:
        waiting = pool.submit(other)
        return one(), waiting.result()


def each(row_count: int, work: Callable[[str], One], names: Iterable[str]) -> dict[str, One]:
    """What one piece of work gives for each of some columns of ``row_count`` rows, by name."""
    names = list(names)
    first, second = both(
        row_count,
        lambda: [work(name) for name in names[::2]],
        lambda: [work(name) for name in names[1::2]],
    )
    found = dict(zip((*names[::2], *names[1::2]), (*first, *second), strict=True))
    return {name: found[name] for name in names}
