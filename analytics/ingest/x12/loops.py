"""Which loop a segment is in, by looking back to the nearest anchor of each level."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Mask, Positions
from analytics.ingest.x12.tokens import Segments

_Pick: TypeAlias = tuple[str, int, str, tuple[str, ...], bool]


def nearest(anchors: Positions, rows: Positions) -> Positions:
    """For each row the index of the last anchor at or before it; -1 where there is none."""
    return np.searchsorted(anchors, rows, side="right") - 1


def place(anchors: Positions, index: Positions) -> Positions:
    """``anchors[index]``, and -1 where the index is -1."""
    return np.append(anchors, -1).take(index, mode="wrap")  # -1 is the last of them


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
class Places:
    """Where each segment stands in the loops; one place more stands for no segment."""

    owners: Mapping[str, Positions]  # level -> index of the anchor of its loop, or -1
    depth: Positions  # the deepest level it is in a loop of, or -1
    latest: Positions  # the last anchor of any level at or before it, or -1

    @classmethod
    def of_none(cls, size: int) -> "Places":
        """Without any level."""
        return cls({}, np.full(size + 1, -1, np.int8), np.full(size + 1, -1, np.int32))

    def deeper(self, anchors: Mapping[str, Positions], fast: Any) -> "Places":
        """With more levels, whose loops end at the next anchor of any level so far."""
        latest, depth = self.latest.copy(), self.depth.copy()
        owners, place = dict(self.owners), fast.deeper if fast else _deeper
        for name, of_level in anchors.items():
            if len(of_level):
                owners[name] = place(of_level, len(owners), latest, depth)
            else:
                owners[name] = np.full(len(latest), -1, np.int32)
        return Places(owners, depth, latest)


def _deeper(anchors: Positions, level: int, latest: Positions, depth: Positions) -> Positions:
    """Per segment which anchor of one more level it is under; `latest` and `depth` are changed."""
    size = len(latest) - 1
    lengths = np.diff(np.concatenate(([0], anchors, [size, size + 1])))
    at = np.repeat(np.concatenate(([-1], anchors, [-1])), lengths)
    owner = np.repeat(np.arange(-1, len(anchors) + 1, dtype=np.int32), lengths)
    owner[(latest > at) | (at < 0)] = -1
    depth[owner >= 0] = level
    np.maximum(latest, at, out=latest, casting="same_kind")
    return owner


@dataclass(frozen=True)
class Loops:
    """The anchors of each level, outermost level first.

    An anchor holds until the next anchor of its own or an outer level.
    """

    segments: Segments
    anchors: Mapping[str, Positions]
    _outer: "Loops | None" = field(default=None, repr=False)  # the same without the last level
    picked: dict["_Pick", Positions] = field(  # what `Parts` picked
        default_factory=dict["_Pick", Positions], repr=False
    )

    @cached_property
    def grouped(self) -> dict[tuple[str, int], dict[int, Positions] | None]:
        """What `Parts` grouped, by id and element."""
        return {}

    def and_inside(self, name: str, anchors: Positions) -> "Loops":
        """The same loops with one more level, innermost; what is known of the others is shared."""
        return Loops(self.segments, {**self.anchors, name: anchors}, self)

    @cached_property
    def _places(self) -> Places:
        fast, outer = self.segments.fast, self._outer
        known = Places.of_none(len(self.segments)) if outer is None else outer._places  # noqa: SLF001
        more = {name: at for name, at in self.anchors.items() if name not in known.owners}
        return known.deeper(more, fast)

    def at(self, level: str, rows: Positions) -> Positions:
        """For each row the position of its anchor on this level, or -1."""
        return place(self.anchors[level], self.owner(level, rows))

    def owner(self, level: str, rows: Positions) -> Positions:
        """For each row the index of its anchor on this level, -1 where it is in no such loop."""
        return self._places.owners[level].take(rows, mode="wrap")

    def innermost(self, level: str, rows: Positions) -> Positions:
        """Like `owner`, but -1 for rows that are in a loop of a deeper level."""
        found = self.owner(level, rows)
        found[self._places.depth.take(rows, mode="wrap") > self._number(level)] = -1
        return found

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
        count, places = len(self.anchors[level]), self._places
        if self.segments.fast:
            number = self._number(level) if direct else -1
            owners = places.owners[level], places.depth, number
            return self.segments.fast.first_in_loop(rows, codes, _packed(wanted), *owners, count)
        kept = rows[np.isin(codes, _packed(wanted))] if wanted else rows
        owner = self.innermost(level, kept) if direct else self.owner(level, kept)
        return pick(count, owner, kept)

    def _number(self, level: str) -> int:
        return list(self.anchors).index(level)


def group_header(found: Segments, rows: Positions) -> Positions:
    """For each row the GS it stands under, or -1."""
    outer = found.of("ISA", "GS")
    above = place(outer, nearest(outer, rows))
    return np.where(found.code.take(above, mode="wrap") == packed("GS"), above, -1)


@dataclass(frozen=True, slots=True)
class Parts:
    """All segments of one id with their qualifier, to pick one per loop from.

    The loops remember what was picked; they do not remember this, as circles would keep a chunk.
    """

    loops: Loops
    name: str
    element: int
    rows: Positions
    qualifiers: np.ndarray[tuple[int], np.dtype[np.uint32]]

    def of(self, level: str, *qualifiers: str, direct: bool = True) -> Positions:
        """Per anchor of the level its first segment with one of these qualifiers, else -1."""
        key, picked = (self.name, self.element, level, qualifiers, direct), self.loops.picked
        if key not in picked:
            picked[key] = self._first(level, qualifiers, direct=direct)
        return picked[key]

    def _first(self, level: str, qualifiers: tuple[str, ...], *, direct: bool) -> Positions:
        rows = self.rows
        if len(qualifiers) == 1 and (grouped := self._grouped) is not None:
            rows, qualifiers = grouped.get(packed(qualifiers[0]), rows[:0]), ()
        if not len(rows) or (qualifiers and not self.having(*qualifiers).any()):
            return np.full(len(self.loops.anchors[level]), -1, np.int64)
        return self.loops.first(level, rows, self.qualifiers, qualifiers, direct=direct)

    @property
    def _grouped(self) -> dict[int, Positions] | None:
        """The segments by qualifier, so that looking for one leaves the others alone."""
        key, known = (self.name, self.element), self.loops.grouped
        if key not in known:
            fast = self.loops.segments.fast
            places = fast.grouped(self.qualifiers) if fast else None
            known[key] = places and {code: self.rows[at] for code, at in places.items()}
        return known[key]

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
    found = loops.segments
    return Parts(loops, name, element, found.of(name), found.qualifiers(name, element))


def _packed(qualifiers: tuple[str, ...]) -> NDArray[np.uint32]:
    return np.array([packed(name) for name in qualifiers], np.uint32)
