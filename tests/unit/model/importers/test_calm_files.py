"""Goal: references between CALM files are followed within a folder, by the best match, and no
further; places are JSON pointers with lines.

Method: folders of a few files, made for each case.
"""

from __future__ import annotations

import pytest

from bcsim.errors import LimitError, ModelError
from bcsim.model.importers import calm_files
from bcsim.model.importers.calm_files import Folder, Place, pointer_of, read_file
from tests.unit.model.importers.architectures import write


def folder_of(tmp_path, **files):
    main = write(tmp_path, {"nodes": []}, "main.json")
    for name, data in files.items():
        write(tmp_path, data, name.replace("__", "/") + ".json")
    return Folder(read_file(main, "main.json"))


def is_flow(file):
    return bool(file.root.items("transitions"))


FLOW: dict[str, list[dict[str, str]]] = {"transitions": [{}]}


def test_a_part_knows_its_place(tmp_path):
    """Goal: pointer, line and column. Method: a file whose lines are known, one key escaped."""
    path = tmp_path / "a.json"
    path.write_text('{\n  "a/b": [\n    {"c": 1}\n  ]\n}\n', encoding="utf-8")
    root = read_file(path, "a.json").root
    assert root.place("a/b", 0, "c") == Place("a.json", "/a~1b/0/c", 3, 11)
    assert str(root.place("a/b", 0, "c")) == "a.json#/a~1b/0/c"
    assert root.place() == Place("a.json", "", 1, 1)
    assert pointer_of(("x~y",)) == "/x~0y"


def test_what_is_not_there_reads_as_empty(tmp_path):
    """Goal: a tolerant reader needs no guards. Method: ask a small part for everything else."""
    root = read_file(write(tmp_path, {"n": 1, "t": " ", "l": ["x", 2], "z": None}), "a").root
    assert root.below("x", 0, "y") is None
    assert root.below("l", 5) is None
    assert root.below("z") is None
    assert root.text("n", "t", "x") == ""
    assert (root.number("n"), root.number("t")) == (1, None)
    assert root.items("n") == []
    assert root.entries("l") == []
    assert root.texts("l") == ["x"]
    assert root.names() == ("n", "t", "l", "z")


def test_tabs_and_yaml_are_read(tmp_path):
    """Goal: files as people have them. Method: JSON indented by tabs, and YAML."""
    tabs = tmp_path / "t.json"
    tabs.write_text('{\n\t"a": {\n\t\t"b": true\n\t}\n}', encoding="utf-8")
    yaml = tmp_path / "y.yaml"
    yaml.write_text("a:\n  b: true\n", encoding="utf-8")
    assert read_file(tabs, "t.json").data == read_file(yaml, "y.yaml").data == {"a": {"b": True}}


@pytest.mark.parametrize(
    ("reference", "file", "match"),
    [
        ("https://x.org/flow/a", "a.json", "id"),
        ("sub/b.json", "sub/b.json", "path"),
        ("./sub/b.json", "sub/b.json", "path"),
        ("https://elsewhere.org/v2/flow/a", "a.json", "name"),
        ("https://x.org/b", "sub/b.json", "name"),
    ],
)
def test_a_reference_is_found(tmp_path, reference, file, match):
    """Goal: `$id`, then path, then last part. Method: one reference of each sort."""
    folder = folder_of(tmp_path, a={"$id": "https://x.org/flow/a", **FLOW}, sub__b=FLOW)
    found = folder.find(reference, is_flow)
    assert found.file is not None
    assert (found.file.name, found.match) == (file, match)


def test_two_of_one_name_are_none(tmp_path):
    """Goal: no guess between two. Method: the same last part twice."""
    folder = folder_of(tmp_path, x__a=FLOW, y__a=FLOW)
    assert folder.find("https://x.org/a", is_flow) == (None, None, None)


def test_nothing_outside_the_folder_is_read(tmp_path):
    """Goal: an architecture cannot reach other files. Method: a path upwards, and a link."""
    write(tmp_path, FLOW, "secret.json")
    folder = folder_of(tmp_path / "inside")
    (tmp_path / "inside" / "linked.json").symlink_to(tmp_path / "secret.json")
    assert folder.find("../secret.json", is_flow).file is None
    assert folder.find("linked.json", is_flow).file is None


def test_the_neighbour_of_another_file(tmp_path):
    """Goal: an address of the wrong file leads to its neighbour. Method: by `$schema`."""
    flow = {"$id": "https://x.org/flow", **FLOW}
    config = {"$schema": "https://x.org/sla", "latency": {}}
    folder = folder_of(tmp_path, s__flow=flow, s__own=config, t__other=config)
    found = folder.find("https://x.org/flow", lambda f: not is_flow(f), "https://x.org/sla")
    assert found.file is not None
    assert found.other is not None
    assert (found.file.name, found.match, found.other.name) == (
        "s/own.json",
        "neighbour",
        "s/flow.json",
    )


def test_what_cannot_be_read_is_passed_by(tmp_path):
    """Goal: a broken neighbour breaks nothing. Method: one file that is no JSON."""
    folder = folder_of(tmp_path, a=FLOW)
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    assert folder.find("a.json", is_flow).match == "path"
    assert folder.unreadable == ["broken.json"]


def test_a_crowded_folder_is_refused(tmp_path, monkeypatch):
    """Goal: the bound on files holds. Method: a bound of two."""
    monkeypatch.setattr(calm_files, "ARCHITECTURE_FILES_MAX", 2)
    folder = folder_of(tmp_path, a=FLOW, b=FLOW)
    with pytest.raises(LimitError, match="too many files"):
        folder.find("a.json", is_flow)


def test_a_large_or_missing_file_is_refused(tmp_path, monkeypatch):
    """Goal: bad files end in an error with their name. Method: none, and one over the bound."""
    with pytest.raises(ModelError, match="No such file"):
        read_file(tmp_path / "none.json", "none.json")
    monkeypatch.setattr(calm_files, "FILE_BYTES_MAX", 10)
    with pytest.raises(LimitError, match="at most 10 bytes"):
        read_file(write(tmp_path, {"nodes": [1, 2, 3]}), "a.json")
