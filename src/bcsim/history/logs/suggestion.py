"""A mapping proposed: from the names of the columns and a sample of what they hold.

A proposal is for a person to check. Only one that leaves no question open is used without
being asked for: a list of intents whose columns bear plain names is read as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from bcsim.history.logs.mapping import (
    DEADLINE,
    FIX,
    ISO,
    VALUES,
    EventRule,
    TableMapping,
    TimeForm,
)
from bcsim.history.logs.ocel import EVENT
from bcsim.history.logs.recognition import WINDOWS_THAI, Format, is_windows_thai
from bcsim.history.logs.table import CELLS, loaded, names_of, table_errors
from bcsim.history.logs.vocabulary import COLUMN_WORDS, KIND_WORDS, TIME, normal
from bcsim.history.schema import Kind, Vantage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from bcsim.history.logs.mapping import TableForm

_SAMPLE: Final = 1000
_KINDS_MAX: Final = 100
"""Distinct texts up to which a column is taken for one that tells what happened."""

_FORMS: Final = (
    (ISO, r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d([.,]\d{1,9})?)?\s*(Z|UTC|[+-]\d\d(:?\d\d)?)?"),
    (FIX, r"\d{8}-\d\d:\d\d:\d\d(\.\d{1,9})?"),
    ("unix s", r"1\d{9}(\.\d+)?"),
    ("unix ms", r"1\d{12}(\.\d+)?"),
    ("unix us", r"1\d{15}"),
    ("unix ns", r"1\d{18}"),
    ("%d/%m/%Y %H:%M:%S", r"\d\d?/\d\d?/\d{4} \d\d?:\d\d:\d\d"),
    ("%d/%m/%Y %H:%M", r"\d\d?/\d\d?/\d{4} \d\d?:\d\d"),
    ("%d.%m.%Y %H:%M:%S", r"\d\d?\.\d\d?\.\d{4} \d\d?:\d\d:\d\d"),
    ("%Y%m%d%H%M%S", r"20\d{12}"),
    ("%Y/%m/%d %H:%M:%S", r"\d{4}/\d\d?/\d\d? \d\d?:\d\d:\d\d"),
)
_ANSWERS: Final = {"kind": 'a kind, or "" to leave such rows out', "side": "buy or sell"}
_HAS_OFFSET: Final = re.compile(r"(Z|UTC|[+-]\d\d(:?\d\d)?)$")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed mapping, and what a person has to say before it may be used.

    Parameters
    ----------
    mapping
        What the columns seem to hold; incomplete where ``questions`` are open.
    questions
        What the table does not tell, one sentence each; empty: nothing is open.
    unused
        Columns that no column of a history was found for.
    values
        Column of the history -> the texts that occur in it and mean nothing known.
    """

    mapping: TableMapping
    questions: tuple[str, ...]
    unused: tuple[str, ...]
    values: Mapping[str, tuple[str, ...]]


def suggest(path: Path, found: Format, form: TableForm, *, is_intents: bool) -> Suggestion:
    """Propose a mapping for a table.

    Parameters
    ----------
    path, found, form
        The file, its format, and how it is written down as far as known.
    is_intents
        Whether it lists what clients wished; then no column need tell what happened or when.

    Raises
    ------
    bcsim.errors.HistoryError
        If the table cannot be read.
    """
    questions: list[str] = []
    if found is Format.TEXT_TABLE and is_windows_thai(path):
        form = replace(form, encoding=WINDOWS_THAI)
        questions.append(f"say whether the table is in {WINDOWS_THAI}: [table] encoding")
    form, names = names_of(path, found, form)
    columns = _columns([name for name in names if not (found.is_ocel and name == EVENT)])
    sample = _sample(path, found, form, tuple(columns.values()))
    unknown: dict[str, tuple[str, ...]] = {}
    constants: dict[str, str] = {}
    values: dict[str, dict[str, str]] = {}
    if is_intents:
        columns.pop("kind", None)
        constants = {"kind": Kind.INTEND.value, "vantage": Vantage.CLIENT.value}
        _identify(columns, questions)
    else:
        values, unknown = _kinds(columns, sample, questions)
        if "vantage" not in columns:
            questions.append('say who wrote the table: vantage = "ledger", "oms", "venue" …')
        if not {"order_id", "intent_id", "exec_id"} & set(columns):
            questions.append("say which column names the order: [columns] order_id")
    _sides(columns, sample, questions, values, unknown)
    time = _time(columns, sample, questions, is_needed=not is_intents)
    due = _deadline(columns, sample, questions)
    rule = EventRule(
        columns={k: c for k, c in columns.items() if k not in {TIME, DEADLINE}},
        constants=constants,
        time=time,
        deadline=due,
        values=values,
    )
    unused = tuple(name for name in names if name not in columns.values())
    return Suggestion(TableMapping((rule,), form), tuple(questions), unused, unknown)


