"""Text cut into segments and elements: one pass finds the delimiters."""

from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.packing import blanks, codes
from analytics.ingest.x12.spans import PAD, Bytes, Mask, Positions, Span, stripped
from analytics.ingest.x12.tokens import Segments

# Bytes of a chunk from which on machine code is worth its calls, and bytes to read in a process
# from which on it is worth its start, which takes half a second.
WORTH_IT = 4 << 20
WORTH_STARTING = 64 << 20
_bytes = {"announced": 0, "cut": 0}  # of this process


def announce(size: int) -> None:
    """Say that so many bytes are about to be read."""
    _bytes["announced"] = max(_bytes["announced"], size)


def segments(*texts: bytes | memoryview, delimiters: Delimiters, first_record: int = 1) -> Segments:
    """Cut a chunk, which must end with a terminator, into segments.  Copies the texts once."""
    parts = [*(np.frombuffer(text, np.uint8) for text in texts), np.zeros(PAD, np.uint8)]
    data = np.concatenate(parts)
    size = len(data) - PAD
    _bytes["cut"] += size
    fast = machine_code(size)
    cutter = fast.cut if fast else _cut
    cut, start, first, width, code, lead, bare = cutter(data, size, delimiters, blanks(delimiters))
    padded = None if fast else _padded(data, cut, delimiters)
    records = np.arange(first_record, first_record + len(first), dtype=np.int64)
    return Segments(
        data, delimiters, cut, start, first, width, code, records, lead,
        padded=padded, bare=bare, fast=fast,
    )  # fmt: skip


def machine_code(size: int) -> Any:
    """The module `compiled` where it is worth its calls for a text of so many bytes, or None."""
    is_much = size >= WORTH_IT and max(_bytes.values()) >= WORTH_STARTING
    return _compiled() if is_much else None


@cache
def _compiled() -> Any:
    """The module `compiled`; None without the extra that it needs."""
    try:
        return import_module("analytics.ingest.x12.compiled")
    except ImportError:
        return None


def _cut(
    data: Bytes, size: int, delimiters: Delimiters, blank: Mask
) -> tuple[Positions, Positions, Positions, Positions, NDArray[np.uint32], None, int]:
    """Where elements end; per segment its start, first element, width and id."""
    is_end = data[:size] == delimiters.terminator
    cut = np.flatnonzero((data[:size] == delimiters.element) | is_end)
    last = np.flatnonzero(is_end.take(cut))
    first = np.concatenate((np.zeros(1, np.int64), last[:-1] + 1))[: len(last)]
    start = np.where(first == 0, 0, cut.take(first - 1, mode="wrap") + 1)
    body = Span(start, cut[last] - start)
    if blank[data[start]].any():
        body = stripped(data, body, blank)
    kept = body.length > 0
    if not kept.all():
        body, first, last = body.where(kept), first[kept], last[kept]
    code = _ids(data, Span(body.start, cut[first] - body.start), blank)
    return cut, body.start, first, last - first + 1, code, None, size


def _padded(data: Bytes, cut: Positions, delimiters: Delimiters) -> Mask | None:
    """Per element whether a blank stands at one of its ends; None where there is none at all.

    Blanks before a segment, mostly line ends, are no part of an element.
    """
    blank = np.flatnonzero(data[: len(data) - PAD] <= ord(" "))
    before, after = data.take(blank - 1, mode="wrap"), data.take(blank + 1)
    ends = (delimiters.element, delimiters.terminator)
    beside = (before == delimiters.element) | (after == ends[0]) | (after == ends[1])
    marks = blank[beside]
    if not len(marks):
        return None
    padded = np.zeros(len(cut), np.bool_)
    padded[np.minimum(np.searchsorted(cut, marks), len(cut) - 1)] = True
    return padded


def is_torn(found: Segments) -> bool:
    """Whether the last segment ends where the chunk does: in a file's last, it was cut off there.

    Behind the last chunk of a file stands one terminator more than the file has.
    """
    return bool(len(found)) and int(found.first[-1] + found.width[-1]) == len(found.cut)


def merged(chunks: Sequence[Segments]) -> Segments:
    """Several whole files with the same delimiters as one chunk."""
    if len(chunks) == 1:
        return chunks[0]
    shift = np.cumsum([0, *(len(c.data) for c in chunks)])
    cuts = np.cumsum([0, *(len(c.cut) for c in chunks)])
    kind = np.int32 if any(c.fast for c in chunks) else np.int64  # the kinds that are compiled
    none = [np.zeros(len(c.cut), np.bool_) if c.padded is None else c.padded for c in chunks]
    return Segments(
        np.concatenate([c.data for c in chunks]),
        chunks[0].delimiters,
        np.concatenate([c.cut + s for c, s in zip(chunks, shift, strict=False)]).astype(kind),
        np.concatenate([c.start + s for c, s in zip(chunks, shift, strict=False)]).astype(kind),
        np.concatenate([c.first + s for c, s in zip(chunks, cuts, strict=False)]).astype(kind),
        np.concatenate([c.width for c in chunks]).astype(kind),
        np.concatenate([c.code for c in chunks]),
        np.concatenate([c.record_no for c in chunks]),
        None,
        padded=np.concatenate(none),
        fast=next((c.fast for c in chunks if c.fast), None),
    )


def _ids(data: Bytes, span: Span, blank: Mask) -> NDArray[np.uint32]:
    """Segment ids as numbers; blanks before the first delimiter are rare, and left out."""
    code = codes(data, span, shortest=2)
    ends_blank = blank[data.take(span.start + span.length - 1, mode="wrap")]
    odd = np.flatnonzero(((code == 0) | ends_blank) & (span.length > 0))
    if len(odd):
        code[odd] = codes(data, stripped(data, span.where(odd), blank), shortest=2)
    return code
