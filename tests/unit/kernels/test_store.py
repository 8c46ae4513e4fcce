"""Goal: compiled code is used again only while nothing that it depends on has changed."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from bcsim.kernels import store


def test_any_change_of_a_source_changes_the_fingerprint(tmp_path, monkeypatch):
    """Goal: no stale code. Method: a copy of the kernel, one comment more in one file."""
    copy = tmp_path / "kernels"
    shutil.copytree(Path(store.__file__).parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "__file__", str(copy / "store.py"))
    before = store.fingerprint()
    assert before == store.fingerprint()
    with (copy / "venue.py").open("a", encoding="utf-8") as file:
        file.write("# changed\n")
    assert store.fingerprint() != before


def test_old_states_are_forgotten(tmp_path, monkeypatch):
    """Goal: the cache does not grow for ever. Method: seven states; the latest ones stay."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    store.folder_of_state.cache_clear()
    for number in range(7):
        (tmp_path / f"state-{number}").mkdir()
    assert store.folder_of_state().parent == tmp_path
    store.folder_of_state.cache_clear()
    assert len(list(tmp_path.glob("*/"))) == store.FOLDERS_KEPT + 1


def test_nothing_is_kept_in_an_empty_folder(tmp_path, monkeypatch):
    """Goal: a new machine is recognised. Method: an empty cache, then one with a compiled file."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path))
    store.folder_of_state.cache_clear()
    assert not store.has_compiled_code()
    place = store.folder_of_state() / "kernels"
    place.mkdir(parents=True)
    (place / "order_flow.advance.nbi").touch()
    assert store.has_compiled_code()
    store.folder_of_state.cache_clear()


def test_the_first_folder_that_can_be_written_is_taken(tmp_path, monkeypatch):
    """Goal: read-only homes, and users without one. Method: places that fail, one by one."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    assert store.cache_folder() == tmp_path / "cache" / "bcsim" / "kernels"
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(Path, "home", lambda: tmp_path / "home")
    assert store.cache_folder() == tmp_path / "home" / ".cache" / "bcsim" / "kernels"

    def nowhere():
        raise RuntimeError

    monkeypatch.setattr(Path, "home", nowhere)
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "tmp"))
    assert store.cache_folder().parent == tmp_path / "tmp"


def test_a_folder_of_somebody_else_is_not_taken(tmp_path, monkeypatch):
    """Goal: nobody plants code. Method: the temporary folder belongs to another user."""
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "theirs"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "mine"))
    (tmp_path / "theirs").mkdir()
    mine = os.getuid()
    monkeypatch.setattr(os, "getuid", lambda: mine + 1)
    monkeypatch.setattr(tempfile, "mkdtemp", lambda prefix: f"{tmp_path}/{prefix}new")
    assert store.cache_folder() == tmp_path / "bcsim-kernels-new"