def _columns(names: Sequence[str]) -> dict[str, str]:
    """Column of the history -> column of the table: the first whose name says so."""
    columns: dict[str, str] = {}
    for name in names:
        last = normal(re.split(r"[.:]", name)[-1])
        words = (normal(name), last, last.removesuffix("s"))
        target = next((COLUMN_WORDS[word] for word in words if word in COLUMN_WORDS), None)
        if target is not None:
            columns.setdefault(target, name)
    return columns


def _sample(
    path: Path, found: Format, form: TableForm, names: tuple[str, ...]
) -> dict[str, list[str]]:
    """The first texts of each column, without empty ones."""
    if not names:
        return {}
    texts: dict[str, list[str]] = {}
    with loaded(path, found, form, names) as (connection, table), table_errors(path):
        for name in names:
            cell = table.sql(name)
            query = f"select {cell} from {CELLS} where {cell} is not null limit {_SAMPLE}"  # noqa: S608 - own names
            texts[name] = [str(text) for (text,) in connection.execute(query).fetchall()]
    return texts


def _identify(columns: dict[str, str], questions: list[str]) -> None:
    """An intent that names one order is known by it, and its order by the same name."""
    if "intent_id" not in columns and "order_id" not in columns:
        questions.append("say which column names the intent: [columns] intent_id")
        return
    columns.setdefault("intent_id", columns.get("order_id", ""))
    columns.setdefault("order_id", columns["intent_id"])
    columns.setdefault("idem_key", columns["order_id"])


def _kinds(
    columns: Mapping[str, str], sample: Mapping[str, list[str]], questions: list[str]
) -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    """What the texts of the column of kinds mean, and those that mean nothing known."""
    if "kind" not in columns:
        questions.append('say what a row is: kind = "execute" …, or [columns] kind')
        return {}, {}
    texts = list(dict.fromkeys(sample.get(columns["kind"], [])))
    if len(texts) > _KINDS_MAX:
        questions.append(f"column {columns['kind']} holds too many texts to be what happened")
        return {}, {}
    known = {text: KIND_WORDS[normal(text)] for text in texts if normal(text) in KIND_WORDS}
    unknown = tuple(text for text in texts if text not in known)
    if unknown:
        count = f"{len(unknown)} text{'s' if len(unknown) > 1 else ''}"
        questions.append(f"say what {count} of column {columns['kind']} mean, in [values.kind]")
    return {"kind": known}, {"kind": unknown} if unknown else {}


def _sides(
    columns: Mapping[str, str],
    sample: Mapping[str, list[str]],
    questions: list[str],
    values: dict[str, dict[str, str]],
    unknown: dict[str, tuple[str, ...]],
) -> None:
    """Ask what sides mean of which the usual words are none."""
    texts = list(dict.fromkeys(sample.get(columns.get("side", ""), [])))
    strange = tuple(text for text in texts if text.lower() not in VALUES["side"])
    if not strange:
        return
    values["side"] = {t: VALUES["side"][t.lower()] for t in texts if t not in strange}
    unknown["side"] = strange[:_KINDS_MAX]
    count = f"{len(strange)} text{'s' if len(strange) > 1 else ''}"
    questions.append(f"say what {count} of column {columns['side']} mean, in [values.side]")


