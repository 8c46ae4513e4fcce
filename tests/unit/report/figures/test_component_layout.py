"""Goal: nothing lies on anything else, and everything lies where the reader expects it.

Method: the geometry of the test broker, and of drawn firms.
"""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings

from bcsim.report.figures.component_layout import (
    BOX_HEIGHT,
    BOX_WIDTH,
    GROUND,
    NOWHERE,
    Key,
    layout,
)
from tests.brokerage import broker, brokerage
from tests.unit.model.test_cut_sets import firms


def overlapping(picture):
    """Pairs of boxes that touch."""
    return [
        (a, b)
        for (a, one), (b, other) in combinations(picture.boxes.items(), 2)
        if abs(one.x - other.x) < BOX_WIDTH and abs(one.y - other.y) < BOX_HEIGHT
    ]


def outside(picture):
    """Boxes and bands that are not wholly within the picture."""
    half_x, half_y = BOX_WIDTH / 2, BOX_HEIGHT / 2
    boxes = [
        key
        for key, box in picture.boxes.items()
        if not (half_x <= box.x <= picture.width - half_x)
        or not (half_y <= box.y <= picture.height - half_y)
    ]
    bands = [
        band.node
        for band in (*picture.bands, picture.notes)
        if band.left < -1e-9
        or band.bottom < -1e-9
        or band.right > picture.width + 1e-9
        or band.top > picture.height + 1e-9
        or band.bottom >= band.top
    ]
    return boxes + bands


def band_of(picture, key):
    box = picture.boxes[key]
    found = [
        band.node
        for band in picture.bands
        if band.left < box.x < band.right and band.bottom < box.y < band.top
    ]
    assert len(found) <= 1, f"{key} is in {found}"
    return found[0] if found else None


def test_every_node_has_its_place():
    """Goal: all is shown once, in its band. Method: the whole table for the broker."""
    picture = layout(broker(), 3.0)
    bands = {key: band_of(picture, key) for key in picture.boxes}
    ground = ("grid", "generator", "power-dc1", "power-dc2", "internet", "market-line")
    centre = ("web", "oms", "order-db", "risk", "prices", "gateway")
    expected: dict[Key, str | None] = {Key(name): GROUND for name in ground}
    expected |= {Key(name): "dc1" for name in centre}
    expected |= {Key(name, is_standby=True): "dc2" for name in ("web", "oms", "gateway", "desk")}
    expected |= {Key("ledger"): "dc2", Key("desk"): "office"}
    expected |= {Key(name): None for name in ("app", "phone", "exchange")}
    assert bands == expected
    assert {band.node for band in picture.bands} == {"dc1", "dc2", "office", GROUND}


def test_columns_follow_the_order():
    """Goal: left to right along the flow, calls below. Method: x of the app's journey."""
    boxes = layout(broker(), 3.0).boxes
    way = [boxes[Key(name)].x for name in ("app", "web", "oms", "gateway", "exchange")]
    assert way == sorted(set(way))
    below = [boxes[Key(name)] for name in ("oms", "risk", "order-db", "prices")]
    assert {box.x for box in below} == {boxes[Key("oms")].x}
    assert boxes[Key("oms", is_standby=True)].x == boxes[Key("oms")].x
    assert boxes[Key("exchange")].x > boxes[Key("ledger")].x


def test_ground_runs_from_needing_to_needed():
    """Goal: what carries others stands right of them. Method: power of the centres, the grid."""
    boxes = layout(broker(), 3.0).boxes
    for source, target in (("power-dc1", "grid"), ("power-dc2", "generator")):
        assert boxes[Key(source)].x < boxes[Key(target)].x


def test_hosts_are_bands():
    """Goal: what a provider hosts stands in it. Method: the front end without a site."""
    data = brokerage()
    data["components"]["cloud"] = {"name": "Cloud", "kind": "third-party"}
    rule = [{"kind": "hosted-at", "on": ["cloud"]}]
    data["components"]["web"] |= {"site": None, "standby": None, "dependencies": rule}
    data["components"]["risk"]["site"] = None
    picture = layout(broker(data), 3.0)
    assert band_of(picture, Key("web")) == "cloud"
    assert band_of(picture, Key("risk")) == NOWHERE
    assert Key("cloud") not in picture.boxes


def test_firm_without_ground():
    """Goal: no empty band. Method: no networks, utilities or facilities."""
    data = brokerage()
    for name in ("grid", "generator", "power-dc1", "power-dc2", "internet", "market-line"):
        del data["components"][name]
    for site in data["sites"].values():
        site["utilities"] = []
    for link in data["links"].values():
        link["over"] = []
    picture = layout(broker(data), 3.0)
    assert GROUND not in {band.node for band in picture.bands}
    assert (overlapping(picture), outside(picture)) == ([], [])


@pytest.mark.parametrize("count", [1, 7, 30])
def test_many_in_one_column(count):
    """Goal: no overlap however full. Method: as many channels and venues."""
    data = brokerage()
    for number in range(count):
        data["channels"][f"c{number}"] = {"name": f"C{number}", "link": "phone-line"}
        line = data["demand"]["phone-retail"] | {"channel": f"c{number}"}
        data["demand"][f"d{number}"] = line
        data["components"][f"v{number}"] = {"name": f"V{number}", "kind": "third-party"}
    picture = layout(broker(data), 3.0)
    assert (overlapping(picture), outside(picture)) == ([], [])


@settings(max_examples=40)
@given(firms())
def test_drawn_firms(firm):
    """Goal: no overlap, nothing outside, for any firm. Method: drawn ones, circles included.

    Examples are drawn alike each time, so a correct program never fails.
    """
    picture = layout(firm, 3.0)
    assert {key.node for key in picture.boxes} >= {"app"}
    assert (overlapping(picture), outside(picture)) == ([], [])


def test_room_for_notes():
    """Goal: notes have at least the height that is asked for. Method: little and much."""
    for height in (1.0, 3.0, 12.0):
        notes = layout(broker(), height).notes
        assert notes.top - notes.bottom >= height - 1e-9
