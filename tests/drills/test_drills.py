"""Goal: the logs of real failovers are judged as the truth is.

Method: two programs on the QuickFIX engine send orders over loopback; one or both kill
themselves with SIGKILL in mid-stream and come back with their message store kept, wiped or
reset. The expected verdicts come from the programs' own journals, never from the logs.
"""

from __future__ import annotations

import importlib.util
import time

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.fix import read_fix
from bcsim.history.reconciliation import reconcile
from tests.drills.drill import ORDERS, Drill
from tests.fix_intents import intents

pytestmark = [
    pytest.mark.drill,
    pytest.mark.skipif(
        importlib.util.find_spec("quickfix") is None, reason="pip install quickfix-py"
    ),
]


def assert_right(drill, *, stores=True, occurring=()):
    """The judge says of every order what the journals say; the classes that must occur do."""
    truth = drill.truth()
    paths = [*drill.logs(), *(drill.stores() if stores else [])]
    readings = [read_fix(paths), intents(dict.fromkeys(ORDERS, 100))]
    judgement = check(reconcile(readings).history)
    judged = {name: verdict for name, (verdict, _) in judgement.verdicts.as_map().items()}
    differing = {name: (judged.get(name), truth[name]) for name in truth
                 if judged.get(name) != truth[name]}  # fmt: skip
    assert not differing, f"(judged, true): {differing}; {reconcile(readings).notes}"
    assert set(judged) == set(truth)
    assert set(truth.values()) == set(occurring)


def test_nobody_dies(tmp_path):
    """Goal: an undisturbed session is ok. Method: no crash."""
    drill = Drill(tmp_path)
    for name in ("EXCH", "BANK"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    drill.settle()
    assert_right(drill, occurring={"ok"})


def test_venue_comes_late(tmp_path):
    """Goal: orders handed to an engine before its first logon arrive as possible duplicates and
    are orders. Method: the venue starts after the sender has sent."""
    drill = Drill(tmp_path)
    drill.parties["BANK"].start()
    drill.parties["BANK"].send()
    time.sleep(1)
    drill.parties["EXCH"].start()
    drill.settle()
    assert_right(drill, occurring={"ok"})


def _venue_dies(drill, *, wiped):
    drill.parties["EXCH"].settings["die_after"] = ORDERS[12]
    for name in ("EXCH", "BANK"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    drill.parties["EXCH"].wait_for_crash()
    if wiped:
        drill.parties["EXCH"].wipe()
    drill.parties["EXCH"].start()
    drill.settle()


@pytest.mark.parametrize(("dedup", "occurring"), [(True, {"ok"}), (False, {"ok", "duplicated"})])
def test_venue_dies_and_its_store_survives(tmp_path, dedup, occurring):
    """Goal: recovery by resend is no duplicate, but an order whose number the engine had not
    yet put away when it died is executed again, unless the venue knows its ClOrdID. Method:
    kill the venue in the middle of an order, store kept."""
    drill = Drill(tmp_path, dedup=dedup)
    _venue_dies(drill, wiped=False)
    assert_right(drill, occurring=occurring)


def test_venue_dies_and_its_store_is_lost(tmp_path):
    """Goal: what never arrived is stranded. Method: kill the venue, wipe its store."""
    drill = Drill(tmp_path)
    _venue_dies(drill, wiped=True)
    assert_right(drill, occurring={"ok", "stranded"})


def test_venue_dies_and_numbers_are_reset(tmp_path):
    """Goal: a reset throws away what was not sent. Method: kill the venue, reset on logon."""
    drill = Drill(tmp_path, reset=True)
    _venue_dies(drill, wiped=False)
    assert_right(drill, occurring={"ok", "stranded"})


def _sender_dies(drill, *, wiped):
    drill.parties["BANK"].settings["die_after"] = ORDERS[12]
    for name in ("EXCH", "BANK"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    drill.parties["BANK"].wait_for_crash()
    if wiped:
        drill.parties["BANK"].wipe()
    drill.parties["BANK"].start()
    drill.parties["BANK"].send()
    drill.settle()


def test_sender_dies_and_its_store_survives(tmp_path):
    """Goal: a sender that comes back loses nothing. Method: kill the sender, store kept."""
    drill = Drill(tmp_path)
    _sender_dies(drill, wiped=False)
    assert_right(drill, occurring={"ok"})


def test_sender_dies_and_its_store_is_lost(tmp_path):
    """Goal: a sender that counts anew is not heard. Method: kill the sender, wipe its store."""
    drill = Drill(tmp_path)
    _sender_dies(drill, wiped=True)
    assert_right(drill, occurring={"ok", "stranded"})


def test_both_die(tmp_path):
    """Goal: both come back and lose nothing. Method: kill both, stores kept."""
    drill = Drill(tmp_path, dedup=True)
    drill.parties["EXCH"].settings["die_after"] = ORDERS[9]
    drill.parties["BANK"].settings["die_after"] = ORDERS[19]
    for name in ("EXCH", "BANK"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    for name in ("EXCH", "BANK"):
        drill.parties[name].wait_for_crash()
    for name in ("EXCH", "BANK"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    drill.settle()
    assert_right(drill, occurring={"ok"})


@pytest.mark.parametrize(("dedup", "occurring"), [(False, {"duplicated"}), (True, {"recovered"})])
def test_two_senders_of_the_same_orders(tmp_path, dedup, occurring):
    """Goal: the same orders through two sessions are executed twice, unless the venue knows
    them. Method: two senders at once, with and without recognition by ClOrdID."""
    drill = Drill(tmp_path, senders=("BANK", "BANK2"), dedup=dedup)
    for name in ("EXCH", "BANK", "BANK2"):
        drill.parties[name].start()
    drill.parties["BANK"].send()
    drill.parties["BANK2"].send()
    drill.settle()
    assert_right(drill, occurring=occurring)
