"""Goal: what is put aside comes back as it was. Method: all kinds of arrays, also on disk."""

from __future__ import annotations

import tempfile

import numpy as np
import pytest

from bcsim import limits
from bcsim.errors import HistoryError
from bcsim.history.spill import Spill

PIECES = (
    {
        "n": np.arange(5),
        "same": np.full(5, 7),
        "text": np.array([b"a", b"", b"bc", b"", b"d"], "S8"),
    },
    {"n": np.arange(2), "same": np.full(2, 8), "text": np.zeros(2, "S16")},
    {"n": np.arange(0), "same": np.arange(0), "text": np.zeros(0, "S8")},
)


@pytest.mark.parametrize("memory_bytes", [10**6, 50, 0])
def test_pieces_come_back(monkeypatch, memory_bytes):
    """Goal: values, types, order and notes. Method: three pieces of one key, one of another."""
    monkeypatch.setattr(limits, "SPILL_MEMORY_BYTES", memory_bytes)
    spill: Spill[str] = Spill()
    for number, piece in enumerate(PIECES):
        spill.add("a", piece, number)
    spill.add("b", PIECES[0])
    for number, (piece, note) in enumerate(spill.pieces("a")):
        assert note == number
        for name, array in PIECES[number].items():
            assert piece[name].dtype == array.dtype
            assert piece[name].tolist() == array.tolist()
    assert [piece["n"].tolist() for piece, _ in spill.pieces("b", ("n",))] == [[0, 1, 2, 3, 4]]
    spill.forget("a")
    assert list(spill.pieces("a")) == []


def test_a_full_disk_is_the_operators_error(monkeypatch):
    """Goal: the message says what to do. Method: a file that cannot be written."""

    class Full:
        def seek(self, _place):
            raise OSError(28, "No space left on device")

        def close(self):
            """Nothing to close."""

    monkeypatch.setattr(limits, "SPILL_MEMORY_BYTES", 0)
    monkeypatch.setattr(tempfile, "TemporaryFile", Full)
    with pytest.raises(HistoryError, match=r"No space left on device.*TMPDIR"):
        Spill[str]().add("a", {"n": np.arange(9)})
