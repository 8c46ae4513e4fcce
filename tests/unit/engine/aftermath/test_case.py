"""Goal: the orders that matter afterwards are found, with what is known of them.

Method: hand-written histories and verdicts; whole cases are compared.
"""

from __future__ import annotations

from bcsim.engine.aftermath.case import STRAY, Case
from bcsim.history.verdict import CLASSES, FLAGS
from bcsim.model.defect import Defect
from bcsim.units import NS_PER_S
from tests.unit.engine.aftermath.aftermaths import cases, wish


def test_defects_are_classes_and_flags():
    """Goal: the model's words are the verdicts'. Method: compare the lists, but for ok ends."""
    good = {"rejected", "cancelled", "expired", "ok", "indeterminate", "repaired"}
    words = {member.value for member in (*CLASSES, *FLAGS)} - good
    assert {defect.value for defect in Defect} == words | {"fault", "unreached"}


def test_a_case_tells_its_order():
    """Goal: terms, times and luck of an order. Method: an order that was answered late."""
    events = [
        wish("app-000007", 5, deadline_ns=10 * NS_PER_S, price=990, account="a1", client_id="c1"),
        (12, "execute", "venue", {"intent_id": "app-000007"}),
        (15, "confirm", "client", {"intent_id": "app-000007"}),
        (19, "settle", "client", {"intent_id": "app-000007"}),
        wish("app-000008", 6),
    ]
    found = cases(events, {"app-000007": "late", "app-000008": "ok"}, {"slipped": ["app-000007"]})
    assert found == (
        Case(
            number=0,
            intent="app-000007",
            kinds=("late", "slipped"),
            source="app",
            index=7,
            from_ns=5 * NS_PER_S,
            end_ns=15 * NS_PER_S,
            felt_ns=15 * NS_PER_S,
            deadline_ns=10 * NS_PER_S,
            qty=100,
            price=990,
            client="c1",
            segment="retail",
            channel="app",
            account="a1",
            instrument="aaa",
            side="buy",
        ),
    )
    assert found[0].delay_ns == 5 * NS_PER_S


def test_which_orders_are_cases():
    """Goal: failing, late, recovered and refused orders are cases, good ends are not."""
    classes = {f"app-{n:06d}": verdict.value for n, verdict in enumerate(CLASSES)}
    events = [wish(intent) for intent in classes]
    found = {case.intent: case.kinds for case in cases(events, classes)}
    assert list(found.values()) == [
        (verdict.value, *(("unreached",) if verdict == "stranded" else ()))
        for verdict in CLASSES[: CLASSES.index("recovered") + 1]
    ]
    turned_away = cases(
        [wish("app-000000")], {"app-000000": "rejected"}, {"refused": ["app-000000"]}
    )
    assert [case.kinds for case in turned_away] == [("refused",)]
    repaired = cases([wish("app-000000")], {"app-000000": "ok"}, {"repaired": ["app-000000"]})
    assert repaired == ()


def test_delay_without_a_deadline_and_without_a_word():
    """Goal: without a deadline the wish counts; who hears nothing has no delay yet."""
    events = [
        wish("app-000000", 5),
        (25, "confirm", "client", {"intent_id": "app-000000"}),
        wish("app-000001", 5),
        (25, "book", "ledger", {"intent_id": "app-000001"}),
    ]
    heard, unheard = cases(events, {"app-000000": "late", "app-000001": "lost"})
    assert (heard.delay_ns, unheard.delay_ns) == (20 * NS_PER_S, 0)


def test_a_stray_has_its_own_luck():
    """Goal: an execution without an order is a case too. Method: a phantom."""
    events = [
        (3, "execute", "venue", {"exec_id": "x9", "instrument": "aaa"}),
        wish("app-000000", 4),
    ]
    (stray,) = cases(events, {"app-000000": "ok", "x9": "phantom"})
    told = (stray.intent, stray.kinds, stray.source, stray.index, stray.client, stray.from_ns)
    assert told == ("x9", ("phantom",), STRAY, 1, None, 3 * NS_PER_S)


def test_who_could_not_reach_the_firm():
    """Goal: a stranded order of which nobody but its client shows anything, and his last try.

    Method: two tries and an enquiry; a try that a component saw; an order that is not stranded.
    """
    events = [
        wish("app-000000", 5),
        (6, "submit", "client", {"intent_id": "app-000000"}),
        (40, "resend", "client", {"intent_id": "app-000000"}),
        (90, "enquire", "client", {"intent_id": "app-000000"}),
        (95, "orphan", "engine_store", {"intent_id": "app-000000"}),
        wish("app-000001", 5),
        (7, "route", "oms", {"intent_id": "app-000001"}),
        (50, "resend", "client", {"intent_id": "app-000001"}),
        wish("app-000002", 5),
    ]
    classes = {"app-000000": "stranded", "app-000001": "stranded", "app-000002": "lost"}
    found = [(case.kinds, case.felt_ns // NS_PER_S) for case in cases(events, classes)]
    assert found == [(("stranded", "unreached"), 90), (("stranded",), 5), (("lost",), 5)]
