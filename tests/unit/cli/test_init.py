"""Goal: ``bcsim init`` writes complete starter files, or nothing.

Method: call the command in temporary folders; compare whole trees with what ships.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from bcsim.cli import init
from bcsim.cli.init import TEMPLATES, starter_files
from bcsim.cli.templates import scenarios_folder
from bcsim.errors import UsageError
from bcsim.model.loading import load_model
from bcsim.scenario.loading import load_scenario


def run(*words):
    """What the command printed; raises what it raises."""
    result = CliRunner().invoke(init.command, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("name", TEMPLATES)
def test_writes_the_template(name, tmp_path):
    """Goal: everything is there, byte for byte. Method: compare with the shipped folder."""
    assert run(tmp_path / "firm", "--template", name).exit_code == 0
    written = tree(tmp_path / "firm")
    assert {TEMPLATES[name].model, TEMPLATES[name].scenario} <= set(written)
    assert written == tree(scenarios_folder() / TEMPLATES[name].folder)
    assert [path.name for path in tmp_path.iterdir()] == ["firm"]


@pytest.mark.parametrize("name", TEMPLATES)
def test_what_is_written_is_valid(name, tmp_path):
    """Goal: starter files run at once. Method: load model and scenarios; none has a problem."""
    run(tmp_path / "firm", "--template", name)
    model = load_model(tmp_path / "firm" / TEMPLATES[name].model)
    scenarios = sorted((tmp_path / "firm").glob("*.scenario.yaml"))
    assert TEMPLATES[name].scenario in {path.name for path in scenarios}
    for path in scenarios:
        assert load_scenario(path, model=model).model == TEMPLATES[name].model


def test_default_is_the_broker(tmp_path):
    """Goal: the help's default is used. Method: no option, compare with the broker."""
    run(tmp_path / "firm")
    assert tree(tmp_path / "firm") == tree(scenarios_folder() / "broker")


def test_says_what_to_do_next(tmp_path):
    """Goal: a user knows the next commands. Method: the whole text."""
    folder = tmp_path / "firm"
    assert run(folder, "--template", "minimal").output == (
        f"{folder}: 2 files, 1 of them a scenario\n"
        "Next:\n"
        f"  bcsim validate {folder}/firm.model.yaml {folder}/server-crash.scenario.yaml\n"
        f"  bcsim run {folder}/firm.model.yaml {folder}/server-crash.scenario.yaml\n"
        f"Then edit {folder}/firm.model.yaml: replace every `source: assumption` by a number"
        " of your own.\n"
    )


def test_quiet_says_nothing(tmp_path):
    """Goal: scripts can call it. Method: output of --quiet."""
    assert run(tmp_path / "firm", "--quiet").output == ""


def test_uses_an_empty_folder_in_place(tmp_path, monkeypatch):
    """Goal: ``bcsim init .`` works and keeps the folder. Method: compare its inode."""
    before = tmp_path.stat().st_ino
    monkeypatch.chdir(tmp_path)
    run(".", "--template", "minimal")
    assert tmp_path.stat().st_ino == before
    assert tree(tmp_path) == tree(scenarios_folder() / "templates" / "minimal")


def test_makes_folders_on_the_way(tmp_path):
    """Goal: a deep name is fine. Method: a folder two levels down."""
    run(tmp_path / "a" / "b", "--template", "minimal")
    assert tree(tmp_path / "a" / "b") == tree(scenarios_folder() / "templates" / "minimal")


def test_refuses_a_folder_that_holds_anything(tmp_path):
    """Goal: nobody's work is overwritten. Method: one hidden file; exit 2, nothing written."""
    (tmp_path / ".keep").write_text("mine")
    with pytest.raises(UsageError, match="not empty") as raised:
        run(tmp_path)
    assert raised.value.exit_code == 2
    assert tree(tmp_path) == {".keep": b"mine"}


def test_refuses_a_file(tmp_path):
    """Goal: a file is not replaced. Method: name one."""
    (tmp_path / "firm").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        run(tmp_path / "firm")
    assert tree(tmp_path) == {"firm": b"mine"}


def test_leaves_nothing_half_written(tmp_path, monkeypatch):
    """Goal: a full disk leaves no trace. Method: the third copy fails, for both kinds of target."""
    copies = []

    def copyfile(source, target):
        copies.append(target)
        if len(copies) % 3 == 0:
            raise OSError(28, "No space left on device")
        return Path(target).write_bytes(Path(source).read_bytes())

    monkeypatch.setattr(shutil, "copyfile", copyfile)
    (tmp_path / "empty").mkdir()
    for name in ("new", "empty"):
        with pytest.raises(UsageError, match="No space left on device"):
            run(tmp_path / name)
    assert [path.name for path in tmp_path.rglob("*")] == ["empty"]
    assert len(copies) == 6


def test_hidden_files_are_not_part_of_a_template(tmp_path):
    """Goal: editors' droppings do not ship. Method: a folder with some."""
    for name in ("a.yaml", "b/c.yaml", ".swp", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    assert starter_files(tmp_path) == (Path("a.yaml"), Path("b/c.yaml"))
