"""One pass of the fast engine: from the first event to the end of the drain."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from bcsim.engine.continuity.signal import SignalTime
from bcsim.engine.fast.imprint import Imprinter
from bcsim.engine.fast.transcript import Transcript
from bcsim.kernels import record as r
from bcsim.kernels.compiled import compile_now
from bcsim.kernels.order_flow import advance

if TYPE_CHECKING:
    from collections.abc import Callable, MutableSequence, Sequence

    from numpy.typing import NDArray

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.fast.imprint import Imprint
    from bcsim.engine.timeline import Timeline
    from bcsim.engine.watch import Watches
    from bcsim.history.recorder import Recorder

ROW_ROOM = 1 << 16
HEAP_ROOM = 1 << 12
ARENA_WORDS = 1 << 21
"""Words of a new arena beyond the blueprint and the rows; 16 MB."""

LARGE_WORDS = 1 << 27
"""An arena of so many words, 1 GB, grows by doubling; a smaller one fourfold."""


def run_orders(
    blueprint: Blueprint,
    timeline: Timeline,
    recorder: Recorder,
    watches: Watches,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Let all orders flow under a timeline; twin of the reference engine's ``run_orders``.

    Returns
    -------
    int
        Time in ns up to which the history is complete: the drain's limit.
    """
    imprinter = Imprinter(blueprint, timeline, watches)
    imprint = imprinter.imprint()
    m = _arena(imprint)
    x = np.array(imprint.draft.x, dtype=np.float64)
    transcript = Transcript(blueprint, imprint.words)
    status = r.STATUS_PAUSED
    while status not in (r.STATUS_DONE, r.STATUS_CROSSED):
        status = _advance(m, x, imprint.wishes)
        if status == r.STATUS_ROOM:
            m = _enlarged(m)
        elif status == r.STATUS_BLOCKS:
            m = _with_more_keys(m, imprinter)
        if status != r.STATUS_PAUSED or m[r.ROW_COUNT] > m[r.ROW_ROOM] // 2:
            _hand_over(m, transcript, recorder)
        if on_progress is not None:
            on_progress(int(m[r.NOW]))
    if status == r.STATUS_CROSSED:
        name = imprint.watch_names[int(m[r.CROSSING])]
        watches.crossing = SignalTime(int(m[r.CROSSING_NS]), name)
    return blueprint.moments.drain_to


def compile_kernel() -> None:
    """Compile the kernel before it is needed."""
    compile_now(advance)


def _advance(m: NDArray[np.int64], x: NDArray[np.float64], wishes: NDArray[np.int64]) -> int:
    """Call the kernel, which takes arrays for what they hold."""
    return advance(
        cast("MutableSequence[int]", m),
        cast("MutableSequence[float]", x),
        cast("Sequence[int]", wishes),
    )


def _arena(imprint: Imprint) -> NDArray[np.int64]:
    """A new arena: the blueprint, room for rows and events, and for what happens."""
    words = np.frombuffer(imprint.draft.m, dtype=np.int64)
    rows, heap = ROW_ROOM * r.ROW_SIZE, 2 * HEAP_ROOM
    start = len(words)
    top = start + rows + r.ROW_SIZE + heap
    m = np.empty(top + ARENA_WORDS, dtype=np.int64)
    m[:start] = words
    m[r.ROWS], m[r.ROW_ROOM] = start, ROW_ROOM
    m[r.ROW_SCRATCH] = start + rows
    m[r.HEAP], m[r.HEAP_ROOM] = start + rows + r.ROW_SIZE, HEAP_ROOM
    m[r.TOP], m[r.END] = top, len(m)
    return m


def _enlarged(m: NDArray[np.int64]) -> NDArray[np.int64]:
    """A larger arena with the same contents; addresses stay what they are."""
    larger = np.empty((4 if len(m) < LARGE_WORDS else 2) * len(m), dtype=np.int64)
    used = int(m[r.TOP])
    larger[:used] = m[:used]
    larger[r.END] = len(larger)
    return larger


def _with_more_keys(m: NDArray[np.int64], imprinter: Imprinter) -> NDArray[np.int64]:
    """The arena with keys of streams for twice as many effects of an order."""
    blocks = max(2 * int(m[r.BLOCKS]), int(m[r.BLOCKS_WANTED]))
    keys = imprinter.demand.source_keys(blocks)
    while int(m[r.END] - m[r.TOP]) < sum(map(len, keys)) + ARENA_WORDS:
        m = _enlarged(m)
    for place, words in enumerate(keys):
        top = int(m[r.TOP])
        m[top : top + len(words)] = words
        m[int(m[int(m[r.SOURCES]) + place]) + r.SOURCE_KEYS] = top
        m[r.TOP] = top + len(words)
    m[r.BLOCKS] = blocks
    return m


def _hand_over(m: NDArray[np.int64], transcript: Transcript, recorder: Recorder) -> None:
    """Take the rows away."""
    count, first = int(m[r.ROW_COUNT]), int(m[r.ROWS])
    if count:
        rows = m[first : first + count * r.ROW_SIZE].reshape(count, r.ROW_SIZE)
        recorder.write_columns(transcript.columns(rows))
        m[r.ROW_COUNT] = 0
