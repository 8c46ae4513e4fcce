"""Arrays put aside: in memory while they are few, else in a file that goes away by itself."""

from __future__ import annotations

import tempfile
import weakref
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Generic, TypeAlias, TypeVar

import numpy as np

from bcsim import limits
from bcsim.errors import HistoryError, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from numpy.typing import NDArray

    Arrays: TypeAlias = Mapping[str, NDArray[Any]]

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class _Put:
    """An array in the file; one whose elements are all equal is its first element."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    offset: int
    element: NDArray[Any] | None


class Spill(Generic[K]):
    """Tables of arrays by key, filled piece by piece and read back in the order of the pieces.

    Beyond ``limits.SPILL_MEMORY_BYTES`` everything goes to a nameless file in the folder for
    temporary files (``TMPDIR``).

    Raises
    ------
    bcsim.errors.HistoryError
        When reading or writing that file fails, such as on a full disk.
    """

    def __init__(self) -> None:
        self._left_bytes = limits.SPILL_MEMORY_BYTES
        self._kept: dict[K, list[tuple[dict[str, NDArray[Any] | _Put], object]]] = {}
        self._file: IO[bytes] | None = None
        self._end = 0

    def add(self, key: K, arrays: Arrays, note: object = None) -> None:
        """Append a piece; ``note`` stays in memory as it is."""
        piece: dict[str, NDArray[Any] | _Put] = dict(arrays)
        self._kept.setdefault(key, []).append((piece, note))
        if self._file is not None:
            self._write(piece)
            return
        self._left_bytes -= sum(_memory_bytes(array) for array in arrays.values())
        if self._left_bytes < 0:
            self._file = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the spill
            weakref.finalize(self, self._file.close)
            for pieces in self._kept.values():
                for one, _ in pieces:
                    self._write(one)

    def pieces(
        self, key: K, names: Collection[str] | None = None
    ) -> Iterator[tuple[dict[str, NDArray[Any]], object]]:
        """The pieces of one key, all their arrays or some, each with its note."""
        for piece, note in self._kept.get(key, ()):
            wanted = piece if names is None else names
            yield {name: self._read(piece[name]) for name in wanted}, note

    def forget(self, key: K) -> None:
        """Give up the pieces of one key; memory is freed, space in the file is not."""
        self._kept.pop(key, None)

    def _write(self, piece: dict[str, NDArray[Any] | _Put]) -> None:
        assert self._file is not None, "there is a file by now"
        for name, array in piece.items():
            if isinstance(array, _Put):
                continue
            if _is_constant(array):
                piece[name] = _Put(array.shape, array.dtype, 0, array[:1].copy())
                continue
            try:
                self._file.seek(self._end)
                self._file.write(np.ascontiguousarray(array).data)
            except OSError as error:
                raise HistoryError(_not_spilled(error)) from error
            piece[name] = _Put(array.shape, array.dtype, self._end, None)
            self._end += array.nbytes

    def _read(self, array: NDArray[Any] | _Put) -> NDArray[Any]:
        if not isinstance(array, _Put):
            return array
        if array.element is not None:
            return np.broadcast_to(array.element, array.shape)
        assert self._file is not None, "what was written can be read"
        count = int(np.prod(array.shape))
        try:
            self._file.seek(array.offset)
            return np.fromfile(self._file, array.dtype, count).reshape(array.shape)
        except OSError as error:
            raise HistoryError(_not_spilled(error)) from error


def _memory_bytes(array: NDArray[Any]) -> int:
    """Memory of an array; one whose elements are all one takes none."""
    return 0 if array.strides == (0,) else array.nbytes


def _is_constant(array: NDArray[Any]) -> bool:
    """Whether all elements are equal; texts are compared by their words."""
    if not len(array) or array.ndim != 1:
        return False
    if array.strides == (0,):
        return True
    if array.dtype.kind == "S" and array.dtype.itemsize % 8 == 0:
        array = np.ascontiguousarray(array).view(np.uint64).reshape(len(array), -1)
    return bool((array[-1] == array[0]).all()) and bool((array == array[0]).all())


def _not_spilled(error: OSError) -> Problem:
    return Problem(
        "what memory cannot hold could not be put aside",
        value=error.strerror or str(error),
        hint="give more room in the folder for temporary files, or name another in TMPDIR",
    )
