"""Goal: times of logs become exact nanoseconds since 1970, or are refused.

Method: texts through DuckDB as the reader sends them; Python's datetime is the witness.
"""

from __future__ import annotations

import datetime
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bcsim.history.logs import times
from bcsim.history.schema import NULL


def read(text, form, zone=""):
    """Nanoseconds of one text, or what is wrong with it."""
    with duckdb.connect() as connection:
        parts = [f"coalesce(({sql})::bigint, {NULL})" for sql in times.parts("m", form)]
        match = times.matched("t", form)
        query = (
            f"select {', '.join(parts)} from (select {match} as m from (select ?::varchar as t))"
        )
        found = connection.execute(query, [text]).fetchall()[0]
    columns = [np.array([value], dtype=np.int64) for value in found]
    time_ns, wrong = times.to_utc_ns(columns[0], columns[1], columns[2], zone)
    return wrong[0] or int(time_ns[0])


T = 1_795_323_784 * 10**9
"""2026-11-22 05:03:04 UTC."""


@pytest.mark.parametrize(
    ("text", "form", "zone", "expected"),
    [
        ("2026-11-22T05:03:04Z", "iso", "", T),
        ("2026-11-22 05:03:04.123456789Z", "iso", "", T + 123_456_789),
        ("2026-11-22T05:03:04,5 UTC", "iso", "", T + 500_000_000),
        ("2026-11-22T12:03:04+07:00", "iso", "", T),
        ("2026-11-22T12:03:04+0700", "iso", "", T),
        ("2026-11-22T12:03:04+07", "iso", "", T),
        ("2026-11-21T23:33:04-05:30", "iso", "", T),
        ("2026-11-22 12:03:04", "iso", "Asia/Bangkok", T),
        ("2026-11-22 12:03", "iso", "Asia/Bangkok", T - 4 * 10**9),
        ("20261122-05:03:04", "fix", "UTC", T),
        ("20261122-05:03:04.958", "fix", "UTC", T + 958_000_000),
        ("1795323784", "unix s", "", T),
        ("1795323784.000000001", "unix s", "", T + 1),
        ("1795323784958", "unix ms", "", T + 958_000_000),
        ("1795323784958001", "unix us", "", T + 958_001_000),
        ("1795323784958001002", "unix ns", "", T + 958_001_002),
        ("22/11/2026 12:03:04", "%d/%m/%Y %H:%M:%S", "Asia/Bangkok", T),
        ("11/22/2026 12:03:04.25", "%m/%d/%Y %H:%M:%S.%f", "Asia/Bangkok", T + 250_000_000),
        ("2026-11-22 05:03:04", "iso", "", times.NO_ZONE),
        ("2026-11-31 05:03:04Z", "iso", "", times.UNREADABLE),
        ("2026-11-22", "iso", "UTC", times.UNREADABLE),
        ("20261322-05:03:04", "fix", "UTC", times.UNREADABLE),
        ("-5", "unix s", "", times.UNREADABLE),
        ("99999999999999999999", "unix s", "", times.UNREADABLE),
        ("9223372036854775807", "unix s", "", times.UNREADABLE),
        ("31/02/2026 01:00:00", "%d/%m/%Y %H:%M:%S", "UTC", times.UNREADABLE),
        ("2026-10-25 02:30:00", "iso", "Europe/Berlin", times.TWICE),
        ("2026-10-25 02:30:00+01:00", "iso", "Europe/Berlin", 1_792_891_800 * 10**9),
        ("2026-10-25 03:00:00", "iso", "Europe/Berlin", 1_792_893_600 * 10**9),
        ("2026-03-29 02:59:59", "iso", "Europe/Berlin", times.NEVER),
        ("2026-04-05 01:45:00", "iso", "Australia/Lord_Howe", times.TWICE),
    ],
)
def test_forms(text, form, zone, expected):
    """Goal: every form, and every way to be wrong. Method: literal times, half-hour zones too."""
    assert read(text, form, zone) == expected


EARLIEST = datetime.datetime(1975, 1, 1)  # noqa: DTZ001 - local times have no zone yet
LATEST = datetime.datetime(2037, 1, 1)  # noqa: DTZ001


@given(
    st.datetimes(EARLIEST, LATEST),
    st.sampled_from(["Asia/Bangkok", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]),
)
def test_local_times_agree_with_python(stamp, zone):
    """Goal: offsets are right in every hour. Method: draw local times; zoneinfo is the witness."""
    found = read(stamp.isoformat(sep=" ", timespec="microseconds"), "iso", zone)
    both = [stamp.replace(tzinfo=ZoneInfo(zone), fold=fold) for fold in (0, 1)]
    offsets = [moment.utcoffset() for moment in both]
    if offsets[0] == offsets[1]:
        since = both[0] - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
        assert found == since // datetime.timedelta(microseconds=1) * 1000
    else:
        assert offsets[0] is not None
        assert offsets[1] is not None
        assert found == (times.TWICE if offsets[0] > offsets[1] else times.NEVER)


def test_an_hour_with_a_change_is_read_by_the_row():
    """Goal: rows around a change of clocks differ. Method: three rows of one hour at once."""
    minutes = [times.instant(f"2026-10-25T01:{m}:00", "Europe/Berlin") for m in ("00", "30", "59")]
    assert minutes == [1_792_882_800 * 10**9, 1_792_884_600 * 10**9, 1_792_886_340 * 10**9]
    assert times.instant("2026-10-25T02:30:00", "Europe/Berlin") is None
    assert times.instant("no time", "UTC") is None
    assert times.instant("2026-10-25T02:30:00", "") is None
