"""Goal: the picture shows every component, its state, and its single points, legibly.

Method: the artists of drawn figures; texts are measured against their boxes and each other.
"""

from __future__ import annotations

import io
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyBboxPatch

from bcsim.report.figures import style
from bcsim.report.figures.component_words import WORDS
from bcsim.report.figures.dependency_map import draw_component_graph
from tests.brokerage import broker, brokerage

if TYPE_CHECKING:
    from bcsim.report.figures.component_marks import State

STATES: dict[str, State] = {
    "dc1": "down",
    "web": "standby",
    "gateway": "down",
    "desk": "degraded",
    "ledger": "ok",
}


def texts(figure):
    return [text for text in figure.axes[0].texts if text.get_text()]


def words(figure):
    return [text.get_text().replace("\n", " ") for text in texts(figure)]


def extents(figure, artists):
    renderer = FigureCanvasAgg(figure).get_renderer()
    with style.styled():
        return [artist.get_window_extent(renderer) for artist in artists]


def long_names():
    """A firm whose names are as long as people write them, in Thai too."""
    data = brokerage()
    for component in data["components"].values():
        component["name"] = {
            "en": "Distributed order management and routing system of the group",
            "th": "ระบบบริหารจัดการคำสั่งซื้อขายหลักทรัพย์และตราสารอนุพันธ์ของกลุ่มบริษัท",
        }
    return broker(data)


@pytest.mark.parametrize("lang", ["en", "th"])
@pytest.mark.parametrize("states", [None, STATES])
@pytest.mark.parametrize("firm", [broker(), long_names()], ids=["short", "long"])
def test_legible(firm, states, lang):
    """Goal: no text over another or cut off. Method: extents of all texts, in both languages."""
    figure = draw_component_graph(firm, states, lang=lang)
    shown = texts(figure)
    boxes = extents(figure, shown)
    page = figure.bbox
    for text, box in zip(shown, boxes, strict=True):
        inside = page.x0 <= box.x0 and box.x1 <= page.x1 and page.y0 <= box.y0 and box.y1 <= page.y1
        assert inside, f"{text.get_text()!r} leaves the page"
    pairs = combinations(zip(shown, boxes, strict=True), 2)
    crossing = [(a.get_text(), b.get_text()) for (a, x), (b, y) in pairs if x.overlaps(y)]
    assert crossing == []


@pytest.mark.parametrize("lang", ["en", "th"])
def test_labels_are_within_their_boxes(lang):
    """Goal: no label sticks out. Method: every text in a box, with long names, is inside it."""
    figure = draw_component_graph(long_names(), None, lang=lang)
    frames = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    labels = [t for t in texts(figure) if t.get_size() >= 9 and t.get_weight() != "bold"]
    measured = list(zip(labels, extents(figure, labels), strict=True))
    inside = 0
    for edge in extents(figure, frames):
        for text, box in measured:
            if edge.contains((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2):
                inside += 1
                assert edge.x0 < box.x0, text
                assert box.x1 < edge.x1, text
                assert edge.y0 < box.y0, text
                assert box.y1 < edge.y1, text
    assert inside >= 20


def test_single_points():
    """Goal: single points and how many journeys each stops. Method: badges and the list."""
    shown = words(draw_component_graph(broker(), None, lang="en"))
    assert shown.count("Order management") == 2  # first instance and standby
    assert "Exchange gateway – stops 2 of 2 journeys" in shown
    assert "Internet – stops 1 of 2 journeys" not in shown  # no more room, but counted
    assert "and 3 more" in shown
    badges = [text for text in shown if text in {"1", "2"}]
    # On the picture: ten single points; the list repeats seven of them.
    assert sorted(badges) == ["1"] * 3 + ["2"] * (7 + 7)


def test_no_single_point():
    """Goal: it says so. Method: a firm whose only journey cannot be stopped by one failure."""
    data = brokerage()
    second = {"kind": "hot", "site": "dc2", "decision": "automatic", "switch": "1 s"}
    for name in ("web", "oms", "gateway", "exchange"):
        data["components"][name] |= {"site": "dc1", "standby": second, "dependencies": []}
    data["components"]["power-dc1"]["dependencies"] = []
    data["links"] = {"default": {"latency": "1 ms"}} | {
        name: {"latency": "1 ms"} for name in ("app-line", "phone-line")
    }
    data["demand"] = {"only": data["demand"]["app-retail"]}
    shown = words(draw_component_graph(broker(data), None, lang="en"))
    assert "No single point of failure." in shown


def test_states():
    """Goal: states are told by badge and word. Method: the list of what is impaired."""
    shown = words(draw_component_graph(broker(), STATES, lang="en"))
    listed = [text for text in shown if " – " in text]
    assert listed == [
        "Data centre 1 – does not work",
        "Web front end – runs at the standby",
        "Exchange gateway – does not work",
        "Telephone desk – impaired",
    ]
    assert "Everything works." in words(draw_component_graph(broker(), {}, lang="en"))


def test_standby_takes_over_the_look():
    """Goal: who runs is drawn solid. Method: outlines of the two boxes of the front end."""
    figure = draw_component_graph(broker(), {"web": "standby"}, lang="en")
    looks = {style.STATES[name].fill: name for name in ("standby", "ok")}
    frames = [patch for patch in figure.axes[0].patches if isinstance(patch, FancyBboxPatch)]
    fills = [looks.get(_hex(frame.get_facecolor())) for frame in frames]
    assert fills.count("standby") == 1


def _hex(colour):
    return "#" + "".join(f"{round(part * 255):02X}" for part in colour[:3])


def test_the_same_picture_twice():
    """Goal: equal bytes. Method: draw twice, and save as SVG."""
    files = []
    for _ in range(2):
        buffer = io.BytesIO()
        with style.styled():
            figure = draw_component_graph(broker(), None, lang="th")
            figure.savefig(buffer, format="svg", metadata={"Date": None})
        files.append(buffer.getvalue())
    assert len(files[0]) > 100_000
    assert files[0] == files[1]


def test_words_in_both_languages():
    """Goal: nothing is said in one language only. Method: keys and braces of the table."""
    for word, texts_of in WORDS.items():
        assert set(texts_of) == {"en", "th"}, word
        braces = [
            {part.split("}")[0] for part in text.split("{")[1:]} for text in texts_of.values()
        ]
        assert braces[0] == braces[1], word
