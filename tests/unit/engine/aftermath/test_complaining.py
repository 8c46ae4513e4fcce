"""Goal: who complains, of what and when, follows the model's chances and factors.

Method: cases by hand with chances of 0 and 1, where the result is certain; one statistical test
of all factors together.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from bcsim.engine.aftermath.complaining import Notice, complaints_of, notices_of
from bcsim.streams import Streams
from bcsim.units import NS_PER_H, NS_PER_MIN, NS_PER_S
from tests.unit.engine.aftermath.aftermaths import COMPLAINTS, cases, history, model, wish

UNTOLD_ONLY = {"untold": 1.0, "told": 0.0, "misled": 0.0, "within": "10 min"}


def complaining(**clients):
    plain = {"chance": {"lost": 1.0}, "delay": "1 h"}
    return model(complaints=COMPLAINTS | {"clients": plain | clients})


def told(spec, found, notices=()):
    """Intent, kind and hour of each complaint."""
    complaints = complaints_of(spec, found, tuple(notices), Streams(1, 0))
    return [(c.case.intent, c.grievances[0].kind, c.time_ns / NS_PER_H) for c in complaints]


LOST = cases([wish("app-000000", 60)], {"app-000000": "lost"})


def test_the_gravest_kind_is_complained_of():
    """Goal: the greatest chance counts, and kinds without a chance are no reason."""
    found = cases([wish("app-000000", 3600)], {"app-000000": "late"}, {"slipped": ["app-000000"]})
    assert told(complaining(chance={"late": 0.0, "slipped": 1.0}), found) == [
        ("app-000000", "slipped", 2.0)
    ]
    assert told(complaining(chance={"refused": 1.0}), found) == []
    alike = complaining(chance={"slipped": 1.0, "late": 1.0})
    assert told(alike, found) == [("app-000000", "late", 2.0)], "of equals, the class"


def test_a_short_delay_is_minded_less():
    """Goal: proportion to the delay of late and recovered orders, up to the full chance.

    Method: 400 orders, late by a quarter of ``full_after``: about 100 complain; a fair program
    is outside 100 +- 5 sigma (sigma 8.7) once in a million.
    """
    names = [f"app-{n:06d}" for n in range(400)]
    late_s = 15 * 60
    events = [event for name in names for event in (wish(name), confirmed(name, late_s))]
    found = cases(events, dict.fromkeys(names, "late"))
    spec = complaining(chance={"late": 1.0}, full_after="1 h")
    assert abs(len(told(spec, found)) - 100) <= 5 * math.sqrt(400 * 0.25 * 0.75)
    assert len(told(complaining(chance={"late": 1.0}, full_after="15 min"), found)) == 400
    lost = cases(events, dict.fromkeys(names, "lost"))
    assert len(told(complaining(full_after="1 h"), lost)) == 400


def confirmed(intent, at_s):
    return at_s, "confirm", "client", {"intent_id": intent}


@pytest.mark.parametrize(
    ("notices", "complains"),
    [
        ((), True),
        (((0, None, True),), False),
        (((0, "app", True),), False),
        (((0, "phone", True),), True),
        (((11, None, True),), False),
        (((12, None, True),), True),
    ],
)
def test_a_true_notice_in_time_calms(notices, complains):
    """Goal: channel and time of a notice count. Method: the wish is at 1 min, 10 min are left."""
    spec = complaining(notices=UNTOLD_ONLY)
    given = [Notice(at * NS_PER_MIN, channel, is_true) for at, channel, is_true in notices]
    assert bool(told(spec, LOST, given)) is complains


def test_an_untrue_notice_misleads():
    """Goal: one untrue notice among true ones is enough."""
    spec = complaining(notices=UNTOLD_ONLY | {"untold": 0.0, "misled": 1.0})
    true, untrue = Notice(0, None, is_true=True), Notice(0, "app", is_true=False)
    assert told(spec, LOST, [true]) == []
    assert told(spec, LOST, [true, untrue]) == [("app-000000", "lost", 1 + 1 / 60)]


def test_vulnerable_clients_and_segments_have_factors():
    """Goal: both factors multiply, and none makes more than certainty."""
    segment = {"vulnerable": True}
    for factors, complains in (
        ({}, True),
        ({"vulnerable": 0.0}, False),
        ({"segments": {"retail": 0.0}}, False),
        ({"vulnerable": 3.0, "segments": {"retail": 2.0}}, True),
    ):
        clients = {"chance": {"lost": 1.0}, "delay": "1 h"} | factors
        spec = model(complaints=COMPLAINTS | {"clients": clients}, segment=segment)
        assert bool(told(spec, LOST)) is complains
    calm = model(complaints=COMPLAINTS | {"clients": COMPLAINTS["clients"] | {"vulnerable": 0.0}})
    assert told(calm, LOST), "the segment is not vulnerable, so the factor does not apply"


def test_luck_belongs_to_the_order():
    """Goal: another order in the same run changes nobody's mind. Method: with and without."""
    spec = complaining(chance={"lost": 0.5}, delay="exponential 1 h")
    names = [f"app-{n:06d}" for n in range(50)]
    all_of_them = cases([wish(name) for name in names], dict.fromkeys(names, "lost"))
    some = tuple(replace(case, number=case.number - 20) for case in all_of_them[20:30])
    wanted = {case.intent for case in some}
    assert told(spec, some) == [c for c in told(spec, all_of_them) if c[0] in wanted]
    assert 10 < len(told(spec, all_of_them)) < 40


