"""Goal: an object-centric log gives one history, whatever its format, and no file hurts.

Method: one small log written in every format; wrong ones differ from it in one place.
"""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing

import pytest

from bcsim.errors import HistoryError
from bcsim.history.logs.mapping_file import read_mapping
from bcsim.history.logs.reader import LogOptions, read_logs, suggest_mapping
from bcsim.history.logs.recognition import Format, recognise
from tests.unit.history.logs.ocel_logs import (
    MAPPING,
    WRITERS,
    write_json_1,
    write_json_2,
    write_xml,
)

T0 = 1_795_316_400 * 10**9
"""2026-11-22 03:00:00 UTC."""

EXPECTED = [
    {
        "seq": 0, "time_ns": T0, "vantage": "oms", "kind": "submit", "order_id": "O1",
        "client_id": "C1", "instrument": "ABC", "side": "buy", "qty": 100,
    },
    {
        "seq": 1, "time_ns": T0 + 10**9, "vantage": "oms", "kind": "submit", "order_id": "O2",
        "client_id": "C1", "instrument": "DEF", "side": "sell", "qty": 50,
    },
    {
        "seq": 2, "time_ns": T0 + 2_500_000_000, "vantage": "oms", "kind": "execute",
        "order_id": "O1", "exec_id": "X1", "instrument": "ABC", "side": "buy", "qty": 100,
    },
]  # fmt: skip


@pytest.fixture
def options(tmp_path):
    """The mapping of the small log."""
    path = tmp_path / "ocel.toml"
    path.write_text(MAPPING, encoding="utf-8")
    return LogOptions((read_mapping(path),))


def rows(reading):
    return [{k: v for k, v in row.items() if v is not None} for row in reading.history.rows()]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_history(tmp_path, options, name):
    """Goal: one log, one history. Method: each format against the rows written out."""
    (reading,) = read_logs([WRITERS[name](tmp_path / name)], (), options)
    assert rows(reading) == EXPECTED
    assert reading.history.profile.declared_kinds == ("submit", "execute", "settle")


@pytest.mark.parametrize("name", ["log.jsonocel", "log.json", "log.xml"])
def test_gzip(tmp_path, options, name):
    """Goal: packed logs are read. Method: the text formats through gzip."""
    path = WRITERS[name](tmp_path / name)
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    assert rows(read_logs([packed], (), options)[0]) == EXPECTED


def test_formats_are_told_apart(tmp_path):
    """Goal: the content tells the format. Method: every file under a name that says nothing."""
    found = {name: recognise(WRITERS[name](tmp_path / f"x{i}")) for i, name in enumerate(WRITERS)}
    assert found == {
        "log.jsonocel": Format.OCEL_JSON,
        "log.json": Format.OCEL_1_JSON,
        "log.xml": Format.OCEL_XML,
        "log.sqlite": Format.OCEL_SQLITE,
    }


def test_an_attribute_is_as_it_was(tmp_path, options):
    """Goal: an object's attribute has its value of the event's time. Method: a later change."""
    path = tmp_path / "log.xml"
    text = write_xml(path).read_text(encoding="utf-8")
    later = '<attribute name="qty" time="2026-11-22T03:00:02Z">70</attribute></attributes></object>'
    path.write_text(text.replace("</attributes></object>", later, 1), encoding="utf-8")
    found = [row["qty"] for row in rows(read_logs([path], (), options)[0])]
    assert found == [100, 50, 70]


def test_an_event_with_two_orders_is_two_events(tmp_path, options):
    """Goal: n to m relations are followed. Method: relate the execution to both orders."""
    path = write_json_1(tmp_path / "log.json")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"ocel:omap": ["O1"]', '"ocel:omap": ["O1", "O2"]'))
    found = [(r["kind"], r["order_id"], r["qty"]) for r in rows(read_logs([path], (), options)[0])]
    assert found[2:] == [("execute", "O1", 100), ("execute", "O2", 50)]


def test_an_object_related_twice_is_one(tmp_path, options):
    """Goal: two qualifiers make no second execution. Method: relate it to its order again."""
    path = write_xml(tmp_path / "log.xml")
    text = path.read_text(encoding="utf-8")
    again = '<relationship object-id="O1" qualifier="fills"/></objects></event>\n</events>'
    path.write_text(text.replace("</objects></event>\n</events>", again), encoding="utf-8")
    assert path.read_text(encoding="utf-8") != text
    assert rows(read_logs([path], (), options)[0]) == EXPECTED


def test_an_object_that_is_not_there_is_named(tmp_path, options):
    """Goal: no event loses its order in silence. Method: an export without one of its objects."""
    path = write_json_1(tmp_path / "log.json")
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace('"ocel:omap": ["O1"]', '"ocel:omap": ["O7"]'))
    with pytest.raises(HistoryError, match="does not hold: 1, the first of event 3"):
        read_logs([path], (), options)


