"""Goal: a profile survives its JSON form, and a faulty one names every fault.

Method: Hypothesis round trips; a table of faults with the problem expected of each.
"""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest
from hypothesis import given

from bcsim import limits
from bcsim.errors import HistoryError
from bcsim.history.profile import Coverage, Obligation, Profile, ServiceTolerance, Session
from tests.unit.history.events import profiles


@given(profiles)
def test_round_trip(profile):
    """Goal: nothing is lost, and the form is canonical. Method: there, back and there again."""
    again = Profile.from_json(profile.to_json())
    assert again == profile
    assert again.to_json() == profile.to_json()


def test_canonical_form():
    """Goal: the bytes that the root covers are stated. Method: one whole profile, spelt out."""
    profile = Profile(
        coverage=(Coverage("oms", 5),),
        sessions=(Session("เช้า", 0, 9),),
        obligations=(Obligation("confirm", channel="app", within_ns=60),),
        services=(ServiceTolerance("equity", mbco=1),),
        source='a "name"',
    )
    assert profile.to_json() == (
        '{"allows":[],"amount_scale":2,"controls":[],'
        '"coverage":[{"from_ns":5,"to_ns":null,"vantage":"oms"}],"cut_offs":[],'
        '"declared_kinds":[],"drain":null,"drain_from_ns":null,"drain_to_ns":null,'
        '"intents_recorded":false,"kind":"simulation",'
        '"obligations":[{"channel":"app","name":"confirm","segment":null,"within_ns":60}],'
        '"price_scale":2,"priority_classes":[],"qty_scale":0,'
        '"services":[{"acknowledge_ns":null,"bucket_ns":60000000000,"channels":[],'
        '"instruments":[],"mbco":1.0,"mtpd_ns":null,"name":"equity","rpo_ns":null,"rto_ns":null}],'
        '"sessions":[{"close_ns":9,"name":"เช้า","open_ns":0}],"settled":true,'
        '"source":"a \\"name\\"","start":null,"time_zone":null,"trace":"business","version":1,'
        '"within_plan":null}'
    )


def test_missing_keys_take_their_defaults():
    """Goal: a person writes only what is known. Method: an empty object and a small one."""
    assert Profile.from_json("{}") == Profile()
    text = '{"kind":"live test log","services":[{"name":"fx","mbco":1}]}'
    assert Profile.from_json(text) == Profile(
        kind="live test log", services=(ServiceTolerance("fx", mbco=1.0),)
    )


FAULTS = [
    ('{"sesions":[]}', "profile.sesions", "'sesions'", "did you mean 'sessions'?"),
    ('{"version":2}', "profile.version", "2", ""),
    ('{"kind":"simulaton"}', "profile.kind", "'simulaton'", "did you mean 'simulation'?"),
    ('{"trace":null}', "profile.trace", "None", ""),
    ('{"settled":1}', "profile.settled", "1", ""),
    ('{"qty_scale":true}', "profile.qty_scale", "True", ""),
    ('{"qty_scale":19}', "profile.qty_scale", "19", ""),
    ('{"qty_scale":-1}', "profile.qty_scale", "-1", ""),
    ('{"drain_to_ns":1.5}', "profile.drain_to_ns", "1.5", ""),
    ('{"drain_to_ns":9223372036854775808}', "profile.drain_to_ns", "9223372036854775808", ""),
    ('{"drain":"hea"}', "profile.drain", "'hea'", "did you mean 'heal'?"),
    ('{"controls":"kyc"}', "profile.controls", "'kyc'", ""),
    ('{"controls":["kyc",7]}', "profile.controls[1]", "7", ""),
    ('{"declared_kinds":["excute"]}', "profile.declared_kinds[0]", "'excute'",
     "did you mean 'execute'?"),
    ('{"sessions":[{"name":"x","open_ns":1}]}', "profile.sessions[0].close_ns", "None", ""),
    ('{"sessions":[7]}', "profile.sessions[0]", "7", ""),
    ('{"services":[{"name":"x","mbco":1.01}]}', "profile.services[0].mbco", "1.01", ""),
    ('{"services":[{"name":"x","bucket_ns":0}]}', "profile.services[0].bucket_ns", "0", ""),
    ('{"source":"\\ud800"}', "profile.source", "'\\ud800'", ""),
    ("[]", "profile", "[]", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "place", "value", "hint"), FAULTS, ids=[f[1] for f in FAULTS])
def test_faults_are_named(text, place, value, hint):
    """Goal: the operator sees file, key, value and what to do. Method: one fault at a time."""
    with pytest.raises(HistoryError) as caught:
        Profile.from_json(text, "firm.json")
    (problem,) = caught.value.problems
    assert problem.message == f"{place} does not hold"
    assert (problem.file, problem.value, problem.hint) == ("firm.json", value, hint)
    assert problem.expected


def test_all_faults_are_named_at_once():
    """Goal: a file is mended once. Method: every key with a value of the wrong type."""
    wrong: dict[str, object] = {field.name: {} for field in fields(Profile)}
    with pytest.raises(HistoryError) as caught:
        Profile.from_json(json.dumps(wrong))
    places = {problem.message.split()[0] for problem in caught.value.problems}
    assert places == {f"profile.{field.name}" for field in fields(Profile)}


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("{", "Expecting property name"),
        ('{"source":"a","source":"b"}', "repeated keys source"),
        ('{"drain_to_ns":NaN}', "NaN is not a number of JSON"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_not_json_is_refused(text, hint):
    """Goal: strict JSON only. Method: broken, ambiguous, out of bounds and bottomless text."""
    with pytest.raises(HistoryError, match="the profile is not JSON") as caught:
        Profile.from_json(text)
    assert hint in caught.value.problems[0].hint


def test_a_profile_has_a_bound(monkeypatch):
    """Goal: a huge file is not parsed. Method: the bound lowered to the text's size less one."""
    text = Profile().to_json()
    monkeypatch.setattr(limits, "FILE_BYTES_MAX", len(text))
    assert Profile.from_json(text) == Profile()
    monkeypatch.setattr(limits, "FILE_BYTES_MAX", len(text) - 1)
    with pytest.raises(HistoryError, match="too large"):
        Profile.from_json(text)


@pytest.mark.parametrize("wrong", [{"kind": "real"}, {"trace": "all"}, {"drain": "wait"}])
def test_wrong_words_in_a_program_stop_it(wrong):
    """Goal: a misspelt constant is found where it is made. Method: one of each closed set."""
    with pytest.raises(AssertionError):
        replace(Profile(), **wrong)
