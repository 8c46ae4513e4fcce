"""Goal: complaints are answered by people, in time or not, and clients complain again.

Method: days by hand on which everybody complains; the rows of the aftermath as text.
"""

from __future__ import annotations

from tests.unit.engine.aftermath.aftermaths import (
    COMPLAINTS,
    REDRESS,
    aftermath,
    lines,
    model,
    timeline,
    wish,
)


def handled(*wishes_s, changes=None, redress=None, clients=None, drain=None, **complaints):
    """Complaints and responses about lost orders that were wished at some seconds."""
    whole = COMPLAINTS | complaints
    whole["clients"] = whole["clients"] | (clients or {})
    spec = model(complaints=whole, redress=redress)
    events = [wish(f"app-{n:06d}", at_s) for n, at_s in enumerate(wishes_s)]
    classes = {event[3]["intent_id"]: "lost" for event in events}
    day = {"drain": drain} if drain else {}
    found = aftermath(spec, events, classes, changes=changes or timeline(), **day)
    return lines(found, "complain", "respond", *(["redress"] if redress else []))


def test_one_complaint():
    """Goal: word, first response, answer. Method: an hour's delay, 10 and 50 minutes of work."""
    assert handled(0) == [
        "1h client complain app-000000 lost first complaint-000001",
        "1.16667h care respond app-000000 first-response complaint-000001 care",
        "2h care respond app-000000 final-answer complaint-000001 care",
    ]


def test_first_responses_come_before_answers():
    """Goal: one person, two complaints at once: both have a response before either an answer."""
    assert handled(0, 0)[2:] == [
        "1.16667h care respond app-000000 first-response complaint-000001 care",
        "1.33333h care respond app-000001 first-response complaint-000002 care",
        "2.16667h care respond app-000000 final-answer complaint-000001 care",
        "3h care respond app-000001 final-answer complaint-000002 care",
    ]


def test_nobody_answers_at_night():
    """Goal: hours of the office. Method: hours 09:00 to 11:30; the complaint comes at 11:00."""
    assert handled(0, hours={"open": "09:00", "close": "11:30"}) == [
        "1h client complain app-000000 lost first complaint-000001",
        "1.16667h care respond app-000000 first-response complaint-000001 care",
        "23.5h care respond app-000000 final-answer complaint-000001 care",
    ]


def test_people_on_the_recovery_do_not_answer():
    """Goal: the timeline's people count during the day, and everybody is back after it heals."""
    away = timeline((0, "care", "servers", 0))
    assert handled(0, changes=away)[1:] == [
        "10.1667h care respond app-000000 first-response complaint-000001 care",
        "11h care respond app-000000 final-answer complaint-000001 care",
    ]
    frozen = {"kind": "freeze", "limit": "9 h"}
    assert len(handled(0, changes=away, drain=frozen)) == 1


def test_another_team_helps():
    """Goal: beyond the bound the overflow team answers. Method: two complaints, bound 0 and 1."""
    teams = [line.split()[1] for line in handled(0, 0, overflow={"team": "desk", "above": 0})[2:]]
    assert teams == ["care", "desk", "care", "desk"]
    teams = [line.split()[1] for line in handled(0, 0, overflow={"team": "desk", "above": 1})[2:]]
    assert teams == ["care"] * 4


def test_a_client_who_hears_nothing_complains_again():
    """Goal: once, after the patience, about the same complaint, and it is work too."""
    clients = {"patience": "5 h", "again": 1.0}
    away = timeline((0, "care", "servers", 0))
    assert handled(0, changes=away, clients=clients) == [
        "1h client complain app-000000 lost first complaint-000001",
        "6h client complain app-000000 lost again complaint-000001",
        "10.1667h care respond app-000000 first-response complaint-000001 care",
        "10.3333h care respond app-000000 first-response complaint-000001 care",
        "11.1667h care respond app-000000 final-answer complaint-000001 care",
    ]
    meek = handled(0, changes=away, clients=clients | {"again": 0.0})
    assert len(meek) == 3
    heard = handled(0, clients=clients | {"patience": "10 min 1 s"})
    assert len(heard) == 3


def test_a_client_who_is_paid_too_little_complains_again():
    """Goal: a complaint of its own; the rest is paid, and nobody complains a third time."""
    redress = REDRESS | {"wrong": 1.0, "wrong_share": [0.5, 0.5]}
    assert handled(0, redress=redress, clients={"again": 1.0}) == [
        "1h client complain app-000000 lost first complaint-000001",
        "1.16667h care respond app-000000 first-response complaint-000001 care",
        "2h care respond app-000000 final-answer complaint-000001 care",
        "10h firm redress app-000000 due 500",
        "26h firm redress app-000000 paid 250 complaint-000001",
        "27h client complain app-000000 lost again complaint-000002",
        "27.1667h care respond app-000000 first-response complaint-000002 care",
        "28h care respond app-000000 final-answer complaint-000002 care",
        "52h firm redress app-000000 paid 125 complaint-000002",
    ]


def test_nobody_complains_a_third_time():
    """Goal: no response to the second complaint is not a reason for another one.

    Method: the team leaves for good after the first answer.
    """
    redress = REDRESS | {"wrong": 1.0, "wrong_share": [0.5, 0.5]}
    rows = handled(
        0,
        redress=redress,
        clients={"again": 1.0, "patience": "5 h"},
        changes=timeline((90_000, "care", "servers", 0)),
        drain={"kind": "freeze", "limit": "9 h"},
    )
    assert [row for row in rows if "complain " in row] == [
        "1h client complain app-000000 lost first complaint-000001",
        "27h client complain app-000000 lost again complaint-000002",
    ]


def test_one_complaint_about_two_orders():
    """Goal: one piece of work; each order is told, found and paid; what is short comes again once.

    Method: two lost orders of one client, each paid half.
    """
    redress = REDRESS | {"wrong": 1.0, "wrong_share": [0.5, 0.5]}
    whole = COMPLAINTS | {"clients": COMPLAINTS["clients"] | {"again": 1.0}}
    events = [wish("app-000000", client_id="c1"), wish("app-000001", client_id="c1")]
    classes = dict.fromkeys(("app-000000", "app-000001"), "lost")
    found = aftermath(model(complaints=whole, redress=redress), events, classes)
    assert lines(found, "complain", "respond", "redress") == [
        "1h client complain app-000000 lost first complaint-000001",
        "1h client complain app-000001 lost also complaint-000001",
        "1.16667h care respond app-000000 first-response complaint-000001 care",
        "2h care respond app-000000 final-answer complaint-000001 care",
        "10h firm redress app-000000 due 500",
        "10h firm redress app-000001 due 500",
        "26h firm redress app-000000 paid 250 complaint-000001",
        "26h firm redress app-000001 paid 250 complaint-000001",
        "27h client complain app-000000 lost again complaint-000002",
        "27h client complain app-000001 lost also complaint-000002",
        "27.1667h care respond app-000000 first-response complaint-000002 care",
        "28h care respond app-000000 final-answer complaint-000002 care",
        "52h firm redress app-000000 paid 125 complaint-000002",
        "52h firm redress app-000001 paid 125 complaint-000002",
    ]
