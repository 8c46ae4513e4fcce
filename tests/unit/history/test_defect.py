"""Goal: what somebody should have found is read off verdicts and history.

Method: every class and flag once, and a few faults; whole results.
"""

from __future__ import annotations

import numpy as np

from bcsim.history.defect import DEFECT_KINDS, FAULT, Fault, defective_orders, faults_of
from bcsim.history.profile import Profile
from bcsim.history.verdict import CLASSES, FLAGS, Verdicts
from bcsim.history.writer import MemoryRecorder


def test_classes_and_flags():
    """Goal: failing classes, late and unnoticed flags are defects; known ones are not.

    Method: one order of each class, then an ok order with each flag.
    """
    known = {"recovered", "rejected", "cancelled", "expired", "ok", "indeterminate"}
    known |= {"repaired", "refused"}
    ok = [verdict.value for verdict in CLASSES].index("ok")
    classes = [*range(len(CLASSES)), *[ok] * len(FLAGS)]
    bits = [0] * len(CLASSES) + [flag.bit for flag in FLAGS]
    names = [str(n) for n in range(len(classes))]
    verdicts = Verdicts(names, np.array(classes, dtype=np.int8), np.array(bits, dtype=np.int32))
    words = [member.value for member in (*CLASSES, *FLAGS)]
    wanted = {word: [n] for n, word in enumerate(words) if word not in known}
    assert {kind: rows.tolist() for kind, rows in defective_orders(verdicts).items()} == wanted
    assert {*wanted, FAULT} == set(DEFECT_KINDS)


def test_several_orders_and_none():
    """Goal: positions ascend, and a kind that does not occur is left out."""
    lost = CLASSES.index("lost")
    verdicts = Verdicts(
        ("a", "b", "c"),
        np.array([lost, len(CLASSES) - 2, lost], dtype=np.int8),
        np.zeros(3, dtype=np.int32),
    )
    assert {k: rows.tolist() for k, rows in defective_orders(verdicts).items()} == {"lost": [0, 2]}


def test_faults():
    """Goal: names by disruption, else by cause; a fault's end is none."""
    recorder = MemoryRecorder(Profile())
    recorder.emit("fault_on", 5, "infrastructure", component="oms", ref="flood", cause="rain")
    recorder.emit("fault_off", 6, "infrastructure", component="oms", ref="flood")
    recorder.emit("fault_on", 7, "infrastructure", component="oms", cause="wear")
    recorder.emit("fault_on", 8, "infrastructure")
    assert faults_of(recorder.history()) == (
        Fault("flood", "oms", 5, 0),
        Fault("wear", "oms", 7, 2),
        Fault("", "", 8, 3),
    )
