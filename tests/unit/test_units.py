"""Goal: a quantity is read exactly or refused with what was expected; nothing is guessed.

Method: tables of texts with the integer they mean or the whole error they give; round trips
between reading and writing over all values (Hypothesis).
"""

from __future__ import annotations

import datetime
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.limits import TIME_NS_MAX
from bcsim.units import (
    CLOCK_FORMS,
    DURATION_FORMS,
    NS_PER_DAY,
    NS_PER_H,
    NS_PER_MIN,
    NS_PER_MS,
    NS_PER_S,
    NS_PER_US,
    NS_PER_WEEK,
    UNITS,
    UnitError,
    format_clock,
    format_duration,
    parse_clock,
    parse_duration,
    thai_date,
)

DURATIONS = {
    "150 ms": 150_000_000,
    "30 s": 30_000_000_000,
    "5 min": 300_000_000_000,
    "4 h": 14_400_000_000_000,
    "1 d": 86_400_000_000_000,
    "2 w": 1_209_600_000_000_000,
    "7 ns": 7,
    "3 us": 3_000,
    "3 µs": 3_000,
    "3 μs": 3_000,
    "0 s": 0,
    "  5   min ": 300_000_000_000,
    "5min": 300_000_000_000,
    "1 h 30 min": 5_400_000_000_000,
    "1h30min": 5_400_000_000_000,
    "2 w 1 d 3 h 4 min 5 s 6 ms 7 us 8 ns": 1_307_045_006_007_008,
    "1.5 h": 5_400_000_000_000,
    "1 h 0.5 min": 3_630_000_000_000,
    "0.000000001 s": 1,
    "1.50000000000000000000 s": 1_500_000_000,
    "90 minutes": 5_400_000_000_000,
    "1 hour 1 second": 3_601_000_000_000,
    "PT5M": 300_000_000_000,
    "PT1H30M": 5_400_000_000_000,
    "P1DT12H": 129_600_000_000_000,
    "P2W": 1_209_600_000_000_000,
    "PT0.25S": 250_000_000,
    "5 นาที": 300_000_000_000,
    "๕ นาที": 300_000_000_000,
    "1 ชั่วโมง 30 นาที": 5_400_000_000_000,
    "1ชั่วโมง30นาที": 5_400_000_000_000,
    "2 ชม. 15 วินาที": 7_215_000_000_000,
    "3 วัน": 259_200_000_000_000,
    "20 มิลลิวินาที": 20_000_000,
}


@pytest.mark.parametrize(("text", "duration_ns"), DURATIONS.items())
def test_durations(text, duration_ns):
    """Goal: each documented form means its nanoseconds. Method: table computed by hand."""
    assert parse_duration(text) == duration_ns


REFUSED_DURATIONS = {
    "": ("empty", "an empty text", "", DURATION_FORMS, ""),
    "5": ("no_unit", "no unit", "5", DURATION_FORMS, ""),
    "-5": ("no_unit", "no unit", "-5", DURATION_FORMS, ""),
    "1e3": ("no_unit", "no unit", "1e3", DURATION_FORMS, ""),
    "00:05": (
        "clock_form",
        "a clock form, which could count hours or minutes",
        "00:05",
        DURATION_FORMS,
        "",
    ),
    "-5 s": ("negative", "negative", "-5 s", DURATION_FORMS, ""),
    "−5 s": ("negative", "negative", "−5 s", DURATION_FORMS, ""),
    "5 m": ("unknown_unit", "unknown unit", "m", DURATION_FORMS, "5 min"),
    "5 minuts": ("unknown_unit", "unknown unit", "minuts", DURATION_FORMS, "5 minutes"),
    "5 MS": ("unknown_unit", "unknown unit", "MS", DURATION_FORMS, "5 ms"),
    "5 Min": ("unknown_unit", "unknown unit", "Min", DURATION_FORMS, "5 min"),
    "3 parsecs": ("unknown_unit", "unknown unit", "parsecs", DURATION_FORMS, ""),
    "3 kg": ("unknown_unit", "unknown unit", "kg", DURATION_FORMS, ""),
    "2 months": (
        "calendar_unit",
        "a unit whose length is not fixed",
        "months",
        "days or weeks",
        "",
    ),
    "1 ปี": ("calendar_unit", "a unit whose length is not fixed", "ปี", "days or weeks", ""),
    "P1M": (
        "calendar_unit",
        "years or months, whose length is not fixed",
        "P1M",
        "days or weeks",
        "",
    ),
    "P1Y2DT3H": (
        "calendar_unit",
        "years or months, whose length is not fixed",
        "P1Y2DT3H",
        "days or weeks",
        "",
    ),
    "P": ("malformed", "not an ISO 8601 duration", "P", DURATION_FORMS, ""),
    "P1DT": ("malformed", "not an ISO 8601 duration", "P1DT", DURATION_FORMS, ""),
    "five minutes": ("malformed", "not a duration", "five minutes", DURATION_FORMS, ""),
    "5 min, 3 s": ("malformed", "not a duration", "5 min, 3 s", DURATION_FORMS, ""),
    "30 min 1 h": (
        "unit_order",
        "parts that do not go from the longest unit to the shortest",
        "30 min 1 h",
        "for example 1 h 30 min",
        "",
    ),
    "1 h 2 h": (
        "unit_order",
        "parts that do not go from the longest unit to the shortest",
        "1 h 2 h",
        "for example 1 h 30 min",
        "",
    ),
    "1.5 h 3 s": (
        "inner_decimals",
        "decimals before the last part",
        "1.5 h 3 s",
        "for example 1 h 30.5 min",
        "",
    ),
    "PT1.5H3M": (
        "inner_decimals",
        "decimals before the last part",
        "PT1.5H3M",
        "for example 1 h 30.5 min",
        "",
    ),
    "0.5 ns": (
        "sub_nanosecond",
        "finer than a nanosecond",
        "0.5 ns",
        "whole nanoseconds",
        "",
    ),
    "0.0000000001 s": (
        "sub_nanosecond",
        "finer than a nanosecond",
        "0.0000000001 s",
        "whole nanoseconds",
        "",
    ),
    "60000 d": (
        "too_long",
        "longer than the longest time that bcsim counts",
        "60000 d",
        "at most 53375 d",
        "",
    ),
    "9" * 81: ("too_long", "a text of 81 characters", "9" * 20, DURATION_FORMS, ""),
}


