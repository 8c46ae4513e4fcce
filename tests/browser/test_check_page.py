"""Goal: the report of a check of real logs is read on a phone, in Thai and English.

Method: the recorded failover drill is judged, its page opened in Chromium without a network, and
the browser asked what it shows.
"""

from __future__ import annotations

import pytest

from bcsim.checkers.judge import check
from bcsim.history.logs.reader import read_logs
from bcsim.history.reconciliation import reconcile
from bcsim.report.check_page import check_page
from tests.browser.chromium import find_chromium, opened
from tests.repository import ROOT

pytestmark = pytest.mark.skipif(
    find_chromium() is None,
    reason="Chromium is not installed (Debian: apt-get install chromium)",
)

DRILL = ROOT / "tests/logs/fix-drill"
LANGUAGES = ("en", "th")
PHONE, LAPTOP = 390, 1280


@pytest.fixture(scope="module")
def tab(tmp_path_factory):
    folder = tmp_path_factory.mktemp("browser")
    logs = [DRILL / "out_wipe" / f"{end}.messages.log" for end in ("ini", "acc")]
    reading = reconcile(read_logs(logs, [DRILL / "intents.csv"]))
    files = [path.name for path in logs]
    text = check_page(check(reading.history), "en", files, reading.notes)
    page = folder / "check.html"
    page.write_text(text, encoding="utf-8")
    with opened(page, folder / "profile") as tab:
        yield tab


def show(tab, lang, width):
    """Choose a language and a screen."""
    tab.resize(width)
    tab.ask(f"document.querySelector('label[for=show-{lang}]').click()")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_the_page_does_not_scroll_sideways(tab, lang, width):
    """Goal: the page fits the screen. Method: widths of the page and of the screen."""
    show(tab, lang, width)
    assert tab.ask("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("width", [PHONE, LAPTOP])
def test_pictures_are_legible(tab, lang, width):
    """Goal: no text below 12 pixels, and none outside. Method: boxes of all texts on screen."""
    show(tab, lang, width)
    texts = tab.ask(
        f"[...document.querySelectorAll('main.{lang} svg.sequence')].flatMap(s => {{"
        "  const scale = s.getBoundingClientRect().width / s.viewBox.baseVal.width;"
        "  const size = parseFloat(getComputedStyle(s).fontSize) * scale;"
        "  const card = s.closest('figure').getBoundingClientRect();"
        "  return [...s.querySelectorAll('text')].map(t => [size, "
        "    t.getBoundingClientRect().right - card.right]); })"
    )
    assert len(texts) >= 8
    assert [text for text in texts if text[0] < 12 or text[1] > 0] == []


def test_thai_in_pictures_is_in_the_page_s_own_typeface(tab):
    """Goal: no boxes on a machine without Thai fonts. Method: fonts of the texts of pictures."""
    show(tab, "th", PHONE)
    root = tab.send("DOM.getDocument")["root"]["nodeId"]
    selector = "main.th svg.sequence text"
    nodes = tab.send("DOM.querySelectorAll", nodeId=root, selector=selector)["nodeIds"]
    fonts = {
        (font["familyName"], font["isCustomFont"])
        for node in nodes
        for font in tab.send("CSS.getPlatformFontsForNode", nodeId=node)["fonts"]
    }
    assert fonts == {("Sarabun", True)}
