"""What happened: two to four sentences out of the decision log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.report.content import Section
from bcsim.report.naming import names_of
from bcsim.report.worst_moment import DOWN

if TYPE_CHECKING:
    from bcsim.report.account import Account, Disruption
    from bcsim.report.wording import Words

_NAMED_MAX: Final = 3


def story(account: Account, words: Words) -> Section:
    """Tell what began, who noticed, what was done, and what clients felt."""
    sentences = []
    trigger = account.trigger
    if trigger is not None:
        sentences += [_beginning(account, words), _reaction(account, words, trigger)]
    if trigger is not None or account.deeds:
        sentences.append(_response(account, words))
    else:
        sentences.append(words.say("story.quiet"))
    if any(service.is_exercised for service in account.services.values()):
        sentences.append(_outages(account, words))
    return Section("story", words.say("section.story"), paragraphs=tuple(sentences))


def _beginning(account: Account, words: Words) -> str:
    """Name the first disruptions that showed, and count the others."""
    named = ([d for d in account.disruptions if not d.is_latent] or list(account.disruptions))[
        :_NAMED_MAX
    ]
    names = names_of(account, words)
    told = [
        words.say(
            "story.then" if i else "story.began",
            time=words.clock(disruption.from_ns),
            event=names.disruption(disruption.name, "event"),
        )
        for i, disruption in enumerate(named)
    ]
    others = len(account.disruptions) - len(named)
    down = len(account.worst.of_state(DOWN))
    return words.say(
        "story.beginning",
        began="".join(told),
        fell=words.say("story.fell", count=down) if down else "",
        more=words.say("story.more", count=others) if others else "",
    )


def _reaction(account: Account, words: Words, trigger: Disruption) -> str:
    declared = words.say("story.undeclared")
    if account.declarations:
        first = account.declarations[0]
        declared = words.say(
            "story.declared_deputy" if first.is_deputy else "story.declared",
            person=names_of(account, words).person(first.actor or ""),
            delay=words.duration(first.time_ns - trigger.from_ns),
        )
    if not account.detections:
        return words.say("story.undetected", declared=declared)
    delay = words.duration(account.detections[0].time_ns - trigger.from_ns)
    return words.say("story.detected", delay=delay, declared=declared)


def _response(account: Account, words: Words) -> str:
    count = {
        state: sum(deed.state == state for deed in account.deeds)
        for state in ("done", "failed", "running")
    }
    switches = len(account.takeovers)
    switched = words.say("story.switched", count=switches) if switches else ""
    if account.run.model.plan is None:
        return words.say("story.no_plan", switched=switched)
    if not account.deeds:
        return words.say("story.idle", switched=switched)
    return words.say(
        "story.plan",
        count=count["done"],
        failed=words.say("story.failed", count=count["failed"]) if count["failed"] else "",
        open=words.say("story.open", count=count["running"]) if count["running"] else "",
        switched=switched,
    )


def _outages(account: Account, words: Words) -> str:
    longest = {
        name: max(service.outages, key=lambda outage: outage.duration_ns)
        for name, service in account.services.items()
        if service.outages
    }
    if not longest:
        return words.say("story.no_outage")
    worst = max(longest, key=lambda name: longest[name].duration_ns)
    outage = longest[worst]
    key = "story.out" if len(longest) == 1 else "story.out_more"
    return words.say(
        key if outage.has_ended else f"{key}_open",
        services=len(longest),
        service=names_of(account, words).service(worst),
        outage=words.duration(outage.duration_ns),
        **{"from": words.clock(outage.from_ns), "to": words.clock(outage.to_ns)},
    )
