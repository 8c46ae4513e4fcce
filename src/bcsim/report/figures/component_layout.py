"""Where everything stands in the picture of a firm's components.

Channels stand left, third parties right, the firm's systems between them in columns along the
order flow. A shaded band is a site, or a provider that hosts; a component stands in the band of
its site, its standby in the same column of another band. Right of all that lie the networks,
utilities and facilities, what carries others further right; below them is room for notes.
Lengths are inches; y grows upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations
from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from bcsim.model.component import ComponentKind
from bcsim.model.edge import flow_edges, need_edges

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.model.edge import Edge
    from bcsim.model.firm import Firm
    from bcsim.model.journey import Journey

BOX_WIDTH: Final = 1.86
BOX_HEIGHT: Final = 0.52
COLUMN: Final = 2.68
"""Distance of columns; lines and their arrows need the room between boxes."""

ROW: Final = 0.67
BAND_HEAD: Final = 0.34
BAND_PAD: Final = 0.06
BAND_GAP: Final = 0.16
SIDE: Final = 0.15
"""Room between a box and the edge of what it is in."""

GROUND: Final = "ground"
"""Band of networks, utilities and facilities."""

OUTSIDE: Final = "outside"
"""Column of third parties, which is not shaded."""

NOWHERE: Final = "nowhere"
"""Band of components without a site."""

_CARRIERS: Final = frozenset({ComponentKind.UTILITY, ComponentKind.NETWORK, ComponentKind.FACILITY})
_PERMUTED_MAX: Final = 6
"""Bands whose best order is found by trying all; more keep the model's order."""

_FLOW_WEIGHT: Final = 3
_STANDBY_WEIGHT: Final = 1
_SWEEPS: Final = 6


class Key(NamedTuple):
    """One box: a node; or the standby of a component, or a team's place at its second site."""

    node: str
    is_standby: bool = False


class Box(NamedTuple):
    """Centre of a box; all have the same size."""

    x: float
    y: float


class Band(NamedTuple):
    """A shaded rectangle; ``node`` is a site, a component that hosts, NOWHERE or GROUND."""

    node: str
    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Layout:
    """A picture's geometry; its lower left corner is (0, 0), ``notes`` is empty."""

    width: float
    height: float
    notes: Band
    boxes: Mapping[Key, Box]
    bands: tuple[Band, ...]
    flows: tuple[Edge, ...]
    needs: tuple[Edge, ...]


_Cells: TypeAlias = dict[tuple[str, int], list[Key]]
"""Boxes from top to bottom, by band and column."""


def layout(firm: Firm, notes_height: float) -> Layout:
    """Lay out the components of a firm, with room for notes of at least some height."""
    flows, needs = flow_edges(firm), need_edges(firm)
    columns = _columns(firm, needs)
    band_of = _band_of(firm)
    inner = {key: band for key, band in band_of.items() if band not in {GROUND, OUTSIDE}}
    outer = 1 + max((columns.get(key.node, 1) for key in inner), default=0)
    cells = _cells(firm, inner, columns, outer)
    bands, boxes, floor = _bands(cells, _order(inner, flows), outer)
    free = {0: list(map(Key, firm.channels))}
    free[outer] = [key for key, band in band_of.items() if band == OUTSIDE]
    for column, keys in free.items():
        boxes |= _beside(keys, column, boxes, flows)
    ground = _ground([key.node for key, band in band_of.items() if band == GROUND], needs)
    return _composed((boxes, bands, floor), ground, notes_height, (outer, flows, needs))


# -- who stands in which column and band -----------------------------------------------------


def _columns(firm: Firm, needs: Iterable[Edge]) -> dict[str, int]:
    """Column of everything in the order flow, and of what it needs.

    The deepest place in any journey: a hand-over leads one column further, a call does not, and
    nothing moves when the order comes back. What only others need stands below the first of
    them.
    """
    columns: dict[str, int] = {}
    for journey in firm.journeys.values():
        for name, column in _depths(journey).items():
            columns[name] = max(column, columns.get(name, 0))
    waiting = [edge for edge in needs if edge.target in firm.components]
    for _ in firm.components:
        for edge in waiting:
            if edge.source in columns:
                columns.setdefault(edge.target, columns[edge.source])
    return columns


def _depths(journey: Journey) -> dict[str, int]:
    """How many hand-overs every component of a journey is away from the client, at first."""
    depths: dict[str, int] = {}
    holder = 0
    for step in journey.steps:
        is_beside = step.mode == "call" and holder > 0
        depth = depths.setdefault(step.component, holder if is_beside else holder + 1)
        if step.mode == "hand-over" and step.role != "execute":
            holder = depth
    return depths


