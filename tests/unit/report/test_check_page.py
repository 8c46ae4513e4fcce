"""Goal: the report of a check says what the judgement says, in both languages, on any screen.

Method: pages of small judgements as text; the pictures as XML.
"""

from __future__ import annotations

import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from bcsim.history.writer import write_history
from bcsim.report.check_case import EVENTS_MAX, case_of
from bcsim.report.check_page import check_page
from bcsim.report.check_words import check_words
from bcsim.report.figures.message_sequence import Message, draw_sequence
from tests.repository import ROOT
from tests.unit.checkers.log import Log

DAY = {"start": "2026-11-22T09:30:00+07:00", "time_zone": "Asia/Bangkok", "kind": "live test log"}

PASSED = "The one order was executed correctly, completely and on time, or came to a definite end."


def drill(**profile: object) -> Log:
    log = Log(**{**DAY, **profile})
    for number in (1, 2, 3, 4):
        log.wish(f"I{number}", number).told(f"I{number}", number + 0.25, "acknowledge")
    log.fill("I1", 2, "E1", price=1050).fill("I1", 2.1, "E1", "oms").told("I1", 3, exec_id="E1")
    return log


def page(log: Log, lang="en") -> str:
    return check_page(log.check(), lang, ["a.log", "b.csv", "c.csv", "d.csv"], ["3 rows read"])


def test_both_languages():
    """Goal: verdict, findings, what was watched, in English and Thai. Method: their texts."""
    text = page(drill())
    for said in (
        "Of 4 orders 3 were acknowledged and then lost.",
        "จากคำสั่งทั้งหมด 4\N{NO-BREAK SPACE}รายการ มีที่ยืนยันแล้วแต่สูญหาย 3\N{NO-BREAK SPACE}รายการ",
        "a.log, b.csv, c.csv and one more file · 22 November 2026, 09:30:01 to 09:31:40",
        "22\N{NO-BREAK SPACE}พฤศจิกายน พ.ศ. 2569",
        "The first, and the worst: I2",
        "รายการสุดท้าย: I4",
        "3 rows read",
        "What was watched",
    ):
        assert said in text
    assert re.findall(r'<html lang="(\w+)">', page(drill(), "th")) == ["th"]


@pytest.mark.parametrize(
    ("log", "verdict"),
    [
        (Log(**DAY), "The logs hold no orders, so nothing was judged."),
        (
            Log().wish("I").fill("I", 1, "E").told("I", 2, exec_id="E"),
            PASSED,
        ),
        (
            Log().wish("I", deadline_ns=1).fill("I", 1, "E").told("I", 2, exec_id="E"),
            "Every order was right, but of 1 orders 1 was late.",
        ),
        (
            Log(coverage=()).wish("I").fill("I", 1, "E"),
            "The logs cannot tell of 1 of 1 orders; no order is proved wrong.",
        ),
    ],
)
def test_verdicts(log, verdict):
    """Goal: one true sentence on top. Method: an empty log, a pass, a late one, an unknown."""
    assert f'<p class="sentence">{verdict}</p>' in page(log)


def test_every_picture_is_well_formed_and_named_once():
    """Goal: pictures show in any browser. Method: parse each; ids are distinct in the page."""
    text = page(drill())
    pictures = re.findall(r"<svg[^>]*class=\"sequence\".*?</svg>", text, flags=re.DOTALL)
    ids = [ElementTree.fromstring(picture).get("id") for picture in pictures]
    assert ids == [f"sequence-lost-{i}-{lang}" for lang in ("en", "th") for i in (0, 1)]


def test_messages_of_an_order():
    """Goal: an event seen twice is an arrow, else a dot. Method: an execution seen three times."""
    judgement = drill().check()
    words = check_words("en", judgement.whole)
    case = case_of(judgement, "I1", "ok", words)
    assert case.lifelines == ("client", "order system", "venue")
    assert case.messages == (
        Message("09:30:01.000", "wished 100 ABC", at=0),
        Message("09:30:01.000", "entered 100 ABC", at=0),
        Message("09:30:01.250", "acknowledged", at=0),
        Message("09:30:02.000", "executed 100 ABC @ 10.50", at=2, is_marked=True),
        Message("09:30:02.100", "executed 100 ABC", at=1, origin=2),
        Message("09:30:03.000", "told of execution", at=0, origin=1, is_marked=True),
    )


def test_what_never_came_is_said():
    """Goal: a loss is seen in its picture. Method: the last line of a lost order."""
    judgement = drill().check()
    case = case_of(judgement, "I2", "lost", check_words("en", judgement.whole))
    assert case.messages[-1] == Message("", "nothing more until 09:31:40.000", is_marked=True)
    assert case.messages[2].is_marked


def test_a_long_story_is_cut_in_the_middle():
    """Goal: a picture stays readable. Method: an order that was sent 100 times."""
    log = Log(**DAY).wish("I")
    for number in range(100):
        log.add("resend", number, "oms", order_id="I.1")
    judgement = log.check()
    case = case_of(judgement, "I", "stranded", check_words("en", judgement.whole))
    assert len(case.messages) == EVENTS_MAX + 2
    assert [m.label for m in case.messages if m.at < 0] == [
        "… 72 events left out",
        "nothing more until 09:31:40.000",
    ]


def test_names_in_pictures_are_escaped():
    """Goal: no log can write into the page. Method: a vantage point and a reason of markup."""
    picture = draw_sequence("x", ["<b>", "y"], [Message("", "<i>&", at=0)], 'a "b"')
    root = ElementTree.fromstring(picture)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert texts[0] == "<b>"
    assert root.get("aria-label") == 'a "b"'
    assert "<script>" not in page(Log(**DAY).wish("<script>").told("<script>", 1, "acknowledge"))


def test_a_check_with_a_report_stays_light(tmp_path):
    """Goal: no simulator and no plotting for a check. Method: a fresh process, sys.modules."""
    write_history(drill().history(), tmp_path / "h.parquet")
    code = (
        "import sys\nfrom bcsim.cli.app import main\n"
        f"main(['check', '-q', '--log', {str(tmp_path / 'h.parquet')!r}, '--out', "
        f"{str(tmp_path / 'out')!r}])\n"
        "print(sorted({'matplotlib', 'simpy', 'numba', 'pydantic', 'networkx'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "[]"
    assert (tmp_path / "out" / "index.html").stat().st_size > 100_000


def test_a_long_label_is_cut_and_kept():
    """Goal: words stay inside the picture. Method: a reason of 200 letters, and one in Thai."""
    label = "rejected " + "x" * 200
    picture = str(draw_sequence("x", ["a"], [Message("10:00:00.000", label, at=0)], ""))
    shown = picture.split("</tspan> ")[1].partition("<title>")[0]
    assert shown == label[: len(shown) - 1] + "…"
    assert len(shown) < 45
    assert f"<title>{label}</title>" in picture
    thai = "ที่นี่มีน้ำ" * 5
    assert thai + "</text>" in draw_sequence("x", ["a"], [Message("", thai, at=0)], "")
