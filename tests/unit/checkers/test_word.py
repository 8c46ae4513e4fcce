"""Goal: what the client knows in the end decides whether it was told the truth.

Method: an order for 100 executes twice, at 3 s and 5 s; then things are taken back and said.
"""

from __future__ import annotations

from tests.unit.checkers.log import Log


def twice(**profile: object) -> Log:
    """Executed twice, and both told."""
    log = Log(**profile).wish("I1").told("I1", 1, "acknowledge")
    log.fill("I1", 3, "E1").told("I1", 4, exec_id="E1")
    return log.fill("I1", 5, "E2").told("I1", 6, exec_id="E2")


def test_a_mended_duplicate_of_which_the_client_was_told_is_ok():
    """Goal: a true bust is a true word. Method: the second execution is busted, and told so."""
    log = twice().add("bust", 7, "venue", order_id="I1.1", ref="E2")
    assert log.told("I1", 8, "bust", ref="E2").classes() == {"I1": "ok"}


def test_a_mended_duplicate_of_which_the_client_was_not_told_is_unconfirmed():
    """Goal: its last word was of an execution that is undone. Method: no bust at the client."""
    log = twice().add("bust", 7, "venue", order_id="I1.1", ref="E2")
    assert log.classes() == {"I1": "unconfirmed"}


def test_a_mended_duplicate_that_is_confirmed_again_is_unconfirmed():
    """Goal: the last word counts. Method: the bust is told, then the execution once more."""
    log = twice().add("bust", 7, "venue", order_id="I1.1", ref="E2")
    log.told("I1", 8, "bust", ref="E2").told("I1", 9, exec_id="E2")
    assert log.classes() == {"I1": "unconfirmed"}


def test_a_bust_of_an_execution_that_stands_is_untrue():
    """Goal: told undone, yet it stands. Method: the venue busts E2, the client hears of E1."""
    log = twice().add("bust", 7, "venue", order_id="I1.1", ref="E2")
    log.told("I1", 8, "bust", ref="E1")
    assert log.classes() == {"I1": "unconfirmed"}
    assert log.told("I1", 9, exec_id="E1").told("I1", 10, "bust", ref="E2").classes() == {
        "I1": "ok"
    }


def test_a_bust_without_a_name_is_untrue_of_an_order_that_executed_in_full():
    """Goal: nothing else can tell. Method: one execution stands, a nameless bust is told."""
    log = Log().wish("I1").told("I1", 1, "acknowledge")
    log.fill("I1", 3, "E1").told("I1", 4, exec_id="E1").told("I1", 5, "bust")
    assert log.classes() == {"I1": "unconfirmed"}
