"""The report as one HTML file that needs nothing else: no network, no script, no fonts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bcsim.report.account import account_of
from bcsim.report.composition import compose, words_of
from bcsim.report.figures.dependency_map import draw_component_graph
from bcsim.report.figures.levels import draw_levels
from bcsim.report.figures.orders import draw_orders
from bcsim.report.figures.plan_timeline import draw_plan
from bcsim.report.inline_svg import inline_svg
from bcsim.report.run_folder import read_run
from bcsim.report.sections import levels, moment, orders, plan
from bcsim.report.typeface import font_faces
from bcsim.report.wording import LANGUAGE_NAMES
from bcsim.report.worst_moment import DOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from markupsafe import Markup
    from matplotlib.figure import Figure

    from bcsim.report.account import Account
    from bcsim.report.content import Content
    from bcsim.report.wording import Words
    from bcsim.report.worst_moment import State
    from bcsim.units import Lang

TEMPLATES: Final = Path(__file__).resolve().parent / "templates"

REPORT_FILE: Final = "index.html"
"""Name of the file in a report's folder."""

REPORT_FOLDER: Final = "report"
"""Where a run folder keeps its report."""

_WIDE_IN: Final = 13.0
"""From this width on a picture gets a landscape page, and may be enlarged on the screen."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture as SVG; a wide one needs more room than a column of text."""

    svg: Markup
    is_wide: bool


def write_report(folder: Path, *, lang: Lang = "en", out: Path | None = None) -> Path:
    """Write the report of a run.

    Parameters
    ----------
    folder
        A run folder.
    lang
        Language that is shown first; the file holds both.
    out
        A file that ends with ``.html``, or a folder for ``index.html``; by default ``report/``
        in the run folder.

    Returns
    -------
    Path
        The file. Equal runs give equal bytes.

    Raises
    ------
    bcsim.errors.InputError
        The folder is not a run's, or was altered.
    """
    place = folder / REPORT_FOLDER if out is None else out
    path = place if place.suffix.lower() in {".html", ".htm"} else place / REPORT_FILE
    page = render(account_of(read_run(folder)), lang)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    part.write_text(page, encoding="utf-8", newline="\n")
    part.replace(path)
    return path


def render(account: Account, first: Lang) -> str:
    """Make the whole page, with ``first`` as the language that is shown first."""
    contents = tuple(compose(account, lang) for lang in LANGUAGE_NAMES)
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    return environment.get_template("page.html").render(
        body="report.html",
        contents=contents,
        first=first,
        font_faces=font_faces(),
        language_names=LANGUAGE_NAMES,
        pictures=_pictures(account, contents),
        share_of_meter=_share_of_meter,
        words_of=lambda lang: words_of(account, lang),
    )


# -- pictures --------------------------------------------------------------------------------


def _draw_graph(account: Account, words: Words) -> Figure:
    sites: dict[str, State] = dict.fromkeys(account.worst.sites_down, DOWN)
    states: dict[str, State] = {**account.worst.states, **sites}
    return draw_component_graph(account.run.model, states, lang=words.lang)


PICTURES: Final[Mapping[str, Callable[[Account, Words], Figure | None]]] = {
    moment.PICTURE: _draw_graph,
    orders.PICTURE: draw_orders,
    levels.PICTURE: draw_levels,
    plan.PICTURE: draw_plan,
}
"""How each picture that a section names is drawn; None where there is nothing to draw."""


def _pictures(account: Account, contents: tuple[Content, ...]) -> dict[tuple[Lang, str], Drawn]:
    return dict(_drawn(account, contents))


def _drawn(
    account: Account, contents: tuple[Content, ...]
) -> Iterator[tuple[tuple[Lang, str], Drawn]]:
    for content in contents:
        words = words_of(account, content.lang)
        for section in content.sections:
            picture = section.picture
            if picture is None:
                continue
            figure = PICTURES[picture.name](account, words)
            if figure is not None:
                svg = inline_svg(figure, f"{picture.name}-{content.lang}", picture.alt)
                is_wide = float(figure.get_figwidth()) > _WIDE_IN
                yield (content.lang, picture.name), Drawn(svg, is_wide)


# -- page ------------------------------------------------------------------------------------


def _share_of_meter(ratio: float) -> str:
    """Width of a meter's bar; beyond the target it is full."""
    return f"{100 * min(ratio, 1.0):.0f}%"
