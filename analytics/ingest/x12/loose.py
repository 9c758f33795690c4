"""Segments that a loop may hold many of (REF, DTP, AMT): those that no column stands ready for."""

from collections.abc import Mapping

import numpy as np

from analytics.ingest.x12.loops import Loops, parts
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments, packed

# A member's, employee's, policy's or social security number: a person's own, wanted nowhere else
# than in `patient`.
_PERSONAL = np.array([packed(name) for name in ("1W", "28", "IG", "SY")], np.uint32)


def loose(loops: Loops, name: str, taken: Mapping[str, tuple[str, ...]]) -> Positions:
    """The segments with this id directly in a loop of one of these levels.

    `taken` tells for each level the qualifiers that have a column: there only repeats are given.
    """
    part = parts(loops, name)
    wanted = np.zeros(len(part.rows), np.bool_)
    for level, qualifiers in taken.items() if len(part.rows) else ():
        owner = loops.innermost(level, part.rows)
        wanted |= owner >= 0
        for qualifier in qualifiers:
            same = np.flatnonzero(part.having(qualifier) & (owner >= 0))
            first = np.append(True, owner[same][1:] != owner[same][:-1])[: len(same)]
            wanted[same[first]] = False
    return part.rows[wanted]


def references(name: str, found: Segments, rows: Positions) -> Table:
    """These REF segments as rows, without the numbers that are a person's own."""
    kept = np.isin(found.qualifier(rows), _PERSONAL, invert=True)
    table = Table(name, found, rows[kept & (found.span(rows, 2).length > 0)])
    table.text(upper=True, qualifier=1)
    table.text(reference=2)
    return table