def test_several_objects_of_two_types_are_refused(tmp_path, options):
    """Goal: nobody's order is paired with another's client. Method: two of each in an event."""
    path = write_json_1(tmp_path / "log.json")
    text = path.read_text(encoding="utf-8")
    text = text.replace('"C1": {', '"C2": {"ocel:type": "client", "ocel:ovmap": {}}, "C1": {')
    path.write_text(text.replace('["O1"]', '["O1", "O2", "C1", "C2"]'), encoding="utf-8")
    with pytest.raises(HistoryError, match="event 3: several objects of more than one type"):
        read_logs([path], (), options)


XML_TYPE = (
    '<object-types><object-type name="fill"><attributes><attribute name="venue" type="string"/>'
    "</attributes></object-type></object-types><event-types>"
)
JSON_2_TYPE = (
    '"objectTypes": [{"name": "fill", "attributes": [{"name": "venue", "type": "string"}]}, '
)
JSON_1_TYPE = (
    '"ocel:global-log": {"ocel:object-types": ["fill"], "ocel:attribute-names": ["fill.venue"], '
)
DECLARED = {
    write_json_2: ('"objectTypes": [', JSON_2_TYPE),
    write_xml: ("<event-types>", XML_TYPE),
    write_json_1: ('"ocel:global-log": {', JSON_1_TYPE),
}


@pytest.mark.parametrize("write", DECLARED, ids=lambda write: write.__name__)
def test_a_type_without_objects_is_a_column(tmp_path, write):
    """Goal: a drill in which nothing was filled is judged, too. Method: a declared type."""
    path, mapping = write(tmp_path / "log"), tmp_path / "m.toml"
    text = path.read_text(encoding="utf-8")
    old, new = DECLARED[write]
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    more = 'reason = "fill.venue"\nref = "object:fill"\n[values.kind]'
    mapping.write_text(MAPPING.replace("[values.kind]", more), encoding="utf-8")
    assert rows(read_logs([path], (), LogOptions((read_mapping(mapping),)))[0]) == EXPECTED


def test_a_type_without_objects_in_sqlite(tmp_path):
    """Goal: the same of the format in tables. Method: a map and an empty table more."""
    path, mapping = WRITERS["log.sqlite"](tmp_path / "log.sqlite"), tmp_path / "m.toml"
    with closing(sqlite3.connect(path)) as base:
        base.execute("insert into object_map_type values ('fill', 'Fill')")
        base.execute("create table object_Fill(ocel_id text, ocel_time text, venue text)")
        base.commit()
    more = 'reason = "fill.venue"\nref = "object:fill"\n[values.kind]'
    mapping.write_text(MAPPING.replace("[values.kind]", more), encoding="utf-8")
    assert rows(read_logs([path], (), LogOptions((read_mapping(mapping),)))[0]) == EXPECTED


def test_a_mapping_is_proposed(tmp_path):
    """Goal: a first mapping from the log itself. Method: its lines for columns and kinds."""
    text = suggest_mapping(write_json_2(tmp_path / "log.json"), is_intents=False)
    lines = text.splitlines()
    assert 'order_id = "object:order"' in lines
    assert 'client_id = "object:client"' in lines
    assert 'kind = "activity"' in lines
    assert '"Place Order" = "submit"' in lines
    assert '# vantage = "ledger"' in lines


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE log [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>',
        "<!DOCTYPE log>",
        '<!DOCTYPE log SYSTEM "file:///etc/passwd">',
    ],
)
def test_document_types_are_refused(tmp_path, options, head):
    """Goal: no entity is expanded or fetched. Method: three document types before the root."""
    with pytest.raises(HistoryError, match="declares a document type"):
        read_logs([write_xml(tmp_path / "log.xml", head)], (), options)


def test_an_unknown_activity_is_an_error(tmp_path, options):
    """Goal: no event is dropped in silence. Method: an activity that the mapping lacks."""
    path = write_json_2(tmp_path / "log.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"Execute"', '"Exekute"'))
    with pytest.raises(HistoryError, match="event 3: the event is of no known kind") as raised:
        read_logs([path], (), options)
    assert raised.value.problems[0].value == "Exekute"


def test_two_events_of_one_id_are_refused(tmp_path, options):
    """Goal: ids are distinct, or nothing can be related. Method: name e2 e1."""
    path = write_json_2(tmp_path / "log.json")
    path.write_text(path.read_text(encoding="utf-8").replace('"e2"', '"e1"'))
    with pytest.raises(HistoryError, match="1 events have an id that another one has"):
        read_logs([path], (), options)


def test_a_database_that_is_no_log(tmp_path, options):
    """Goal: any SQLite file is answered. Method: one without the tables of OCEL."""
    path = tmp_path / "x.sqlite"
    with closing(sqlite3.connect(path)) as base:
        base.execute("create table t(x)")
        base.commit()
    with pytest.raises(HistoryError, match="the log is not OCEL"):
        read_logs([path], (), options)
