"""Goal: no text of a chart is clipped, and no two texts lie on each other.

Method: measure every text of every chart as it will be drawn, in both languages, on the recorded
run and on runs made hard: many overlapping bands, long names, outages without end, a whole day.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgb
from matplotlib.text import Text

from bcsim.checkers.continuity import Outage
from bcsim.conduct.fates import FATES, OrderFates
from bcsim.report.account import Deed, Disruption
from bcsim.report.composition import words_of
from bcsim.report.figures.bands import bands_of
from bcsim.report.figures.levels import draw_levels
from bcsim.report.figures.orders import FILLS, draw_orders, time_axis
from bcsim.report.figures.plan_timeline import draw_plan
from bcsim.report.figures.style import styled
from bcsim.report.naming import names_of
from bcsim.units import NS_PER_H
from tests.recorded_run import MINUTES, SECONDS

CHARTS = (draw_orders, draw_levels, draw_plan)
START = 60 * MINUTES

LONG = {
    "en": "Move the whole order management with each last one of its customers to the other site",
    "th": "ย้ายระบบบริหารคำสั่งซื้อขายพร้อมลูกค้าทุกรายไปยังศูนย์ปฏิบัติการสำรองที่อยู่อีกจังหวัดหนึ่งซึ่งไกลมาก",
}


def as_recorded(account):
    return account


def crowded(account):
    """Fourteen actions and disruptions that overlap, some failed, some without end."""
    deeds = tuple(
        Deed(
            "paper" if i % 2 else "tell-clients", START + i * 20 * SECONDS,
            START + i * 25 * SECONDS,
            None if i % 5 == 4 else START + i * 40 * SECONDS + 30 * SECONDS,
            "running" if i % 5 == 4 else "failed" if i % 3 == 0 else "done",
        )
        for i in range(10)
    )  # fmt: skip
    disruptions = tuple(
        Disruption("crash", START + i * MINUTES, None if i == 3 else START + (i + 4) * MINUTES)
        for i in range(4)
    )
    return replace(account, deeds=deeds, disruptions=disruptions)


def with_long_names(account):
    """Names wider than the panel."""
    model = account.run.model
    actions = {name: action.replace(name=LONG) for name, action in model.plan.actions.items()}
    services = {name: service.replace(name=LONG) for name, service in model.services.items()}
    model = model.replace(plan=model.plan.replace(actions=actions), services=services)
    return replace(crowded(account), run=replace(account.run, model=model))


def without_end(account):
    """Outages that use up rto and mtpd inside the window, one of them to the end."""
    services = {
        name: replace(
            measure,
            outages=(
                Outage(START, START + 30 * SECONDS),
                Outage(START + 40 * SECONDS, START + 70 * SECONDS),
                Outage(START + 2 * MINUTES, START + 10 * MINUTES, has_ended=False),
            ),
            tolerance=replace(measure.tolerance, rto_ns=MINUTES, mtpd_ns=7 * MINUTES),
        )
        for name, measure in account.services.items()
    }
    return replace(account, services=services)


def whole_day(account):
    """Every fate, in intervals of five minutes, and actions hours apart."""
    window = (START, START + 8 * NS_PER_H)
    from_ns = np.arange(START, window[1], 5 * MINUTES)
    counts = {f: np.arange(len(from_ns)) % (7 + i) * 1000 for i, f in enumerate(FATES)}
    deeds = tuple(
        Deed(
            "paper",
            START + h * NS_PER_H,
            START + h * NS_PER_H,
            START + h * NS_PER_H + MINUTES,
            "done",
        )
        for h in (0, 2, 7)
    )
    fates = OrderFates(5 * MINUTES, from_ns, counts)
    return replace(account, window_ns=window, fates=fates, deeds=deeds)


DAYS = (as_recorded, crowded, with_long_names, without_end, whole_day)


def boxes(figure):
    """Visible texts with their extents in pixels."""
    canvas = FigureCanvasAgg(figure)
    with styled():
        canvas.draw()
        renderer = canvas.get_renderer()
        found = [
            (text.get_text(), text.get_window_extent(renderer), text)
            for text in figure.findobj(Text)
            if text.get_text().strip() and text.get_visible()
        ]
    assert found
    return found


@pytest.mark.parametrize("lang", ["en", "th"])
@pytest.mark.parametrize("day", DAYS)
@pytest.mark.parametrize("draw", CHARTS)
def test_texts_are_whole_and_apart(account, draw, day, lang):
    """Goal: everything can be read. Method: extents within the sheet, and pairwise apart."""
    changed = day(account)
    figure = draw(changed, words_of(changed, lang))
    page, texts = figure.bbox, boxes(figure)
    clipped = [
        text
        for text, box, _ in texts
        if box.x0 < -1 or box.y0 < -1 or box.x1 > page.x1 + 1 or box.y1 > page.y1 + 1
    ]
    assert clipped == []
    # Lines of text may touch; two pixels and a half are less than the space between them.
    together = [
        (one, two)
        for (one, a, _), (two, b, _) in combinations(texts, 2)
        if min(a.x1, b.x1) - max(a.x0, b.x0) > 2.5 and min(a.y1, b.y1) - max(a.y0, b.y0) > 2.5
    ]
    assert together == []


def test_more_bands_than_lanes_are_counted(account):
    """Goal: a crowded chart says what it leaves out. Method: fourteen bands."""
    day = crowded(account)
    bands = bands_of(day, names_of(day, words_of(day, "en")), time_axis(day))
    assert len(bands) == 9
    assert bands[-1].label == "and 6 more, see the plan's timeline"
    assert [band.look for band in bands[:4]] == ["disruption"] * 4


def test_bands_outside_of_the_time_shown_are_left_out(account):
    """Goal: only what one sees. Method: an action hours later."""
    late = Deed("paper", START + 9 * NS_PER_H, START + 9 * NS_PER_H, START + 10 * NS_PER_H, "done")
    day = replace(account, deeds=(late,))
    labels = [b.label for b in bands_of(day, names_of(day, words_of(day, "en")), time_axis(day))]
    assert labels == ["Data centre 1: failed"]


def test_nothing_to_draw_is_not_drawn(account):
    """Goal: no empty timeline. Method: a run without disruption, action or outage."""
    services = {name: replace(m, outages=()) for name, m in account.services.items()}
    none = dict.fromkeys(("disruptions", "deeds", "detections", "declarations", "takeovers"), ())
    day = replace(account, services=services, **none)
    assert draw_plan(day, words_of(day, "en")) is None


def test_every_fate_has_its_own_fill():
    """Goal: fates are told apart in colour and in grey. Method: fills, and their lightness.

    Neighbours in a bar differ in lightness by a tenth, or in hatch.
    """
    ended = {"rejected", "cancelled", "expired"}
    assert set(FILLS) == (set(FATES) - ended) | {"ended"}
    assert len(set(FILLS.values())) == len(FILLS)

    def lightness(color):
        red, green, blue = to_rgb(color)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    looks = list(FILLS.values())
    close = [
        (a, b)
        for a, b in pairwise(looks)
        if abs(lightness(a.color) - lightness(b.color)) < 0.1 and a.hatch == b.hatch
    ]
    assert close == []


def test_the_bars_are_the_counts(account):
    """Goal: the picture shows the numbers. Method: heights of the bars against the counts."""
    figure = draw_orders(account, words_of(account, "en"))
    chart = figure.axes[1]
    heights = sum(bar.get_height() for container in chart.containers for bar in container)
    assert heights == account.intended_count
    tops = np.zeros(len(account.fates.from_ns))
    for container in chart.containers:
        tops += [bar.get_height() for bar in container]
    assert tops.tolist() == account.fates.heights.tolist()
