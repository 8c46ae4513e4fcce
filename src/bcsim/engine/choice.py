"""Which order engine does a run. Both give the same history, so this is about time only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

from bcsim.kernels.store import folder_of_state, has_compiled_code

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bcsim.engine.blueprint import Blueprint
    from bcsim.engine.timeline import Timeline
    from bcsim.engine.watch import Watches
    from bcsim.history.recorder import Recorder

FAST: Final = "fast"
REFERENCE: Final = "reference"
ENGINES: Final = (FAST, REFERENCE)

ORDERS_WORTH_LOADING: Final = 500
"""From here on the fast engine is sooner done: loading it takes as long as these orders."""

ORDERS_WORTH_COMPILING: Final = 10_000
"""The same for a machine that has not compiled it yet."""

COMPILING: Final = "compiling the fast engine, once on this machine: about a minute"


class OrderEngine(Protocol):
    """Lets all orders flow under a timeline."""

    def __call__(
        self,
        blueprint: Blueprint,
        timeline: Timeline,
        recorder: Recorder,
        watches: Watches,
        on_progress: Callable[[int], None] | None = None,
    ) -> int:
        """Time in ns up to which the history is complete."""


def order_engine(
    engine: str, order_count: int, on_remark: Callable[[str], None] | None = None
) -> OrderEngine:
    """Load the engine that is asked for, or its twin where that is sooner done."""
    assert engine in ENGINES, f"engine={engine!r} is none of {ENGINES}"
    is_compiled = engine == FAST and has_compiled_code()
    worth = ORDERS_WORTH_LOADING if is_compiled else ORDERS_WORTH_COMPILING
    if engine == REFERENCE or order_count < worth:
        from bcsim.engine.reference.flow import run_orders  # noqa: PLC0415 - SimPy if needed

        return run_orders
    if on_remark is not None and not is_compiled:
        on_remark(COMPILING)
    from bcsim.engine.fast import flow  # noqa: PLC0415 - the compiler if needed

    return flow.run_orders


def warm_up(on_remark: Callable[[str], None]) -> Path:
    """Compile the fast engine, unless this machine has; the folder where it is kept."""
    if not has_compiled_code():
        on_remark(COMPILING)
    from bcsim.engine.fast.flow import compile_kernel  # noqa: PLC0415 - the compiler if needed

    compile_kernel()
    return folder_of_state()
