"""Goal: the table of draws can be printed, and covers what the engines draw.

Method: every entry is complete, short, and tells its index and its draw; known purposes exist.
"""

from __future__ import annotations

import dataclasses
import re

import pytest

from bcsim.streams import PURPOSES

KNOWN = """
    arrival client service link_latency link_loss retry_jitter route_choice corruption_hit
    corruption_field corruption_value control_catch market_noise fill quantity price_offset
    ord_type side instrument account patience on_timeout cancel_decision cancel_delay mistype
    failure repair detection detection_miss reach reach_delay decision_delay action_duration
    action_success switch_success failback_success bust
""".split()


def test_known_purposes_exist():
    """Goal: no purpose disappears unnoticed: its numbers would. Method: names of the first day."""
    assert [name for name in KNOWN if name not in PURPOSES] == []


@pytest.mark.parametrize("name", PURPOSES)
def test_an_entry_is_complete(name):
    """Goal: documentation can be generated. Method: form of the name and of each text."""
    purpose = PURPOSES[name]
    assert re.fullmatch(r"[a-z]+(_[a-z]+)*", name)
    assert re.fullmatch(r"[A-Z][^\n|]{5,70}\.", purpose.meaning)
    for text in dataclasses.astuple(purpose)[1:]:
        assert re.fullmatch(r"[^\n|]{1,70}", text)


def test_meanings_differ():
    """Goal: two purposes are not one. Method: no meaning stands twice."""
    meanings = [purpose.meaning for purpose in PURPOSES.values()]
    assert len(set(meanings)) == len(meanings)
