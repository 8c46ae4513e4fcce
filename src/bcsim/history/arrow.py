"""Columns handed to DuckDB where they lie: a stream of Arrow's C data interface.

DuckDB takes any object with ``__arrow_c_stream__``; what it gets are addresses of the columns'
own memory, so neither rows nor texts become Python objects. Texts go as codes with a dictionary.

Source: Arrow's C data and stream interfaces and their PyCapsule protocol,
https://arrow.apache.org/docs/format/CDataInterface.html (format of 2024, stable since Arrow 1.0).
"""

from __future__ import annotations

import ctypes
import itertools
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bcsim.history.schema import NULL

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from bcsim.history.columns import TextColumn

    Batch = tuple[Sequence[NDArray[np.int64]], Sequence[TextColumn]]

_NULLABLE: Final = 2
"""ARROW_FLAG_NULLABLE."""

_FAILED: Final = 5
"""EIO: what a stream returns when its source raised; the exception itself is kept."""


class _Schema(ctypes.Structure):
    """``struct ArrowSchema``: type and name of a column."""


class _Array(ctypes.Structure):
    """``struct ArrowArray``: the memory of a column."""


class _Stream(ctypes.Structure):
    """``struct ArrowArrayStream``: portions of rows that are asked for one after the other."""


_RELEASE_SCHEMA = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Schema))
_RELEASE_ARRAY = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Array))
_RELEASE_STREAM = ctypes.CFUNCTYPE(None, ctypes.POINTER(_Stream))
_GET_SCHEMA = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Schema))
_GET_NEXT = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.POINTER(_Array))
_GET_LAST_ERROR = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.c_void_p)

