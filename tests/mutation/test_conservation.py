"""Goal: every law of conservation is broken by its breach, and by nothing else.

Method: one breach on the clean day; the whole judgement compared. The law of intents concerns
the judge itself, so it is given wrong counts.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.base import LawStatus
from bcsim.checkers.catalogue import LAWS
from bcsim.checkers.conservation import intents_law
from bcsim.checkers.judge import check
from tests.mutation.day import MS, Day, clean_day
from tests.mutation.judged import assert_judged, verdict
from tests.mutation.test_classes import executed_again


@pytest.fixture(scope="module")
def day() -> Day:
    return clean_day()


def test_all_laws_hold_on_the_clean_day(day):
    """Goal: no law passes because it looks at nothing. Method: the clean day exercises each."""
    statuses = check(day.history()).conservation
    assert statuses == dict.fromkeys(LAWS, LawStatus.HOLDS)


def test_law_without_rows_is_not_applicable(day):
    """Goal: nothing to compare is not "kept". Method: drop what each law looks at."""
    no_other_side = day.drop(client_id="market")
    assert check(no_other_side.history()).conservation["trades"] is LawStatus.NOT_APPLICABLE
    uncashed = day.with_rows(row for row in day.rows if row["kind"] != "book")
    assert check(uncashed.history()).conservation["cash"] is LawStatus.NOT_APPLICABLE


def test_intents():
    """Goal: every intent has one class. Method: right counts, then a class too few."""
    assert intents_law(240, 2, 242).status is LawStatus.HOLDS
    law = intents_law(240, 2, 241)
    assert (law.status, law.left, law.right, law.breaches) == (LawStatus.BROKEN, 242, 241, 1)


def test_quantity(day):
    """Goal: executed + ended + open = ordered. Method: execute an order twice."""
    changes = {"I000": verdict("duplicated")}
    judgement = assert_judged(executed_again(day, "I000"), changes, "fail", broken=["quantity"])
    law = next(law for law in judgement.laws if law.name == "quantity")
    assert (law.left - law.right, law.breaches) == (100, 1)
    assert law.proof.startswith("an order of I000 over 100 was executed for 200")


def test_executed_after_the_cancellation(day):
    """Goal: a cancelled order stays so. Method: I005 executes at the venue after its cancel."""
    (cancel,) = day.find("I005", kind="cancel", vantage="venue")
    fill = {"kind": "execute", "exec_id": "E-late", "qty": 100, "price": 1_100}
    spoiled = day.copy(cancel, 100 * MS, **fill)
    spoiled = spoiled.copy(
        cancel,
        100 * MS,
        **fill,
        client_id="market",
        intent_id=None,
        order_id=None,
        idem_key=None,
        side="buy",
    )
    changes = {"I005": verdict("partial")}  # nor was it booked
    judgement = assert_judged(spoiled, changes, "fail", broken=["quantity", "final ends"])
    proofs = {law.name: law.proof for law in judgement.laws}
    assert proofs["final ends"].startswith("I005 executed (seq ")


def test_bought_is_sold(day):
    """Goal: every purchase is somebody's sale. Method: drop the other side of one execution."""
    spoiled = day.drop(exec_id="E-O000-1", client_id="market")
    judgement = assert_judged(spoiled, {}, "fail", broken=["trades"])
    assert [finding.name for finding in judgement.findings] == ["law: trades"]
    assert judgement.findings[0].proof == "in ABC, 100 more was bought than sold"


@pytest.mark.parametrize("drained", [True, False])
def test_debited_is_credited(day, drained):
    """Goal: money does not vanish. Method: a credit of less; before the drain it may yet come."""
    spoiled = day.alter(day.find("I000", leg=2), amount=99_000)
    if drained:
        judgement = assert_judged(spoiled, {}, "fail", broken=["cash"])
        assert judgement.findings[0].proof.startswith("I000 was debited 10 more than credited")
    else:
        judgement = assert_judged(spoiled.with_profile(drain=None), {}, "pass")
        assert judgement.conservation["cash"] is LawStatus.UNKNOWN


def test_exec_id_names_one_execution(day):
    """Goal: an id is not used twice. Method: two orders share one exec_id at the venue."""
    found = day.find("I012", exec_id="E-O012-1")
    spoiled = day.alter(found, exec_id="E-O000-1")
    judgement = assert_judged(spoiled, {}, "fail", broken=["exec ids"])
    law = next(law for law in judgement.laws if law.name == "exec ids")
    assert law.breaches == 2  # at the venue and at the oms


def test_allowed_breach(day):
    """Goal: a contract can allow a law's breach. Method: allow it by name."""
    spoiled = day.drop(exec_id="E-O000-1", client_id="market").with_profile(allows=("trades",))
    assert_judged(spoiled, {}, "pass", broken=["trades"])
