"""A stream of X12 as chunks of whole claims, each readable on its own.

A chunk ends before an interchange, group, set, hierarchical level, claim or answer to a set.  What
the rest of its transaction set needs to be understood (envelope, header, billing provider and
subscriber) is put before the next chunk as `context`.  So a set may be larger than memory, and
every chunk is read by the same code, which never looks at another chunk.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np

from analytics.errors import UnreadableFileError
from analytics.ingest.x12.cutting import merged, segments
from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.envelope import BOUNDS
from analytics.ingest.x12.interchanges import BLANK, NOT_X12, Run, Text, runs
from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.pieces import Piece
from analytics.ingest.x12.spans import Integers, Positions
from analytics.ingest.x12.tokens import Segments

_REPLIES = (packed("999"), packed("997"))
_CUTS = {  # before what a set may be cut, by type
    packed("835"): "CLP",
    packed("837"): "CLM",
    packed("277"): "HL",
    **dict.fromkeys(_REPLIES, "AK2"),
}
# What a claim stands under, as HL03, outermost first; an 837 may be cut there, too.
_LEVELS = {packed("837"): ("20", "22", "23"), packed("277"): ("20", "21", "19")}
_LOOK = 1 << 12  # bytes at the end of a text in which its last segment mostly ends
_LONGEST_CLAIM = 1 << 25  # bytes without a place to cut: no claim is so long


@dataclass
class _Reader:
    """What is known between one chunk and the next."""

    next_record: int
    largest: int = 1  # bytes that come at a time
    is_blank: bool = True
    pending: bytes = b""  # text not yet given out
    fresh: Text = b""  # and what came behind it, not yet copied
    enough: int = 0  # pending bytes before it is worth looking for a cut again
    is_begun: bool = False  # a part of this run is given out
    context: bytes = b""
    context_records: Integers = field(default_factory=lambda: np.zeros(0, np.int64))

    def __len__(self) -> int:
        return len(self.pending) + len(self.fresh)

    def add(self, text: Text) -> None:
        """More text comes."""
        self.pending, self.fresh = self.pending + self.fresh, text

    def drop(self, count: int) -> None:
        """So many bytes are given out."""
        known, fresh = len(self.pending), self.fresh
        self.pending = self.pending[count:] + fresh[max(0, count - known) :]
        self.fresh = b""

    def watched(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks."""
        for block in blocks:
            self.largest = max(self.largest, len(block))
            self.is_blank = self.is_blank and not block.strip(BLANK)
            yield block


def chunks(blocks: Iterable[bytes], first_record: int = 1) -> Iterator[Segments]:
    """The segments of a stream, in chunks of whole claims, numbered from `first_record`.

    Raises UnreadableFileError where the text is empty or not X12.
    """
    reader = _Reader(next_record=first_record)
    whole: dict[Delimiters, list[Segments]] = {}  # runs, which may be many and short
    size, is_x12 = 0, False
    for run in runs(reader.watched(blocks)):
        is_x12 = True
        for found, is_whole in _cut(reader, run):
            if not is_whole or size > reader.largest:
                yield from map(merged, whole.values())
                whole, size = {}, 0
            if is_whole:
                whole.setdefault(run.delimiters, []).append(found)
                size += len(found.data)
            else:
                yield found
    yield from map(merged, whole.values())
    if not is_x12:
        raise UnreadableFileError("the file is empty" if reader.is_blank else NOT_X12)


def resumed(blocks: Iterable[bytes], piece: Piece, before: int = 0) -> Iterator[Segments]:
    """The segments of a piece of a file, in chunks; `before` is added to their numbers."""
    records = np.array(piece.context_records, np.int64) + before
    reader = _Reader(piece.first_record + before, context=piece.context, context_records=records)
    reader.is_begun, held = True, b""
    for block in reader.watched(blocks):
        for found, _ in _cut(reader, Run(piece.delimiters, held)) if held else ():
            yield found
        held = block
    for found, _ in _cut(reader, Run(piece.delimiters, held, ends=True)):
        yield found


