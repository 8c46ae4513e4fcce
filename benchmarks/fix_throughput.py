"""How many FIX messages a second are judged, against a plain parse loop of simplefix.

``python -m benchmarks.fix_throughput [ORDERS]`` writes the logs of both ends of one session
(:mod:`benchmarks.fix_day`), then measures in one run, by turns, what each takes of the
processor's time for a message:

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


def _processor_s(work: Callable[[], object]) -> tuple[float, object]:
    begin = time.process_time()
    result = work()
    return time.process_time() - begin, result


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
        least = {"simplefix": float("inf"), "read": float("inf"), "check": float("inf")}
        for _ in range(TURNS):
            took_s, parsed = _processor_s(lambda: parse_plainly(sample))
            assert isinstance(parsed, int)
            least["simplefix"] = min(least["simplefix"], took_s / parsed)
            read_s, reading = _processor_s(lambda: read_fix(paths))
            history = reading.history  # type: ignore[attr-defined]
            check_s, judgement = _processor_s(partial(check, history))
            least["read"] = min(least["read"], read_s / count)
            least["check"] = min(least["check"], (read_s + check_s) / count)
            assert judgement.orders.ok == expected["ok"]  # type: ignore[attr-defined]
            del reading, history, judgement
    document = {
        "orders": orders,
        "messages": count,
        "megabytes": round(size / 1e6),
        "us_per_message": {name: round(value * 1e6, 2) for name, value in least.items()},
        "times_simplefix": {
            name: round(least["simplefix"] / least[name], 1) for name in ("read", "check")
        },
        "resident_megabytes_at_most": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000,
    }
    print(json.dumps(document, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