def _band_of(firm: Firm) -> dict[Key, str]:
    """The band of every box; a component that is a band has no box."""
    hosts = _hosts(firm)
    staff = {team.component: team for team in firm.teams.values()}
    bands: dict[Key, str] = {}
    for name, component in firm.components.items():
        team = staff.get(name)
        if name not in hosts.values():
            bands[Key(name)] = (
                GROUND
                if component.kind in _CARRIERS
                else component.site
                or (team.site if team else None)
                or hosts.get(name)
                or (OUTSIDE if component.kind == ComponentKind.THIRD_PARTY else NOWHERE)
            )
        second = component.standby.site if component.standby else None
        second = second or (team.alternate_site if team else None)
        if second is not None:
            bands[Key(name, is_standby=True)] = second
    return bands


def _hosts(firm: Firm) -> dict[str, str]:
    """Of components without a site, the component that hosts them."""
    return {
        name: dependency.on[0]
        for name, component in firm.components.items()
        for dependency in component.dependencies
        if dependency.kind == "hosted-at"
        and component.site is None
        and component.kind not in _CARRIERS
        and (host := firm.components.get(dependency.on[0])) is not None
        and host.kind not in _CARRIERS
        and host.site is None
    }


def _cells(firm: Firm, inner: Mapping[Key, str], columns: Mapping[str, int], outer: int) -> _Cells:
    """Boxes by band and column; those outside the order flow fill the emptiest columns."""
    visited = [step.component for journey in firm.journeys.values() for step in journey.steps]
    order = {name: place for place, name in enumerate(dict.fromkeys(visited))}
    keys = sorted(inner, key=lambda key: order.get(key.node, len(order)))
    cells: _Cells = {}
    for key in keys:
        if key.node in columns:
            cells.setdefault((inner[key], columns[key.node]), []).append(key)
    settled = dict(columns)
    for key in keys:
        if key.node not in columns:
            room = [len(cells.get((inner[key], column), ())) for column in range(1, outer)]
            column = settled.setdefault(key.node, 1 + room.index(min(room)))
            cells.setdefault((inner[key], column), []).append(key)
    return cells


def _order(inner: Mapping[Key, str], flows: Iterable[Edge]) -> tuple[str, ...]:
    """Bands from top to bottom, so that lines between them are short."""
    bands = tuple(dict.fromkeys(inner.values()))
    if len(bands) > _PERMUTED_MAX:
        return bands
    ties = [
        (inner[Key(edge.source)], inner[Key(edge.target)], _FLOW_WEIGHT)
        for edge in flows
        if Key(edge.source) in inner and Key(edge.target) in inner
    ]
    ties += [
        (inner[Key(key.node)], band, _STANDBY_WEIGHT)
        for key, band in inner.items()
        if key.is_standby and Key(key.node) in inner
    ]

    def length(order: tuple[str, ...]) -> int:
        return sum(weight * abs(order.index(a) - order.index(b)) for a, b, weight in ties)

    return min(permutations(bands), key=length)


# -- how far everything is from the corner ---------------------------------------------------


def _bands(
    cells: _Cells, order: Sequence[str], outer: int
) -> tuple[list[Band], dict[Key, Box], float]:
    """Bands and their boxes from 0 downwards, and the lowest edge."""
    bands: list[Band] = []
    boxes: dict[Key, Box] = {}
    top = 0.0
    left, right = COLUMN / 2, (outer - 0.5) * COLUMN
    for band in order:
        rows = max(len(keys) for (name, _), keys in cells.items() if name == band)
        bottom = top - BAND_HEAD - rows * ROW - BAND_PAD
        bands.append(Band(band, left, bottom, right, top))
        for (name, column), keys in cells.items():
            if name == band:
                first = top - BAND_HEAD - ROW / 2
                for row, key in enumerate(keys):
                    boxes[key] = Box(column * COLUMN, first - row * ROW)
        top = bottom - BAND_GAP
    return bands, boxes, top + BAND_GAP


