"""Segments that a loop may hold many of (REF, DTP, AMT): those that no column stands ready for."""

from collections.abc import Mapping

import numpy as np

from analytics.ingest.x12.loops import Loops, Parts
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

# A member's, employee's, policy's or social security number: a person's own, wanted nowhere else
# than in `patient`.
_PERSONAL = np.array([packed(name) for name in ("1W", "28", "IG", "SY")], np.uint32)


def loose(part: Parts, inner: Loops, taken: Mapping[str, tuple[str, ...]]) -> Positions:
    """The new segments directly in a loop of one of these levels, as `inner` has them.

    `taken` tells for each level the qualifiers that have a column: of these only what `part` does
    not pick for the column, the repeats, are given.
    """
    rest = np.ones(len(part.rows), np.bool_)
    repeats = [np.zeros(0, np.int64)]
    for name in {name for names in taken.values() for name in names}:
        same = part.having(name)
        rest &= ~same
        firsts = [part.of(level, name) for level, names in taken.items() if name in names]
        picked = np.concatenate(firsts)
        if same.sum() > (picked >= 0).sum():
            repeats.append(np.setdiff1d(part.rows[same], picked))
    rows = np.sort(np.concatenate((part.rows[rest], *repeats)))
    rows = rows[rows >= inner.segments.context]
    if not len(rows):
        return rows
    return rows[np.logical_or.reduce([inner.innermost(level, rows) >= 0 for level in taken])]


def references(name: str, found: Segments, rows: Positions) -> Table:
    """These REF segments as rows, without the numbers that are a person's own."""
    kept = np.isin(found.qualifier(rows), _PERSONAL, invert=True)
    table = Table(name, found, rows[kept & (found.span(rows, 2).length > 0)])
    table.text(upper=True, qualifier=1)
    table.text(reference=2)
    return table
