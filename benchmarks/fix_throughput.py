"""How many FIX messages a second are judged, against a plain parse loop of simplefix.

``python -m benchmarks.fix_throughput [ORDERS]`` writes the logs of both ends of one session
(each order: entered, accepted, two executions), then measures in one run, by turns, what each
takes of the processor's time for a message:

- ``simplefix``: its parser fed line by line, nothing done with the messages;
- ``read``: :func:`bcsim.history.logs.fix.read_fix`: both logs decoded, joined, understood;
- ``check``: reading and judging, which is what ``bcsim check`` does.

The least of several turns counts, as other work on the machine only adds.
"""

from __future__ import annotations

import argparse
import datetime
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TURNS = 3
SIMPLEFIX_BYTES = 4_000_000
START = datetime.datetime(2026, 11, 2, 8, tzinfo=datetime.UTC)
SYMBOLS = ("ABC", "DEF", "GHI.BK", "PTT")


def write_logs(folder: Path, orders: int) -> tuple[list[Path], int]:
    """Logs of both ends of a session; their paths, and the number of messages in both."""
    names = ("BANK-EXCH", "EXCH-BANK")
    paths = [folder / f"FIX.4.4-{name}.messages.log" for name in names]
    count = 0
    with paths[0].open("w") as client, paths[1].open("w") as venue:
        numbers = {"BANK": 0, "EXCH": 0}
        for sender, at_us, kind, fields in _script(orders):
            numbers[sender] += 1
            target = "EXCH" if sender == "BANK" else "BANK"
            text = _message(kind, numbers[sender], sender, target, at_us, fields)
            for log, own in ((client, "BANK"), (venue, "EXCH")):
                logged_us = at_us + (30 if own == sender else 300)
                log.write(f"{_stamp(logged_us)}000 : {text}\n")
                count += 1
    return paths, count


def _script(orders: int) -> Iterator[tuple[str, int, str, str]]:
    yield "BANK", 0, "A", "98=0|108=30|"
    yield "EXCH", 500, "A", "98=0|108=30|"
    for number in range(orders):
        at_us, qty = 1000 + number * 400, 100 * (1 + number % 50)
        half = qty // 2
        terms = f"54={1 + number % 2}|55={SYMBOLS[number % 4]}|60={_stamp(at_us)}|"
        ids = f"11=ORD{number:08d}|37=OID{number:08d}|38={qty}|"
        yield (
            "BANK", at_us, "D",
            f"11=ORD{number:08d}|1=ACC{number % 97:04d}|21=1|38={qty}|40=2|44=10.25|{terms}59=0|",
        )  # fmt: skip
        for step, (exec_type, status, last, cum) in enumerate(
            (("0", "0", 0, 0), ("F", "1", half, half), ("F", "2", qty - half, qty))
        ):
            left = f"151={qty - cum}|" + (f"31=10.25|32={last}|" if last else "") + terms
            yield (
                "EXCH", at_us + 100 * (step + 1), "8",
                f"6=10.25|{ids}17=X{number:08d}{step}|14={cum}|39={status}|150={exec_type}|{left}",
            )  # fmt: skip
    yield "BANK", 60_000_000 + orders * 400, "5", ""
    yield "EXCH", 60_001_000 + orders * 400, "5", ""


def _message(kind: str, number: int, sender: str, target: str, at_us: int, fields: str) -> str:
    body = f"35={kind}|34={number}|49={sender}|52={_stamp(at_us)}|56={target}|{fields}"
    head = f"8=FIX.4.4|9={len(body)}|{body}".replace("|", "\x01")
    return head + f"10={sum(head.encode()) % 256:03d}\x01"


def _stamp(at_us: int) -> str:
    return (START + datetime.timedelta(microseconds=at_us)).strftime("%Y%m%d-%H:%M:%S.%f")


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
        paths, count = write_logs(Path(folder), orders)
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
            assert judgement.orders.ok == orders  # type: ignore[attr-defined]
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
