"""Whether ``bcsim check`` judges FIX logs of any size in bounded memory.

``python -m benchmarks.fix_scale [MEGABYTES] [--keep FOLDER] [--intents] [--ledger]`` writes the
logs of both ends of one session (:mod:`benchmarks.fix_day`), with a list of what was wished and a
ledger of what was booked if asked for, judges them by ``bcsim check --json`` in a process of its
own, compares every count with what was written, and prints one JSON document: messages, time,
and the largest resident memory of that process. The logs are deleted afterwards, or kept in a
folder to be judged again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.fix_day import write_intents, write_ledger, write_logs

BYTES_PER_ORDER = 1_980
PASS, UNKNOWN = 0, 4
"""Exit codes of ``bcsim check``."""


def judged(
    paths: list[Path], more: list[str], expected: int
) -> tuple[dict[str, object], float, float, int]:
    """Document of the check; its time, processor's time in seconds, and largest memory in kB."""
    command = [sys.executable, "-m", "bcsim", "check", "--json", *map(str, paths), *more]
    with tempfile.TemporaryFile() as output:
        begin = time.perf_counter()
        process = subprocess.Popen(command, stdout=output)  # noqa: S603 - our own program
        _, status, usage = os.wait4(process.pid, 0)
        took_s = time.perf_counter() - begin
        output.seek(0)
        document = json.loads(output.read())
    code = os.waitstatus_to_exitcode(status)
    assert code == expected, f"exit {code}, not {expected}: unknown without intents, else a pass"
    return document, took_s, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


def main() -> None:
    """Write, judge, compare, print."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("megabytes", type=int, nargs="?", default=200)
    options.add_argument("--keep", type=Path, help="folder for the logs, which then stay there")
    options.add_argument("--intents", action="store_true", help="join a list of what was wished")
    options.add_argument("--ledger", action="store_true", help="join a ledger of the executions")
    given = options.parse_args()
    orders = given.megabytes * 1_000_000 // BYTES_PER_ORDER
    with tempfile.TemporaryDirectory() as passing:
        folder = given.keep or Path(passing)
        folder.mkdir(exist_ok=True)
        paths, count, expected = write_logs(folder, orders)
        more: list[str] = []
        if given.intents:
            more += ["--intent", str(write_intents(folder, orders))]
        if given.ledger:
            ledger, mapping = write_ledger(folder, orders)
            paths.append(ledger)
            more += ["--mapping", str(mapping)]
        size = sum(path.stat().st_size for path in paths)
        code = PASS if given.intents else UNKNOWN
        document, took_s, processor_s, memory_kb = judged(paths, more, code)
    counts = document["orders"]
    assert isinstance(counts, dict)
    assert {name: counts[name] for name in expected} == dict(expected), counts
    assert not counts["indeterminate"], counts
    figures = {
        "megabytes": round(size / 1e6),
        "orders": orders,
        "messages": count,
        "seconds": round(took_s, 1),
        "processor_seconds": round(processor_s, 1),
        "messages_per_second": round(count / took_s),
        "resident_megabytes_at_most": round(memory_kb / 1000),
    }
    print(json.dumps(figures, indent=1))  # noqa: T201


if __name__ == "__main__":
    main()