@pytest.mark.parametrize(("text", "told"), REFUSED_DURATIONS.items())
def test_refused_durations(text, told):
    """Goal: every reason to refuse is told in full. Method: table of the error's parts."""
    with pytest.raises(UnitError) as caught:
        parse_duration(text)
    error = caught.value
    assert (error.code, error.reason, error.detail, error.expected, error.suggestion) == told


def test_the_error_reads_as_one_line():
    """Goal: the exception alone tells enough. Method: its text, with and without a suggestion."""
    with pytest.raises(ValueError, match="minuts") as caught:
        parse_duration("5 minuts")
    assert str(caught.value) == (
        f"unknown unit: 'minuts'; expected {DURATION_FORMS}; did you mean '5 minutes'?"
    )
    with pytest.raises(ValueError, match="empty") as caught:
        parse_duration("")
    assert str(caught.value) == f"an empty text; expected {DURATION_FORMS}"


def test_the_longest_duration():
    """Goal: the bound is inclusive. Method: both sides of ``TIME_NS_MAX``."""
    assert parse_duration(f"{TIME_NS_MAX} ns") == TIME_NS_MAX
    with pytest.raises(UnitError, match="longer than the longest time"):
        parse_duration(f"{TIME_NS_MAX + 1} ns")


@given(st.fractions(0, 7000), st.sampled_from(sorted(UNITS.items())), st.integers(0, 30))
def test_decimals_are_exact(number, unit, digits):
    """Goal: no rounding ever. Method: rational arithmetic as a witness.

    A text with more decimals than a nanosecond holds must be refused, any other must be equal.
    """
    scaled = int(number * 10**digits)
    text = f"{scaled // 10**digits}.{scaled % 10**digits:0{digits}d}" if digits else str(scaled)
    word, unit_ns = unit
    exact = Fraction(scaled, 10**digits) * unit_ns
    if exact.denominator == 1:
        assert parse_duration(f"{text} {word}") == exact
    else:
        with pytest.raises(UnitError, match="finer than a nanosecond"):
            parse_duration(f"{text} {word}")


FORMATTED = {
    0: ("0 s", "0 วินาที"),
    1: ("1 ns", "1 นาโนวินาที"),
    999: ("999 ns", "999 นาโนวินาที"),
    1_001: ("1.001 µs", "1.001 ไมโครวินาที"),
    12_400_000: ("12.4 ms", "12.4 มิลลิวินาที"),
    12_412_600: ("12.413 ms", "12.413 มิลลิวินาที"),
    999_999_600: ("1 s", "1 วินาที"),
    1_500_000_000: ("1.5 s", "1.5 วินาที"),
    59_999_600_000: ("1 min", "1 นาที"),
    298_000_000_000: ("4 min 58 s", "4 นาที 58 วินาที"),
    312_412_345_678: ("5 min 12 s", "5 นาที 12 วินาที"),
    5_400_000_000_000: ("1 h 30 min", "1 ชั่วโมง 30 นาที"),
    187_200_000_000_000: ("2 d 4 h", "2 วัน 4 ชั่วโมง"),
    -90_000_000_000: ("-1 min 30 s", "-1 นาที 30 วินาที"),
}


@pytest.mark.parametrize(("duration_ns", "texts"), FORMATTED.items())
def test_format_duration(duration_ns, texts):
    """Goal: short, in both languages, rounded and never 60 s. Method: table."""
    assert (format_duration(duration_ns), format_duration(duration_ns, "th")) == texts


def test_format_duration_exact():
    """Goal: ``exact`` keeps every nanosecond. Method: a value that the short form rounds."""
    assert format_duration(312_412_345_678, exact=True) == "5 min 12.412345678 s"


