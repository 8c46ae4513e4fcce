"""Goal: the clock of a reaction starts with what people reacted to, not with the first fault.

Method: short histories of faults, detections and declarations; seconds by hand.
"""

from __future__ import annotations

import numpy as np
import pytest

from bcsim.conduct.communication import measure_communication
from bcsim.conduct.day import Day
from bcsim.conduct.governance import measure_governance
from bcsim.conduct.onset import reaction_s
from bcsim.history.profile import Profile
from bcsim.history.verdict import Verdicts
from bcsim.history.writer import MemoryRecorder
from bcsim.units import NS_PER_S

NO_VERDICTS = Verdicts((), np.zeros(0, dtype=np.int8), np.zeros(0, dtype=np.int32))

LATENT = (10, "fault_on", {"component": "oms", "ref": "altered", "subject": "corrupt"})
"""A fault of the same component long before, which nobody ever notices."""

CRASH = (100, "fault_on", {"component": "oms", "ref": "crash"})
ALARM = (130, "detect", {"component": "oms", "cause": "crash"})
DECLARED = (190, "declare", {"component": "oms", "cause": "crash"})
NOTICE = (250, "notify", {"subject": "tell-clients"})


def history_of(*events):
    recorder = MemoryRecorder(Profile())
    for at_s, kind, cells in events:
        recorder.emit(kind, at_s * NS_PER_S, "plan", **cells)
    return recorder.history()


def reactions(*events):
    """Seconds to declare, and to the first notice, as the two systems state them."""
    history = history_of(*events)
    day = Day(history=history, verdicts=NO_VERDICTS)
    governance, communication = measure_governance(day), measure_communication(day)
    return governance["time_to_declare_s"], communication["first_notice_s"]


EXPOSED = (120, "expose", {"component": "oms", "subject": "accounts", "ref": "theft"})

CASES = {
    "data was exposed, and no alarm went off": (
        (EXPOSED, (150, "expose", {"subject": "accounts"}), NOTICE), (None, 130.0),
    ),
    "an alarm goes before an exposure": (
        (CRASH, EXPOSED, ALARM, NOTICE), (None, 150.0),
    ),
    "data was exposed afterwards": (
        (NOTICE, (260, "expose", {"subject": "accounts"})), (None, None),
    ),
    "a latent fault starts no clock": (
        (LATENT, CRASH, ALARM, DECLARED, NOTICE), (90.0, 150.0),
    ),
    "the declared fault, not another that was found before": (
        (
            (20, "fault_on", {"component": "web", "ref": "slow"}),
            (30, "detect", {"component": "web", "cause": "slow"}),
            CRASH, ALARM, DECLARED, NOTICE,
        ),
        (90.0, 150.0),
    ),
    "a site's fault, found at a component": (
        (LATENT, (100, "fault_on", {"ref": "crash"}), ALARM, DECLARED, NOTICE), (90.0, 150.0),
    ),
    "a declaration that names nothing: the earliest that was found": (
        (
            LATENT, CRASH, ALARM,
            (150, "fault_on", {"component": "web", "ref": "slow"}),
            (160, "detect", {"component": "web", "cause": "slow"}),
            (190, "declare", {}), NOTICE,
        ),
        (90.0, 150.0),
    ),
    "a notice without a declaration: the earliest that was found": (
        (LATENT, CRASH, ALARM, NOTICE), (None, 150.0),
    ),
    "a random failure that came before and passed": (
        ((40, "fault_on", {"component": "oms", "ref": "crash"}), CRASH, ALARM, DECLARED, NOTICE),
        (90.0, 150.0),
    ),
    "a log in which faults and detections state their cause": (
        ((100, "fault_on", {"component": "link-7", "cause": "crash"}), ALARM, DECLARED, NOTICE),
        (90.0, 150.0),
    ),
    "a log in which detections name a component only": (
        (CRASH, (130, "detect", {"component": "oms"}), DECLARED, NOTICE), (90.0, 150.0),
    ),
    "a fault at time 0": (
        ((0, "fault_on", {"ref": "crash"}), (5, "fault_on", {"ref": "slow"}), ALARM,
         (131, "detect", {"component": "web", "cause": "slow"}), DECLARED, NOTICE),
        (190.0, 250.0),
    ),
    "what nobody found": ((LATENT, DECLARED, NOTICE), (None, None)),
    "no reaction": ((CRASH, ALARM), (None, None)),
    "no fault": ((DECLARED, NOTICE), (None, None)),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_reactions(case):
    """Goal and method: see the module; the crash is at 100 s unless the case says otherwise."""
    events, expected = CASES[case]
    assert reactions(*events) == expected


def test_the_first_reaction_counts_in_any_order():
    """Goal: a log need not be sorted. Method: the same events backwards."""
    events = (LATENT, CRASH, ALARM, DECLARED, (400, "declare", {"cause": "altered"}))
    history = history_of(*events[::-1])
    assert reaction_s(history, history.rows("declare")) == 90.0
