"""Where the elements of some segments stand; remembered, as one begins where another ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias, TypeGuard

import numpy as np

from analytics.ingest.x12.spans import Positions, Span

Element: TypeAlias = int | Positions  # which element, the same of all rows or one for each


def are_fixed(elements: Sequence[Element]) -> TypeGuard[Sequence[int]]:
    """Whether each element is the same of all rows."""
    return all(isinstance(element, int) for element in elements)


@dataclass(slots=True)
class Elements:
    """The elements of segments `rows`; -1 is no segment and 0 no element: absent."""

    rows: Positions
    cut: Positions
    present: Positions | None  # which rows are segments; None: all
    first: Positions
    width: Positions
    fewest: int
    ends: dict[int, Positions] = field(default_factory=dict[int, Positions])

    @classmethod
    def of(cls, rows: Positions, cut: Positions, first: Positions, width: Positions) -> "Elements":
        """The elements of these rows, out of those of all segments."""
        there = rows >= 0
        present = None if there.all() else np.flatnonzero(there)
        kept = rows if present is None else rows[present]
        widths = width.take(kept)
        fewest = int(widths.min(initial=0x7FFF))
        return cls(rows, cut, present, first.take(kept), widths, fewest)

    def span(self, element: Element) -> tuple[Span, Positions]:
        """Where an element stands in the rows that are segments, and its place in `cut`."""
        which = element
        if not isinstance(which, int) and self.present is not None:
            which = which[self.present]
        start = self._end(which - 1) + 1
        length = self._end(which) - start
        if not isinstance(which, int) or not 0 < which < self.fewest:
            length *= (self.width > which) & (np.asarray(which) > 0)
        return Span(start, length), self.first + which

    def _end(self, element: Element) -> Positions:
        """Where an element ends."""
        if not isinstance(element, int):
            return self.cut.take(self.first + element, mode="clip")
        if element not in self.ends:
            self.ends[element] = self.cut.take(self.first + element, mode="clip")
        return self.ends[element]
