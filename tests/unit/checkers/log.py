"""Short histories for unit tests: one call a row, defaults for what does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bcsim.checkers.judge import check
from bcsim.history.profile import Coverage, Profile
from bcsim.history.writer import MemoryRecorder

if TYPE_CHECKING:
    from bcsim.checkers.judgement import Judgement
    from bcsim.history.history import History

Cell = int | str | None

S = 1_000_000_000
PROFILE = Profile(
    intents_recorded=True,
    coverage=tuple(Coverage(v) for v in ("client", "oms", "venue", "ledger")),
    allows=("no-deadline",),
    drain="heal",
    drain_to_ns=100 * S,
)


class Log:
    """Collects rows; times are in seconds."""

    def __init__(self, **profile: object) -> None:
        self._recorder = MemoryRecorder(replace(PROFILE, **profile))  # type: ignore[arg-type]

    def add(self, kind: str, at_s: float, vantage: str = "client", /, **cells: Cell) -> Log:
        """Add one event."""
        self._recorder.emit(kind, int(at_s * S), vantage, **cells)
        return self

    def wish(self, intent: str, at_s: float = 0, **cells: Cell) -> Log:
        """Add a wish and its entry as order ``intent.1``."""
        terms: dict[str, Cell] = {"instrument": "ABC", "side": "buy", "qty": 100, **cells}
        due = {"deadline_ns": terms.pop("deadline_ns", None)}
        self.add("intend", at_s, intent_id=intent, **terms, **due)
        return self.add("submit", at_s, intent_id=intent, order_id=f"{intent}.1", **terms)

    def fill(
        self, intent: str, at_s: float, exec_id: str, vantage: str = "venue", **cells: Cell
    ) -> Log:
        """Add an execution report of order ``intent.1``."""
        terms: dict[str, Cell] = {"instrument": "ABC", "side": "buy", "qty": 100, **cells}
        order = terms.pop("order_id", f"{intent}.1")
        return self.add(
            "execute", at_s, vantage, intent_id=intent, order_id=order, exec_id=exec_id, **terms
        )

    def told(self, intent: str, at_s: float, kind: str = "confirm", **cells: Cell) -> Log:
        """Tell the client something about order ``intent.1``."""
        row: dict[str, Cell] = {"order_id": f"{intent}.1", **cells}
        return self.add(kind, at_s, "client", intent_id=intent, **row)

    def history(self) -> History:
        """Everything so far."""
        return self._recorder.history()

    def check(self) -> Judgement:
        """Judge everything so far."""
        return check(self.history())

    def classes(self) -> dict[str, str]:
        """Class of every intent and stray."""
        return {name: verdict for name, (verdict, _) in self.check().verdicts.as_map().items()}
