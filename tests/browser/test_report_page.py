"""Goal: people can use the report: on a phone, on a projector, on paper, by keyboard, in Thai.

Method: open the page of a recorded run in Chromium without a network, and ask the browser what
it shows.
"""

from __future__ import annotations

import pytest

from bcsim.report.html import render
from tests.browser.chromium import find_chromium, opened
from tests.recorded_run import record, told

pytestmark = pytest.mark.skipif(
    find_chromium() is None,
    reason="Chromium is not installed (Debian: apt-get install chromium)",
)

LANGUAGES = ("en", "th")
PHONE, LAPTOP, PROJECTOR = 390, 1280, 1920


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    page = folder / "report.html"
    page.write_text(render(told(record(folder / "run")), "en"), encoding="utf-8")
    with opened(page, folder / "profile") as tab:
        yield tab


def show(tab, lang, width=LAPTOP):
    """Choose a language and a screen."""
    tab.resize(width)
    tab.ask(f"document.querySelector('label[for=show-{lang}]').click()")


def shown(tab):
    """Languages whose text is displayed."""
    return tab.ask(
        "[...document.querySelectorAll('main')].filter(m => m.offsetHeight > 0).map(m => m.lang)"
    )


def test_the_language_changes_by_a_click(tab):
    """Goal: one language at a time. Method: click each choice, look at what is displayed."""
    for lang in (*LANGUAGES, "en"):
        show(tab, lang)
        assert shown(tab) == [lang]


def test_the_language_changes_by_the_keyboard(tab):
    """Goal: no mouse is needed. Method: focus the choice, press the arrow keys."""
    show(tab, "en")
    tab.ask("document.getElementById('show-en').focus()")
    tab.press("ArrowDown", 40)
    assert shown(tab) == ["th"]
    tab.press("ArrowUp", 38)
    assert shown(tab) == ["en"]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, 768, LAPTOP, PROJECTOR])
def test_the_page_does_not_scroll_sideways(tab, lang, width):
    """Goal: wide things scroll inside the page. Method: widths of the page and of the screen."""
    show(tab, lang, width)
    assert tab.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_no_text_leaves_its_box(tab, lang, width):
    """Goal: verdict and key figures are whole. Method: what is inside against the box."""
    show(tab, lang, width)
    spilt = tab.ask(
        f"[...document.querySelectorAll('main.{lang} :is(.verdict, .key, .sentence, .status, "
        "h1, h2, .value, .detail, p)')]"
        ".filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.textContent)"
    )
    assert spilt == []


def test_nothing_is_asked_of_the_network(tab):
    """Goal: the file is enough. Method: every request that the browser has made."""
    for lang in LANGUAGES:
        show(tab, lang)
    asked = [
        event["params"]["request"]["url"]
        for event in tab.events
        if event.get("method") == "Network.requestWillBeSent"
    ]
    assert asked
    assert [url[:60] for url in asked if not url.startswith(("file:", "data:"))] == []


def test_thai_is_written_in_the_page_s_own_typeface(tab):
    """Goal: no boxes on a machine without Thai fonts. Method: fonts of every text element.

    Only the command at the end may be in the reader's monospaced typeface.
    """
    show(tab, "th")
    assert tab.ask(
        "document.fonts.check('16px Sarabun') && document.fonts.check('700 16px Sarabun')"
    )
    root = tab.send("DOM.getDocument")["root"]["nodeId"]
    selector = "main.th :is(p, h1, h2, dt, dd, li, td, th, summary, label)"
    nodes = tab.send("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
    assert len(nodes) > 100
    fonts = {
        (font["familyName"], font["isCustomFont"])
        for node in nodes
        for font in tab.send("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
    }
    assert fonts == {("Sarabun", True)}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_paper_shows_the_language_that_is_chosen(tab, lang):
    """Goal: what one sees is what is printed. Method: the page as print media, and its PDF."""
    show(tab, lang)
    tab.send("Emulation.setEmulatedMedia", media="print")
    try:
        assert shown(tab) == [lang]
        hidden = ("body > .switch", "label.enlarge", "details")
        assert [tab.ask(f"document.querySelector('{s}').offsetHeight") for s in hidden] == [0, 0, 0]
    finally:
        tab.send("Emulation.setEmulatedMedia", media="")
    assert len(tab.send("Page.printToPDF", preferCSSPageSize=True)["data"]) > 100_000


def test_a_wide_picture_can_be_enlarged(tab):
    """Goal: the component graph is legible on a projector. Method: its width, then enlarged."""
    show(tab, "en")
    width = "document.querySelector('main.en .wide svg').getBoundingClientRect().width"
    before = tab.ask(width)
    tab.ask("document.querySelector('main.en label.enlarge').click()")
    after = tab.ask(width)
    tab.ask("document.querySelector('main.en label.enlarge').click()")
    assert (before > 1100, after, tab.ask(width)) == (True, 2000, before)


def test_the_numbers_behind_a_picture_unfold(tab):
    """Goal: tables are there for those who want them. Method: open one; is its table visible?"""
    show(tab, "en")
    detail = "document.querySelector('main.en .orders details')"
    is_visible = f"{detail}.querySelector('table').checkVisibility()"
    assert not tab.ask(is_visible)
    tab.ask(f"{detail}.querySelector('summary').click()")
    assert tab.ask(is_visible)
