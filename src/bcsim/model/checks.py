"""Every check of a whole model, in the order in which a reader would make them.

A check is a function of a firm that yields findings; it may assume that each value is valid by
itself, and nothing about other checks. Messages say what is wrong, findings what was expected
and what to do. Errors stop a model from being used, warnings do not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.rules import (
    calendar,
    client,
    component,
    control,
    demand,
    journey,
    link,
    notice,
    people,
    plan,
    privacy,
    product,
    reconciliation,
    regulator,
    service,
    site,
    standby,
    target,
    training,
)

if TYPE_CHECKING:
    from bcsim.model.finding import Check
    from bcsim.model.firm import Firm

CHECKS: Final[tuple[Check[Firm], ...]] = (
    calendar.time_zone,
    client.priorities,
    site.site_references,
    site.names_of_sites_and_components,
    component.number_of_components,
    component.component_references,
    component.dependency_numbers,
    component.store_without_effect,
    component.dedup_horizon,
    standby.standby_store,
    standby.standby_in_common_cause,
    standby.standby_switches,
    standby.dependency_cycles,
    link.link_references,
    link.link_names,
    link.links_of_hops,
    client.channel_references,
    client.enquiries,
    client.segment_references,
    client.lost_patience,
    client.second_channels,
    product.product_references,
    product.sessions,
    product.cut_offs,
    product.quantities,
    product.fills_and_legs,
    control.control_repairs,
    journey.step_references,
    journey.names_of_steps,
    journey.control_steps,
    journey.skipped_controls,
    journey.roles,
    journey.execution_for_clients,
    journey.attempts,
    journey.fallbacks,
    journey.calls,
    demand.demand_references,
    demand.orders_per_day,
    demand.cancellations,
    demand.journeys_by_channel,
    demand.profile_points,
    demand.unused,
    service.service_references,
    service.services_without_demand,
    service.tolerances,
    service.approvals,
    people.team_references,
    people.team_sizes,
    people.team_places,
    training.skill_holders,
    training.roles,
    people.people_references,
    people.call_cycles,
    people.unreachable_people,
    plan.plan_references,
    plan.condition_references,
    plan.action_targets,
    plan.action_needs,
    notice.statements,
    privacy.data_held,
    privacy.access_by_the_plan,
    plan.declarations,
    plan.hopeless_conditions,
    plan.waiting_circles,
    plan.signals,
    reconciliation.reconciliation_references,
    reconciliation.reconciled_stores,
    regulator.regime_references,
    target.target_references,
)
"""A new check is one line here."""
