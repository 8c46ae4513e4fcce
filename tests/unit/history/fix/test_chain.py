"""Goal: messages are put to the right order, and doubtful names are said.

Method: sessions with chains of requests, reports without ClOrdID, and ids that two senders share.
"""

from __future__ import annotations

from bcsim.history.logs.fix import read_fix
from tests.fix_session import FixSession
from tests.mutation.fix_scenario import ACCEPTED, lines, new, replace, report, trade

SHARED = "used by several senders"


def orders(folder, script):
    """Order of every row at the client."""
    reading = read_fix(FixSession().play(script).write(folder))
    return [
        row["order_id"] for row in reading.history.gathered().rows() if row["vantage"] == "client"
    ]


def test_chain_keeps_the_first_id(tmp_path):
    """Goal: replacements of replacements are one order. Method: a chain of three requests."""
    script = lines(
        ACCEPTED,
        replace("Y", "X", 9000),
        report("5", "0", 0, 9000, "Y", "X"),
        replace("Z", "Y", 8000),
        report("5", "0", 0, 8000, "Z", "Y"),
        trade("e1", 8000, 8000, 8000, "Z"),
    )
    assert set(orders(tmp_path, script)) == {"X"}
    assert len(orders(tmp_path, script)) == 7


def test_circle_of_requests_ends(tmp_path):
    """Goal: senseless chains stop. Method: two requests that replace each other."""
    script = lines(replace("Y", "Z", 1), replace("Z", "Y", 1))
    assert set(orders(tmp_path, script)) <= {"Y", "Z"}


def test_order_id_stands_in_for_a_missing_cl_ord_id(tmp_path):
    """Goal: the venue's OrderID leads to the order. Method: an execution without ClOrdID."""
    bare = trade("e1", 10_000, 10_000).replace("11=X ", "")
    assert orders(tmp_path, lines(ACCEPTED, bare)) == ["X", "X", "X"]


def test_shared_ids_are_said(tmp_path):
    """Goal: one ClOrdID of two senders is no secret. Method: the same terms, and others."""
    for qty, said in ((100, 0), (200, 1)):
        paths = []
        for client, amount in (("BANK", 100), ("FUND", qty)):
            folder = tmp_path / f"{client}-{qty}"
            folder.mkdir()
            session = FixSession(client=client).play(new("X", amount))
            paths += session.write(folder)
        notes = read_fix(paths).notes
        assert sum(SHARED in note for note in notes) == said
