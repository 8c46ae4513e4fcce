"""Words that the kernel refers to by their number."""

from __future__ import annotations

from bcsim.kernels import record as r


class Words:
    """Texts by number: the kernel's own first, then whatever a run adds."""

    def __init__(self) -> None:
        self.texts: list[str] = list(r.WORDS)
        self._numbers = {text: number for number, text in enumerate(self.texts)}

    def number(self, text: str) -> int:
        """Number of a text."""
        known = self._numbers.get(text)
        if known is None:
            known = self._numbers[text] = len(self.texts)
            self.texts.append(text)
        return known

    def number_or_null(self, text: str | None) -> int:
        """Number of a text; null for none."""
        return r.NULL if text is None else self.number(text)
