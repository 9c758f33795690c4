"""Where interchanges begin in a stream, how each is delimited, and whether its lines are wrapped.

A stream may hold interchanges of several files put behind one another, each with delimiters and
line ends of its own, the last segment of one perhaps without its terminator.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeAlias

import numpy as np

from analytics.errors import UnreadableFileError
from analytics.ingest.x12.cutting import machine_code
from analytics.ingest.x12.delimiters import ISA_SPAN, Delimiters, at_isa, in_fragment

NOT_X12 = "this is not X12: no ISA and no ST segment"

_LOOK = 1 << 16  # bytes of an interchange that show how it is wrapped
_MOST_UNKNOWN = 1 << 24  # bytes without an interchange: such a file is something else
_EDGE = 16  # bytes in which an ISA may begin that goes on in the next block
_STEP = 64  # bytes looked back at a time
_SHORTEST_WRAP = 20  # no one wraps at fewer bytes; shorter lines are short segments
_USUAL_SHARE = 0.9  # of the wrapped lines that have the full width; blanks may be cut off a few
BLANK = bytes(range(33))  # white space and control characters, where they delimit nothing
_UPPER, _LOWER = re.compile(rb"ISA[^A-Za-z0-9 ]"), re.compile(rb"isa[^A-Za-z0-9 ]")
_LOWER_BIT = np.uint8(0x20)
_ANY = re.compile(rb"I[\r\n]*S[\r\n]*A[\r\n]*[^A-Za-z0-9 \r\n]", re.IGNORECASE)


Text: TypeAlias = bytes | memoryview


@dataclass(frozen=True, slots=True)
class Run:
    """Text that is delimited in one way; where it `ends`, nothing more of it follows."""

    delimiters: Delimiters
    text: Text
    ends: bool = False


def runs(blocks: Iterable[bytes]) -> Iterator[Run]:
    """The text of a stream with the delimiters to read it with, and without wraps.

    Text before the first interchange is read with the delimiters of a transaction set in it, or
    with those of the interchange that follows.  Nothing is given where there is no X12 at all.
    Raises UnreadableFileError where none comes for long.
    """
    stream, held = _Stream(), b""
    for block in blocks:
        if held:
            yield from stream.split(held, final=False)
            yield from stream.run(ends=False)
        held = block
    yield from stream.split(held, final=True)
    yield from stream.run(ends=True)


@dataclass(slots=True)
class _Stream:
    """What is known between one block and the next."""

    delimiters: Delimiters | None = None
    wrapped: bool = False
    text: bytes = b""
    given: int = 0  # how much of the text is given out
    searched: int = 0  # how much of it holds no ISA that is not yet known
    last: bytes = b""  # the last byte given out that is not blank
    line: bytes = b""  # what was given out of the line that goes on
    ready: list[Text] = field(default_factory=list[Text])  # pieces to be given out together

    def run(self, *, ends: bool) -> Iterator[Run]:
        """What is ready, as one run."""
        if self.delimiters and (self.ready or ends):
            text = self.ready[0] if len(self.ready) == 1 else b"".join(self.ready)
            yield Run(self.delimiters, text, ends)
        self.ready = []

    def split(self, block: bytes, *, final: bool) -> Iterator[Run]:
        """Get ready what can be told of the text; give out what ends before other delimiters."""
        self.searched = max(0, self.searched - self.given)
        self.text, self.given = self.text[self.given :] + block, 0
        is_first, is_thorough = self.delimiters is None, self._is_thorough
        found = self._places(self.searched)
        while (at := next(found, None)) is not None:
            isa = at_isa(self.text, at, certain=not self._begins_segment(at))
            until = self._until(at) if isa else min(at + ISA_SPAN, len(self.text))
            self.searched = at
            if not final and until == len(self.text):
                self._hold(at)  # more of it must be seen
                return
            if isa:
                yield from self._begin(at, isa, self._is_wrapped(at, until, isa))
            if self._is_thorough > is_thorough or (is_first and isa):
                found, is_thorough = self._places(at + 1), self._is_thorough
                is_first = False
        self._rest(final=final)

    @property
    def _is_thorough(self) -> bool:
        """Whether an ISA may have line ends between its letters, or is not yet known."""
        return self.wrapped or not self.delimiters

    def _is_wrapped(self, at: int, until: int, delimiters: Delimiters) -> bool:
        """Whether the interchange that begins here is wrapped; as what is before it, if unclear."""
        found = None
        if any(self.text.find(mark, at, until) >= 0 for mark in (b"\n", b"\r")):
            start, begun = self._line(at)
            found = is_wrapped(begun + self.text[start:until], delimiters.terminator)
        return self.wrapped if found is None else found

    def _line(self, at: int) -> tuple[int, bytes]:
        """Where the line that holds this place begins, and what of it was given out before."""
        low = max(self.given, at - _LOOK)
        end = max(self.text.rfind(mark, low, at) for mark in (b"\n", b"\r"))
        return (end + 1, b"") if end >= 0 else (low, self.line if low == self.given else b"")

    def _places(self, start: int) -> Iterator[int]:
        """Where ISA stands, whatever it is there."""
        if self._is_thorough:
            return (found.start() for found in _ANY.finditer(self.text, start))
        return iter(_places(self.text, start))

    def _until(self, at: int) -> int:
        """How far the interchange that begins here is looked at: at most to the next one."""
        pattern = _UPPER if self.text[at : at + 1] == b"I" else _LOWER
        limit = min(at + _LOOK, len(self.text))
        for other in pattern.finditer(self.text, at + 1, limit):
            if at_isa(self.text, other.start(), certain=True):
                return other.start()
        return limit

    def _begins_segment(self, at: int) -> bool:
        """Whether a segment ended before this place; at the start, whether a word did."""
        before = self._before(at)
        if self.delimiters is None:
            return at == 0 or not self.text[at - 1 : at].isalnum()
        return not before or before[-1] == self.delimiters.terminator

    def _before(self, at: int) -> bytes:
        """Some of what stands before a place, blanks behind it left out."""
        ends = bytes([self.delimiters.terminator]) if self.delimiters else b""
        while at > self.given:
            start = max(self.given, at - _STEP)
            if found := self.text[start:at].rstrip(BLANK.replace(ends, b"") if ends else BLANK):
                return found
            at = start
        return self.last

    def _begin(self, at: int, isa: Delimiters, wrapped: bool) -> Iterator[Run]:
        """An interchange begins here."""
        if self.delimiters is None:
            yield from self._begin_first(at, isa)
        elif isa != self.delimiters:
            self._take(at)
            yield from self.run(ends=True)
            self.last = b""
        elif wrapped != self.wrapped or not self._begins_segment(at):
            self._take(at)
            self._end_segment()
        self.delimiters, self.wrapped = isa, wrapped

    def _begin_first(self, at: int, isa: Delimiters) -> Iterator[Run]:
        """The first whole ISA: before it may stand a set without its own, or something else."""
        before = self.text[:at]
        alone = _fragment(before[:_LOOK])
        self.delimiters = alone or isa
        if not before.strip(BLANK):
            self.given = at
            return
        self.wrapped = self._is_wrapped(0, min(at, _LOOK), self.delimiters)
        self._take(at)
        self._end_segment()
        if self.delimiters != isa:
            yield from self.run(ends=True)
            self.last = b""

    def _take(self, to: int) -> None:
        """Get the text up to this place ready."""
        if to > self.given:
            text, (start, begun) = memoryview(self.text)[self.given : to], self._line(to)
            self.line = (begun + self.text[start:to])[-_LOOK:]
            self.last, self.given = self._before(to)[-1:], to
            self.ready.append(bytes(text).translate(None, b"\r\n") if self.wrapped else text)

    def _end_segment(self) -> None:
        """Put in the terminator that the last segment lacks."""
        if self.delimiters and self.last and self.last[0] != self.delimiters.terminator:
            self.ready.append(bytes([self.delimiters.terminator]))
            self.last = bytes(self.ready[-1])

    def _hold(self, at: int) -> None:
        """Keep the text from here on until more is seen."""
        if self.delimiters:
            self._take(at)

    def _rest(self, *, final: bool) -> None:
        """Nothing begins any more: get the rest ready, but for an edge."""
        if self.delimiters is None and not self._is_fragment(final=final):
            if not self.text.strip(BLANK):
                self.given = len(self.text)
            elif len(self.text) > _MOST_UNKNOWN:
                raise UnreadableFileError(NOT_X12)
            return
        self._take(len(self.text) if final else len(self.text) - _EDGE)

    def _is_fragment(self, *, final: bool) -> bool:
        """Whether the text holds sets without an ISA; from now on it is read so."""
        if final or len(self.text) >= _LOOK:
            self.delimiters = _fragment(self.text[:_LOOK])
        if self.delimiters:
            self.wrapped = self._is_wrapped(0, _LOOK, self.delimiters)
        return self.delimiters is not None


def _places(text: bytes, start: int) -> list[int]:
    """Where ISA or isa stands; found in arrays, while which other threads go on."""
    letters = np.frombuffer(text, np.uint8)
    fast = machine_code(len(text))
    at = fast.interchanges(letters, start) if fast else None
    if at is None:
        at = start + np.flatnonzero((letters[start : len(text) - 2] | _LOWER_BIT) == ord("i"))
        for behind, letter in ((1, "s"), (2, "a")):
            at = at[(letters[at + behind] | _LOWER_BIT) == ord(letter)]
    return [i for i in at.tolist() if _UPPER.match(text, i) or _LOWER.match(text, i)]


def _fragment(text: bytes) -> Delimiters | None:
    """The delimiters of sets without an ISA, whose lines may be wrapped."""
    found = in_fragment(text)
    if found and found.terminator not in b"\r\n":
        return found
    other = in_fragment(text.translate(None, b"\r\n"))
    return other if other and (not found or is_wrapped(text, other.terminator)) else found


def is_wrapped(text: bytes, terminator: int) -> bool | None:
    """Whether lines end at a fixed width, inside values, so that line ends are no data.

    None where no line is seen from end to end; `text` begins with one.
    """
    if terminator in b"\r\n":
        return False
    end, mark = (b"\n" if b"\n" in text else b"\r"), bytes([terminator])
    ends = text.count(end)
    if ends and ends == text.count(mark + end) + text.count(mark + b"\r" + end):
        return False
    lines = [line.rstrip(b"\r") for line in text.rstrip(BLANK).split(end)]
    lines.pop()  # it goes on behind what is seen, or is the last
    if not any(map(partial(_is_open, mark), lines)):
        return False if lines else None
    # The first line may have begun in another file, before what is looked at.
    parts = (lines, lines[1:])
    return any(_have_one_width(part, mark, width) for part in parts for width in (len, _letters))


def _is_open(mark: bytes, line: bytes) -> bool:
    """Whether a line ends inside a segment."""
    text = line.rstrip(BLANK)
    return bool(text) and text[-1:] != mark


def _letters(line: bytes) -> int:
    return len(line.decode("utf-8", "replace"))


def _have_one_width(lines: list[bytes], mark: bytes, width: Callable[[bytes], int]) -> bool:
    """Whether nearly all lines that end inside a segment are as long as the longest line."""
    longest = max(map(width, lines), default=0)
    open_ = [width(line) for line in lines if _is_open(mark, line)]
    full = open_.count(longest)
    return longest >= _SHORTEST_WRAP and full > 0 and full >= _USUAL_SHARE * len(open_)
