"""How many FIX messages a second are judged, against a plain parse loop of simplefix.

``python -m benchmarks.fix_throughput [ORDERS]`` writes the logs of both ends of one session
(:mod:`benchmarks.fix_day`), then measures in one run, by turns, how long each takes for a
message, by the clock and by the processor's time, which counts that of all cores:

- ``simplefix``: its parser fed line by line, nothing done with the messages;
- ``read``: :func:`bcsim.history.logs.fix.read_fix`: both logs decoded, joined, understood;
- ``check``: reading and judging, which is what ``bcsim check`` does.

The least of several turns counts, as other work on the machine only adds.
"""

from __future__ import annotations

import argparse
import json
import resource
import tempfile
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import simplefix

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from benchmarks.fix_day import write_logs

if TYPE_CHECKING:
    from collections.abc import Callable

TURNS = 3
SIMPLEFIX_BYTES = 4_000_000


def parse_plainly(data: bytes) -> int:
    """Parse some lines of a log by simplefix; returns the number of messages."""
    parser, count = simplefix.FixParser(), 0
    for line in data.splitlines():
        parser.append_buffer(line[line.find(b"8=FIX") :])
        while parser.get_message() is not None:
            count += 1
    return count


@dataclass(frozen=True)
class _Took:
    """Seconds, by the clock and of all cores together."""

    clock_s: float
    processor_s: float

    def __add__(self, other: _Took) -> _Took:
        return _Took(self.clock_s + other.clock_s, self.processor_s + other.processor_s)

    def of_one(self, count: int) -> _Took:
        return _Took(self.clock_s / count, self.processor_s / count)

    def least(self, other: _Took) -> _Took:
        clock_s = min(self.clock_s, other.clock_s)
        return _Took(clock_s, min(self.processor_s, other.processor_s))


_NEVER = _Took(float("inf"), float("inf"))


def _took(work: Callable[[], object]) -> tuple[_Took, object]:
    begin, processor_begin = time.perf_counter(), time.process_time()
    result = work()
    clock_s, processor_s = time.perf_counter() - begin, time.process_time() - processor_begin
    return _Took(clock_s, processor_s), result


def main() -> None:
    """Measure and print one JSON document."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("orders", type=int, nargs="?", default=100_000)
    orders = options.parse_args().orders
    with tempfile.TemporaryDirectory() as folder:
        paths, count, expected = write_logs(Path(folder), orders)
        size = sum(path.stat().st_size for path in paths)
        sample = paths[0].read_bytes()[:SIMPLEFIX_BYTES]
        sample = sample[: sample.rfind(b"\n") + 1]
        least = dict.fromkeys(("simplefix", "read", "check"), _NEVER)
        for _ in range(TURNS):
            took, parsed = _took(lambda: parse_plainly(sample))
            assert isinstance(parsed, int)
            least["simplefix"] = least["simplefix"].least(took.of_one(parsed))
            reading_took, reading = _took(lambda: read_fix(paths))
            history = reading.history  # type: ignore[attr-defined]
            checking_took, judgement = _took(partial(check, history))
            least["read"] = least["read"].least(reading_took.of_one(count))
            whole_took = reading_took + checking_took
            least["check"] = least["check"].least(whole_took.of_one(count))
            assert judgement.orders.ok == expected["ok"]  # type: ignore[attr-defined]
            del reading, history, judgement
    document = {
        "orders": orders,
        "messages": count,
        "megabytes": round(size / 1e6),
        **{
            by: {
                "us_per_message": {
                    name: round(getattr(took, by) * 1e6, 2) for name, took in least.items()
                },
                "times_simplefix": {
                    name: round(getattr(least["simplefix"], by) / getattr(least[name], by), 1)
                    for name in ("read", "check")
                },
            }
            for by in ("clock_s", "processor_s")
        },
        "resident_megabytes_at_most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }
    print(json.dumps(document, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
