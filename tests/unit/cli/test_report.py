"""Goal: ``bcsim report`` writes where it is told, and says where.

Method: call the command on a recorded run and on a folder that is none.
"""

from __future__ import annotations

import pytest

from bcsim.cli.app import main
from tests.recorded_run import record


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return record(tmp_path_factory.mktemp("runs") / "run")


@pytest.mark.parametrize(
    ("out", "written"),
    [
        ([], "run/report/index.html"),
        (["--out", "there"], "there/index.html"),
        (["--out", "there.html", "--lang", "th"], "there.html"),
    ],
)
def test_the_report_is_where_it_is_said_to_be(folder, capsys, monkeypatch, out, written):
    """Goal: default, folder and file. Method: the path that is printed is that of a page."""
    monkeypatch.chdir(folder.parent)
    assert main(["report", "run", *out]) == 0
    assert capsys.readouterr().out == f"{written}\n"
    lang = "th" if "th" in out else "en"
    page = (folder.parent / written).read_text(encoding="utf-8")
    assert page.startswith(f'<!DOCTYPE html>\n<html lang="{lang}">')


def test_the_browser_opens_only_when_asked(folder, capsys, monkeypatch, tmp_path):
    """Goal: no window on a server. Method: what would be launched, with and without --open."""
    opened: list[str] = []
    monkeypatch.setattr("click.launch", opened.append)
    monkeypatch.setattr("bcsim.report.html.write_report", lambda _folder, *, lang, out: out)  # noqa: ARG005
    path = str(tmp_path / "report.html")
    assert main(["report", str(folder), "--out", path, "--quiet"]) == 0
    assert opened == []
    assert main(["report", str(folder), "--out", path, "--open", "yes"]) == 0
    assert opened == [path]
    assert capsys.readouterr().out == f"{path}\n"


def test_another_folder_is_bad_input(capsys, tmp_path):
    """Goal: exit code 2 and what was expected. Method: an empty folder, and a file."""
    assert main(["report", str(tmp_path)]) == 2
    assert "not a run folder" in capsys.readouterr().err