@pytest.mark.parametrize(
    ("wishes", "complaints"),
    [
        # Both are known when he complains of the first, an hour after it.
        ({"a": ("c1", 0), "b": ("c1", 30)}, [("app-0", 60, "app-1")]),
        ({"a": ("c1", 0), "b": ("c1", 60)}, [("app-0", 60, "app-1")]),
        # The second happens after the complaint, and brings another one.
        ({"a": ("c1", 0), "b": ("c1", 61)}, [("app-0", 60), ("app-1", 121)]),
        (
            {"a": ("c1", 0), "b": ("c1", 61), "c": ("c1", 90), "d": ("c1", 10)},
            [("app-0", 60, "app-3"), ("app-1", 121, "app-2")],
        ),
        ({"a": ("c1", 0), "b": ("c2", 30)}, [("app-0", 60), ("app-1", 90)]),
        ({"a": (None, 0), "b": (None, 30)}, [("app-0", 60), ("app-1", 90)]),
    ],
)
def test_a_complaint_is_about_all_that_the_client_knows_of(wishes, complaints):
    """Goal: one complaint, not one an order. Method: lost orders of minutes, an hour's delay."""
    events = [
        wish(f"app-{n}", 60 * at_min, client_id=client)
        for n, (client, at_min) in enumerate(wishes.values())
    ]
    found = cases(events, {event[3]["intent_id"]: "lost" for event in events})
    assert [
        (c.case.intent, c.time_ns // NS_PER_MIN, *(one.case.intent for one in c.grievances[1:]))
        for c in complaints_of(complaining(), found, (), Streams(1, 0))
    ] == complaints


def test_what_a_client_does_not_mind_is_not_told():
    """Goal: kinds without a chance. Method: one order lost, one late that nobody minds."""
    events = [wish("app-0", client_id="c1"), wish("app-1", client_id="c1")]
    found = cases(events, {"app-0": "lost", "app-1": "late"})
    (complaint,) = complaints_of(complaining(), found, (), Streams(1, 0))
    assert [one.case.intent for one in complaint.grievances] == ["app-0"]


def test_a_client_who_could_not_reach_the_firm_complains():
    """Goal: of that, after the last try. Method: tries until minute 30, an hour's delay."""
    events = [wish("app-0"), (1800, "resend", "client", {"intent_id": "app-0"})]
    found = cases(events, {"app-0": "stranded"})
    spec = complaining(chance={"stranded": 0.0, "unreached": 1.0})
    assert told(spec, found) == [("app-0", "unreached", 1.5)]
    seen = cases([*events, (9, "route", "oms", {"intent_id": "app-0"})], {"app-0": "stranded"})
    assert told(spec, seen) == []


def test_notices_come_from_the_plan_and_go_to_clients():
    """Goal: which rows are notices, and which of them are untrue. Method: four rows."""
    events = [
        (1, "notify", "plan", {"reason": "notify-clients", "component": "app"}),
        (2, "notify", "plan", {"reason": "notify-regulator"}),
        (3, "notify", "client", {"reason": "notify-clients"}),
        (4, "notify", "plan", {"reason": "notify-clients"}),
    ]
    assert notices_of(history(events), {3}) == (
        Notice(1 * NS_PER_S, "app", is_true=True),
        Notice(4 * NS_PER_S, None, is_true=False),
    )
