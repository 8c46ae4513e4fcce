"""Goal: the first thing a manager reads is true, whatever came out.

Method: the recorded run with its measures and counts replaced, outcome by outcome; sentences are
compared whole.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bcsim.conduct.fates import FATES
from bcsim.report.composition import words_of
from bcsim.report.headline import key_figures, verdict
from bcsim.report.run_folder import FindingEntry, ServiceResult
from tests.recorded_run import scenario

FINE = ServiceResult(
    recovery_time_s=0.0, rto_s=900.0, mtpd_s=7200.0, recovery_point_s=0.0, rpo_s=60.0,
    within_tolerance=True,
)  # fmt: skip
NBSP = "\N{NO-BREAK SPACE}"


def service(**changes):
    return FINE.model_copy(update=changes)


@pytest.fixture
def say(account):
    """The verdict on the recorded run with other results, in one language."""

    def tell(outcome, fates, lang="en", *, disrupted=True, **measures):
        counts = dict.fromkeys(FATES, 0) | fates
        found = account.run.measures.model_copy(
            update={
                "outcome": outcome,
                "orders": {"intended": sum(counts.values())},
                "services": {"orders": FINE},
                "findings": (),
            }
            | measures
        )
        story = scenario() if disrupted else scenario(disruptions=[])
        run = replace(account.run, measures=found, scenario=story)
        changed = replace(account, run=run, fate_totals=counts)
        return verdict(changed, words_of(changed, lang)).replace(NBSP, " ")

    return tell


CASES: dict[str, tuple[Any, str, str]] = {
    "pass": (
        ("pass", {"ok": 1000, "cancelled": 1}, {}),
        (
            "The plan held: all 1,001 orders came out right or came to a definite end, and every "
            "service stayed within its tolerance."
        ),
        "แผนรองรับได้: คำสั่งทั้ง 1,001 รายการถูกต้องครบถ้วนหรือสิ้นสุดอย่างชัดเจน และทุกบริการอยู่ในเกณฑ์ที่ยอมรับได้",
    ),
    "pass, some refused, a service unknown": (
        ("pass", {"ok": 5, "refused": 1}, {"services": {"orders": service(within_tolerance=None)}}),
        (
            "The plan held: all 6 orders came out right or came to a definite end, although one "
            "was turned away while it lasted."
        ),
        (
            "แผนรองรับได้: คำสั่งทั้ง 6 รายการถูกต้องครบถ้วนหรือสิ้นสุดอย่างชัดเจน "
            "แม้ว่าคำสั่ง 1 รายการถูกปฏิเสธในระหว่างเกิดเหตุ"
        ),
    ),
    "late": (
        ("late only", {"ok": 5, "late": 2}, {}),
        "Nothing was lost or wrong, but of 7 orders 2 were late.",
        "ไม่มีคำสั่งสูญหายหรือผิดพลาด แต่จากคำสั่งทั้งหมด 7 รายการ มีที่ล่าช้า 2 รายการ",
    ),
    "late, and losses that were found": (
        ("late only", {"late": 2, "lost": 1, "refused": 3}, {"known_losses": 1}),
        (
            "Every loss was found and named: of 6 orders 1 was acknowledged and then lost, 2 were "
            "late and 3 were turned away because of the disruption."
        ),
        (
            "ตรวจพบและระบุความสูญหายได้ครบทุกรายการ: จากคำสั่งทั้งหมด 6 รายการ มีที่ยืนยันแล้วแต่สูญหาย 1 รายการ "
            "ล่าช้า 2 รายการ และถูกปฏิเสธเพราะเหตุขัดข้อง 3 รายการ"
        ),
    ),
    "pass, with losses that were found": (
        ("pass", {"ok": 4, "stranded": 2}, {"known_losses": 2}),
        "Every loss was found and named: of 6 orders 2 were never answered.",
        "ตรวจพบและระบุความสูญหายได้ครบทุกรายการ: จากคำสั่งทั้งหมด 6 รายการ มีที่ไม่ได้รับคำตอบ 2 รายการ",
    ),
    "fail, the three gravest harms": (
        ("fail", {"phantom": 1, "lost": 12, "duplicated": 3, "stranded": 9, "ok": 5}, {}),
        (
            "The plan did not hold: of 30 orders 1 was executed though nobody wished it, 3 were "
            "executed more than once and 12 were acknowledged and then lost."
        ),
        (
            "แผนรองรับไม่ได้: จากคำสั่งทั้งหมด 30 รายการ มีที่ซื้อขายโดยไม่มีผู้สั่ง 1 รายการ ถูกทำซ้ำ 3 รายการ "
            "และยืนยันแล้วแต่สูญหาย 12 รายการ"
        ),
    ),
    "fail, a tolerance": (
        (
            "fail",
            {"ok": 5},
            {"services": {"orders": service(recovery_time_s=1000.0, within_tolerance=False)}},
        ),
        (
            "The plan did not hold: “Orders” was out for 16 min 40 s, longer than its target "
            "of 15 min."
        ),
        "แผนรองรับไม่ได้: บริการ “Orders” หยุดไป 16 นาที 40 วินาที นานกว่าเป้าหมาย 15 นาที",
    ),
    "fail, orders and what may not be lost": (
        (
            "fail",
            {"ok": 5, "lost": 1},
            {
                "services": {
                    "orders": service(recovery_point_s=3.0, rpo_s=0.0, within_tolerance=False)
                }
            },
        ),
        (
            "The plan did not hold: of 6 orders 1 was acknowledged and then lost; “Orders” "
            "lost acknowledged orders of the last 3 s, and none may be lost."
        ),
        (
            "แผนรองรับไม่ได้: จากคำสั่งทั้งหมด 6 รายการ มีที่ยืนยันแล้วแต่สูญหาย 1 รายการ และบริการ “Orders” "
            "สูญเสียคำสั่งที่ยืนยันแล้วย้อนหลัง 3 วินาที ทั้งที่ต้องไม่สูญเสียเลย"
        ),
    ),
    "fail, the books": (
        ("fail", {"ok": 5}, {"findings": (FindingEntry(**{"class": "law: cash", "count": 1}),)}),
        "The plan did not hold: the books do not balance (cash).",
        "แผนรองรับไม่ได้: ยอดรวมไม่สมดุล (cash)",
    ),
    "unknown orders": (
        ("unknown", {"ok": 5, "indeterminate": 1}, {}),
        "The evidence cannot tell whether the plan held: 1 of 6 orders cannot be judged.",
        "หลักฐานไม่พอที่จะตัดสินว่าแผนรองรับได้หรือไม่: 1 จาก 6 คำสั่งตัดสินไม่ได้",
    ),
    "unknown for other reasons": (
        ("unknown", {"ok": 5}, {"unknown": ("unsettled", "a checker crashed")}),
        "The evidence cannot tell whether the plan held: 2 questions are open.",
        "หลักฐานไม่พอที่จะตัดสินว่าแผนรองรับได้หรือไม่: ยังมี 2 ประเด็นที่ไม่มีคำตอบ",
    ),
    "no orders": (
        ("pass", {}, {}),
        "No client wished anything between 10:00 and 10:10, so this run says nothing about orders.",
        "ไม่มีลูกค้าส่งคำสั่งในช่วง 10:00 น. ถึง 10:10 น. การจำลองนี้จึงไม่บอกอะไรเกี่ยวกับคำสั่งของลูกค้า",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_the_verdict_in_one_sentence(say, case):
    """Goal: each outcome in one true sentence. Method: whole sentences, in both languages."""
    (outcome, fates, measures), english, thai = CASES[case]
    assert say(outcome, fates, **measures) == english
    assert say(outcome, fates, "th", **measures) == thai


def test_a_day_without_disruption_has_no_plan_to_praise(say):
    """Goal: the plan is not praised for a quiet day. Method: a scenario without disruptions."""
    assert say("pass", {"ok": 1}, disrupted=False) == (
        "On a day without disruption the one order came out right or came to a definite end, and "
        "every service stayed within its tolerance."
    )
    assert say("fail", {"lost": 1}, disrupted=False) == (
        "Not everything went right, though nothing was disrupted: of 1 orders 1 was acknowledged "
        "and then lost."
    )


def figures(account, **measures):
    found = account.run.measures.model_copy(update=measures)
    changed = replace(account, run=replace(account.run, measures=found))
    return {
        key.name: (key.value.replace(NBSP, " "), key.detail.replace(NBSP, " "), key.tone, key.ratio)
        for key in key_figures(changed, words_of(changed, "en"))
    }


def test_key_figures_of_the_recorded_run(account):
    """Goal: four numbers with their targets. Method: compare with the measures."""
    found = figures(account)
    totals = account.fate_totals
    assert found["orders"] == (
        str(account.intended_count), f"{totals['ok']} of them came out right", "", None,
    )  # fmt: skip
    assert found["affected"][0] == str(account.affected_count)
    assert list(found) == ["orders", "affected", "recovery_time", "recovery_point"]


def test_the_service_nearest_to_its_target_stands_out(account):
    """Goal: a long outage within a long target is not the worst. Method: two services."""
    services = {
        "orders": service(recovery_time_s=600.0, rto_s=3600.0),
        "orders-by-telephone": service(
            recovery_time_s=70.0, rto_s=60.0, recovery_point_s=1.0, rpo_s=0.0
        ),
    }
    found = figures(account, services=services)
    assert found["recovery_time"] == (
        "1 min 10 s", "target 1 min · Orders by telephone", "bad", pytest.approx(70 / 60),
    )  # fmt: skip
    assert found["recovery_point"] == (
        "1 s", "target: none · Orders by telephone", "bad", float("inf"),
    )  # fmt: skip


def test_what_is_not_known_is_not_good(account):
    """Goal: no green for a number that nobody has. Method: services without measures."""
    found = figures(account, services={"orders": ServiceResult()})
    assert found["recovery_time"] == ("–", "no service was used", "unknown", None)
    assert found["recovery_point"] == ("not known", "", "unknown", None)
