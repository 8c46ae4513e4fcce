"""Log files, packed or not, as blocks of some megabytes that end where a message ends."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Final

from bcsim import limits
from bcsim.errors import HistoryError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import IO

BLOCK_BYTES: Final = 2 * 1024 * 1024
"""Bytes read at a time: few enough for the cache of the arrays made of them, many enough that
NumPy's calls do not count."""

_GZIP: Final = b"\x1f\x8b"
_HEADER: Final = b"8=FIX"


def opened(path: Path) -> IO[bytes]:
    """Open a log file for reading, unpacking it if it is a gzip file."""
    with path.open("rb") as stream:
        is_packed = stream.read(2) == _GZIP
    return gzip.open(path, "rb") if is_packed else path.open("rb")  # type: ignore[return-value]


def beginning(path: Path, size: int = 65_536) -> bytes:
    """First bytes of a log file, unpacked; raises HistoryError as :func:`blocks`."""
    return next(_pieces(path, size), b"")


def blocks(path: Path) -> Iterator[bytes]:
    """Read a file by blocks that are cut before the line of a message's header.

    Raises
    ------
    bcsim.errors.HistoryError
        If the file cannot be read or unpacked.
    """
    rest = b""
    for piece in _pieces(path, BLOCK_BYTES):
        text = rest + piece
        cut = _cut(text)
        if cut == 0 and len(text) > BLOCK_BYTES + limits.LOG_LINE_BYTES_MAX:
            cut = len(text)  # no header in a megabyte: nothing that could still be completed
        rest = text[cut:]
        if cut:
            yield text[:cut]
    if rest:
        yield rest


def _pieces(path: Path, size: int) -> Iterator[bytes]:
    try:
        with opened(path) as stream:
            while piece := stream.read(size):
                yield piece
    except (OSError, EOFError, zlib.error) as error:
        message = "the log cannot be read"
        raise HistoryError(Problem(message, str(path), hint=str(error))) from error


def _cut(text: bytes) -> int:
    """Where the line of the last header begins; 0 if there is none behind the first byte."""
    header = text.rfind(_HEADER)
    if header <= 0:
        return 0
    line = text.rfind(b"\n", 0, header) + 1
    earlier = text.rfind(_HEADER, 0, header)
    return line if line > earlier else header
