"""Goal: no line is hidden by a box. Method: the paths of drawn figures, point by point."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from matplotlib.figure import Figure
from matplotlib.path import Path

from bcsim.report.figures import component_lines
from bcsim.report.figures.component_layout import BOX_HEIGHT, BOX_WIDTH, Key, layout
from tests.brokerage import broker, brokerage, step
from tests.unit.model.test_cut_sets import firms


def paths(picture):
    """Every line that is drawn, as points."""
    drawn = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(component_lines, "draw_path", lambda _axes, path, _look: drawn.append(path))
        component_lines.draw_lines(Figure().add_axes((0, 0, 1, 1)), picture)
    flat = [path.to_polygons(closed_only=False) for path in drawn]
    assert {len(polygons) for polygons in flat} <= {1}
    return [Path(polygons[0]).interpolated(8).vertices for polygons in flat]


def hidden(picture):
    """Lines of which a middle point lies within a box."""
    found = []
    for points in paths(picture):
        inner = points[len(points) // 5 : -len(points) // 5]
        found += [
            key
            for key, box in picture.boxes.items()
            for x, y in inner
            if abs(x - box.x) < BOX_WIDTH / 2 - 0.01 and abs(y - box.y) < BOX_HEIGHT / 2 - 0.01
        ]
    return found


def skipping():
    """A firm whose orders skip a column: the front end also sends to the gateway."""
    data = brokerage()
    data["journeys"]["direct"] = {
        "name": "Direct",
        "steps": [
            step("receive", "web", role="acknowledge"),
            step("send", "gateway"),
            step("trade", "exchange", role="execute"),
        ],
    }
    data["demand"]["direct"] = data["demand"]["app-retail"] | {"journey": "direct"}
    return broker(data)


@pytest.mark.parametrize("firm", [broker(), skipping()], ids=["plain", "skipping"])
def test_nothing_is_hidden(firm):
    """Goal: lines go around boxes. Method: a firm whose orders skip a column, and one without."""
    picture = layout(firm, 3.0)
    assert len(paths(picture)) > 15
    assert hidden(picture) == []


def test_detour_is_taken_where_needed():
    """Goal: the test above sees a detour. Method: the line's level lies between two rows."""
    picture = layout(skipping(), 3.0)
    start, end = picture.boxes[Key("web")], picture.boxes[Key("gateway")]
    assert start.y == end.y
    way = [
        points
        for points in paths(picture)
        if abs(points[0][0] - start.x - BOX_WIDTH / 2) < 1e-9
        and abs(points[-1][0] - end.x + BOX_WIDTH / 2) < 1e-9
        and abs(points[0][1] - start.y) < BOX_HEIGHT / 2
        and abs(points[-1][1] - end.y) < BOX_HEIGHT / 2
    ]
    [points] = way
    assert min(y for _, y in points) < start.y - BOX_HEIGHT / 2


@settings(max_examples=30)
@given(firms())
def test_lines_of_drawn_firms(firm):
    """Goal: any firm can be drawn, each line from box to box. Method: drawn firms.

    Examples are drawn alike each time, so a correct program never fails.
    """
    picture = layout(firm, 3.0)
    drawn = paths(picture)
    assert drawn
    for points in drawn:
        for x, y in (points[0], points[-1]):
            touching = [
                key
                for key, box in picture.boxes.items()
                if abs(x - box.x) <= BOX_WIDTH / 2 + 1e-9
                and abs(y - box.y) <= BOX_HEIGHT / 2 + 1e-9
            ]
            assert touching, (x, y)
