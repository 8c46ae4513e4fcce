"""``bcsim map``: what a firm stands on, and where one failure is enough to stop its orders."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from bcsim.cli.app import EXIT_PASS
from bcsim.cli.options import output_options
from bcsim.errors import Problem, UsageError
from bcsim.limits import CUT_SET_ORDER_MAX

if TYPE_CHECKING:
    from bcsim.cli.weakness_tables import Weaknesses
    from bcsim.model.firm import Firm
    from bcsim.units import Lang

PICTURE: Final = "component-graph"
DOCUMENT: Final = "map.json"

EPILOG = """\
\b
Example:
  $ bcsim map scenarios/broker/broker.model.yaml --journey equity-app
"""


@click.command(epilog=EPILOG)
@click.argument("model", type=click.Path(path_type=Path))
@click.option("--journey", metavar="ID", help="Look at this journey only.")
@click.option(
    "--order",
    type=click.IntRange(1, CUT_SET_ORDER_MAX),
    default=CUT_SET_ORDER_MAX,
    show_default=True,
    help="Look for combinations of up to so many failures.",
)
@output_options
def command(
    *,
    model: Path,
    journey: str | None,
    order: int,
    out: Path | None,
    as_json: bool,
    quiet: bool,
    lang: Lang,
) -> int:
    """Show single points of failure, shared causes, cut sets and blast radius of MODEL.

    A single point of failure is a component or site whose crash alone stops a journey: with
    automatic standbys switched over, and before anybody acts, no new order is executed. With
    --out, a picture of all components (SVG and PNG) and the findings as JSON are written.
    """
    from bcsim.model.loading import open_model

    loaded = open_model(model, lang)
    found = _weaknesses(loaded.value, _journeys(loaded.value, journey), order)
    document = _document(model, loaded.sha256, found)
    if out is not None:
        document["pictures"] = _write(loaded.value, out, document, lang)
    if as_json:
        click.echo(json.dumps(document, ensure_ascii=False))
    elif not quiet:
        from bcsim.cli.weakness_tables import print_weaknesses

        print_weaknesses(loaded.value, found, lang)
        for path in document.get("pictures", ()):
            click.echo(path)
    return EXIT_PASS


def _journeys(firm: Firm, journey: str | None) -> tuple[str, ...]:
    """The journeys to look at: those with demand, or the one that was asked for."""
    from bcsim.model.finding import nearest

    known = tuple(dict.fromkeys(line.journey for line in firm.demand.values()))
    if journey is None:
        return known
    if journey not in known:
        near = nearest(journey, known)
        raise UsageError(
            Problem(
                "no journey of this name has demand",
                value=f"--journey {journey}",
                expected=", ".join(known),
                hint=f"did you mean {near!r}?" if near else "",
            )
        )
    return (journey,)


def _weaknesses(firm: Firm, journeys: tuple[str, ...], order: int) -> Weaknesses:
    from bcsim.cli.weakness_tables import Weaknesses
    from bcsim.model.graph import (
        blast_radius,
        minimal_cut_sets,
        shared_causes,
        single_points_of_failure,
    )

    singles = single_points_of_failure(firm)
    radii = (blast_radius(firm, node) for node in (*firm.sites, *firm.components))
    return Weaknesses(
        order=order,
        singles={journey: singles[journey] for journey in journeys},
        cut_sets={journey: minimal_cut_sets(firm, journey, order) for journey in journeys},
        causes=shared_causes(firm),
        radii=tuple(sorted(radii, key=lambda radius: (-radius.orders_share, -len(radius.down)))),
    )


def _document(model: Path, sha256: str, found: Weaknesses) -> dict[str, Any]:
    """All findings as JSON-ready data."""
    return {
        "bcsim": 1,
        "kind": "map",
        "model": str(model),
        "model_sha256": sha256,
        "cut_set_order": found.order,
        "journeys": {
            journey: {
                "single_points": [asdict(point) for point in points],
                "cut_sets": [list(nodes) for nodes in found.cut_sets[journey]],
            }
            for journey, points in found.singles.items()
        },
        "shared_causes": [asdict(cause) for cause in found.causes],
        "blast_radius": [asdict(radius) for radius in found.radii],
    }


def _write(firm: Firm, out: Path, document: dict[str, Any], lang: Lang) -> list[str]:
    """Write the picture and the document; the pictures' paths."""
    from bcsim.report.figures.dependency_map import draw_component_graph
    from bcsim.report.figures.style import save

    out.mkdir(parents=True, exist_ok=True)
    paths = [str(path) for path in save(draw_component_graph(firm, None, lang=lang), out / PICTURE)]
    text = json.dumps({**document, "pictures": paths}, ensure_ascii=False, indent=2)
    part = out / f".{DOCUMENT}.part"
    part.write_text(f"{text}\n", encoding="utf-8")
    part.replace(out / DOCUMENT)
    return paths
