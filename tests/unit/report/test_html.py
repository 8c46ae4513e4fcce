"""Goal: the page needs nothing but itself, does no harm, and is the same every time.

Method: write the recorded run's page and read it as markup.
"""

from __future__ import annotations

import re
import shutil
from collections import Counter
from html.parser import HTMLParser

import pytest

from bcsim.errors import InputError
from bcsim.report.html import PICTURES, render, write_report
from bcsim.report.wording import LANGUAGE_NAMES
from tests.recorded_run import HOSTILE, firm_data, record, told

BYTES_MAX = 3_000_000


class Markup(HTMLParser):
    """Tags with their attributes, texts outside of styles, and whether every tag is closed."""

    VOID = frozenset({"meta", "link", "input", "br", "path", "use", "circle"})

    def __init__(self, page):
        super().__init__()
        self.tags = []
        self.texts = []
        self.open = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        if tag not in self.VOID:
            assert self.open.pop() == tag, f"</{tag}> closes something else"

    def handle_data(self, data):
        if "style" not in self.open:
            self.texts.append(data)

    def of(self, tag):
        return [attrs for name, attrs in self.tags if name == tag]


@pytest.fixture(scope="module")
def page(folder, tmp_path_factory):
    path = write_report(folder, out=tmp_path_factory.mktemp("page"))
    assert path.name == "index.html"
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def markup(page):
    return Markup(page)


def test_the_page_is_well_formed(page, markup):
    """Goal: any browser reads it. Method: every tag is closed; ids are unique and meet."""
    assert page.startswith("<!DOCTYPE html>")
    assert markup.open == []
    ids = Counter(attrs["id"] for _, attrs in markup.tags if "id" in attrs)
    assert [name for name, count in ids.items() if count > 1] == []
    used = re.findall(r'(?:href="|url\()#([^")]+)', page)
    assert len(used) > 100
    assert set(used) <= set(ids)
    labels = {attrs["for"] for attrs in markup.of("label")}
    assert labels <= set(ids)


def test_the_page_asks_nobody_for_anything(page, markup):
    """Goal: no network. Method: no address but names of XML, no script, and a policy against."""
    without_data = re.sub(r"base64,[^)]*", "", page)
    addresses = set(re.findall(r"(?:https?:)?//[a-z][\w.-]+", without_data))
    assert addresses <= {"http://www.w3.org"}
    assert markup.of("script") == []
    assert [attrs for _, attrs in markup.tags if any(name.startswith("on") for name in attrs)] == []
    sources = [a[n] for _, a in markup.tags for n in ("src", "href", "xlink:href") if n in a]
    assert [source for source in sources if not source.startswith(("#", "data:"))] == []
    (policy,) = [a["content"] for a in markup.of("meta") if "http-equiv" in a]
    assert policy.startswith("default-src 'none'")
    assert "script" not in policy


def test_the_page_is_small_enough_to_mail(page):
    """Goal: below three megabytes. Method: its bytes; typeface and pictures are inside."""
    assert BYTES_MAX / 10 < len(page.encode()) < BYTES_MAX
    assert page.count("@font-face") == 2


@pytest.mark.parametrize("lang", LANGUAGE_NAMES)
def test_a_language_comes_first(folder, tmp_path, lang):
    """Goal: --lang chooses what is shown first; both are there. Method: what is checked."""
    path = write_report(folder, lang=lang, out=tmp_path / "sub" / f"{lang}.html")
    markup = Markup(path.read_text(encoding="utf-8"))
    choices = {a["id"]: "checked" in a for a in markup.of("input") if a["type"] == "radio"}
    assert choices == {f"show-{name}": name == lang for name in LANGUAGE_NAMES}
    assert [a["lang"] for a in markup.of("main")] == list(LANGUAGE_NAMES)
    assert markup.of("html") == [{"lang": lang}]


def test_each_picture_is_spoken_for_in_both_languages(markup):
    """Goal: nobody needs to see. Method: role, label and a table beside every picture."""
    drawn = [a for a in markup.of("svg") if a.get("role") == "img"]
    assert len(drawn) == len(PICTURES) * len(LANGUAGE_NAMES)
    assert all(len(a["aria-label"]) > 60 for a in drawn)
    assert len(markup.of("figure")) == len(drawn)
    hidden = [a for a in markup.of("svg") if a.get("aria-hidden") == "true"]
    assert len(hidden) + len(drawn) == len(markup.of("svg"))


def test_the_same_run_gives_the_same_bytes(folder, page, tmp_path):
    """Goal: a report is evidence. Method: a second page, of a copy of the folder."""
    copy = shutil.copytree(folder, tmp_path / "elsewhere")
    again = write_report(copy)
    assert again == copy / "report" / "index.html"
    assert again.read_text(encoding="utf-8") == page
    # The report in the folder is no file of the run: it may be written again.
    assert write_report(copy).read_text(encoding="utf-8") == page


def test_names_cannot_break_the_page(tmp_path):
    """Goal: a model's texts are texts. Method: markup in every name, assumption and description.

    It must appear as text as often as the model has it, and never as a tag.
    """
    data = firm_data()
    data["name"] = data["plan"]["name"] = HOSTILE
    for section in (
        "components",
        "sites",
        "services",
        "segments",
        "controls",
        "channels",
        "people",
    ):
        for entry in data[section].values():
            entry["name"] = HOSTILE
    for action in data["plan"]["actions"].values():
        action["name"] = HOSTILE
    data["assumptions"] = [HOSTILE]
    folder = record(tmp_path / "run", data, name=HOSTILE, description=HOSTILE)
    markup = Markup(render(told(folder), "en"))
    assert markup.of("script") == []
    assert "".join(markup.texts).count("<script>alert('x')</script>") > 50
    assert markup.of("title")
    assert markup.open == []


def test_another_folder_makes_no_page(tmp_path):
    """Goal: nothing half-written. Method: a folder that is no run's."""
    with pytest.raises(InputError, match="not a run folder"):
        write_report(tmp_path, out=tmp_path / "report.html")
    assert list(tmp_path.iterdir()) == []
