"""Which loop a segment is in, by looking back to the nearest anchor of each level."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from analytics.ingest.x12.tokens import Mask, Positions, Segments, packed


def nearest(anchors: Positions, rows: Positions) -> Positions:
    """For each row the index of the last anchor at or before it; -1 where there is none."""
    return (np.searchsorted(anchors, rows, side="right") - 1).astype(np.int32)


def place(anchors: Positions, index: Positions) -> Positions:
    """``anchors[index]``, and -1 where the index is -1."""
    if not len(anchors):
        return np.full(len(index), -1, np.int32)
    return np.where(index >= 0, anchors[index], -1).astype(np.int32)


def pick(count: int, owner: Positions, rows: Positions) -> Positions:
    """For each of `count` owners its first row, or -1."""
    found = np.full(count, -1, np.int32)
    kept = owner >= 0
    found[owner[kept][::-1]] = rows[kept][::-1]
    return found


def ordinal(owner: Positions) -> Positions:
    """Position of each row among those of its owner, from 1; rows of an owner stand together."""
    here = np.arange(len(owner))
    begins = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    return (here - np.maximum.accumulate(np.where(begins, here, 0)) + 1).astype(np.int32)


@dataclass(frozen=True, slots=True)
class Loops:
    """The anchors of each level, outermost level first.

    An anchor holds until the next anchor of its own or an outer level.
    """

    segments: Segments
    anchors: Mapping[str, Positions]

    def owner(self, level: str, rows: Positions) -> Positions:
        """For each row the index of its anchor on this level, -1 where it is in no such loop."""
        index = nearest(self.anchors[level], rows)
        found = place(self.anchors[level], index)
        for name, anchors in self.anchors.items():
            if name == level:
                break
            index = np.where(place(anchors, nearest(anchors, rows)) > found, -1, index)
        return index.astype(np.int32)

    def at(self, level: str, rows: Positions) -> Positions:
        """For each row the position of its anchor on this level, or -1."""
        return place(self.anchors[level], self.owner(level, rows))

    def innermost(self, level: str, rows: Positions) -> Positions:
        """Like `owner`, but -1 for rows that are in a loop of a deeper level."""
        index = self.owner(level, rows)
        found = place(self.anchors[level], index)
        deeper = list(self.anchors)[list(self.anchors).index(level) + 1 :]
        for name in deeper:
            anchors = self.anchors[name]
            index = np.where(place(anchors, nearest(anchors, rows)) > found, -1, index)
        return index.astype(np.int32)


def group_header(found: Segments, rows: Positions) -> Positions:
    """For each row the GS it stands under, or -1."""
    return Loops(found, {"interchange": found.of("ISA"), "group": found.of("GS")}).at("group", rows)


@dataclass(frozen=True, slots=True)
class Parts:
    """All segments of one id with their qualifier, to pick one per loop from."""

    rows: Positions
    qualifiers: np.ndarray[tuple[int], np.dtype[np.uint32]]
    loops: Loops

    def of(self, level: str, *qualifiers: str, direct: bool = True) -> Positions:
        """Per anchor of the level its first segment with one of these qualifiers, else -1."""
        rows = self.rows[self.having(*qualifiers)]
        owner = self.loops.innermost(level, rows) if direct else self.loops.owner(level, rows)
        return pick(len(self.loops.anchors[level]), owner, rows)

    def any_of(self, level: str) -> Positions:
        """Per anchor of the level its first such segment, whatever the qualifier, else -1."""
        owner = self.loops.innermost(level, self.rows)
        return pick(len(self.loops.anchors[level]), owner, self.rows)

    def having(self, *qualifiers: str) -> Mask:
        """Which of the segments have one of these qualifiers."""
        found = np.zeros(len(self.rows), np.bool_)
        for name in qualifiers:
            found |= self.qualifiers == packed(name)
        return found


def parts(loops: Loops, name: str, element: int = 1) -> Parts:
    """The segments with this id, their qualifier read from `element`."""
    rows = loops.segments.of(name)
    return Parts(rows, loops.segments.qualifier(rows, element), loops)
