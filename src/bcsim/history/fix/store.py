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
_NUMBERS: Final = re.compile(rb"\s*\d+\s*:\s*\d+\s*\Z")


def is_body(path: Path) -> bool:
    """Whether a file is the body of a store."""
    return path.name.removesuffix(".gz").endswith(BODY)


def is_companion(path: Path) -> bool:
    """Whether a file belongs to a store but holds no messages."""
    return path.name.removesuffix(".gz").endswith(COMPANIONS)


def looks_like_companion(beginning: bytes) -> bool:
    """Whether some first bytes are those of a store's ``.header`` or ``.seqnums``."""
    return bool(_HEADER.match(beginning) or _NUMBERS.match(beginning))
