"""Which loop a segment is in, by looking back to the nearest anchor of each level."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from analytics.ingest.x12.spans import Mask, Positions
from analytics.ingest.x12.tokens import Segments, packed


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
    _latest: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)
    _outer: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)
    _deeper: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)
    _index: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)

    def and_inside(self, name: str, anchors: Positions) -> "Loops":
        """The same loops with one more level, innermost; what is known of the others is shared."""
        more = {**self.anchors, name: anchors}
        return Loops(self.segments, more, self._latest, self._outer, {}, self._index)

    def at(self, level: str, rows: Positions) -> Positions:
        """For each row the position of its anchor on this level, or -1."""
        found = self._last_of(level)[rows]
        inside = (rows >= 0) & (self._outer_of(level)[rows] <= found)
        return np.where(inside, found, -1).astype(np.int32)

    def owner(self, level: str, rows: Positions) -> Positions:
        """For each row the index of its anchor on this level, -1 where it is in no such loop."""
        return self._index_of(level)[self.at(level, rows)]

    def innermost(self, level: str, rows: Positions) -> Positions:
        """Like `owner`, but -1 for rows that are in a loop of a deeper level."""
        found = self.at(level, rows)
        deeper = self._deeper_of(level)[rows] > found
        return self._index_of(level)[np.where(deeper, -1, found)]

    def _last_of(self, level: str) -> Positions:
        """Per segment the last anchor of the level at or before it; -1 where there is none."""
        if level not in self._latest:
            anchors = self.anchors[level]
            ends = np.concatenate((np.zeros(1, np.int32), anchors, [len(self.segments)]))
            starts = np.concatenate((np.full(1, -1, np.int32), anchors)).astype(np.int32)
            self._latest[level] = np.append(np.repeat(starts, np.diff(ends)), np.int32(-1))
        return self._latest[level]

    def _outer_of(self, level: str) -> Positions:
        """Per segment the last anchor of any outer level."""
        if level not in self._outer:
            names = list(self.anchors)
            place = names.index(level)
            if place == 0:
                self._outer[level] = np.full(len(self.segments) + 1, -1, np.int32)
            else:
                before = names[place - 1]
                self._outer[level] = np.maximum(self._outer_of(before), self._last_of(before))
        return self._outer[level]

    def _deeper_of(self, level: str) -> Positions:
        """Per segment the last anchor of any deeper level."""
        if level not in self._deeper:
            names = list(self.anchors)
            place = names.index(level) + 1
            if place == len(names):
                self._deeper[level] = np.full(len(self.segments) + 1, -1, np.int32)
            else:
                after = names[place]
                self._deeper[level] = np.maximum(self._deeper_of(after), self._last_of(after))
        return self._deeper[level]

    def _index_of(self, level: str) -> Positions:
        """Per segment which anchor of the level it is, from 0; -1 where it is none."""
        if level not in self._index:
            index = np.full(len(self.segments) + 1, -1, np.int32)
            index[self.anchors[level]] = np.arange(len(self.anchors[level]), dtype=np.int32)
            self._index[level] = index
        return self._index[level]


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
