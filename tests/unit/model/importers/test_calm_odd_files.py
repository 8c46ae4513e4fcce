"""Goal: no CALM file, however odd, crashes the import: it is imported or refused with a reason.

Method: Hypothesis changes one to three values of a sound architecture with service levels.
"""

from __future__ import annotations

import copy
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from bcsim.errors import InputError
from bcsim.model.importers.calm_import import import_calm
from bcsim.model.importers.calm_report import import_document, import_text
from tests.unit.model.importers.architectures import bus_system, shop, with_level, write

MINUTE = {"value": 1, "unit": "minutes"}
LEVEL = {
    "latency": {"alert_threshold": MINUTE},
    "availability": {"uptime_guarantee": 99.9},
    "data_integrity": {"message_reliability": "exactlyOnce", "loss_tolerance": 0},
    "error_handling": {"retry_logic": {"max_retries": 3, "retry_interval": MINUTE}},
    "incident_response": {"incident_resolution_time": MINUTE},
    "failover_strategy": "active-active",
    "recovery_time_objective": MINUTE,
}
REMOVED = object()
VALUES = st.sampled_from(
    [
        REMOVED,
        None,
        0,
        -1,
        1e300,
        10**40,
        "",
        "x",
        "ซื้อ",
        [],
        {},
        ["a"],
        True,
        "bus",
        "client",
        "desk",
    ]
)


def rich():
    """The bus system with a service level on a flow and on the bus."""
    data = bus_system()
    data["flows"][0] = with_level(data["flows"][0], **LEVEL)
    data["nodes"][4] = with_level(data["nodes"][4], **LEVEL)
    return data


def places(value, path=()):
    """Paths of everything below the root."""
    if path:
        yield path
    if isinstance(value, dict):
        items = list(value.items())
    else:
        items = list(enumerate(value)) if isinstance(value, list) else []
    for key, item in items:
        yield from places(item, (*path, key))


def change(data, path, value):
    """Put a value where a path leads, or take away what is there."""
    *above, last = path
    for step in above:
        data = data[step]
    if value is REMOVED:
        del data[last]
    else:
        data[last] = copy.deepcopy(value)


@settings(max_examples=60)
@given(st.sampled_from([rich(), shop()]), st.data())
def test_an_odd_file_is_imported_or_refused(sound, draws):
    """Goal: no crash. Method: import and report, or an error that bcsim raises on purpose."""
    data = copy.deepcopy(sound)
    for _ in range(draws.draw(st.integers(1, 3))):
        path = draws.draw(st.sampled_from(list(places(data))))
        change(data, path, draws.draw(VALUES))
    with tempfile.TemporaryDirectory() as folder:
        file = write(Path(folder), data)
        try:
            result = import_calm(file)
        except InputError:
            return
        assert import_text(result)
        assert import_document(result)["route"]
