"""The top of a report: the outcome, the verdict in one sentence, and four key figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.conduct.fates import AFFECTED, REFUSED
from bcsim.history.verdict import CLASSES, Outcome, VerdictClass
from bcsim.report.content import KeyFigure
from bcsim.report.naming import names_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bcsim.report.account import Account
    from bcsim.report.content import Tone
    from bcsim.report.run_folder import ServiceResult
    from bcsim.report.wording import Words

_HARMS_MAX: Final = 3
"""Kinds of harm that the verdict names; all of them are in the findings."""

_FAILING: Final = tuple(verdict.value for verdict in CLASSES if verdict.failing)

_LAW: Final = "law: "


def verdict(account: Account, words: Words) -> str:
    """Say in one sentence what the run came to."""
    start, end = (words.clock(time_ns) for time_ns in account.window_ns)
    if not account.intended_count:
        return words.say("verdict.empty", **{"from": start, "to": end})
    tell = {
        Outcome.PASS.value: _passed,
        Outcome.LATE.value: _late,
        Outcome.UNKNOWN.value: _unknown,
        Outcome.FAIL.value: _failed,
    }[account.run.measures.outcome]
    sentence = tell(account, words)
    return sentence + words.say("verdict.stop")


def _passed(account: Account, words: Words) -> str:
    if _failing_count(account):
        return _known(account, words)
    key = "verdict.pass" if account.run.scenario.disruptions else "verdict.pass_normal"
    sentence = words.say(key, count=account.intended_count)
    services = account.run.measures.services.values()
    if services and all(service.within_tolerance for service in services):
        sentence += words.say("verdict.pass_services")
    refused = account.fate_totals[REFUSED]
    return sentence + (words.say("verdict.refused", count=refused) if refused else "")


def _late(account: Account, words: Words) -> str:
    if _failing_count(account):
        return _known(account, words)
    harms = _harms(account, words, [VerdictClass.LATE.value, REFUSED])
    return words.say("verdict.late", total=account.intended_count, harms=words.listing(harms))


def _known(account: Account, words: Words) -> str:
    """Losses beyond the plan that were all found: no failure, and yet not nothing."""
    harms = _harms(account, words, [*_FAILING, VerdictClass.LATE.value, REFUSED])
    return words.say("verdict.known", total=account.intended_count, harms=words.listing(harms))


def _failed(account: Account, words: Words) -> str:
    measures, names = account.run.measures, names_of(account, words)
    parts: list[str] = []
    harms = _harms(account, words, _FAILING)
    if harms:
        total = account.intended_count
        parts.append(words.say("verdict.fail_orders", total=total, harms=words.listing(harms)))
    breaches = [
        breach(names.service(name), service, words)
        for name, service in measures.services.items()
        if service.within_tolerance is False
    ]
    if breaches:
        parts.append(words.say("verdict.fail_services", services=words.listing(breaches)))
    laws = [f.name.removeprefix(_LAW) for f in measures.findings if f.name.startswith(_LAW)]
    if laws:
        parts.append(words.say("verdict.fail_laws", laws=", ".join(laws)))
    parts = parts or [words.say("verdict.fail_findings")]
    key = "verdict.fail" if account.run.scenario.disruptions else "verdict.fail_normal"
    return words.say(key) + words.say("verdict.fail_joint").join(parts)


def _unknown(account: Account, words: Words) -> str:
    key = "verdict.unknown" if account.run.scenario.disruptions else "verdict.unknown_normal"
    open_orders = account.fate_totals[VerdictClass.INDETERMINATE.value]
    if open_orders:
        total = account.intended_count
        return words.say(key) + words.say("verdict.unknown_orders", count=open_orders, total=total)
    questions = len(account.run.measures.unknown)
    return words.say(key) + words.say("verdict.unknown_reasons", count=questions)


def _harms(account: Account, words: Words, fates: Iterable[str]) -> list[str]:
    found = [(fate, account.fate_totals[fate]) for fate in fates]
    harms = [words.say(f"harm.{fate}", count=count) for fate, count in found if count]
    return harms[:_HARMS_MAX]


def _failing_count(account: Account) -> int:
    return sum(account.fate_totals[fate] for fate in _FAILING)


def breach(service: str, result: ServiceResult, words: Words) -> str:
    """Say which target a service of that name has missed, the gravest."""
    for key, achieved_s, target_s in (
        ("mtpd", result.recovery_time_s, result.mtpd_s),
        ("rto", result.recovery_time_s, result.rto_s),
        ("rpo", result.recovery_point_s, result.rpo_s),
    ):
        if achieved_s is not None and target_s is not None and achieved_s > target_s:
            return words.say(
                "breach.rpo_none" if key == "rpo" and not target_s else f"breach.{key}",
                service=service,
                achieved=words.seconds(achieved_s),
                target=words.seconds(target_s),
            )
    return words.say("breach.other", service=service)


# -- key figures -----------------------------------------------------------------------------


def key_figures(account: Account, words: Words) -> tuple[KeyFigure, ...]:
    """Orders, orders affected, recovery time, recovery point."""
    return (
        _orders(account, words),
        _affected(account, words),
        _recovery_time(account, words),
        _recovery_point(account, words),
    )


def _orders(account: Account, words: Words) -> KeyFigure:
    right = account.fate_totals[VerdictClass.OK.value]
    return KeyFigure(
        "orders",
        words.say("key.orders"),
        words.number(account.intended_count),
        words.say("key.orders_detail", right=right),
    )


def _affected(account: Account, words: Words) -> KeyFigure:
    count, total = account.affected_count, account.intended_count
    gravest = [
        f"{words.say(f'fate.{fate}')} {words.number(number)}"
        for fate, number in account.fate_totals.items()
        if number and fate in AFFECTED
    ]
    shown = " · ".join([words.say("key.share", share=words.share(count, total)), *gravest])
    tone: Tone = "bad" if _failing_count(account) else "late" if count else "good"
    detail = shown if count else words.say("key.affected_none")
    return KeyFigure("affected", words.say("key.affected"), words.number(count), detail, tone)


def _recovery_time(account: Account, words: Words) -> KeyFigure:
    worst = _worst(account, "recovery_time_s", "rto_s")
    label = words.say("key.recovery_time")
    if worst is None:
        no_service = words.say("key.no_service")
        return KeyFigure("recovery_time", label, "–", no_service, "unknown")
    name, achieved_s, target_s = worst
    return KeyFigure(
        "recovery_time",
        label,
        words.seconds(achieved_s) if achieved_s else words.say("key.no_outage"),
        _target(account, words, name, target_s, zero="of_target"),
        _met(achieved_s, target_s),
        _ratio(achieved_s, target_s),
    )


def _recovery_point(account: Account, words: Words) -> KeyFigure:
    worst = _worst(account, "recovery_point_s", "rpo_s")
    label = words.say("key.recovery_point")
    if worst is None:
        unmeasured = words.say("key.unmeasured")
        return KeyFigure("recovery_point", label, unmeasured, "", "unknown")
    name, achieved_s, target_s = worst
    return KeyFigure(
        "recovery_point",
        label,
        words.seconds(achieved_s) if achieved_s else words.say("key.nothing_lost"),
        _target(account, words, name, target_s, zero="target_zero"),
        _met(achieved_s, target_s),
        _ratio(achieved_s, target_s),
    )


def _worst(account: Account, achieved: str, target: str) -> tuple[str, float, float | None] | None:
    """The service that comes nearest to its target, or is farthest beyond it."""
    known = [
        (name, getattr(result, achieved), getattr(result, target))
        for name, result in account.run.measures.services.items()
        if getattr(result, achieved) is not None and account.services[name].is_exercised
    ]
    return max(known, key=lambda row: (_ratio(row[1], row[2]) or 0.0, row[1]), default=None)


def _target(account: Account, words: Words, name: str, target_s: float | None, *, zero: str) -> str:
    service = names_of(account, words).service(name)
    if target_s is None:
        return words.say("key.target_none", service=service)
    key = "of_target" if target_s else zero
    return words.say(f"key.{key}", service=service, target=words.seconds(target_s))


def _met(achieved_s: float, target_s: float | None) -> Tone:
    if target_s is None:
        return ""
    return "good" if achieved_s <= target_s else "bad"


def _ratio(achieved_s: float, target_s: float | None) -> float | None:
    """Share of a target that was used up; of a target of nothing, any amount is beyond it."""
    if target_s is None:
        return None
    if not target_s:
        return float("inf") if achieved_s else 0.0
    return achieved_s / target_s
