"""Goal: a report speaks both languages, completely, and writes quantities as people do.

Method: compare the catalogues with each other and with every key that code and templates name;
numbers, times and dates against written-out examples.
"""

from __future__ import annotations

import datetime
import re
import string
from typing import Any, get_args

import pytest

from bcsim.checkers.catalogue import LAWS
from bcsim.conduct.bounds import Answer
from bcsim.conduct.fates import FATES
from bcsim.history.verdict import CLASSES, FLAGS, Outcome
from bcsim.model.firm import Firm
from bcsim.report.wording import LANGUAGE_NAMES, Words, catalogue
from bcsim.scenario.disruption import Disruption
from bcsim.units import NS_PER_DAY, NS_PER_H, NS_PER_MIN, NS_PER_MS, NS_PER_S
from tests.repository import ROOT

REPORT = ROOT / "src" / "bcsim" / "report"
START = datetime.datetime(2026, 11, 23, 9, 30)  # noqa: DTZ001 - a run's wall clock has no zone
EN, TH = Words("en", START), Words("th", START)


def fields(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def named_keys():
    """Keys that code and templates name: whole ones, and beginnings of those put together."""
    files = [*REPORT.rglob("*.py"), *REPORT.rglob("*.html")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in files)
    quoted = set(re.findall(r"[\"']([a-z_]+(?:\.[\w -]+)+)[\"']", text))
    begun = set(re.findall(r"f[\"']([a-z_]+\.(?:[a-z_]+\.)*)\{", text))
    return quoted, begun


def test_both_languages_have_the_same_texts():
    """Goal: nothing is missing in Thai. Method: compare keys; Thai needs no form for one."""
    english = {key.removesuffix(".one") for key in catalogue("en")}
    assert english == set(catalogue("th"))
    assert {key for key in catalogue("en") if key.endswith(".one")} <= {
        f"{key}.one" for key in catalogue("en")
    }


@pytest.mark.parametrize("key", catalogue("en"))
def test_both_languages_take_the_same_values(key):
    """Goal: no value is lost or made up. Method: compare what stands between braces."""
    thai = fields(catalogue("th")[key.removesuffix(".one")])
    english = fields(catalogue("en")[key])
    assert english <= thai if key.endswith(".one") else english == thai


def test_every_text_is_used():
    """Goal: no dead text. Method: look for each key, or for a beginning that leads to it.

    Some groups are handed to a function that looks a text up, so only their names are found.
    """
    quoted, begun = named_keys()
    begun |= {"disruption.", "event.", "flag.", "flag_meaning.", "law."}
    quoted |= {f"{key}_open" for key in quoted if key.startswith("story.out")}
    assert "verdict.late" in quoted
    assert "harm." in begun
    unused = [
        key
        for key in catalogue("th")
        if key not in quoted and not any(key.startswith(prefix) for prefix in begun)
    ]
    assert unused == []


def test_every_named_text_is_there():
    """Goal: a report never stops for a missing text. Method: keys in code against the catalogue.

    Only what begins like a group of the catalogue is a key.
    """
    quoted, _ = named_keys()
    groups = {key.split(".")[0] for key in catalogue("th")}
    keys = {key for key in quoted if key.split(".")[0] in groups and not key.endswith(".html")}
    assert len(keys) > 50
    assert keys - set(catalogue("th")) == set()


def kinds_of_disruptions():
    kinds: list[Any] = [k.model_fields["kind"].annotation for k in Disruption.__subclasses__()]
    return [name for kind in kinds for name in get_args(kind)]


@pytest.mark.parametrize(
    "keys",
    [
        pytest.param([f"fate.{fate}" for fate in FATES], id="fates"),
        pytest.param([f"meaning.{verdict}" for verdict in CLASSES], id="classes"),
        pytest.param([f"harm.{verdict}" for verdict in CLASSES if verdict.failing], id="harms"),
        pytest.param([f"flag.{flag}" for flag in FLAGS], id="flags"),
        pytest.param([f"flag_meaning.{flag}" for flag in FLAGS], id="meanings of flags"),
        pytest.param([f"law.{law}" for law in LAWS], id="laws"),
        pytest.param([f"status.{outcome}" for outcome in Outcome], id="outcomes"),
        pytest.param([f"disruption.{kind}" for kind in kinds_of_disruptions()], id="disruptions"),
        pytest.param([f"event.{kind}" for kind in kinds_of_disruptions()], id="events"),
        pytest.param([f"systems.status.{answer}" for answer in Answer], id="statuses"),
        pytest.param(
            [
                f"part.{name}"
                for name, field in Firm.model_fields.items()
                if name not in {"format", "name", "currency", "priorities", "assumptions"}
                if name not in {"source", "note"}
            ],
            id="parts of a model",
        ),
    ],
)
def test_every_member_has_its_text(keys):
    """Goal: a new class, flag, kind or section cannot be forgotten. Method: their full lists."""
    assert keys
    assert [key for key in keys if not EN.knows(key)] == []


def test_a_text_takes_its_form_for_one():
    """Goal: "1 was", "2 were". Method: one text with both forms."""
    assert EN.say("harm.lost", count=1) == "1 was acknowledged and then lost"
    assert EN.say("harm.lost", count=1200) == "1,200 were acknowledged and then lost"
    assert TH.say("harm.lost", count=1) == "ยืนยันแล้วแต่สูญหาย 1\N{NO-BREAK SPACE}รายการ"


@pytest.mark.parametrize(
    ("items", "english", "thai"),
    [
        (["a"], "a", "a"),
        (["a", "b"], "a and b", "a และ b"),
        (["ก", "ข", "ค"], "ก, ข and ค", "ก ข และค"),
    ],
)
def test_lists_read_like_sentences(items, english, thai):
    """Goal: lists in the manner of each language. Method: examples."""
    assert (EN.listing(items), TH.listing(items)) == (english, thai)


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 10, "0 %"),
        (10, 10, "100 %"),
        (1, 3, "33 %"),
        (7, 1000, "0.7 %"),
        (1, 1_000_000, "< 0.1 %"),
        (999_999, 1_000_000, "> 99.9 %"),
        (95, 100, "95 %"),
        (9995, 10000, "> 99.9 %"),
        (0, 0, "–"),
    ],
)
def test_shares_never_round_to_nothing_or_all(part, whole, text):
    """Goal: one lost order in a million is not 0 %. Method: examples at the edges."""
    assert EN.share(part, whole).replace("\N{NO-BREAK SPACE}", " ") == text


