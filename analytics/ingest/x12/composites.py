"""The components of composite elements, found in arrays: all of one number at a time."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.packing import blanks
from analytics.ingest.x12.spans import Bytes, Mask, Positions, Span, stripped


@dataclass(frozen=True)
class Composites:
    """Where a chunk's components are cut."""

    data: Bytes
    delimiters: Delimiters
    blank: Mask

    def components(self, whole: Span, count: int) -> list[Span]:
        """The first so many components of the elements at these places."""
        cuts, size = self._cuts, len(whole.start)
        rows = np.flatnonzero(whole.length)
        left, end = whole.start[rows], (whole.start + whole.length)[rows]
        at, found = np.searchsorted(cuts, left), list[Span]()
        for _ in range(count):
            right = np.minimum(_at(cuts, at), end)
            part = self._bare(Span(left, right - left))
            found.append(part if len(rows) == size else part.scattered(rows, size))
            more = right < end
            if not more.all():
                rows, right, end, at = rows[more], right[more], end[more], at[more]
            left, at = right + 1, at + 1
        return found

    def _bare(self, part: Span) -> Span:
        """A component without blanks around it."""
        if not self._has_padded:
            return part
        rows = np.flatnonzero(part.length > 0)
        if len(rows):
            bare = stripped(self.data, part.where(rows), self.blank)
            part.start[rows], part.length[rows] = bare.start, bare.length
        return part

    @cached_property
    def _cuts(self) -> Positions:
        return np.flatnonzero(self.data == self.delimiters.component)

    @cached_property
    def _has_padded(self) -> bool:
        cuts = self._cuts
        after, blank = self.data[cuts + 1], blanks(Delimiters(0, 0, 0))
        beside = blank[self.data[cuts - 1]] | (blank[after] & (after != self.delimiters.terminator))
        return bool(beside.any())


def _at(cuts: Positions, index: Positions) -> Positions:
    """``cuts[index]``, and a place beyond every text where the index is beyond the last cut."""
    return np.append(cuts, np.iinfo(np.int64).max - 1).take(index, mode="clip")
