"""Goal: facts of an incident come from the run as documented, and what it cannot show is unknown.

Method: hand-written histories of a few orders on the small broker, with facts counted by hand;
whole mappings are compared.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np

from bcsim.conduct.bounds import Answer, Bounds, exactly
from bcsim.conduct.day import ModelledDay, ServiceRecord
from bcsim.conduct.incident import Complaint, Downtime
from bcsim.conduct.measurement import incident_of_run
from bcsim.history.profile import Profile, ServiceTolerance
from bcsim.history.verdict import CLASSES, Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.model.regime import Fact, Instant
from bcsim.model.regulator import AppliedRegime
from bcsim.units import NS_PER_H, NS_PER_S
from tests.brokerage import broker, brokerage
from tests.unit.conduct.aftermaths import WATCHED_NS, aftermath_of

START = datetime.datetime(2026, 11, 23, 9, 0)  # noqa: DTZ001 - a run's wall clock has no zone
END_S = 36_000
CODES = {verdict.value: verdict.code for verdict in CLASSES}
MET, NOT_MET, UNKNOWN = Answer.MET, Answer.NOT_MET, Answer.UNKNOWN


def firm():
    """The small broker: 1,000 orders a day, of two segments of clients."""
    data = brokerage()
    data["segments"]["retail"]["clients"] = 300
    data["segments"]["senior"]["clients"] = 100
    return broker(data)


FIRM = firm()
SERVICE = next(iter(FIRM.services))


def wish(intent: str, at_s: int, client: str) -> tuple[int, str, dict[str, Any]]:
    return at_s, "intend", {"intent_id": intent, "client_id": client, "instrument": "aot"}


def record(
    events: list[Any],
    classes: dict[str, str],
    *outages: tuple[int, int, bool],
    point_s: int | None = 0,
    scale: float = 1.0,
) -> ModelledDay:
    """A judged run; outages in seconds and whether they have ended."""
    tolerance = ServiceTolerance(SERVICE, instruments=("aot",))
    profile = Profile(drain_to_ns=END_S * NS_PER_S, services=(tolerance,))
    recorder = MemoryRecorder(profile)
    for at_s, kind, cells in sorted(events, key=lambda event: event[0]):
        recorder.emit(kind, at_s * NS_PER_S, "plan", **cells)
    verdicts = Verdicts(
        tuple(classes),
        np.array([CODES[name] for name in classes.values()], dtype=np.int8),
        np.zeros(len(classes), dtype=np.int32),
    )
    downtimes = tuple(Downtime(SERVICE, a * NS_PER_S, b * NS_PER_S, end) for a, b, end in outages)
    point_ns = None if point_s is None else point_s * NS_PER_S
    service = ServiceRecord(SERVICE, downtimes, point_ns, is_exercised=bool(classes))
    return ModelledDay(
        firm=FIRM,
        history=recorder.history(),
        verdicts=verdicts,
        services={SERVICE: service},
        start=START,
        scale=scale,
    )


def measured(*given: Any, **more: Any):
    return incident_of_run(
        record(*given, **more), AppliedRegime(name="eu-dora", services=(SERVICE,))
    )


ORDERS = [wish("A", 100, "c1"), wish("B", 200, "c1"), wish("C", 300, "c2"), wish("D", 400, "c3")]
FAULT = (90, "fault_on", {"component": "oms", "ref": "crash"})
MENDED = (500, "fault_off", {"component": "oms", "ref": "crash"})
ALARM = (130, "detect", {"component": "oms", "cause": "crash"})
TOLD = (250, "notify", {"subject": "tell", "reason": "notify-regulator"})
CLIENTS_TOLD = (240, "notify", {"subject": "tell", "reason": "notify-clients"})
ANSWER = (700, "execute", {"intent_id": "C"})


def test_a_disrupted_day():
    """Goal: every fact that a run shows. Method: two lost orders, a late one, an outage."""
    events = [*ORDERS, FAULT, MENDED, ALARM, CLIENTS_TOLD, TOLD, ANSWER]
    found = measured(
        events, {"A": "lost", "B": "lost", "C": "late", "D": "ok"}, (100, 360, True), point_s=40
    )
    seconds = NS_PER_S
    assert found.numbers == {
        Fact.SERVICE_DOWNTIME: Bounds(260 * seconds, 600 * seconds),
        Fact.RECOVERY_TIME: exactly(260 * seconds),
        Fact.INCIDENT_TIME: exactly(410 * seconds),
        Fact.TRANSACTION_SHARE: exactly(Fraction(3, 1000)),
        Fact.CLIENTS: Bounds(2, 400),
        Fact.CLIENT_SHARE: Bounds(Fraction(2, 400), Fraction(1)),
    }
    assert found.flags == {
        Fact.CRITICAL_SERVICES: MET,
        Fact.DATA_LOSS: MET,
        Fact.PERSONAL_DATA: UNKNOWN,
        Fact.OUTSIDE_TOLERANCE: MET,  # the recovery point of the small broker is 0
    }
    assert found.instants == {
        Instant.AWARENESS: exactly(130 * seconds),
        Instant.CLASSIFICATION: Bounds(130 * seconds),
        Instant.FIRST_NOTICE: exactly(250 * seconds),
        Instant.SECOND_NOTICE: Bounds(END_S * seconds + 1),
    }
    assert found.notices_ns == (250 * seconds,)
    assert found.complaints is None
    assert found.downtimes == (Downtime(SERVICE, 100 * seconds, 360 * seconds),)
    assert found.start.isoformat() == "2026-11-23T09:00:00+07:00"
    assert (found.end_ns, found.is_whole, found.stated) == (
        END_S * seconds,
        False,
        frozenset(),
    )


def test_a_normal_day():
    """Goal: nothing affected is known, what nobody could see is not. Method: all orders right."""
    found = measured(ORDERS, dict.fromkeys("ABCD", "ok"))
    assert found.numbers == {
        Fact.SERVICE_DOWNTIME: exactly(0),
        Fact.RECOVERY_TIME: exactly(0),
        Fact.INCIDENT_TIME: Bounds(0, None),
        Fact.TRANSACTION_SHARE: exactly(0),
        Fact.CLIENTS: exactly(0),
        Fact.CLIENT_SHARE: exactly(0),
    }
    assert found.flags == {
        Fact.CRITICAL_SERVICES: NOT_MET,
        Fact.DATA_LOSS: UNKNOWN,
        Fact.PERSONAL_DATA: UNKNOWN,
        Fact.OUTSIDE_TOLERANCE: NOT_MET,
    }
    assert Instant.AWARENESS not in found.instants


def test_what_may_have_gone_wrong():
    """Goal: doubt widens bounds. Method: an indeterminate order, an open outage, an open fault."""
    classes = {"A": "ok", "B": "indeterminate", "C": "ok", "D": "ok"}
    found = measured([*ORDERS, FAULT, ALARM], classes, (100, 400, False), point_s=None)
    assert found.number(Fact.SERVICE_DOWNTIME) == Bounds(300 * NS_PER_S)
    assert found.number(Fact.RECOVERY_TIME) == Bounds(300 * NS_PER_S)
    assert found.number(Fact.INCIDENT_TIME) == Bounds(310 * NS_PER_S)
    assert found.number(Fact.TRANSACTION_SHARE) == Bounds(Fraction(0), Fraction(1, 1000))
    assert found.flag(Fact.OUTSIDE_TOLERANCE) is UNKNOWN
    assert found.flag(Fact.CRITICAL_SERVICES) is MET
    quiet = measured(ORDERS, classes)
    assert quiet.flag(Fact.CRITICAL_SERVICES) is UNKNOWN
    assert quiet.number(Fact.CLIENTS) == Bounds(0, 400)


def test_nobody_used_the_service():
    """Goal: silence is no evidence. Method: a run without orders."""
    found = measured([], {})
    assert found.number(Fact.RECOVERY_TIME) == Bounds(0)
    assert found.flag(Fact.CRITICAL_SERVICES) is UNKNOWN
    regime = AppliedRegime(name="sg-mas-trm", services=(SERVICE,), earlier_outages=())
    assert not incident_of_run(record([], {}), regime).is_whole
    assert incident_of_run(record(ORDERS, dict.fromkeys("ABCD", "ok")), regime).is_whole


def test_outside_tolerance_to_the_nanosecond():
    """Goal: mtpd and rpo are the limits. Method: an outage of 2 h, and a nanosecond more."""
    mtpd = FIRM.services[SERVICE].tolerance.mtpd
    assert mtpd == 2 * NS_PER_H
    run = record(ORDERS, dict.fromkeys("ABCD", "ok"))
    for length, answer in ((mtpd, NOT_MET), (mtpd + 1, MET)):
        service = ServiceRecord(SERVICE, (Downtime(SERVICE, 7, 7 + length),), 0, is_exercised=True)
        asked = replace(run, services={SERVICE: service})
        found = incident_of_run(asked, AppliedRegime(name="au-apra-cps230", services=(SERVICE,)))
        assert found.flag(Fact.OUTSIDE_TOLERANCE) is answer
        began = {True: exactly(7 + mtpd), False: Bounds()}[answer is MET]
        assert found.instant(Instant.OUTSIDE_TOLERANCE) == began


def test_a_scaled_run_says_nothing_about_clients():
    """Goal: a tenth of the orders is not a tenth of the clients. Method: scale 0.1."""
    found = measured(ORDERS, {"A": "lost", "B": "ok", "C": "ok", "D": "ok"}, scale=0.125)
    assert found.number(Fact.CLIENTS) == Bounds()
    assert found.number(Fact.TRANSACTION_SHARE) == exactly(Fraction(1, 125))


def test_exposed_data_and_complaints():
    """Goal: events of systems 6 and 7 count where a history has them. Method: some of each."""
    events = [
        *ORDERS,
        (150, "expose", {"client_id": "c1", "subject": "accounts"}),
        (160, "complain", {"intent_id": "A", "client_id": "c1"}),
        (170, "complain", {"client_id": "c2", "ref": "case-7"}),
        (180, "respond", {"intent_id": "A"}),
    ]
    found = measured(events, dict.fromkeys("ABCD", "ok"))
    assert found.flag(Fact.PERSONAL_DATA) is MET
    assert found.instant(Instant.BREACH_AWARENESS) == Bounds(150 * NS_PER_S)
    assert found.complaints == (
        Complaint("A", 160 * NS_PER_S, 180 * NS_PER_S),
        Complaint("case-7", 170 * NS_PER_S),
    )


def test_notices_go_to_one_regulator_or_to_any():
    """Goal: one regulator's notice is not another's. Method: two actions, named or not."""
    other = (260, "notify", {"subject": "tell-other", "reason": "notify-regulator"})
    run = record([*ORDERS, CLIENTS_TOLD, TOLD, other], dict.fromkeys("ABCD", "ok"))
    for actions, seconds in ((None, [250, 260]), (("tell-other",), [260]), ((), [])):
        regime = AppliedRegime(name="eu-dora", services=(SERVICE,), notified_by=actions)
        notices = incident_of_run(run, regime).notices_ns
        assert notices == tuple(s * NS_PER_S for s in seconds)


def test_what_the_firm_states():
    """Goal: stated facts fill gaps, and never replace evidence. Method: some of each."""
    stated = {
        Fact.MALICIOUS_ACCESS: False,
        Fact.DATA_LOSS: False,
        Fact.MEMBER_STATES: "1 Member States",
        Fact.SERVICE_DOWNTIME: "0 s",
    }
    outage = {"service": SERVICE, "began": START - datetime.timedelta(days=1), "lasted": "1 h"}
    regime = AppliedRegime.model_validate(
        {"name": "eu-dora", "services": (SERVICE,), "stated": stated, "earlier_outages": (outage,)}
    )
    classes = {"A": "lost", "B": "ok", "C": "ok", "D": "ok"}
    found = incident_of_run(record(ORDERS, classes, (100, 200, True)), regime)
    assert found.flag(Fact.MALICIOUS_ACCESS) is NOT_MET
    assert found.flag(Fact.DATA_LOSS) is MET
    assert found.number(Fact.MEMBER_STATES) == exactly(1)
    assert found.number(Fact.SERVICE_DOWNTIME).low == 100 * NS_PER_S
    assert found.stated == {Fact.MALICIOUS_ACCESS, Fact.MEMBER_STATES}
    assert found.is_whole
    assert found.downtimes == (
        Downtime(SERVICE, -24 * NS_PER_H, -23 * NS_PER_H),
        Downtime(SERVICE, 100 * NS_PER_S, 200 * NS_PER_S),
    )


def test_complaints_of_the_aftermath():
    """Goal: an aftermath tells of complaints, of their absence, and how long it watched.

    Method: none, where somebody looked and where nobody did; one with a first response, which is
    no answer, and a final one.
    """
    run, regime = record([wish("A", 100, "c1")], {"A": "lost"}), AppliedRegime(name="eu-dora")
    looked = aftermath_of([], "complain", "respond")
    redress_only = aftermath_of([], "redress")
    assert incident_of_run(replace(run, aftermath=looked), regime).complaints == ()
    assert incident_of_run(replace(run, aftermath=redress_only), regime).complaints is None
    rows = [
        (200, "complain", "client", {"ref": "1", "intent_id": "A"}),
        (300, "respond", "care", {"ref": "1", "subject": "first response"}),
        (400, "respond", "care", {"ref": "1", "subject": "final answer"}),
    ]
    told = replace(run, aftermath=aftermath_of(rows, "complain", "respond"))
    answered = incident_of_run(told, regime)
    assert answered.complaints == (Complaint("1", 200 * NS_PER_S, 400 * NS_PER_S),)
    assert answered.complaints_to_ns == WATCHED_NS
