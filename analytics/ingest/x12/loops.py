"""Which loop a segment is in, by looking back to the nearest anchor of each level."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12.spans import Mask, Positions
from analytics.ingest.x12.tokens import Segments, packed


def nearest(anchors: Positions, rows: Positions) -> Positions:
    """For each row the index of the last anchor at or before it; -1 where there is none."""
    return np.searchsorted(anchors, rows, side="right") - 1


def place(anchors: Positions, index: Positions) -> Positions:
    """``anchors[index]``, and -1 where the index is -1."""
    if not len(anchors):
        return np.full(len(index), -1, np.int64)
    return np.where(index >= 0, anchors[index], -1)


def pick(count: int, owner: Positions, rows: Positions) -> Positions:
    """For each of `count` owners its first row, or -1."""
    found = np.full(count, -1, np.int64)
    kept = owner >= 0
    found[owner[kept][::-1]] = rows[kept][::-1]
    return found


def ordinal(owner: Positions) -> Positions:
    """Position of each row among those of its owner, from 1; rows of an owner stand together."""
    here = np.arange(len(owner))
    begins = np.append(True, owner[1:] != owner[:-1])[: len(owner)]
    return here - np.maximum.accumulate(np.where(begins, here, 0)) + 1


@dataclass(frozen=True, slots=True)
class Loops:
    """The anchors of each level, outermost level first.

    An anchor holds until the next anchor of its own or an outer level.
    """

    segments: Segments
    anchors: Mapping[str, Positions]
    _latest: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)
    _outer: dict[str, Positions | None] = field(
        default_factory=dict[str, Positions | None], repr=False
    )
    _deeper: dict[str, Positions | None] = field(
        default_factory=dict[str, Positions | None], repr=False
    )
    _index: dict[str, Positions] = field(default_factory=dict[str, Positions], repr=False)
    parts: dict[tuple[str, int], "Parts"] = field(  # what `parts` has made
        default_factory=dict[tuple[str, int], "Parts"], repr=False
    )

    def and_inside(self, name: str, anchors: Positions) -> "Loops":
        """The same loops with one more level, innermost; what is known of the others is shared."""
        more = {**self.anchors, name: anchors}
        return Loops(self.segments, more, self._latest, self._outer, {}, self._index)

    def at(self, level: str, rows: Positions) -> Positions:
        """For each row the position of its anchor on this level, or -1."""
        found = self._last_of(level).take(rows, mode="wrap")
        outer = self._outer_of(level)
        if outer is None:
            return found
        found[outer.take(rows, mode="wrap") > found] = -1
        return found

    def owner(self, level: str, rows: Positions) -> Positions:
        """For each row the index of its anchor on this level, -1 where it is in no such loop."""
        return self._index_of(level).take(self.at(level, rows), mode="wrap")

    def innermost(self, level: str, rows: Positions) -> Positions:
        """Like `owner`, but -1 for rows that are in a loop of a deeper level."""
        found = self.at(level, rows)
        deeper = self._deeper_of(level)
        if deeper is not None:
            found[deeper.take(rows, mode="wrap") > found] = -1
        return self._index_of(level).take(found, mode="wrap")

    def first(
        self,
        level: str,
        rows: Positions,
        codes: NDArray[np.uint32],
        wanted: tuple[str, ...],
        *,
        direct: bool = True,
    ) -> Positions:
        """Per anchor of the level its first row with one of the wanted codes (of any), else -1."""
        count = len(self.anchors[level])
        if self.segments.fast:
            outer, deeper = self._outer_of(level), self._deeper_of(level) if direct else None
            places = self._last_of(level), outer, deeper, self._index_of(level)
            return self.segments.fast.first_in_loop(rows, codes, _packed(wanted), *places, count)
        kept = rows[np.isin(codes, _packed(wanted))] if wanted else rows
        owner = self.innermost(level, kept) if direct else self.owner(level, kept)
        return pick(count, owner, kept)

    def _last_of(self, level: str) -> Positions:
        """Per segment the last anchor of the level at or before it; -1 where there is none.

        One place more stands for no segment, which is in no loop.
        """
        if level not in self._latest:
            anchors, size = self.anchors[level], len(self.segments)
            edges = np.concatenate(([0], anchors, [size, size + 1]))
            values = np.concatenate(([-1], anchors, [-1])).astype(np.int32)  # there are many
            self._latest[level] = np.repeat(values, np.diff(edges))
        return self._latest[level]

    def _outer_of(self, level: str) -> Positions | None:
        """Per segment the last anchor of any outer level; None where there is no such level."""
        if level not in self._outer:
            names = list(self.anchors)
            self._outer[level] = self._greatest(names[: names.index(level)], self._outer)
        return self._outer[level]

    def _deeper_of(self, level: str) -> Positions | None:
        """Per segment the last anchor of any deeper level; None where there is no such level."""
        if level not in self._deeper:
            names = list(self.anchors)[::-1]
            self._deeper[level] = self._greatest(names[: names.index(level)], self._deeper)
        return self._deeper[level]

    def _greatest(
        self, names: list[str], known: Mapping[str, Positions | None]
    ) -> Positions | None:
        """Per segment the last anchor of any of these levels; `known` has it for fewer of them."""
        if not names:
            return None
        *fewer, last = names
        others = known[last] if last in known else self._greatest(fewer, known)
        mine = self._last_of(last)
        return mine if others is None else np.maximum(others, mine)

    def _index_of(self, level: str) -> Positions:
        """Per segment which anchor of the level it is, from 0; -1 where it is none."""
        if level not in self._index:
            index = np.full(len(self.segments) + 1, -1, np.int32)
            index[self.anchors[level]] = np.arange(len(self.anchors[level]))
            self._index[level] = index
        return self._index[level]


def group_header(found: Segments, rows: Positions) -> Positions:
    """For each row the GS it stands under, or -1."""
    return Loops(found, {"interchange": found.of("ISA"), "group": found.of("GS")}).at("group", rows)


@dataclass(frozen=True, slots=True)
class Parts:
    """All segments of one id with their qualifier, to pick one per loop from.

    What was picked is remembered.
    """

    rows: Positions
    qualifiers: np.ndarray[tuple[int], np.dtype[np.uint32]]
    loops: Loops
    _picked: dict[tuple[str, tuple[str, ...], bool], Positions] = field(
        default_factory=dict[tuple[str, tuple[str, ...], bool], Positions], repr=False
    )

    def of(self, level: str, *qualifiers: str, direct: bool = True) -> Positions:
        """Per anchor of the level its first segment with one of these qualifiers, else -1."""
        key = level, qualifiers, direct
        if key not in self._picked:
            self._picked[key] = self._first(level, qualifiers, direct=direct)
        return self._picked[key]

    def _first(self, level: str, qualifiers: tuple[str, ...], *, direct: bool) -> Positions:
        if not len(self.rows) or (qualifiers and not self.having(*qualifiers).any()):
            return np.full(len(self.loops.anchors[level]), -1, np.int64)
        return self.loops.first(level, self.rows, self.qualifiers, qualifiers, direct=direct)

    def any_of(self, level: str) -> Positions:
        """Per anchor of the level its first such segment, whatever the qualifier, else -1."""
        return self.of(level)

    def having(self, *qualifiers: str) -> Mask:
        """Which of the segments have one of these qualifiers."""
        found = np.zeros(len(self.rows), np.bool_)
        for name in qualifiers:
            found |= self.qualifiers == packed(name)
        return found


def parts(loops: Loops, name: str, element: int = 1) -> Parts:
    """The segments with this id, their qualifier read from `element`."""
    key = name, element
    if key not in loops.parts:
        rows, codes = loops.segments.of(name), loops.segments.qualifiers(name, element)
        loops.parts[key] = Parts(rows, codes, loops)
    return loops.parts[key]


def _packed(qualifiers: tuple[str, ...]) -> NDArray[np.uint32]:
    return np.array([packed(name) for name in qualifiers], np.uint32)