@pytest.mark.parametrize(
    ("duration_ns", "english", "thai"),
    [
        (0, "0 s", "0 วินาที"),
        (12 * NS_PER_MS, "12 ms", "12 มิลลิวินาที"),
        (1400 * NS_PER_MS, "1 s", "1 วินาที"),
        (90 * NS_PER_S + 600 * NS_PER_MS, "1 min 31 s", "1 นาที 31 วินาที"),
        (2 * NS_PER_H, "2 h", "2 ชั่วโมง"),
    ],
)
def test_durations_are_in_words(duration_ns, english, thai):
    """Goal: durations that people read, unbroken at their units. Method: examples."""
    written = EN.duration(duration_ns), TH.duration(duration_ns)
    assert tuple(text.replace("\N{NO-BREAK SPACE}", " ") for text in written) == (english, thai)
    assert all(re.search(r"\d \w", text) is None for text in written)


def test_times_are_on_the_wall():
    """Goal: the firm's clock, seconds only where there are any. Method: examples."""
    times = (0, 30 * NS_PER_MIN, 30 * NS_PER_MIN + 29_400 * NS_PER_MS, NS_PER_DAY)
    assert [EN.clock(t) for t in times] == ["09:30", "10:00", "10:00:29", "09:30 +1 d"]
    assert TH.clock(NS_PER_DAY) == "09:30 +1 วัน"


def test_dates_are_of_each_language_s_era():
    """Goal: Thai years are of the Buddhist era. Method: one date, and the day after."""
    assert EN.date() == "23 November 2026"
    assert TH.date(NS_PER_DAY) == "24 พฤศจิกายน พ.ศ. 2569"


def test_languages_name_themselves():
    """Goal: a reader finds their own language. Method: the names of both."""
    assert dict(LANGUAGE_NAMES) == {"en": "English", "th": "ไทย"}
