"""Goal: no log, however damaged, ends in anything but a history or a clear error.

Method: valid files of every format are cut, joined, and altered byte by byte; besides, random
bytes after each format's magic. A reader may refuse (HistoryError with a message) or read; any
other exception fails the test, as does an error that names no file. Every draw is derandomized,
so a correct program never fails.
"""

from __future__ import annotations

import gzip
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bcsim.errors import HistoryError
from bcsim.history.jsonl import to_jsonl
from bcsim.history.logs.contract_file import read_contract
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs, suggest_mapping
from bcsim.history.writer import write_history
from tests.unit.checkers.log import Log
from tests.unit.history.logs import ocel_logs, tables

if TYPE_CHECKING:
    from collections.abc import Callable

    from bcsim.history.logs.mapping import TableMapping

LOGON = b"8=FIX.4.4|9=65|35=A|34=1|49=BANK|52=20261122-05:03:03.445198|56=EXCH|98=0|108=5|10=177|"
ORDER = (
    b"8=FIX.4.4|9=112|35=D|34=2|49=BANK|52=20261122-05:03:04.958184|56=EXCH|11=C001|21=1|38=100|"
    b"40=1|54=1|55=ABC|60=20261122-05:03:04|10=146|"
)
FIX = b"\n".join(b"20261122-05:03:05 : " + text.replace(b"|", b"\x01") for text in (LOGON, ORDER))
MAGIC = (
    b"", b"PAR1", b"PK\x03\x04", b"SQLite format 3\x00", b"<log>", b'{"events":', b"[", b"{",
    b"8=FIX.4.4\x01", b"\x1f\x8b", b"a,b\n", b'{"ocel:events":{', b"\xff\xfe",
)  # fmt: skip


@cache
def valid() -> dict[str, bytes]:
    """A valid file of every format."""
    found = {"x.fix": FIX}
    with TemporaryDirectory() as folder:
        for name, writer in (tables.WRITERS | ocel_logs.WRITERS).items():
            found[name] = writer(Path(folder, name)).read_bytes()
        write_history(Log().wish("I").history(), Path(folder, "h.parquet"))
        found["h.parquet"] = Path(folder, "h.parquet").read_bytes()
        with Path(folder, "h.jsonl").open("w", encoding="utf-8") as stream:
            to_jsonl(Log().wish("I").history(), stream)
        found["h.jsonl"] = Path(folder, "h.jsonl").read_bytes()
    return found


@cache
def mappings() -> tuple[TableMapping, ...]:
    """Mappings for the tables and the object-centric logs."""
    with TemporaryDirectory() as folder:
        found = []
        for i, (text, names) in enumerate(
            [(tables.MAPPING, list(tables.WRITERS)), (ocel_logs.MAPPING, list(ocel_logs.WRITERS))]
        ):
            path = Path(folder, f"{i}.toml")
            path.write_text(f"files = {names}\n{text}".replace("'", '"'), encoding="utf-8")
            found.append(read_mapping(path))
    return tuple(found)


def options(name: str) -> LogOptions:
    """The mapping of a file, if it needs one."""
    return LogOptions(tuple(mapping for mapping in mappings() if name in mapping.files))


@st.composite
def damage(draw: st.DrawFn) -> tuple[str, bytes]:
    """A valid file with something done to its bytes, and its name."""
    name = draw(st.sampled_from(sorted(valid())))
    data = bytearray(valid()[name])
    for _ in range(draw(st.integers(1, 4))):
        place = draw(st.integers(0, len(data)))
        match draw(st.sampled_from(["cut", "set", "insert", "double", "remove"])):
            case "cut":
                del data[place:]
            case "set" if place < len(data):
                data[place] = draw(st.integers(0, 255))
            case "insert":
                data[place:place] = draw(
                    st.binary(max_size=8)
                    | st.sampled_from(
                        [b'"', b"\n", b"\x00", b"{", b"]", b"<!DOCTYPE a>", b"9" * 40]
                    )
                )
            case "double":
                data += data[place : place + 200]
            case "remove":
                del data[place : place + draw(st.integers(1, 40))]
            case _:
                pass
    return name, bytes(data)


def answer(read: Callable[[], object], name: str) -> None:
    """Let a reader read, or refuse with problems that name the file; anything else escapes."""
    try:
        read()
    except HistoryError as error:
        unclear = [p for p in error.problems if not p.message or name not in p.file]
        if unclear:
            message = f"unclear: {unclear}"
            raise AssertionError(message) from error


def attempt(name: str, data: bytes) -> None:
    """Read a file in every role that it could be given in."""
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        path.write_bytes(data)
        for read in (
            lambda: read_logs([path], (), options(name)),
            lambda: read_logs([], [path]),
            lambda: suggest_mapping(path, is_intents=False),
        ):
            answer(read, name)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(damage())
def test_damaged_files(case):
    """Goal: damage is answered. Method: one to four alterations of a valid file."""
    attempt(*case)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(MAGIC),
    st.binary(max_size=300),
)
def test_random_bytes(magic, rest):
    """Goal: noise is answered. Method: random bytes behind the magic of each format."""
    attempt("noise.log", magic + rest)


@pytest.mark.parametrize("name", ["t.csv", "log.json", "x.fix"])
def test_truncated_gzip(name):
    """Goal: a log cut off while it was packed is answered. Method: every tenth of the bytes."""
    packed = gzip.compress(valid()[name])
    for end in range(0, len(packed), max(len(packed) // 10, 1)):
        attempt(name, packed[:end])


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_damaged_statements(data):
    """Goal: mappings and profiles are answered. Method: alter valid ones, or write nonsense."""
    valid_texts = [tables.MAPPING, ocel_logs.MAPPING, PROFILE]
    text = data.draw(st.sampled_from(valid_texts) | st.text(max_size=60))
    lines = text.splitlines()
    if lines:
        place = data.draw(st.integers(0, len(lines) - 1))
        lines[place] = data.draw(
            st.sampled_from(["", "a = 1", "version = []", "[columns]", "[[events]]", 'kind = "x"'])
            | st.text(max_size=20)
            | st.permutations(list(lines[place])).map("".join)
        )
    with TemporaryDirectory() as folder:
        path = Path(folder, "m.toml")
        path.write_text("\n".join(lines), encoding="utf-8", errors="surrogatepass")
        answer(lambda: read_mapping(path), "m.toml")
        answer(lambda: read_contract(path), "m.toml")


PROFILE = """\
version = 1
time_zone = "Asia/Bangkok"
allows = ["at-least-once"]
priority_classes = ["gold"]
[priorities]
vip = "gold"
[[deadlines]]
within = "5 s"
[[cut_offs]]
name = "FUND-A"
at = "10:30"
[[services]]
name = "orders"
mbco = "80 %"
"""
