"""What is hidden in a table of two ways, of which the totals of rows and columns are known.

Cells that are hidden and cells that are not there look the same, so that nothing tells a small
count from none.  A hidden cell is safe where some other table with the same totals has another
number there: four cells at the corners of a rectangle, two of them less and two of them more
by one, change no total.
"""

import numpy as np
from numpy.typing import NDArray

from analytics.suppression.lines import Counts, Flags, any_in, smallest, widened

_MOST = 4_000_000  # cells of a table whose rectangles are searched; larger ones are of a few each
_SOME = 500  # partners tried first


class Crossed:
    """Cells at places (`row`, `column`), and which totals are hidden."""

    def __init__(
        self, row: Counts, column: Counts, row_hidden: Flags, column_hidden: Flags, small: int
    ) -> None:
        self.row, self.column, self.small = row, column, small
        self.ways = ((row, row_hidden), (column, column_hidden))
        self.shape = (len(row_hidden), len(column_hidden))

    def closed(self, counts: Counts, hide: Flags) -> Flags:
        """`hide` with what else has to be hidden for its sake."""
        while True:
            before = hide
            for of, hidden in self.ways:
                line = np.where(hidden[of], -1, of)
                hide = widened(counts, hide, line, self.small, are_listed=False)
                # A hidden total is told by its cells where all of them are shown.
                bare = hidden & ~any_in(hide & (counts > 0), of, len(hidden))
                hide = hide | smallest(counts, of, bare)
            if self.shape[0] * self.shape[1] <= _MOST:
                hide = self._rectangles(counts, hide)
            if (hide == before).all():
                return hide

    def _rectangles(self, counts: Counts, hide: Flags) -> Flags:
        """`hide` with the cheapest corners for each cell that has no rectangle yet."""
        table = np.zeros(self.shape, dtype=np.int64)
        table[self.row, self.column] = counts
        shown = np.zeros(self.shape, dtype=bool)
        shown[self.row, self.column] = ~hide & (counts > 0)
        cells = np.flatnonzero(hide & (counts > 0))
        partners = self.row[cells], self.column[cells]
        for row, column in zip(*partners, strict=True):
            if not self._is_free(shown, int(row), int(column), *partners):
                self._free(table, shown, int(row), int(column))
        return hide | ~shown[self.row, self.column] & (counts > 0)

    def _is_free(self, shown: Flags, row: int, column: int, rows: Counts, columns: Counts) -> bool:
        """Whether one of these hidden cells makes a rectangle with it that nothing shown is in."""
        if self._along(shown, row, column):
            return True
        for some in (slice(0, _SOME), slice(_SOME, None)):
            other, across = rows[some], columns[some]
            sides = shown[row, across] | shown[other, column]
            if ((other != row) & (across != column) & ~sides).any():
                return True
        return False

    def _free(self, table: Counts, shown: Flags, row: int, column: int) -> None:
        """Hide in `shown` what lets the cell be less by one, or else more."""
        price = np.where(shown, table, 0)
        sides = price[row, :][None, :] + price[:, column][:, None]  # of the rectangle's corners
        away = np.ones(self.shape, dtype=bool)
        away[row, :] = away[:, column] = False
        less = away & (table > 0)
        both = (table[row, :][None, :] > 0) & (table[:, column][:, None] > 0)
        for possible in (less, away & both):
            if possible.any():
                cost = np.where(possible, sides + price, np.iinfo(np.int64).max)
                other_row, other_column = np.unravel_index(int(cost.argmin()), self.shape)
                shown[other_row, other_column] = False
                shown[row, other_column] = shown[other_row, column] = False
                return
        shown[:] = False  # nothing else is there: all of it would tell

    def _along(self, shown: Flags, row: int, column: int) -> bool:
        """Whether it can move within its column or row, as the totals across are hidden too."""
        (_, rows), (_, columns) = self.ways
        return _has_other(rows, row, ~shown[:, column]) or _has_other(
            columns, column, ~shown[row, :]
        )


def _has_other(hidden: Flags, place: int, unknown: NDArray[np.bool_]) -> bool:
    """Whether another line with a hidden total has an unknown cell there."""
    if not hidden[place]:
        return False
    others = hidden & unknown
    others[place] = False
    return bool(others.any())