def _time(
    columns: Mapping[str, str],
    sample: Mapping[str, list[str]],
    questions: list[str],
    *,
    is_needed: bool,
) -> TimeForm | None:
    if TIME not in columns or not (is_needed or sample.get(columns[TIME])):
        if is_needed:
            questions.append("say which column holds the time: [time] column")
        return None
    return _form_of(columns[TIME], sample, questions)


def _deadline(
    columns: Mapping[str, str], sample: Mapping[str, list[str]], questions: list[str]
) -> TimeForm | None:
    if DEADLINE not in columns or not sample.get(columns[DEADLINE]):
        return None
    return _form_of(columns[DEADLINE], sample, questions)


def _form_of(column: str, sample: Mapping[str, list[str]], questions: list[str]) -> TimeForm | None:
    texts = sample.get(column, [])
    form = next((f for f, p in _FORMS if texts and all(re.fullmatch(p, t) for t in texts)), None)
    if form is None:
        questions.append(f"say how the times of column {column} are written: form")
        return TimeForm((column,))
    if form.startswith("%d/%m"):
        form = _day_or_month(form, texts, column, questions)
    if form == FIX:
        return TimeForm((column,), form, "UTC")  # the FIX protocol has UTC everywhere
    if not form.startswith("unix") and not all(_HAS_OFFSET.search(text) for text in texts):
        questions.append(f"say in which time zone column {column} is: zone")
    return TimeForm((column,), form)


def _day_or_month(form: str, texts: Sequence[str], column: str, questions: list[str]) -> str:
    """Tell 3 April from 4 March, if any of the texts does."""
    first = max(int(text.split("/")[0]) for text in texts)
    second = max(int(text.split("/")[1]) for text in texts)
    if second > 12 >= first:  # noqa: PLR2004 - months of a year
        return form.replace("%d/%m", "%m/%d")
    if first <= 12:  # noqa: PLR2004
        questions.append(f"say whether column {column} begins with the day or the month: form")
    return form


# -- as a file -------------------------------------------------------------------------------


def to_toml(suggestion: Suggestion, name: str) -> str:
    """Write a proposal as a mapping file, with what is open as comments."""
    (rule,) = suggestion.mapping.events
    lines = [f"# How bcsim reads {name}: a proposal, to be checked by somebody who knows it."]
    lines += [f"# OPEN: {question}." for question in suggestion.questions]
    lines += ["version = 1", f"files = [{_text(name)}]"]
    lines += [f"{key} = {_text(value)}" for key, value in rule.constants.items()]
    if "kind" not in rule.constants and "kind" not in rule.columns:
        lines.append('# kind = "execute"')
    if "vantage" not in rule.constants and "vantage" not in rule.columns:
        lines.append('# vantage = "ledger"')
    form = suggestion.mapping.form
    written = []
    if form.delimiter not in {"", ","}:
        written.append(f"delimiter = {_text(form.delimiter)}")
    if form.encoding == WINDOWS_THAI:
        written.append(f"encoding = {_text(form.encoding)}")
    lines += ["", "[table]", *written] if written else []
    for key, time in (("time", rule.time), (DEADLINE, rule.deadline)):
        if time is not None:
            lines += ["", f"[{key}]", f"column = {_text(time.columns[0])}"]
            lines += [f"form = {_text(time.form)}", *_zone(time)]
    lines += ["", "[columns]"]
    lines += [f"{target} = {_text(column)}" for target, column in rule.columns.items()]
    lines += [f"# not used: {_text(column)}" for column in suggestion.unused]
    for target, meanings in rule.values.items():
        lines += ["", f"[values.{target}]"]
        lines += [f"{_text(text)} = {_text(meant)}" for text, meant in meanings.items()]
        lines += [
            f'# {_text(text)} = "…"  # {_ANSWERS[target]}'
            for text in suggestion.values.get(target, ())
        ]
    return "\n".join(lines) + "\n"


def _zone(form: TimeForm) -> list[str]:
    if form.zone:
        return [f"zone = {_text(form.zone)}"]
    return ['# zone = "Asia/Bangkok"  # of times that state no offset']


def _text(text: str) -> str:
    """A basic string of TOML; control characters are escaped."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\u{ord(m[0]):04x}", escaped) + '"'
