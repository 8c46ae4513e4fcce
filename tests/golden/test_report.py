"""Goal: what a report says of a run has not changed unnoticed.

Method: run the smallest shipped scenario, write its report, and compare the text of the page,
tag by tag and without pictures, with the stored one. ``UPDATE=1 python -m pytest
tests/golden/test_report.py`` rewrites it; look at the difference before you commit it.
"""

from __future__ import annotations

import os
from html.parser import HTMLParser
from pathlib import Path

import pytest

from bcsim.experiment.run import run
from bcsim.model.loading import load_model
from bcsim.report.html import write_report
from bcsim.scenario.loading import load_scenario
from tests.repository import ROOT

MINIMAL = ROOT / "scenarios" / "templates" / "minimal"
STORED = Path(__file__).parent / "minimal-report.txt"

LINES = {
    "title", "p", "h1", "h2", "dt", "dd", "li", "tr", "summary", "code", "label", "figure", "pre",
}  # fmt: skip
"""Tags that begin a line of the stored text; cells of a row are parted by bars."""

CELLS = {"th", "td"}
SILENT = {"style", "svg"}


class Text(HTMLParser):
    """The texts of a page, a line each, with the tags that they are in."""

    def __init__(self, page):
        super().__init__()
        self.lines = []
        self.silent = 0
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag == "svg" and found.get("role") == "img" and not self.silent:
            self.lines.append(f"picture: {found['aria-label']}")
        if tag in SILENT:
            self.silent += 1
        elif tag in {"main", "section"}:
            self.lines.append(f"== {tag} {found['class']}")
        elif tag in LINES:
            self.lines.append(f"{tag}:")
        elif tag in CELLS:
            self.lines[-1] += f" | {found['class']}: "
        elif tag == "small":
            self.lines[-1] += " / "

    def handle_endtag(self, tag):
        if tag in SILENT:
            self.silent -= 1

    def handle_data(self, data):
        text = " ".join(data.split())
        if text and not self.silent:
            self.lines[-1] += f" {text}" if self.lines else text


@pytest.fixture(scope="module")
def text(tmp_path_factory):
    folder = tmp_path_factory.mktemp("golden") / "run"
    model = load_model(MINIMAL / "firm.model.yaml")
    scenario = load_scenario(MINIMAL / "server-crash.scenario.yaml", model)
    run(model, scenario, seed=7, out=folder)
    page = write_report(folder, lang="th").read_text(encoding="utf-8")
    return "".join(f"{line.strip()}\n" for line in Text(page).lines)


def test_the_report_says_what_it_said(text):
    """Goal: a change of the report, or of what a run gives, is seen. Method: the stored text."""
    if os.environ.get("UPDATE"):
        STORED.write_text(text, encoding="utf-8")
    assert STORED.exists(), f"{STORED.name} is missing; UPDATE=1 writes it"
    assert text == STORED.read_text(encoding="utf-8")


def test_the_stored_text_is_a_whole_report(text):
    """Goal: the test above compares something. Method: both languages and all sections."""
    for lang in ("en", "th"):
        assert f"== main report {lang}\n" in text
    sections = [line for line in text.splitlines() if line.startswith("== section ")]
    assert len(sections) == 2 * 12
    assert text.count("picture: ") == 2 * 4
