"""A large file of X12 in pieces that are read apart, by other processes: where each begins.

A piece begins with a transaction set.  What stands before it and is needed to read it, the ISA and
GS in force and how many segments there were, goes along, as a chunk carries its context.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import BinaryIO, TypeAlias, cast

import numpy as np

from analytics.errors import UnreadableFileError
from analytics.ingest.x12.cutting import segments
from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.interchanges import Run, runs
from analytics.ingest.x12.text import blocks
from analytics.ingest.x12.tokens import Segments

_BLOCK = 6 << 20
_LONGEST = 1 << 25  # bytes without the end of a segment: this is no X12 to be cut
_Held: TypeAlias = tuple[bytes, int] | None  # a segment, and its position in the file


@dataclass(frozen=True, slots=True)
class Piece:
    """A span of bytes of a file, how it is delimited, and what it stands in."""

    start: int
    end: int
    delimiters: Delimiters
    first_record: int  # the position of its first segment in the file, from 1
    context: bytes = b""
    context_records: tuple[int, ...] = ()


class Hashed:
    """A stream that is hashed while it is read."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._digest = sha256()
        self.size = 0

    def read(self, size: int = _BLOCK) -> bytes:
        """The next bytes."""
        block = self._stream.read(size)
        self._digest.update(block)
        self.size += len(block)
        return block

    def hash(self) -> str:
        """The hash of all bytes, also of those that nobody read yet."""
        while self.read():
            pass
        return self._digest.hexdigest()


def pieces(stream: Hashed, size: int) -> list[Piece]:
    """Where a file can be cut into pieces of about `size` bytes; none where it must stay whole.

    Whole stay files whose text is not read as it stands (another encoding, wrapped lines, a
    terminator missing) and those with more than one kind of delimiters.
    """
    cutter = _Cutter(size)
    try:
        for run in runs(blocks(cast("BinaryIO", stream), _BLOCK)):
            cutter.add(run)
    except UnreadableFileError:
        cutter.is_plain = False
    # The text that is read must be the file's own bytes: then a place in one is a place in both.
    return cutter.pieces(stream.size) if cutter.hash() == stream.hash() else []


class _Cutter:
    """What is known between one text and the next."""

    def __init__(self, size: int) -> None:
        self.is_plain = True
        self._size = size
        self._digest = sha256()
        self._delimiters: Delimiters | None = None
        self._pending = b""
        self._at = 0  # bytes before what is pending
        self._count = 0  # and segments
        self._isa: _Held = None
        self._gs: _Held = None
        self._found: list[Piece] = []

    def hash(self) -> str:
        """The hash of the text; empty where the file must stay whole."""
        return self._digest.hexdigest() if self.is_plain else ""

    def pieces(self, end: int) -> list[Piece]:
        """The pieces, up to the end of the file."""
        if self._delimiters is None or not self._found:
            return []
        first = Piece(0, self._found[0].start, self._delimiters, 1)
        both = zip(self._found, [*(p.start for p in self._found[1:]), end], strict=True)
        return [first, *(replace(piece, end=until) for piece, until in both)]

    def add(self, run: Run) -> None:
        """More text comes."""
        self._digest.update(run.text)
        self._delimiters = self._delimiters or run.delimiters
        self.is_plain = self.is_plain and self._delimiters == run.delimiters
        text = self._pending + run.text
        until = text.rfind(bytes([run.delimiters.terminator])) + 1
        self.is_plain = self.is_plain and len(text) - until < _LONGEST
        if not self.is_plain:
            self._pending = b""
            return
        if until:
            found = segments(memoryview(text)[:until], delimiters=run.delimiters)
            self._look(found)
            self._count += len(found)
        self._at, self._pending = self._at + until, text[until:]

    def _look(self, found: Segments) -> None:
        """Note the pieces that begin in these segments."""
        sets = found.of("ST")
        places = self._at + found.start[sets].astype(np.int64)
        while len(sets):
            last = self._found[-1].start if self._found else 0
            at = int(np.searchsorted(places, last + self._size))
            if at == len(sets):
                break
            self._begin(found, int(sets[at]), int(places[at]))
        self._isa, self._gs = self._in_force(found, len(found))

    def _begin(self, found: Segments, row: int, place: int) -> None:
        isa, gs = self._in_force(found, row)
        held = [one for one in (isa, gs) if one is not None]
        self._found.append(
            Piece(
                place,
                place,
                found.delimiters,
                self._count + row + 1,
                b"".join(text for text, _ in held),
                tuple(record for _, record in held),
            )
        )

    def _in_force(self, found: Segments, row: int) -> tuple[_Held, _Held]:
        """The ISA and the GS that a segment stands in: an ISA ends the GS before it."""
        isa = self._latest(found, "ISA", row)
        gs = self._latest(found, "GS", row) or self._gs
        isa = isa or self._isa
        return isa, gs if gs and (isa is None or gs[1] > isa[1]) else None

    def _latest(self, found: Segments, name: str, row: int) -> _Held:
        rows = found.of(name)
        at = int(np.searchsorted(rows, row)) - 1
        if at < 0:
            return None
        place = int(rows[at])
        end = int(found.cut[found.first[place] + found.width[place] - 1])
        return found.data[int(found.start[place]) : end + 1].tobytes(), self._count + place + 1


def stored(stream: BinaryIO, piece: Piece) -> Iterator[bytes]:
    """The bytes of a piece of a file, in blocks.

    Raises UnreadableFileError where the file ends before it.
    """
    stream.seek(piece.start)
    left = piece.end - piece.start
    while left:
        block = stream.read(min(left, _BLOCK))
        if not block:
            raise UnreadableFileError("the file became shorter while it was read")
        yield block
        left -= len(block)