def _beside(
    keys: Sequence[Key], column: int, boxes: Mapping[Key, Box], flows: Iterable[Edge]
) -> dict[Key, Box]:
    """A column of boxes, each as near as can be to the height of those it deals with."""
    wishes: dict[Key, list[float]] = {key: [] for key in keys}
    for edge in flows:
        for one, other in ((edge.source, edge.target), (edge.target, edge.source)):
            if Key(one) in wishes and Key(other) in boxes:
                wishes[Key(one)].append(boxes[Key(other)].y)
    first = -BAND_HEAD - ROW / 2
    heights = {key: sum(ys) / len(ys) if ys else first for key, ys in wishes.items()}
    ranked = sorted(keys, key=lambda key: -heights[key])
    placed = _apart([heights[key] for key in ranked])
    return {key: Box(column * COLUMN, y) for key, y in zip(ranked, placed, strict=True)}


def _apart(wishes: Sequence[float]) -> list[float]:
    """Heights at least a row apart, near falling wishes: blocks that touch share their mean."""
    blocks: list[tuple[float, int]] = []
    for wish in wishes:
        middle, size = wish, 1
        while blocks and blocks[-1][0] - middle < (blocks[-1][1] + size) / 2 * ROW:
            above, count = blocks.pop()
            middle = (above * count + middle * size) / (count + size)
            size += count
        blocks.append((middle, size))
    return [
        middle + ((size - 1) / 2 - place) * ROW for middle, size in blocks for place in range(size)
    ]


def _ground(names: Sequence[str], needs: Iterable[Edge]) -> dict[Key, Box]:
    """Boxes of the ground: its upper left box is at (0, 0)."""
    pairs = [(e.source, e.target) for e in needs if e.source in names and e.target in names]
    levels = _levels(names, pairs)
    ys = {name: -place * ROW for level in levels for place, name in enumerate(level)}
    for _ in range(_SWEEPS):
        for level in (*levels, *reversed(levels)):
            near = {name: _mean_of_neighbours(name, pairs, ys) for name in level}
            ranked = sorted(level, key=lambda name: (-near[name], level.index(name)))
            placed = _apart([near[name] for name in ranked])
            ys |= dict(zip(ranked, placed, strict=True))
    top = max(ys.values(), default=0.0)
    return {
        Key(name): Box(column * COLUMN, ys[name] - top)
        for column, level in enumerate(levels)
        for name in level
    }


def _levels(names: Sequence[str], pairs: Sequence[tuple[str, str]]) -> list[list[str]]:
    """What needs others left of what it needs; what nobody here deals with, at the right."""
    depth = dict.fromkeys(names, 0)
    for _ in names:
        for source, target in pairs:
            depth[source] = min(len(names), max(depth[source], depth[target] + 1))
    levels = sorted(set(depth.values()), reverse=True)
    return [[name for name in names if depth[name] == level] for level in levels]


def _mean_of_neighbours(
    name: str, pairs: Iterable[tuple[str, str]], ys: Mapping[str, float]
) -> float:
    near = [ys[b if a == name else a] for a, b in pairs if name in {a, b}]
    return sum(near) / len(near) if near else ys[name]


def _composed(
    main: tuple[Mapping[Key, Box], Sequence[Band], float],
    ground: Mapping[Key, Box],
    notes_height: float,
    rest: tuple[int, tuple[Edge, ...], tuple[Edge, ...]],
) -> Layout:
    """Put the ground right of everything else, and the corner at (0, 0)."""
    (boxes, bands, floor), (outer, flows, needs) = main, rest
    heights = [box.y for box in boxes.values()]
    low = min([floor, *(y - ROW / 2 for y in heights)])
    high = max([0.0, *(y + ROW / 2 for y in heights)])
    depth = BAND_HEAD + BAND_PAD + ROW - min((box.y for box in ground.values()), default=0.0)
    depth = depth + BAND_GAP if ground else 0.0
    height = max(high - low, depth + notes_height)
    lift, half = height - high, BOX_WIDTH / 2
    left = outer * COLUMN + BOX_WIDTH + 2 * SIDE
    columns = 1 + max((box.x for box in ground.values()), default=COLUMN) / COLUMN
    width = left + (columns - 1) * COLUMN + BOX_WIDTH + 2 * SIDE
    corner = Box(left + SIDE + half, height - BAND_HEAD - ROW / 2)
    placed = {key: Box(box.x + half, box.y + lift) for key, box in boxes.items()}
    placed |= {key: Box(corner.x + box.x, corner.y + box.y) for key, box in ground.items()}
    shifted = [
        Band(b.node, b.left + half, b.bottom + lift, b.right + half, b.top + lift) for b in bands
    ]
    if ground:
        shifted.append(Band(GROUND, left, height - depth + BAND_GAP, width, height))
    notes = Band("", left, 0.0, width, height - depth)
    return Layout(width, height, notes, placed, tuple(shifted), flows, needs)
