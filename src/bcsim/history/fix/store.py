"""QuickFIX's message store: what an engine holds to send again, whether or not it was sent.

The ``.body`` file is the messages themselves, one behind the other; ``.header`` lists
``number,offset,size`` of each, and ``.seqnums`` the next numbers to send and to expect (QuickFIX
1.15, 2018, FileStore). A body alone is enough: every message carries its number.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

BODY: Final = ".body"
COMPANIONS: Final = (".header", ".seqnums", ".session")

_HEADER: Final = re.compile(rb"\s*(?:\d+,\d+,\d+\s+)+\Z")
EVENTS: Final = ".event."
"""Part of the names of QuickFIX's logs of what engines did, which hold no messages."""

_EVENTS: Final = re.compile(
    rb"\d{8}-\d\d:\d\d:\d\d(?:\.\d+)? ?: (?:Created session|Session FIX|Received logon"
    rb"|Initiated logon|Responding to|Connecting to|Disconnecting|Configured socket)"
)
_NUMBERS: Final = re.compile(rb"\s*\d+\s*:\s*\d+\s*\Z")


def is_body(path: Path) -> bool:
    """Whether a file is the body of a store."""
    return path.name.removesuffix(".gz").endswith(BODY)


def is_companion(path: Path) -> bool:
    """Whether a file belongs to a store, or to a log, but holds no messages."""
    return path.name.removesuffix(".gz").endswith(COMPANIONS) or EVENTS in path.name


def looks_like_companion(beginning: bytes) -> bool:
    """Whether some first bytes are those of a ``.header`` or ``.seqnums``, or log of events."""
    shapes = (_HEADER, _NUMBERS, _EVENTS)
    return any(shape.match(beginning) for shape in shapes)
