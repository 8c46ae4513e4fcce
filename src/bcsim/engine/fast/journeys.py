"""Journeys as the kernel reads them: controls, steps, and how each is tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.errors import Problem, UsageError
from bcsim.kernels import record as r
from bcsim.limits import LEGS_MAX

if TYPE_CHECKING:
    from bcsim.engine.blueprint import Route, Stage
    from bcsim.engine.fast.imprint import Imprinter
    from bcsim.model.journey import Step

ROLES = (None, "acknowledge", "control", "execute", "book", "confirm", "settle")
FAILURES = ("reject", "park", "continue", "fallback")
SKIPPABLE_MAX = 62
"""Controls that manual fallbacks may skip, one bit each."""


class Journeys:
    """Journeys: controls, steps, and how each is tried."""

    def __init__(self, imprinter: Imprinter) -> None:
        self.of = imprinter
        self._bits: dict[str, int] = {}

    def imprint(self) -> None:
        """Put controls and journeys in their place."""
        self._controls()
        self._routes()

    def _controls(self) -> None:
        draft, words = self.of.draft, self.of.words
        skipped = dict.fromkeys(
            control
            for route in self.of.blueprint.routes.values()
            for stage in route.stages
            if stage.step.fallback is not None
            for control in stage.step.fallback.skips
        )
        if len(skipped) > SKIPPABLE_MAX:
            raise UsageError(
                Problem(
                    "too many controls are skipped by manual fallbacks",
                    value=str(len(skipped)),
                    expected=f"{SKIPPABLE_MAX} or fewer in the fast engine",
                    hint="use --engine reference",
                )
            )
        bits = {name: 1 << place for place, name in enumerate(skipped)}
        for name, spec in self.of.firm.controls.items():
            repairs = spec.on_hit == "repair" and spec.repair_team is not None
            coverage, alarm = draft.chance(spec.coverage), draft.chance(spec.false_alarm)
            team = self.of.stations[spec.repair_team] if repairs and spec.repair_team else 0
            self.of.controls[name] = draft.record(
                r.CONTROL_SIZE,
                {
                    r.CONTROL_NAME: words.number(name),
                    r.CONTROL_BIT: bits.get(name, 0),
                    r.CONTROL_COVERAGE: coverage,
                    r.CONTROL_FALSE_ALARM: alarm,
                    r.CONTROL_REPAIRS: team,
                    r.CONTROL_REASON: words.number(f"control:{name}"),
                    r.CONTROL_FINDS_UNSUITABLE: int(spec.finds == "unsuitable"),
                    r.CONTROL_PRESSURE: -1 if spec.bypass is None else spec.bypass.waiting,
                    r.CONTROL_BYPASS: draft.chance(spec.bypass.chance if spec.bypass else 0.0),
                },
            )
        self._bits = bits

    def _routes(self) -> None:
        legs, failures = 1, 1
        for name, route in self.of.blueprint.routes.items():
            stages = [self._stage(route, stage) for stage in route.stages]
            first = len(self.of.draft.m)
            for stage in stages:
                self.of.draft.record(r.STAGE_SIZE, stage)
            self.of.routes[name] = self.of.draft.record(
                r.ROUTE_SIZE,
                {
                    r.ROUTE_STAGES: first,
                    r.ROUTE_COUNT: len(stages),
                    r.ROUTE_EXECUTE: route.execute,
                },
            )
            legs = max(legs, *(stage[r.STAGE_LEG_COUNT] for stage in stages))
            failures = max(failures, *(stage[r.STAGE_BREAKS_AT] for stage in stages))
        self.of.draft.m[r.LEGS_OF_A_STEP] = legs
        self.of.draft.m[r.BREAKER_ROOM] = failures + 1
        self.of.draft.m[r.BLOCKS] = max(2, 16 * legs // LEGS_MAX + 1)

    def _stage(self, route: Route, stage: Stage) -> dict[int, int]:
        step, draft = stage.step, self.of.draft
        batch = -1
        if step.batch is not None:
            batch = self.of.batches[step.component][step.id]
        return {
            r.STAGE_NUMBER: stage.number,
            r.STAGE_IS_LAST: int(stage.number + 1 == len(route.stages)),
            r.STAGE_STATION: self.of.stations[step.component],
            r.STAGE_TIME: draft.distribution(step.service),
            r.STAGE_IS_CALL: int(step.mode == "call"),
            r.STAGE_ROLE: ROLES.index(step.role),
            r.STAGE_CONTROL: self.of.controls[step.control] if step.control else 0,
            r.STAGE_TIMEOUT: -1 if step.timeout is None else step.timeout,
            r.STAGE_ON_FAILURE: FAILURES.index(step.on_failure),
            r.STAGE_BULKHEAD: step.bulkhead or 0,
            r.STAGE_FALLBACK: self._fallback(step),
            r.STAGE_BATCH: batch,
            r.STAGE_RERUNS: int(step.batch is not None and step.batch.rerun == "start"),
            r.STAGE_LEGS: self._legs(step),
            r.STAGE_HAS_LEGS: int(bool(step.legs)),
            r.STAGE_LEG_COUNT: stage.leg_count,
            r.STAGE_AFTER_EXECUTION: int(stage.after_execution),
            r.STAGE_LANE: draft.lane(step.timeout),
            r.STAGE_PAUSE: stage.pause_ns,
            **self._patience_with(step),
        }

    def _patience_with(self, step: Step) -> dict[int, int]:
        """How a step's holder tries, and spares the target."""
        retry, breaker = step.retry, step.breaker
        fields = {
            r.STAGE_CAP: -1,
            r.STAGE_BREAKS_AT: 0,
        }
        if retry is not None:
            fields |= {
                r.STAGE_RETRIES: retry.limit,
                r.STAGE_BACKOFF: retry.backoff,
                r.STAGE_CAP: -1 if retry.cap is None else retry.cap,
                r.STAGE_JITTER: self.of.draft.chance(retry.jitter),
            }
        if breaker is not None:
            fields |= {
                r.STAGE_BREAKS_AT: breaker.failures,
                r.STAGE_BREAKER_WINDOW: breaker.window,
                r.STAGE_BREAKER_OPEN: breaker.open,
                r.STAGE_PROBES: breaker.probes,
            }
        return fields

    def _fallback(self, step: Step) -> int:
        spec = step.fallback
        if spec is None:
            return 0
        skips = 0
        for control in spec.skips:
            skips |= self._bits[control]
        time = self.of.draft.distribution(spec.service)
        mistype, lane = self.of.draft.chance(spec.mistype), self.of.draft.lane(spec.timeout)
        return self.of.draft.record(
            r.FALLBACK_SIZE,
            {
                r.FALLBACK_STATION: self.of.stations[spec.component],
                r.FALLBACK_TIME: time,
                r.FALLBACK_TIMEOUT: -1 if spec.timeout is None else spec.timeout,
                r.FALLBACK_SKIPS: skips,
                r.FALLBACK_LANE: lane,
                r.FALLBACK_MISTYPE: mistype,
                r.FALLBACK_BACK_ENTRY: self.of.draft.distribution(spec.back_entry),
            },
        )

    def _legs(self, step: Step) -> int:
        specs = [
            {
                r.LEG_TIME: self.of.draft.distribution(leg.service),
                r.LEG_FAIL: self.of.draft.chance(leg.fail),
                r.LEG_NAME: self.of.words.number(leg.name),
                r.LEG_REFUSED: self.of.words.number(f"leg {leg.name} refused"),
            }
            for leg in step.legs
        ]
        first = len(self.of.draft.m)
        for spec in specs:
            self.of.draft.record(r.LEG_SIZE, spec)
        return first if specs else 0
