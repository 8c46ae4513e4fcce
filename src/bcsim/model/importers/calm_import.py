"""An architecture becomes a model: this is the table of contents of an import."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from bcsim.model.checks import CHECKS
from bcsim.model.firm import Firm
from bcsim.model.importers.assumption import Ledger
from bcsim.model.importers.calm import read_architecture
from bcsim.model.importers.calm_basis import Basis, identifiers
from bcsim.model.importers.calm_controls import LOSS, contradictions, level_of, service_levels
from bcsim.model.importers.calm_decorator import read_decorators
from bcsim.model.importers.calm_finding import CalmFinding, merged
from bcsim.model.importers.calm_flows import choose_flows, continuations
from bcsim.model.importers.calm_model import is_group, make_firm
from bcsim.model.importers.calm_route import make_route
from bcsim.model.importers.calm_unmapped import unmapped
from bcsim.model.importers.model_text import people_text
from bcsim.model.loading import load_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from bcsim.errors import Problem
    from bcsim.model.importers.calm_files import CalmFile
    from bcsim.model.importers.calm_finding import Unmapped

HEAD: Final = """\
{name}: what an order takes, made by `bcsim import calm` from {file}.
`assumption N` marks a value that the architecture does not have: see the N-th of `assumptions`
at the end. Replace it here, or put it into a decorator file and import again."""


@dataclass(frozen=True, slots=True, eq=False)
class CalmImport:
    """What came of an import.

    ``text`` is the model as a file; ``warnings`` are about the architecture, then the model.
    """

    basis: Basis
    firm: Firm
    text: str
    findings: tuple[CalmFinding, ...]
    unmapped: tuple[Unmapped, ...]
    warnings: tuple[Problem, ...]
    files: tuple[CalmFile, ...]


def import_calm(
    path: Path,
    *,
    decorators: Sequence[Path] = (),
    flows: Sequence[str] = (),
    is_strict: bool = False,
) -> CalmImport:
    """Make a model from a CALM architecture.

    Parameters
    ----------
    path
        The architecture, JSON or YAML; what it refers to is looked for in its folder.
    decorators
        Decorator files; of two that say the same, the later holds.
    flows
        The flows that an order takes, in order; by default they are chosen by their words.
    is_strict
        Whether a file that breaks the schema of CALM 1.2 is refused.

    Raises
    ------
    ModelError
        Something cannot be read, or does not hold together.
    UsageError
        No flow carries an order, or a flow named in ``flows`` is not there.
    LimitError
        A file beyond a bound of ``limits``.
    """
    if is_strict:
        from bcsim.model.importers.calm_strict import check_schema  # noqa: PLC0415 - slow to load

        check_schema(path)
    architecture = read_architecture(path)
    decorations = read_decorators(decorators, architecture)
    choice = choose_flows(architecture, flows)
    levels = service_levels(architecture)
    named = [n.id for n in architecture.nodes.values() if not is_group(n, architecture)]
    basis = Basis(
        architecture,
        choice,
        make_route(choice.chosen, architecture),
        levels,
        decorations,
        Ledger(),
        identifiers(named),
    )
    firm = make_firm(basis)
    text = _text(basis, firm)
    loaded = load_text(text, f"model of {path}", Firm, CHECKS)
    findings = (
        *architecture.findings,
        *contradictions(architecture, levels, continuations(architecture)),
        *basis.route.findings,
        *_gaps(basis, firm),
    )
    return CalmImport(
        basis,
        loaded.value,
        text,
        merged(findings),
        unmapped(basis),
        (*architecture.warnings, *loaded.warnings),
        _files(basis),
    )


def _text(basis: Basis, firm: Firm) -> str:
    head = HEAD.format(name=firm.name, file=basis.architecture.folder.main.name)
    return people_text(firm, basis.ledger.comments(), head)


def _gaps(basis: Basis, firm: Firm) -> Iterator[CalmFinding]:
    """A promise of no loss that only an assumption keeps."""
    keeper = basis.route.keeper
    given = basis.decorations.get(keeper, "store") if keeper else None
    if keeper is None or (given is not None and not given.is_assumed):
        return
    store = firm.components[basis.names[keeper]].store
    assert store is not None, "every component of a journey has a store"
    for flow in basis.choice.chosen:
        level = level_of(flow, basis.levels)
        if level is not None and level.number(LOSS) == 0:
            yield CalmFinding(
                "no-loss-rests-on-an-assumption",
                f"flow {flow.id} tolerates no loss, but nothing in the architecture says that "
                f"what {keeper} holds survives a crash; here it is assumed to be {store.kind}.",
                (
                    level.config.place(*LOSS),
                    basis.architecture.nodes[keeper].part.place(),
                ),
            )


def _files(basis: Basis) -> tuple[CalmFile, ...]:
    """Every file that the model was made from, the architecture first."""
    architecture = basis.architecture
    parts = [flow.part for flow in architecture.flows.values()]
    for use in architecture.all_controls:
        parts += [part for part in (use.config, use.requirement) if part is not None]
    files = [architecture.folder.main, *(part.file for part in parts), *basis.decorations.files]
    return tuple(dict.fromkeys(files))
