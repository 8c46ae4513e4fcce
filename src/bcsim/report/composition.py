"""A report is put together: an account of a run in, everything that a report says out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.report.content import Content
from bcsim.report.headline import key_figures, verdict
from bcsim.report.sections.assumptions import assumptions
from bcsim.report.sections.controls import controls
from bcsim.report.sections.expectation import expectation
from bcsim.report.sections.findings import findings
from bcsim.report.sections.levels import levels
from bcsim.report.sections.moment import moment
from bcsim.report.sections.orders import orders
from bcsim.report.sections.plan import plan
from bcsim.report.sections.provenance import provenance
from bcsim.report.sections.regimes import regimes
from bcsim.report.sections.segments import segments
from bcsim.report.sections.story import story
from bcsim.report.sections.systems import systems
from bcsim.report.wording import Words

if TYPE_CHECKING:
    from bcsim.report.account import Account
    from bcsim.units import Lang

SECTIONS = (
    story,
    moment,
    orders,
    levels,
    plan,
    findings,
    segments,
    controls,
    systems,
    regimes,
    expectation,
    assumptions,
    provenance,
)
"""The sections in their order; one that has nothing to say returns None."""


EMPTY = "empty"
"""Shown instead of the outcome where there were no orders: a pass of nothing is no pass."""


def words_of(account: Account, lang: Lang) -> Words:
    """The language, on the clock of a run."""
    return Words(lang, account.run.scenario.start)


def compose(account: Account, lang: Lang) -> Content:
    """Say everything that a report says about a run, in one language."""
    words = words_of(account, lang)
    run = account.run
    firm, scenario = words.name(run.model.name), words.name(run.scenario.name)
    start, end = (words.clock(time_ns) for time_ns in account.window_ns)
    about = run.scenario.description
    found = (section(account, words) for section in SECTIONS)
    outcome = run.measures.outcome if account.intended_count else EMPTY
    return Content(
        lang=lang,
        title=words.say("page.title", scenario=scenario, firm=firm),
        heading=scenario,
        subtitle=words.say(
            "page.scenario_at", firm=firm, date=words.date(), **{"from": start, "to": end}
        ),
        description="" if about is None else words.name(about),
        kind=words.say(f"page.kind.{run.measures.kind}"),
        kind_note=words.say(f"page.kind_note.{run.measures.kind}"),
        outcome=outcome,
        status=words.say(f"status.{outcome}"),
        verdict=verdict(account, words),
        key_figures=key_figures(account, words),
        sections=tuple(section for section in found if section is not None),
        made_by=words.say("page.made_by", version=run.measures.provenance.version),
    )
