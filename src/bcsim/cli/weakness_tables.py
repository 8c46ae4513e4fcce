"""The weaknesses of a firm's dependency graph as tables for a terminal."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from bcsim.model.firm import Firm
    from bcsim.model.graph import BlastRadius, SharedCause, SinglePoint
    from bcsim.model.workaround import Workaround
    from bcsim.units import Lang

ROWS_MAX: Final = 12
"""Rows of a list that has no natural end; the rest are counted, and all are in the JSON."""

FILE_WIDTH: Final = 120
"""Columns when the output is no terminal."""

WORDS: Final[Mapping[str, Mapping[Lang, str]]] = MappingProxyType(
    {
        "singles": {
            "en": "{journey}: single points of failure",
            "th": "{journey}: จุดล้มเหลวเดี่ยว",
        },
        "none": {
            "en": "{journey}: no single point of failure",
            "th": "{journey}: ไม่มีจุดล้มเหลวเดี่ยว",
        },
        "node": {"en": "if this fails", "th": "ถ้าสิ่งนี้ล้มเหลว"},
        "channels": {"en": "channels that stop", "th": "ช่องทางที่หยุด"},
        "all": {"en": "all", "th": "ทั้งหมด"},
        "step": {"en": "orders wait at", "th": "คำสั่งค้างที่"},
        "why": {"en": "because", "th": "เพราะ"},
        "link": {"en": "link to {name}", "th": "เส้นทางไปยัง {name}"},
        "plan": {"en": "what the plan can do", "th": "แผนทำอะไรได้"},
        "over": {"en": "fail over {names}", "th": "สลับ {names} ไประบบสำรอง"},
        "by hand": {"en": "do the work of {names} by hand", "th": "ทำงานของ {names} ด้วยมือ"},
        "and": {"en": " and ", "th": " และ "},
        "or": {"en": ", or ", "th": " หรือ "},
        "nothing": {"en": "nothing but repair", "th": "ซ่อมเท่านั้น"},
        "sets": {
            "en": "{journey}: combinations of up to {order} failures that stop it",
            "th": "{journey}: การล้มเหลวร่วมกันไม่เกิน {order} รายการที่ทำให้หยุด",
        },
        "together": {"en": "if these fail together", "th": "ถ้าล้มเหลวพร้อมกัน"},
        "causes": {"en": "Shared causes", "th": "สาเหตุร่วม"},
        "takes": {"en": "takes down", "th": "ทำให้หยุด"},
        "standbys": {"en": "and the standbys of", "th": "และระบบสำรองของ"},
        "defeats": {"en": "leaves no alternative for", "th": "ไม่เหลือทางเลือกให้"},
        "radii": {"en": "Blast radius", "th": "ขอบเขตความเสียหาย"},
        "orders": {"en": "orders lost", "th": "คำสั่งที่เสียไป"},
        "down": {"en": "components down", "th": "องค์ประกอบที่หยุด"},
        "services": {"en": "services hit", "th": "บริการที่กระทบ"},
        "more": {"en": "and {n} more", "th": "และอีก {n} รายการ"},
    }
)
"""What the tables say, in both languages."""


@dataclass(frozen=True, slots=True)
class Weaknesses:
    """What was found: by journey where it is about journeys, ``radii`` gravest first."""

    order: int
    singles: Mapping[str, tuple[SinglePoint, ...]]
    cut_sets: Mapping[str, tuple[tuple[str, ...], ...]]
    causes: tuple[SharedCause, ...]
    radii: tuple[BlastRadius, ...]


def print_weaknesses(firm: Firm, found: Weaknesses, lang: Lang) -> None:
    """Print everything that was found to standard output."""
    width = None if sys.stdout.isatty() else FILE_WIDTH
    console = Console(highlight=False, width=width)
    for journey, points in found.singles.items():
        name = firm.journeys[journey].name.in_(lang)
        title = _say("singles" if points else "none", lang, journey=name)
        console.print(_singles(firm, points, title, lang) if points else Text(title, style="bold"))
        together = [nodes for nodes in found.cut_sets[journey] if len(nodes) > 1]
        if together:
            title = _say("sets", lang, journey=name, order=found.order)
            console.print(_sets(firm, together, title, lang))
    if found.causes:
        console.print(_causes(firm, found.causes, lang))
    console.print(_radii(firm, [r for r in found.radii if r.stopped], lang))


def _say(word: str, lang: Lang, **values: object) -> str:
    return WORDS[word][lang].format_map(values)


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold")
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _name(firm: Firm, node: str, lang: Lang) -> str:
    """Name and id: the name for people, the id to find it in the files."""
    held = firm.components.get(node) or firm.sites.get(node)
    return node if held is None else f"{held.name.in_(lang)} ({node})"


def _singles(firm: Firm, points: Sequence[SinglePoint], title: str, lang: Lang) -> Table:
    table = _table(title, *(_say(w, lang) for w in ("node", "channels", "step", "why", "plan")))
    for point in points:
        table.add_row(
            _name(firm, point.node, lang),
            _say("all", lang) if point.is_total else ", ".join(point.channels),
            point.step,
            _why(firm, point, lang),
            _plan(point.workarounds, lang),
            style="" if point.workarounds else "red",
        )
    return table


def _why(firm: Firm, point: SinglePoint, lang: Lang) -> str:
    """How the failure reaches the step: through other nodes, or through a link."""
    steps = firm.journeys[point.journey].steps
    component = next(step.component for step in steps if step.id == point.step)
    if point.chain[-1] != component:
        return " → ".join((*point.chain, _say("link", lang, name=component)))
    return " → ".join(point.chain) if len(point.chain) > 1 else ""


def _plan(workarounds: Iterable[Workaround], lang: Lang) -> str:
    """The ways in which the plan can reopen the journey."""
    ways = []
    for workaround in workarounds:
        parts = (("over", workaround.fail_over), ("by hand", workaround.by_hand))
        texts = (_say(word, lang, names=", ".join(names)) for word, names in parts if names)
        ways.append(_say("and", lang).join(texts))
    return _say("or", lang).join(ways) or _say("nothing", lang)


def _sets(firm: Firm, together: Sequence[tuple[str, ...]], title: str, lang: Lang) -> Table:
    table = _table(title, _say("together", lang))
    for nodes in together[:ROWS_MAX]:
        table.add_row(" + ".join(_name(firm, node, lang) for node in nodes))
    _count_rest(table, len(together), lang)
    return table


def _causes(firm: Firm, causes: Sequence[SharedCause], lang: Lang) -> Table:
    words = ("node", "takes", "standbys", "defeats")
    table = _table(_say("causes", lang), *(_say(word, lang) for word in words))
    for cause in causes[:ROWS_MAX]:
        table.add_row(
            _name(firm, cause.node, lang),
            ", ".join(cause.components),
            ", ".join(cause.standbys),
            ", ".join(cause.defeated),
            style="red" if cause.defeated else "",
        )
    _count_rest(table, len(causes), lang)
    return table


def _radii(firm: Firm, radii: Sequence[BlastRadius], lang: Lang) -> Table:
    words = ("node", "orders", "down", "services")
    table = _table(_say("radii", lang), *(_say(word, lang) for word in words))
    for radius in radii[:ROWS_MAX]:
        hit = (
            f"{firm.services[name].name.in_(lang)} {share:.0%}"
            for name, share in radius.services.items()
        )
        table.add_row(
            _name(firm, radius.node, lang),
            f"{radius.orders_share:.1%}",
            str(len(radius.down)),
            ", ".join(hit),
        )
    _count_rest(table, len(radii), lang)
    return table


def _count_rest(table: Table, number: int, lang: Lang) -> None:
    if number > ROWS_MAX:
        table.add_row(_say("more", lang, n=number - ROWS_MAX), style="dim")
