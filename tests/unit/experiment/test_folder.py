"""Goal: a run folder appears whole or not at all. Method: leave the writer in each way."""

from __future__ import annotations

import pytest

from bcsim.errors import InputError
from bcsim.experiment.folder import staged_folder


def test_the_folder_appears_when_writing_has_succeeded(tmp_path):
    """Goal: nothing is there before the end, everything after it."""
    place = tmp_path / "deep" / "run"
    with staged_folder(place) as staging:
        (staging / "manifest.json").write_text("{}", encoding="utf-8")
        assert not place.exists()
    assert [path.name for path in place.iterdir()] == ["manifest.json"]
    assert [path.name for path in place.parent.iterdir()] == ["run"]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_interruption_leaves_nothing(tmp_path, error):
    """Goal: neither a half run nor a left-over. Method: raise inside, also Ctrl-C."""

    def write_and_stop():
        with staged_folder(tmp_path / "run") as staging:
            (staging / "manifest.json").write_text("{}", encoding="utf-8")
            raise error

    with pytest.raises(error):
        write_and_stop()
    assert list(tmp_path.iterdir()) == []


def test_an_older_run_is_replaced_and_kept_until_then(tmp_path):
    """Goal: the old run stays readable while the new one is made, and is gone afterwards."""
    place = tmp_path / "run"
    for content in ("old", "new"):
        with staged_folder(place) as staging:
            (staging / "manifest.json").write_text(content, encoding="utf-8")
            if content == "new":
                assert (place / "manifest.json").read_text(encoding="utf-8") == "old"
    assert (place / "manifest.json").read_text(encoding="utf-8") == "new"


def test_anything_else_is_left_alone(tmp_path):
    """Goal: a folder of the user's own is never replaced. Method: one with a letter in it."""
    letter = tmp_path / "run" / "letter.txt"
    letter.parent.mkdir()
    letter.write_text("dear", encoding="utf-8")
    with pytest.raises(InputError) as caught, staged_folder(letter.parent):
        pass
    assert caught.value.problems[0].file == str(letter.parent)
    assert letter.read_text(encoding="utf-8") == "dear"
