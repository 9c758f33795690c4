"""A stream of X12 as chunks of whole claims, each readable on its own.

A chunk ends before an interchange, group, set, hierarchical level, claim or answer to a set.  What
the rest of its transaction set needs to be understood (envelope, header, billing provider and
subscriber) is put before the next chunk as `context`.  So a set may be larger than memory, and
every chunk is read by the same code, which never looks at another chunk.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import numpy as np

from analytics.errors import UnreadableFileError
from analytics.ingest.x12 import delimiters as dl
from analytics.ingest.x12.cutting import segments
from analytics.ingest.x12.envelope import BOUNDS
from analytics.ingest.x12.spans import Positions
from analytics.ingest.x12.tokens import Segments, packed

_ISA_INSIDE = re.compile(rb"(?<=[0-9\s])ISA(?=[^A-Za-z0-9\s])", re.IGNORECASE)
_BOUNDS = ("ISA", "GS", "ST")
_REPLIES = (packed("999"), packed("997"))
_CUTS = {  # where a set may be cut, by type
    packed("835"): ("CLP",),
    packed("837"): ("HL", "CLM"),
    packed("277"): ("HL",),
    **dict.fromkeys(_REPLIES, ("AK2",)),
}
# What a claim stands under, as HL03, outermost first.
_LEVELS = {packed("837"): ("20", "22", "23"), packed("277"): ("20", "21", "19")}
_LONGEST_CLAIM = 1 << 28  # bytes without a place to cut: no claim is so long


@dataclass
class _Reader:
    """What is known between one chunk and the next."""

    delimiters: dl.Delimiters | None = None
    pending: bytes = b""  # text not yet given out
    enough: int = 0  # pending bytes before it is worth looking for a cut again
    context: bytes = b""
    context_records: list[int] = field(default_factory=list[int])
    next_record: int = 1


def chunks(blocks: Iterable[bytes], first_record: int = 1) -> Iterator[Segments]:
    """The segments of a stream, in chunks of whole claims, numbered from `first_record`.

    Raises UnreadableFileError where the text is empty or not X12.
    """
    reader = _Reader(next_record=first_record)
    held = b""
    for block in blocks:
        reader.pending += held  # only the last block may be read to its end
        held = block
        if len(reader.pending) > _LONGEST_CLAIM:
            raise UnreadableFileError("no claim ends within 256 MB: this is not usable X12")
        if len(reader.pending) >= reader.enough:
            yield from _drain(reader, final=False)
    reader.pending += held
    yield from _drain(reader, final=True)
    if reader.delimiters is None:
        raise UnreadableFileError(_why_unreadable(reader.pending))


def _drain(reader: _Reader, *, final: bool) -> Iterator[Segments]:
    """Give out what is complete; at the end of the stream, everything."""
    while reader.pending.strip(b"\r\n\t \0\x1a"):
        if reader.delimiters is None and not _start(reader, final=final):
            return
        found = _tokenize(reader, final=final)
        if found is None:
            return
        other = _other_interchange(found, reader)
        count = other if other is not None else len(found) if final else _last_cut(found)
        if count > found.context:
            yield found.head(count)
        if other is None and final:
            reader.pending = b""
            return
        if other is None and count <= found.context:
            reader.enough = 2 * len(reader.pending)
            return
        _advance(reader, found, count)
        reader.enough = 0
        if other is not None:
            reader.delimiters, reader.context, reader.context_records = None, b"", []


def _start(reader: _Reader, *, final: bool) -> bool:
    """Find the delimiters of what comes next; False where more text is needed or nothing is X12."""
    text = reader.pending
    if len(text) < 2 * dl.ISA_SPAN and not final:
        return False
    at = _isa(text)
    # A set may stand before the first whole ISA: a fragment, or one whose own ISA is damaged.
    before = dl.in_fragment(text[: at if at >= 0 else 1 << 16])
    reader.delimiters = before or (dl.at_isa(text, at) if at >= 0 else None)
    if at > 0 and not before:
        reader.pending = text[at:]
    return reader.delimiters is not None


def _isa(text: bytes) -> int:
    """Where the first ISA begins that starts the text or follows what cannot be part of a word."""
    upper = text[: 1 << 16].upper()
    at = upper.find(b"ISA")
    while at >= 0:
        if dl.at_isa(text, at) and not upper[at - 1 : at].isalnum():
            return at
        at = upper.find(b"ISA", at + 1)
    return -1


def _tokenize(reader: _Reader, *, final: bool) -> Segments | None:
    """The context and the pending text up to its last terminator, cut into segments."""
    delimiters = reader.delimiters
    if delimiters is None:
        return None
    mark = bytes([delimiters.terminator])
    end = reader.pending.rfind(mark) + 1
    body = reader.pending + mark if final else reader.pending[:end]
    tail = reader.pending[end : end + 64].lstrip()
    if not final and tail[:3].upper() == b"ISA" and len(reader.pending) - end > 2 * dl.ISA_SPAN:
        body += reader.pending[end : end + dl.ISA_SPAN] + mark
    if not body:
        return None
    found = segments(reader.context + body, delimiters)
    unmarked = _unmarked(found, len(reader.context))
    if unmarked:
        reader.pending = _marked(reader.pending, unmarked, mark)
        return _tokenize(reader, final=final)
    known = len(reader.context_records)
    numbers = np.arange(reader.next_record, reader.next_record + len(found) - known, dtype=np.int64)
    records = np.concatenate((np.array(reader.context_records, np.int64), numbers))
    return replace(found, record_no=records, context=known)


def _unmarked(found: Segments, context: int) -> list[int]:
    """Where in the pending text an ISA follows an IEA without a terminator between them.

    So it is in files put behind one another when the last segment of one was not terminated.
    """
    rows = found.of("IEA").tolist()
    texts = [(int(found.start[i]), _text(found, i)) for i in rows]
    hits = [(start, _ISA_INSIDE.search(text)) for start, text in texts if start >= context]
    return [start + hit.start() - context for start, hit in hits if hit]


def _marked(text: bytes, places: list[int], mark: bytes) -> bytes:
    """The text with a terminator put in at these places."""
    ends = [*places, len(text)]
    parts = [text[a:b] for a, b in zip([0, *places], ends, strict=True)]
    return mark.join(parts)


def _text(found: Segments, row: int) -> bytes:
    return found.data[int(found.start[row]) : _end(found, row)].tobytes()


def _other_interchange(found: Segments, reader: _Reader) -> int | None:
    """The first segment that begins an interchange with other delimiters, if any."""
    start = found.start
    isa = np.frombuffer(b"ISA", np.uint8)
    looks = np.ones(len(start), np.bool_)
    for place in range(3):
        looks &= (found.data[start + place] & 0xDF) == isa[place]
    looks[: found.context] = False
    text = found.data
    for row in np.flatnonzero(looks).tolist():
        at = int(start[row])
        here = dl.at_isa(text[at : at + dl.ISA_SPAN].tobytes(), 0)
        if here is not None and here != reader.delimiters:
            return row
    return None


def _last_cut(found: Segments) -> int:
    """How many segments can be given out: up to the last place where a chunk may end."""
    kind = _kind(found)
    if kind and kind not in _CUTS:
        return len(found)  # nothing of this set is kept, so it may be cut anywhere
    cuts = found.new(*_BOUNDS, *_CUTS.get(kind, ()))
    return int(cuts[-1]) if len(cuts) else 0


def _kind(found: Segments) -> int:
    """The type of the last set, packed; 0 where there is none."""
    sets = found.of("ST")
    return int(found.qualifier(sets[-1:])[0]) if len(sets) else 0


def _advance(reader: _Reader, found: Segments, count: int) -> None:
    """Drop what was given out from the pending text, and keep its context."""
    text = found.data.tobytes()
    end = int(found.start[count]) if count < len(found) else _end(found, len(found) - 1) + 1
    kept = _context(found, count)
    reader.pending = reader.pending[end - len(reader.context) :]
    reader.context = b"".join(text[int(found.start[i]) : _end(found, i) + 1] for i in kept)
    reader.context_records = [int(found.record_no[i]) for i in kept]
    reader.next_record = int(found.record_no[count - 1]) + 1


def _end(found: Segments, row: int) -> int:
    return int(found.cut[found.first[row] + found.width[row] - 1])


def _context(found: Segments, count: int) -> list[int]:
    """The segments before `count` that what follows needs."""
    head = found.head(count)
    cutting = found.code[count] if count < len(found) else 0
    kept = [_last(head, "ISA")]
    if cutting == packed("ISA"):
        return []
    if cutting != packed("GS") and _last(head, "GS") > kept[0]:
        kept.append(_last(head, "GS"))
    opened, closed = _last(head, "ST"), max(_last(head, name) for name in BOUNDS)
    if cutting not in (packed("GS"), packed("ST")) and opened > closed:
        kept += _set_context(head, opened)
    return [row for row in kept if row >= 0]


def _set_context(head: Segments, opened: int) -> list[int]:
    """Header of the open set, and the levels above now in force."""
    kind = _kind(head)
    if kind not in _CUTS:
        return [opened]
    stops = _after(head.of("LX", *_CUTS[kind]), opened)
    kept = list(range(opened, int(stops[0]) if len(stops) else len(head)))
    levels = _after(head.of("HL"), opened)
    if kind in _REPLIES and _last(head, "AK1") > kept[-1]:
        return [*kept, _last(head, "AK1")]
    if kind not in _LEVELS or not len(levels):
        return kept
    ends = np.append(_after(head.of("HL", "CLM"), opened), len(head))
    level = head.qualifier(levels, 3)
    outer = opened
    for name in _LEVELS[kind]:
        same = levels[level == packed(name)]
        if len(same) and same[-1] > outer:
            outer = int(same[-1])
            kept += range(outer, int(ends[np.searchsorted(ends, outer, side="right")]))
    return kept


def _after(rows: Positions, low: int) -> Positions:
    return rows[rows > low]


def _last(found: Segments, name: str) -> int:
    rows = found.of(name)
    return int(rows[-1]) if len(rows) else -1


def _why_unreadable(text: bytes) -> str:
    return "the file is empty" if not text.strip() else "this is not X12: no ISA and no ST segment"