@given(st.integers(0, TIME_NS_MAX), st.sampled_from(["en", "th"]))
def test_exact_texts_read_back(duration_ns, lang):
    """Goal: writing and reading are inverse. Method: any duration, in either language."""
    assert parse_duration(format_duration(duration_ns, lang, exact=True)) == duration_ns


@given(
    st.sampled_from(
        [
            (1, 999),
            (NS_PER_US, 999),
            (NS_PER_MS, 59_999),
            (NS_PER_S, 10**6),
            (NS_PER_MIN, 10**5),
            (NS_PER_H, 10**4),
            (NS_PER_DAY, 10**4),
            (NS_PER_WEEK, 10**3),
        ]
    ).flatmap(lambda unit: st.integers(0, unit[1]).map(lambda count: count * unit[0])),
    st.sampled_from(["en", "th"]),
)
def test_whole_units_read_back(duration_ns, lang):
    """Goal: the short form loses nothing where people count in whole units. Method: any count."""
    assert parse_duration(format_duration(duration_ns, lang)) == duration_ns


@given(st.integers(0, TIME_NS_MAX))
def test_the_short_form_is_near(duration_ns):
    """Goal: rounding errs by at most half a unit of what is shown. Method: read it back."""
    shown_ns = parse_duration(format_duration(duration_ns))
    quantum = NS_PER_S if duration_ns >= NS_PER_MIN else max(duration_ns // 1000, 1)
    assert 2 * abs(shown_ns - duration_ns) <= quantum


CLOCKS = {
    "00:00": 0,
    "10:05": 36_300_000_000_000,
    "10:05:30": 36_330_000_000_000,
    "10:05:30.25": 36_330_250_000_000,
    "23:59:59.999999999": NS_PER_DAY - 1,
    "24:00": NS_PER_DAY,
    "๑๐:๐๕": 36_300_000_000_000,
}


@pytest.mark.parametrize(("text", "clock_ns"), CLOCKS.items())
def test_clocks(text, clock_ns):
    """Goal: times of day mean nanoseconds since midnight. Method: table."""
    assert parse_clock(text) == clock_ns


REFUSED_CLOCKS = {
    "9:05": ("malformed", "not a time of day", "9:05", CLOCK_FORMS, "09:05"),
    "10.05": ("malformed", "not a time of day", "10.05", CLOCK_FORMS, "10:05"),
    "10.05 น.": ("malformed", "not a time of day", "10.05 น.", CLOCK_FORMS, "10:05"),
    "99:00 h": ("malformed", "not a time of day", "99:00 h", CLOCK_FORMS, ""),
    "noon": ("malformed", "not a time of day", "noon", CLOCK_FORMS, ""),
    "": ("malformed", "not a time of day", "", CLOCK_FORMS, ""),
    "24:01": ("out_of_range", "beyond the day", "24:01", CLOCK_FORMS, ""),
    "25:00": ("out_of_range", "beyond the day", "25:00", CLOCK_FORMS, ""),
    "10:60": ("out_of_range", "beyond the day", "10:60", CLOCK_FORMS, ""),
    "10:00:60": ("out_of_range", "beyond the day", "10:00:60", CLOCK_FORMS, ""),
}


@pytest.mark.parametrize(("text", "told"), REFUSED_CLOCKS.items())
def test_refused_clocks(text, told):
    """Goal: other forms name the right one. Method: table of the error's parts."""
    with pytest.raises(UnitError) as caught:
        parse_clock(text)
    error = caught.value
    assert (error.code, error.reason, error.detail, error.expected, error.suggestion) == told


@given(st.integers(0, NS_PER_DAY))
def test_clocks_read_back(clock_ns):
    """Goal: writing and reading are inverse. Method: any time of day."""
    assert parse_clock(format_clock(clock_ns)) == clock_ns


def test_format_clock():
    """Goal: seconds appear only where there are any. Method: three times; one beyond the day."""
    assert format_clock(36_300_000_000_000) == "10:05"
    assert format_clock(36_330_000_000_000) == "10:05:30"
    assert format_clock(36_330_250_000_000) == "10:05:30.25"
    with pytest.raises(AssertionError):
        format_clock(NS_PER_DAY + 1)


def test_thai_dates():
    """Goal: Buddhist era and CLDR's month names. Method: a date from the design, all months."""
    assert thai_date(datetime.date(2026, 11, 22)) == "22 พฤศจิกายน พ.ศ. 2569"
    months = [thai_date(datetime.date(2026, month, 1)) for month in range(1, 13)]
    assert months == [
        f"1 {name} พ.ศ. 2569"
        for name in (
            "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม"
        ).split()
    ]


@given(st.text(max_size=100))
def test_any_text_is_read_or_refused(text):
    """Goal: no text crashes a reader. Method: any text; only ``UnitError`` may come."""
    for parse in (parse_duration, parse_clock):
        try:
            value = parse(text)
        except UnitError as error:
            assert error.reason  # noqa: PT017 - raising is one of two right outcomes
        else:
            assert 0 <= value <= TIME_NS_MAX
