"""Goal: the story is told as it was, and a quiet day is not dressed up.

Method: the recorded run with parts replaced; texts compared whole, in English.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bcsim.checkers.continuity import Outage
from bcsim.conduct.fates import FATES, OrderFates
from bcsim.report.account import Deed, Disruption, Mark
from bcsim.report.composition import SECTIONS, compose, words_of
from bcsim.report.sections.controls import controls
from bcsim.report.sections.findings import findings
from bcsim.report.sections.levels import levels
from bcsim.report.sections.moment import moment
from bcsim.report.sections.orders import orders
from bcsim.report.sections.plan import plan
from bcsim.report.sections.segments import segments
from bcsim.report.sections.story import story
from bcsim.report.worst_moment import WorstMoment
from tests.recorded_run import MINUTES, SECONDS
from tests.unit.report.sections.reading import NBSP, told, with_measures

START = 62 * MINUTES


@pytest.fixture
def quiet(account):
    """The run as a day on which nothing happened and nobody ordered anything."""
    none: dict[str, list] = {
        name: [] for name in ("disruptions", "deeds", "detections", "declarations", "takeovers")
    }
    services = {
        name: replace(
            measure,
            outages=(),
            levels=replace(
                measure.levels,
                from_ns=np.empty(0, dtype=np.int64),
                entered=np.empty(0, dtype=np.int64),
                served=np.empty(0, dtype=np.int64),
            ),
        )
        for name, measure in account.services.items()
    }
    return replace(
        with_measures(account, orders={"intended": 0}, findings=()),
        **{name: tuple(value) for name, value in none.items()},
        fates=OrderFates(MINUTES, np.empty(0, dtype=np.int64), {}),
        fate_totals=dict.fromkeys(FATES, 0),
        affected_count=0,
        segments={},
        controls=(),
        services=services,
        worst=WorstMoment(None, dict.fromkeys(account.worst.states, "ok"), {}),
    )


# -- story -----------------------------------------------------------------------------------


def test_the_story_of_the_recorded_run(account):
    """Goal: what began, who noticed, what was done, what clients felt. Method: whole text."""
    (outage,) = account.services["orders"].outages
    words = words_of(account, "en")
    lasted = words.duration(outage.duration_ns).replace(NBSP, " ")
    assert told(story, account) == (
        "At 10:02 Data centre 1 failed, and up to 6 components stood still at once.",
        "It was noticed after 10 s, and a disruption was declared after 1 min 40 s (Malee).",
        "The plan carried out 4 actions; 2 systems switched to their standbys by themselves.",
        (
            f"For clients “Orders” was out for {lasted}, from {words.clock(outage.from_ns)} to "
            f"{words.clock(outage.to_ns)}."
        ),
    )


def test_the_story_of_a_bad_day(account):
    """Goal: nobody noticed, things failed or went on. Method: another log on the same run."""
    first, second = account.services
    outages = (
        Outage(START, START + MINUTES),
        Outage(START + MINUTES, START + 5 * MINUTES, has_ended=False),
    )
    day = replace(
        account,
        disruptions=(Disruption("crash", START), Disruption("failure:web", START + 1)),
        detections=(),
        declarations=(),
        takeovers=(),
        deeds=(
            Deed("paper", START, state="failed", to_ns=START + 1),
            Deed("tell-clients", START),
        ),
        worst=WorstMoment(None, {}, {}),
        services={
            first: replace(account.services[first], outages=outages),
            second: replace(account.services[second], outages=outages[:1]),
        },
    )
    assert told(story, day) == (
        "At 10:02 Data centre 1 failed; at 10:02 Web front end broke down.",
        "Nobody noticed, and nobody declared a disruption.",
        "The plan carried out 0 actions, one failed, one had not ended when the run ended.",
        (
            "For clients 2 services were out, “Orders” the longest: from 10:03 on, and not back "
            "when orders ended."
        ),
    )


def test_the_story_of_a_deputy_and_of_no_plan(account):
    """Goal: who declared is told, and that there is no plan. Method: a mark, and a model."""
    mark = Mark(START + 5 * SECONDS, "oms", "somchai", "crash", is_deputy=True)
    model = account.run.model.replace(plan=None)
    day = replace(account, declarations=(mark,), run=replace(account.run, model=model))
    _, reaction, response, _ = told(story, day)
    assert reaction == (
        "It was noticed after 10 s, and a disruption was declared after 5 s (Somchai, a deputy)."
    )
    assert response == ("The firm has no plan; 2 systems switched to their standbys by themselves.")


def test_a_quiet_day_in_every_section(quiet):
    """Goal: no empty pictures and tables. Method: what each section says of nothing."""
    assert told(story, quiet) == ("Nothing went wrong on this day, and nobody had to act.",)
    said = {section.__name__: told(section, quiet) for section in (moment, orders, levels, plan)}
    assert said == {
        "moment": ("No component was impaired at any time.",),
        "orders": ("No client wished anything in this window.",),
        "levels": ("No service was used in this window.",),
        "plan": ("Nothing was disrupted, and the plan had nothing to do.",),
    }
    assert told(findings, quiet) == ("Nothing was found wrong.",)
    assert told(segments, quiet) == ("No orders, so nobody was affected.",)
    assert told(controls, quiet) == ("No order met a control.",)
    content = compose(quiet, "en")
    assert [s.name for s in content.sections if s.picture] == []
    assert (content.outcome, content.status) == ("empty", "No orders")


def test_sections_come_in_their_order(account):
    """Goal: the order of a report. Method: names of the sections of a full run."""
    names = [section.name for section in compose(account, "en").sections]
    assert names == [section.__name__ for section in SECTIONS]
    assert names[0] == "story"
    assert names[-1] == "provenance"


def test_many_disruptions_are_counted(account):
    """Goal: two to four sentences, however bad the day. Method: five disruptions, one latent."""
    disruptions = (
        Disruption("hidden", START - MINUTES, is_latent=True),
        *(Disruption("failure:web", START + i * MINUTES) for i in range(4)),
    )
    day = replace(account, disruptions=disruptions, worst=WorstMoment(None, {}, {}))
    assert told(story, day)[0] == (
        "At 10:02 Web front end broke down; at 10:03 Web front end broke down; at 10:04 Web front "
        "end broke down; there were 2 further disruptions."
    )
