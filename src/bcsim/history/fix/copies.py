"""Log files that hold nothing that another one given does not hold: copies, taken early or late.

The two ends of a session may log the very same bytes, where nothing but the messages is logged.
A file is a copy only if the other one must be of the same end: it is the same file, has the name
that QuickFIX gives to logs of that end, or says which messages were sent.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from bcsim.errors import HistoryError
from bcsim.history.fix import blocks
from bcsim.history.fix.framing import delimiter_of, frame
from bcsim.history.fix.stamps import directions

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from pathlib import Path

_NAMED: Final = re.compile(r"FIXT?\.\d\.\d(?:SP\d)?-.+-.+")
_PIECE_BYTES: Final = 1024 * 1024


def without_copies(
    files: Sequence[Path], stated: Collection[str] = ()
) -> tuple[list[Path], list[str]]:
    """Leave out copies, also if one is packed, or was taken when the log was shorter.

    Parameters
    ----------
    stated
        Names of files whose end the operator states: none of them is a copy of another name.

    Returns
    -------
    tuple
        The files that are left, in their order, and a note on each that is not.
    """
    begins = [_beginning(path) for path in files]
    kept: list[int] = []
    notes = []
    for number in sorted(range(len(files)), key=lambda one: -_size(files[one], begins[one])):
        name = files[number].name
        of = next(
            (
                one
                for one in kept
                if (name not in stated or name == files[one].name)
                and _is_copy(files, begins, number, one)
            ),
            None,
        )
        if of is None:
            kept.append(number)
        else:
            notes.append(f"{files[number]}: left out, all of it stands in {files[of]}")
    return [files[number] for number in sorted(kept)], notes


def _is_copy(files: Sequence[Path], begins: Sequence[bytes], copy: int, of: int) -> bool:
    """Whether one file is the other, or the beginning of the other and of the same end."""
    if not begins[copy] or not begins[of].startswith(begins[copy]):
        return False
    one, other = files[copy], files[of]
    if one.resolve() == other.resolve():
        return True
    names = [path.name.removesuffix(".gz") for path in (one, other)]
    is_named = names[0] == names[1] and _NAMED.match(names[0]) is not None
    return (is_named or _says_who_sent(begins[copy])) and _begins_alike(one, other)


def _says_who_sent(beginning: bytes) -> bool:
    delimiter = delimiter_of(beginning)
    framed = None if delimiter is None else frame(beginning, delimiter)
    return framed is not None and bool(len(framed.begins)) and bool(directions(framed).any())


def _begins_alike(short: Path, long: Path) -> bool:
    """Whether a whole file, unpacked, is the beginning of another one."""
    try:
        with blocks.opened(short) as one, blocks.opened(long) as other:
            while piece := one.read(_PIECE_BYTES):
                if other.read(len(piece)) != piece:
                    return False
    except (OSError, EOFError):  # it is said when the file is read
        return False
    return True


def _beginning(path: Path) -> bytes:
    try:
        return blocks.beginning(path)
    except HistoryError:  # it is said when the file is read
        return b""


def _size(path: Path, beginning: bytes) -> int:
    """Bytes of a file as far as they are known: a packed one has more than its beginning."""
    return max(path.stat().st_size, len(beginning)) if beginning else 0
