"""Goal: the aftermath as a whole: what it says of itself, that it repeats, and what it conserves.

Method: days by hand, and drawn days for the laws: complaints = closed + open, money paid is the
sum of its rows and never more than owed while no amount is wrong.
"""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.engine.aftermath.layer import run_aftermath
from bcsim.engine.timeline import Timeline
from bcsim.history.verdict import CLASSES
from bcsim.limits import AFTERMATH_NS
from tests.unit.engine.aftermath.aftermaths import (
    CHECK,
    COMPLAINTS,
    DAY_END_S,
    REDRESS,
    aftermath,
    blueprint,
    history,
    model,
    timeline,
    verdicts,
    wish,
)

EVENTS = [wish(f"app-{n:06d}", 60 * n) for n in range(40)]
LOST = {event[3]["intent_id"]: "lost" for event in EVENTS}
LUCKY = COMPLAINTS | {
    "clients": {"chance": {"lost": 0.5}, "delay": "exponential 5 h", "again": 0.5},
    "final_answer": "lognormal median 1 h sigma 1",
}
WHOLE = model(
    complaints=LUCKY,
    redress=REDRESS | {"wrong": 0.3, "unasked": True},
    oversight={"check": CHECK | {"coverage": 0.5}},
)


def test_a_model_that_says_nothing_has_no_aftermath():
    """Goal: None, and not an empty history that would claim to have looked."""
    plan = blueprint(model())
    nothing = run_aftermath(plan, Timeline((), ()), history(EVENTS), verdicts(LOST))
    assert nothing is None


def test_it_says_what_it_looked_for_and_until_when():
    """Goal: declared kinds by section of the model, and the end of the watch."""
    for section, kinds in (
        ({"complaints": COMPLAINTS}, ("complain", "respond")),
        ({"redress": REDRESS}, ("redress",)),
        ({"oversight": {"check": CHECK}}, ("detect", "action")),
    ):
        found = aftermath(model(**section), [wish("app-000000")], {"app-000000": "ok"})
        assert found.profile.declared_kinds == kinds
        assert found.profile.drain_to_ns == DAY_END_S * 10**9 + AFTERMATH_NS
        assert len(found) == 0


def test_it_repeats_and_depends_on_the_seed():
    """Goal: the same seed gives the same root, another seed another one."""
    roots = [aftermath(WHOLE, EVENTS, LOST, seed=seed).root for seed in (1, 1, 2)]
    assert roots[0] == roots[1] != roots[2]


def test_rows_are_in_order():
    """Goal: time never falls, and the day's end divides it from what follows."""
    found = aftermath(WHOLE, EVENTS, LOST)
    times = found.integer("time_ns").tolist()
    assert times == sorted(times)
    assert {str(row["kind"]) for row in found.rows()} == {
        "complain",
        "respond",
        "redress",
        "detect",
    }


def test_more_people_never_answer_later():
    """Goal: the same luck with another design. Method: two persons instead of one."""

    def answers(servers):
        spec = WHOLE.replace(
            components=dict(WHOLE.components)
            | {"care": WHOLE.components["care"].replace(servers=servers)}
        )
        rows = aftermath(spec, EVENTS, LOST).rows("respond")
        return sum(int(row["time_ns"] or 0) for row in rows if str(row["ref"]) < "complaint-000010")

    assert answers(2) <= answers(1)


@settings(max_examples=25, deadline=None)
@given(
    classes=st.lists(st.sampled_from([verdict.value for verdict in CLASSES]), max_size=25),
    seed=st.integers(0, 2**32),
    servers=st.integers(0, 3),
    away_from_h=st.integers(0, 9),
)
def test_laws(classes, seed, servers, away_from_h):
    """Goal: nothing is answered twice or before it came, nobody gets more than is owed."""
    spec = model(
        complaints=LUCKY,
        redress=REDRESS | {"unasked": True},
        oversight={"check": CHECK | {"coverage": 0.5}},
    )
    given_classes = {f"app-{n:06d}": name for n, name in enumerate(classes)}
    events = [wish(name, 10 * n) for n, name in enumerate(given_classes)]
    changes = timeline((3600 * away_from_h, "care", "servers", servers))
    found = aftermath(spec, events, given_classes, changes=changes, seed=seed)
    received: dict[object, int] = {}
    for row in found.rows("complain"):
        received.setdefault(row["ref"], int(row["time_ns"] or 0))
    final = [row for row in found.rows("respond") if row["subject"] == "final answer"]
    closed = {row["ref"] for row in final}
    assert len(final) == len(closed)
    assert closed == set(received), "a year is enough for everybody"
    assert all(int(row["time_ns"] or 0) > received[row["ref"]] for row in final)
    owed: dict[object, int] = {}
    for row in found.rows("redress"):
        sign = 1 if row["subject"] == "due" else -1
        owed[row["intent_id"]] = owed.get(row["intent_id"], 0) + sign * int(row["amount"] or 0)
    assert all(rest in {0, 500} for rest in owed.values())
    lost = [name for name, verdict in given_classes.items() if verdict == "lost"]
    assert set(owed) == set(lost)
