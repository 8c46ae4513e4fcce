"""References: names that must name something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bcsim.model.finding import Finding, dangling

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from bcsim.model.component import ComponentKind
    from bcsim.model.finding import Path
    from bcsim.model.firm import Firm


def each_dangling(
    path: Path, names: Iterable[str], kind: str, candidates: Collection[str]
) -> Iterator[Finding]:
    """Yield a finding for every name of a list that names none of ``candidates``."""
    for position, name in enumerate(names):
        yield from dangling((*path, position), name, kind, candidates)


def repeated(path: Path, names: Iterable[str], kind: str) -> Iterator[Finding]:
    """Yield a finding for every name of a list that it has already."""
    seen: set[str] = set()
    for position, name in enumerate(names):
        if name in seen:
            yield Finding(
                (*path, position),
                f"the same {kind} twice",
                value=repr(name),
                expected="each one once",
                hint="remove the second",
            )
        seen.add(name)


def of_other_kind(
    firm: Firm, path: Path, name: str, kinds: Collection[ComponentKind], what_for: str
) -> Iterator[Finding]:
    """Yield a finding if a component is not of one of ``kinds``; unknown ones pass."""
    component = firm.components.get(name)
    if component is not None and component.kind not in kinds:
        yield Finding(
            path,
            f"a component of kind {component.kind.value} cannot be {what_for}",
            value=repr(name),
            expected=f"a component of kind {' or '.join(sorted(kind.value for kind in kinds))}",
        )
