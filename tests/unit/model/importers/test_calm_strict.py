"""Goal: `--strict` is CALM 1.2's own schema, offline, with places.

Method: FINOS's files, which keep it and break it; small files that break it in one place.
"""

from __future__ import annotations

import pytest

from bcsim.errors import ModelError
from bcsim.model.importers.calm_strict import check_schema
from tests.unit.model.importers.architectures import (
    TRADERX,
    TRADING_SYSTEM,
    bus_system,
    connects,
    write,
)


def test_a_sound_file_passes(tmp_path):
    """Goal: no false alarm. Method: FINOS's 1.2 file, and the small one."""
    check_schema(TRADING_SYSTEM)
    check_schema(write(tmp_path, bus_system()))


def test_an_older_draft_breaks_it():
    """Goal: every breach is told at its line. Method: six flows that are addresses."""
    with pytest.raises(ModelError) as caught:
        check_schema(TRADERX)
    assert [(p.line, p.message.split(":")[0]) for p in caught.value.problems] == [
        (458 + i, f"/flows/{i}") for i in range(6)
    ]


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        (lambda d: d["nodes"][3].pop("name"), "/nodes/3"),
        (lambda d: d["relationships"][1].update({"protocol": "gRPC"}), "/relationships/1/protocol"),
        (lambda d: d["relationships"][1].update(flat()), "/relationships/1/relationship-type"),
        (lambda d: d["flows"][0].update({"summary": "x"}), "/flows/0"),
        (lambda d: d["flows"][0].update({"controls": controls()}), "/flows/0/controls/sla"),
    ],
)
def test_a_breach_is_told_with_its_pointer(tmp_path, change, pointer):
    """Goal: references between the schemas are followed. Method: one breach in each schema."""
    data = bus_system()
    change(data)
    with pytest.raises(ModelError) as caught:
        check_schema(write(tmp_path, data))
    assert [p.message.split(":")[0] for p in caught.value.problems] == [pointer]
    assert all(p.line > 1 for p in caught.value.problems)


def flat():
    """A relationship in the flat form of older drafts."""
    ends = connects("page", "desk")["relationship-type"]["connects"]
    return {"relationship-type": "connects", "connects": ends}


def controls():
    """A control without requirements, which ``control.json`` asks for."""
    return {"sla": {"description": "x"}}
