"""Rules for sites."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bcsim.model.component import ComponentKind
from bcsim.model.finding import Finding
from bcsim.model.rules.reference import each_dangling, of_other_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bcsim.model.firm import Firm

CARRIERS: Final = frozenset(
    {
        ComponentKind.UTILITY,
        ComponentKind.NETWORK,
        ComponentKind.FACILITY,
        ComponentKind.THIRD_PARTY,
    }
)
"""What sites and links can stand on."""


def site_references(firm: Firm) -> Iterator[Finding]:
    """A site's utilities are components that carry something."""
    for site_id, site in firm.sites.items():
        path = ("sites", site_id, "utilities")
        yield from each_dangling(path, site.utilities, "component", firm.components)
        for position, name in enumerate(site.utilities):
            yield from of_other_kind(firm, (*path, position), name, CARRIERS, "a site's utility")


def names_of_sites_and_components(firm: Firm) -> Iterator[Finding]:
    """No site has the name of a component: disruptions could not tell them apart."""
    for name in firm.sites:
        if name in firm.components:
            yield Finding(
                ("sites", name),
                "a site and a component have the same name",
                value=repr(name),
                expected="a name of its own",
                hint="rename one of them",
                at_key=True,
            )
