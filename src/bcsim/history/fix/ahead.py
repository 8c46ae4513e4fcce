"""The next block is prepared in a thread of its own while this one is worked on.

NumPy's work on whole arrays lets the interpreter go on meanwhile, so that a second core takes
half of the time off; with one core nothing is lost. The order of the blocks stays.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, of which the next is already made when one is handed out.

    What making an item raises is raised where it would be handed out.
    """
    with ThreadPoolExecutor(1, "ahead") as pool:
        waiting = pool.submit(next, items, None)
        while (item := waiting.result()) is not None:
            waiting = pool.submit(next, items, None)
            yield item
