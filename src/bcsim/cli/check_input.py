"""What ``bcsim check`` reads: logs, intents, mappings, profile; and the judgement of them."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

import click

from bcsim.errors import BcsimError, InputError, InternalError, Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from bcsim.checkers.judgement import Judgement
    from bcsim.history.logs.contract import Contract
    from bcsim.history.logs.pseudonyms import Pseudonyms
    from bcsim.history.logs.reader import LogOptions
    from bcsim.history.logs.reading import Reading
    from bcsim.history.profile import Profile


@dataclass(frozen=True, slots=True)
class Inputs:
    """The files and words of one command line."""

    logs: tuple[Path, ...]
    intents: tuple[Path, ...]
    mappings: tuple[Path, ...]
    profile: Path | None
    vantages: tuple[str, ...]
    on_damage: str
    key: Path | None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every file that is read."""
        beside = (path for path in (self.profile, self.key) if path is not None)
        return (*self.logs, *self.intents, *self.mappings, *beside)


def judge(inputs: Inputs) -> tuple[Judgement, Reading]:
    """Read everything and judge it; also what was judged, and what its readers have to say."""
    from bcsim.checkers.judge import check
    from bcsim.history.logs.pseudonyms import read_key, without_entries, without_values

    if not inputs.logs:
        raise click.UsageError("Missing option '--log': there is nothing to judge.")
    names = None if inputs.key is None else read_key(inputs.key)
    with _discreet(names, without_entries):
        contract, whole = _profile(inputs.profile)
        options = _options(inputs, contract)
    with _discreet(names, without_values):
        reading = _read(inputs, options, contract, whole, names)
        return check(reading.history), reading


def propose_mappings(logs: tuple[Path, ...], intents: tuple[Path, ...]) -> str:
    """Propose a mapping for each table, one after the other."""
    from bcsim.history.logs.reader import suggest_mapping

    if not logs and not intents:
        raise click.UsageError("Missing option '--log': there is no table to propose for.")
    texts = [suggest_mapping(path, is_intents=False) for path in logs]
    texts += [suggest_mapping(path, is_intents=True) for path in intents]
    return "\n".join(texts)


# -- reading ---------------------------------------------------------------------------------


def _read(
    inputs: Inputs,
    options: LogOptions,
    contract: Contract | None,
    profile: Profile | None,
    names: Pseudonyms | None,
) -> Reading:
    """Read, label, hide, join, and add what was promised, in this order."""
    from bcsim.history.logs.reader import read_logs
    from bcsim.history.logs.remarks import remarks
    from bcsim.history.reconciliation import reconcile

    readings = read_logs(inputs.logs, inputs.intents, options)
    if contract is not None:
        readings = [_labelled(reading, contract) for reading in readings]
    if names is not None:
        readings = names.apply(readings, _controls(contract, profile))
    reading = reconcile(readings, profile, None if contract is None else contract.matching)
    history = reading.history if contract is None else contract.promise(reading.history)
    return replace(reading, history=history, notes=(*reading.notes, *remarks(history)))


def _controls(contract: Contract | None, profile: Profile | None) -> tuple[str, ...]:
    """Mandatory controls that the operator states."""
    stated = () if contract is None else contract.controls
    return (*stated, *(() if profile is None else profile.controls))


def _labelled(reading: Reading, contract: Contract) -> Reading:
    return replace(reading, history=contract.label(reading.history))


def _options(inputs: Inputs, contract: Contract | None) -> LogOptions:
    from bcsim.history.logs.mapping_file import read_mapping
    from bcsim.history.logs.reader import LogOptions
    from bcsim.history.matching import ORDER_ID
    from bcsim.history.schema import Vantage

    vantages = {}
    for stated in inputs.vantages:
        name, _, vantage = stated.partition("=")
        if not name or not vantage:
            message = f"'{stated}' is not NAME=VANTAGE, such as acc.messages.log=venue."
            raise click.BadParameter(message, param_hint="'--vantage'")
        slip = get_close_matches(vantage, tuple(Vantage), 1)
        if slip and vantage not in tuple(Vantage):
            message = f"'{vantage}' is no vantage point; did you mean '{slip[0]}'?"
            raise click.BadParameter(message, param_hint="'--vantage'")
        vantages[name] = vantage
    mappings = tuple(read_mapping(path) for path in inputs.mappings)
    links = () if contract is None else contract.matching.links
    return LogOptions(mappings, vantages, inputs.on_damage, links_legs=ORDER_ID in links)


def _profile(path: Path | None) -> tuple[Contract | None, Profile | None]:
    """What the operator states: beside the logs (TOML), or instead of them (JSON)."""
    from bcsim.history.logs.contract_file import read_contract

    if path is None:
        return None, None
    if path.suffix.lower() == ".toml":
        return read_contract(path), None
    return None, _read_profile(path)


def _read_profile(file: Path) -> Profile:
    from bcsim.errors import HistoryError
    from bcsim.history.profile import Profile

    try:
        return Profile.from_json(file.read_text(encoding="utf-8"), str(file))
    except OSError as error:
        message = (error.strerror or str(error)).lower()
        raise HistoryError(Problem(message, str(file))) from error
    except UnicodeDecodeError as error:
        raise HistoryError(Problem("the profile is not UTF-8", str(file))) from error


@contextmanager
def _discreet(
    names: Pseudonyms | None, hidden: Callable[[InputError], InputError]
) -> Iterator[None]:
    """Let no error say what a file says of anybody, where names are to be hidden."""
    try:
        yield
    except InputError as error:
        if names is None:
            raise
        raise hidden(error) from None
    except (BcsimError, KeyboardInterrupt):
        raise
    except Exception as error:
        if names is None:
            raise
        message = f"{type(error).__name__} (its text is hidden with the names)"
        raise InternalError(message) from None
