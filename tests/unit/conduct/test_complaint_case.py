"""Goal: complaints and their answers are put together, from an aftermath or from a real log.

Method: hand-written histories; whole complaints are compared.
"""

from __future__ import annotations

from typing import Any

from bcsim.conduct.complaint_case import ComplaintCase, complaint_cases, watched_to_ns
from bcsim.units import NS_PER_S
from tests.unit.conduct.aftermaths import WATCHED_NS, aftermath_of
from tests.unit.conduct.days import END_S, day_of


def s(seconds):
    return None if seconds is None else seconds * NS_PER_S


def case(name, received, responded, answered, **more):
    plain: dict[str, Any] = {
        "intents": (),
        "kinds": (),
        "repeat_count": 0,
        "is_again": False,
        "handlers": (),
    }
    return ComplaintCase(name, s(received), s(responded), s(answered), **(plain | more))


def test_nobody_looked():
    """Goal: None, not zero, where neither a log nor an aftermath tells of complaints."""
    other = aftermath_of([], "redress")
    assert complaint_cases(day_of([], {})) is None
    assert complaint_cases(day_of([], {}, aftermath=other)) is None
    assert complaint_cases(day_of([], {}, aftermath=aftermath_of([], "complain"))) == ()


def test_an_aftermath_with_everything():
    """Goal: first and final answers, repetitions, handlers, complaints about complaints."""
    events = [
        (10, "complain", "client", {"ref": "1", "intent_id": "a", "reason": "first"}),
        (20, "complain", "client", {"ref": "1", "intent_id": "a", "reason": "again"}),
        (30, "respond", "care", {"ref": "1", "actor": "care", "subject": "first response"}),
        (31, "respond", "care", {"ref": "1", "actor": "care", "subject": "first response"}),
        (90, "respond", "desk", {"ref": "1", "actor": "desk", "subject": "final answer"}),
        (95, "complain", "client", {"ref": "2", "intent_id": "a", "reason": "again"}),
        (96, "respond", "care", {"ref": "2", "subject": "first response"}),
    ]
    day = day_of([], {}, aftermath=aftermath_of(events, "complain", "respond"))
    assert complaint_cases(day) == (
        case("1", 10, 30, 90, intents=("a",), repeat_count=1, handlers=("care", "care", "desk")),
        case("2", 95, 96, None, intents=("a",), is_again=True),
    )
    assert watched_to_ns(day) == WATCHED_NS


def test_a_complaint_about_several_orders():
    """Goal: one complaint with all its orders and what was felt, however often it is repeated."""
    rows = [("a", "lost", "first"), ("b", "late", "also"), ("c", "late", "also")]
    again = [("a", "lost", "again"), ("b", "late", "also"), ("c", "late", "also")]
    events = [
        (at_s, "complain", "client", {"ref": "1", "intent_id": i, "subject": s, "reason": r})
        for at_s, told in ((10, rows), (20, again))
        for i, s, r in told
    ]
    day = day_of([], {}, aftermath=aftermath_of(events, "complain"))
    about = {"intents": ("a", "b", "c"), "kinds": ("lost", "late")}
    assert complaint_cases(day) == (case("1", 10, None, None, **about, repeat_count=1),)


def test_a_log_of_its_own_words():
    """Goal: without references the order or client is the name; any response is the answer."""
    events = [
        (10, "complain", "crm", {"intent_id": "a"}),
        (11, "complain", "crm", {"client_id": "c9"}),
        (12, "complain", "crm", {}),
        (40, "respond", "crm", {"intent_id": "a", "actor": "jo"}),
        (50, "respond", "crm", {"client_id": "c9", "subject": "letter"}),
    ]
    day = day_of(events, {})
    assert complaint_cases(day) == (
        case("a", 10, 40, 40, intents=("a",), handlers=("jo",)),
        case("c9", 11, 50, 50),
        case("2", 12, None, None),
    )
    assert watched_to_ns(day) == END_S * NS_PER_S