def _cut(reader: _Reader, run: Run) -> Iterator[tuple[Segments, bool]]:
    """The chunks that this text completes, each with whether it is the whole of a run."""
    pieces = max(1, len(run.text) // reader.largest)  # a little more is no piece of its own
    step = -(-len(run.text) // pieces) or 1
    for at in range(0, len(run.text) or 1, step):
        reader.add(run.text[at : at + step])
        is_last = run.ends and at + step >= len(run.text)
        if len(reader) > _LONGEST_CLAIM and reader.enough:
            most = _LONGEST_CLAIM >> 20
            raise UnreadableFileError(f"no claim ends within {most} MB: this is not usable X12")
        if is_last or len(reader) >= reader.enough:
            yield from _drain(reader, run.delimiters, final=is_last)


def _drain(
    reader: _Reader, delimiters: Delimiters, *, final: bool
) -> Iterator[tuple[Segments, bool]]:
    """Give out what is complete; at the end of a run, everything."""
    found = _tokenize(reader, delimiters, final=final)
    count = len(found) if final else _last_cut(found)
    if count > found.context:
        yield found.head(count), final and not reader.is_begun
        reader.next_record = int(found.record_no[count - 1]) + 1
        reader.is_begun = True
    if final:
        reader.drop(len(reader))
        reader.context, reader.enough = b"", 0
        reader.is_begun = False
        reader.context_records = reader.context_records[:0]
    elif count > found.context:
        _advance(reader, found, count)
    else:
        reader.enough = 2 * len(reader)


def _tokenize(reader: _Reader, delimiters: Delimiters, *, final: bool) -> Segments:
    """The context and the pending text up to its last terminator, cut into segments."""
    mark = bytes([delimiters.terminator])
    pending, fresh = reader.pending, memoryview(reader.fresh)
    if not final:
        end = _behind_last(fresh, mark)
        pending, fresh = pending if end else pending[: pending.rfind(mark) + 1], fresh[:end]
    texts = reader.context, pending, fresh, mark if final else b""
    found = segments(*texts, delimiters=delimiters)
    known = len(reader.context_records)
    numbers = np.arange(reader.next_record, reader.next_record + len(found) - known, dtype=np.int64)
    records = np.concatenate((reader.context_records, numbers))
    return replace(found, record_no=records, context=known)


def _behind_last(text: memoryview, mark: bytes) -> int:
    """The place behind the last mark of a text, looked for from its end; 0 where there is none."""
    start = len(text)
    while start > 0:
        start = max(0, len(text) - max(_LOOK, 4 * (len(text) - start)))
        if (at := bytes(text[start:]).rfind(mark)) >= 0:
            return start + at + 1
    return 0


def _last_cut(found: Segments) -> int:
    """How many segments can be given out: up to the last place where a chunk may end."""
    opened, closed = _last(found, "ST"), max(_last(found, name) for name in BOUNDS)
    kind = _kind(found)
    if opened <= closed or kind not in _CUTS:
        return len(found)  # nothing that is kept goes on from here
    return max(opened, *map(_last_of, _places(found, kind)))


def _kind(found: Segments) -> int:
    """The type of the last set, packed; 0 where there is none."""
    sets = found.of("ST")
    return int(found.qualifier(sets[-1:])[0]) if len(sets) else 0


def _places(found: Segments, kind: int) -> list[Positions]:
    """Where sets of this type may be cut."""
    return [found.of(_CUTS[kind]), *_levels(found, kind)]


def _levels(found: Segments, kind: int) -> list[Positions]:
    """The levels of a set, outermost first; an HL of another kind begins nothing that we know."""
    rows = found.of("HL")
    level = found.qualifiers("HL", 3)
    return [rows[level == packed(name)] for name in _LEVELS.get(kind, ())]


def _advance(reader: _Reader, found: Segments, count: int) -> None:
    """Drop what was given out from the pending text, and keep its context."""
    end = int(found.start[count]) if count < len(found) else _end(found, len(found) - 1) + 1
    reader.drop(end - len(reader.context))
    reader.enough = 0
    kept = _context(found, count)
    reader.context_records = found.record_no[kept]
    first, last = kept[np.diff(kept, prepend=-2) != 1], kept[np.diff(kept, append=-2) != 1]
    places = zip(found.start[first].tolist(), map(partial(_end, found), last), strict=True)
    reader.context = b"".join(found.data[start : end + 1].tobytes() for start, end in places)


def _end(found: Segments, row: int) -> int:
    return int(found.cut[found.first[row] + found.width[row] - 1])


def _context(found: Segments, count: int) -> Positions:
    """The segments before `count` that what follows needs."""
    head = found.head(count)
    cutting = found.code[count] if count < len(found) else 0
    if cutting == packed("ISA"):
        return np.zeros(0, np.int64)
    outer = [_last(head, "ISA")]
    if cutting != packed("GS") and _last(head, "GS") > outer[0]:
        outer.append(_last(head, "GS"))
    kept = np.array([row for row in outer if row >= 0], np.int64)
    opened, closed = _last(head, "ST"), max(_last(head, name) for name in BOUNDS)
    if cutting in (packed("GS"), packed("ST")) or opened <= closed:
        return kept
    return np.concatenate((kept, *_set_context(head, opened)))


def _set_context(head: Segments, opened: int) -> list[Positions]:
    """Header of the open set, and the levels above now in force."""
    kind = _kind(head)
    if kind not in _CUTS:
        return [np.array([opened])]
    places, groups = _places(head, kind), head.of("LX")
    kept: list[Positions] = [np.arange(opened, _next([*places, groups], opened, len(head)))]
    if kind in _REPLIES and _last(head, "AK1") > kept[0][-1]:
        kept.append(head.of("AK1")[-1:])
    outer = opened
    for same in _levels(head, kind):
        if len(same) and same[-1] > outer:
            outer = int(same[-1])
            kept.append(np.arange(outer, _next(places, outer, len(head))))
    return kept


def _next(places: Iterable[Positions], low: int, end: int) -> int:
    """The first of these places after `low`; `end` where there is none."""
    following = (rows[np.searchsorted(rows, low, side="right") :] for rows in places)
    return min((int(rows[0]) for rows in following if len(rows)), default=end)


def _last(found: Segments, name: str) -> int:
    return _last_of(found.of(name))


def _last_of(rows: Positions) -> int:
    return int(rows[-1]) if len(rows) else -1