_Schema._fields_ = [
    ("format", ctypes.c_char_p),
    ("name", ctypes.c_char_p),
    ("metadata", ctypes.c_char_p),
    ("flags", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("children", ctypes.POINTER(ctypes.POINTER(_Schema))),
    ("dictionary", ctypes.POINTER(_Schema)),
    ("release", _RELEASE_SCHEMA),
    ("private_data", ctypes.c_void_p),
]
_Array._fields_ = [
    ("length", ctypes.c_int64),
    ("null_count", ctypes.c_int64),
    ("offset", ctypes.c_int64),
    ("n_buffers", ctypes.c_int64),
    ("n_children", ctypes.c_int64),
    ("buffers", ctypes.POINTER(ctypes.c_void_p)),
    ("children", ctypes.POINTER(ctypes.POINTER(_Array))),
    ("dictionary", ctypes.POINTER(_Array)),
    ("release", _RELEASE_ARRAY),
    ("private_data", ctypes.c_void_p),
]
_Stream._fields_ = [
    ("get_schema", _GET_SCHEMA),
    ("get_next", _GET_NEXT),
    ("get_last_error", _GET_LAST_ERROR),
    ("release", _RELEASE_STREAM),
    ("private_data", ctypes.c_void_p),
]

_held: dict[int, object] = {}
"""What the other side still uses, by the ``private_data`` of the structure that it belongs to.

NOTE: nothing else may be trusted to keep it alive: DuckDB reads portions in several threads,
gives each back when it likes, and need not hold a Python object meanwhile. It gives back types and
portions, but not streams (DuckDB 2.0), so some 2 kB of every stream stay until the process ends.
"""

_keys = itertools.count(1)


def _hold(structure: _Schema | _Array | _Stream, memory: object) -> None:
    """Keep memory until the structure is released."""
    structure.private_data = next(_keys)
    _held[structure.private_data] = memory


def _let_go(pointer: Any, nothing: Any) -> None:  # noqa: ANN401 - ctypes
    """Mark a structure as released, as the interface asks for, and free its memory."""
    pointer[0].release = nothing
    _held.pop(pointer[0].private_data, None)


_release_schema = _RELEASE_SCHEMA(lambda schema: _let_go(schema, _RELEASE_SCHEMA()))
_release_array = _RELEASE_ARRAY(lambda array: _let_go(array, _RELEASE_ARRAY()))
_release_stream = _RELEASE_STREAM(lambda stream: _let_go(stream, _RELEASE_STREAM()))
_no_words = _GET_LAST_ERROR(lambda _: None)

_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class ColumnStream:
    """Portions of rows as an Arrow stream; each is made when DuckDB asks for it.

    Parameters
    ----------
    integers, texts
        Names of the columns: first int64 columns, then text columns.
    batches
        Portions: the columns in that order; in integers ``schema.NULL`` is null. They are asked
        for in the thread that runs the query.

    Attributes
    ----------
    error
        What ``batches`` raised, if it did; the query that reads the stream fails then.
    """

    def __init__(
        self, integers: Sequence[str], texts: Sequence[str], batches: Iterator[Batch]
    ) -> None:
        self.error: BaseException | None = None
        self._integers = integers
        self._texts = texts
        self._batches = batches
        self._dictionaries: list[_Array] = []
        """NOTE: DuckDB knows a dictionary by its address, so none may lie where one has lain."""
        self._is_asked = Lock()

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Give the stream as a capsule; DuckDB asks for the types first, and then to read."""
        del requested_schema  # a wish that need not be granted
        stream = _Stream(
            _GET_SCHEMA(self._give_schema), _GET_NEXT(self._give_next), _no_words, _release_stream
        )
        _hold(stream, (self, stream))
        return _new_capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    def _give_schema(self, _stream: int, out: Any) -> int:  # noqa: ANN401 - a ctypes pointer
        integers = [_schema(name, b"l") for name in self._integers]
        texts = [_schema(name, b"i", _schema("", b"u")) for name in self._texts]
        children = (ctypes.POINTER(_Schema) * (len(integers) + len(texts)))(
            *map(ctypes.pointer, (*integers, *texts))
        )
        whole = _schema("", b"+s")
        whole.n_children, whole.children = len(children), children
        _hold(whole, (children,))
        out[0] = whole
        return 0

    def _give_next(self, _stream: int, out: Any) -> int:  # noqa: ANN401 - a ctypes pointer
        try:
            with self._is_asked:
                batch = next(self._batches, None)
                if batch is None:
                    self._batches, self._dictionaries = iter(()), []
                out[0] = _Array() if batch is None else self._array(batch)
        except BaseException as error:  # noqa: BLE001 - it must not pass through foreign code
            self.error = error
            return _FAILED
        return 0

    def _array(self, batch: Batch) -> _Array:
        """One portion as a struct of its columns."""
        integers, texts = batch
        columns = [*map(_integer_array, integers), *map(_text_array, texts)]
        row_count = columns[0][0].length
        children = (ctypes.POINTER(_Array) * len(columns))(
            *(ctypes.pointer(array) for array, _ in columns)
        )
        whole, memory = _filled(row_count, 0, [None])
        whole.n_children, whole.children = len(columns), children
        self._dictionaries += [array.dictionary[0] for array, _ in columns if array.dictionary]
        _hold(whole, (memory, children, columns))
        return whole


def _schema(name: str, form: bytes, dictionary: _Schema | None = None) -> _Schema:
    pointer = ctypes.pointer(dictionary) if dictionary else None
    return _Schema(form, name.encode(), None, _NULLABLE, 0, None, pointer, _release_schema)


def _filled(length: int, null_count: int, buffers: list[Any]) -> tuple[_Array, list[Any]]:
    """An array over some buffers, and what must live as long."""
    places = [None if one is None else one.ctypes.data for one in buffers]
    addresses = (ctypes.c_void_p * len(places))(*places)
    array = _Array(
        length, null_count, 0, len(places), 0, addresses, None, None, _release_array, None
    )
    return array, [addresses, buffers]


def _integer_array(column: NDArray[np.int64]) -> tuple[_Array, list[Any]]:
    values = np.ascontiguousarray(column)
    return _filled(len(values), *_with_validity(values != NULL, values))


def _text_array(column: TextColumn) -> tuple[_Array, list[Any]]:
    codes = np.ascontiguousarray(column.codes, dtype=np.int32)
    array, memory = _filled(len(codes), *_with_validity(codes >= 0, codes))
    names = column.utf8
    begins = np.concatenate(([0], names.ends)).astype(np.int32)
    dictionary, dictionary_memory = _filled(len(names), 0, [None, begins, names.buffer])
    array.dictionary = ctypes.pointer(dictionary)
    return array, [*memory, dictionary, dictionary_memory]


def _with_validity(is_valid: NDArray[np.bool_], values: Any) -> tuple[int, list[Any]]:  # noqa: ANN401
    """Number of nulls, and the buffers of a column: one bit a row, and its values."""
    null_count = len(is_valid) - int(np.count_nonzero(is_valid))
    bits = np.packbits(is_valid, bitorder="little") if null_count else None
    return null_count, [bits, values]
