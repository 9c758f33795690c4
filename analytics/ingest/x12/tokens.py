"""X12 text as columns, without a loop over segments.

One pass finds the delimiters; an element is then a pair of positions in the chunk's own bytes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa
from numpy.typing import NDArray

from analytics.ingest.x12.composites import Composites
from analytics.ingest.x12.delimiters import Delimiters
from analytics.ingest.x12.elements import Element, Elements, are_fixed
from analytics.ingest.x12.lazy import Later
from analytics.ingest.x12.numbers import Numbers, numbers, settled
from analytics.ingest.x12.packing import blanks, codes, packed
from analytics.ingest.x12.spans import (
    Bytes,
    Column,
    Integers,
    Mask,
    Positions,
    Span,
    column,
    gathered,
    nulls,
    strings,
    stripped,
    texts,
)


@dataclass(frozen=True)
class Segments:
    """A chunk of X12 cut into segments and elements."""

    data: Bytes  # the text and `PAD` zeros
    delimiters: Delimiters
    cut: Positions  # where each element ends
    start: Positions  # segment -> where its text starts
    first: Positions  # segment -> index in `cut` of the end of its first element, the segment id
    width: Positions  # segment -> number of elements, the id counted
    code: NDArray[np.uint32]  # segment -> its id, packed into a number
    record_no: Integers  # segment -> its position in the file, from 1
    lead: NDArray[np.uint32] | None = None  # segment -> its first element as a number, where known
    padded: Mask | None = None  # element -> whether blanks stand at its ends; None: nowhere
    bare: int = 1 << 48  # place in the text behind which no element has blanks at its ends
    fast: Any = None  # the module `compiled`, where it is worth its start
    context: int = 0  # the first so many segments repeat earlier ones: they were counted before
    _found: dict[tuple[str, ...], Positions] = field(
        default_factory=dict[tuple[str, ...], Positions], repr=False
    )
    _latest: list[Elements] = field(default_factory=list[Elements], repr=False)
    _qualifiers: dict[tuple[str, int], NDArray[np.uint32]] = field(
        default_factory=dict[tuple[str, int], NDArray[np.uint32]], repr=False
    )

    def __len__(self) -> int:
        return len(self.start)

    def of(self, *names: str) -> Positions:
        """Positions of the segments with one of these ids, in order."""
        if names not in self._found:
            codes = [packed(name) for name in names]
            if self._groups is not None:
                found = [self._groups[code] for code in codes if code in self._groups]
                rows = found[0] if len(found) == 1 else gathered(found)
            else:
                rows = np.flatnonzero(np.logical_or.reduce([self.code == code for code in codes]))
            self._found[names] = rows
        return self._found[names]

    @cached_property
    def _groups(self) -> dict[int, Positions] | None:
        """The segments of each id; None where they are looked for one by one."""
        return self.fast.grouped(self.code) if self.fast else None

    def new(self, *names: str) -> Positions:
        """Like `of`, without the context that was read before."""
        rows = self.of(*names)
        return rows[np.searchsorted(rows, self.context) :]

    def span(self, rows: Positions, element: Element) -> Span:
        """Where one element (from 1) of the given segments stands, blanks around it left out.

        A row of -1 is no segment: its element is absent.
        """
        if self.fast:
            return self.fast.located(*self.placed, rows, element, 1)[0]
        if not self._latest or self._latest[0].rows is not rows:
            self._latest[:] = [Elements.of(rows, self.cut, self.first, self.width)]
        known = self._latest[0]
        part, at = known.span(element)
        if self.padded is not None and at.min(initial=self._beyond) < self._beyond:
            part = self._stripped(part, self.padded.take(at, mode="clip") & (part.length > 0))
        return part if known.present is None else part.scattered(known.present, len(rows))

    def spans(self, rows: Positions, element: Element, count: int) -> list[Span]:
        """Where an element of the given segments and those behind it stand, so many together."""
        if self.fast:
            return self.fast.located(*self.placed, rows, element, count)
        return [self.span(rows, element + number) for number in range(count)]

    @property
    def placed(self) -> tuple[Any, ...]:
        """What is needed to find an element."""
        return self.data, self.cut, self.first, self.width, self.bare, self._blank

    @cached_property
    def plan(self) -> Any:
        """What is asked for and not yet read; None without machine code."""
        return self._once if self.fast else None

    @property
    def _once(self) -> Any:
        """A plan for what is wanted at once."""
        return self.fast.Plan(self.placed)

    @cached_property
    def _beyond(self) -> int:
        """The place after the last padded element: mostly one of the ISA, which stands first."""
        return 0 if self.padded is None else int(np.flatnonzero(self.padded)[-1]) + 1

    def _stripped(self, whole: Span, todo: Mask) -> Span:
        """The same places, stripped where `todo` says so."""
        rows = np.flatnonzero(todo)
        if len(rows):
            bare = stripped(self.data, whole.where(rows), self._blank)
            whole.start[rows], whole.length[rows] = bare.start, bare.length
        return whole

    @cached_property
    def _blank(self) -> Mask:
        return blanks(self.delimiters)

    def components(self, whole: Span, count: int) -> list[Span]:
        """The first so many components of composite elements."""
        if self.fast:
            return self.fast.components(*self.composed, whole, count)
        return self._composites.components(whole, count)

    @property
    def composed(self) -> tuple[Bytes, int, Mask]:
        """What is needed to find a component."""
        return self.data, self.delimiters.component, self._blank

    def component(self, whole: Span, number: int) -> Span:
        """One component (from 0) of composite elements."""
        return self.components(whole, number + 1)[number]

    @cached_property
    def _composites(self) -> Composites:
        return Composites(self.data, self.delimiters, self._blank)

    @cached_property
    def _has_lower_case(self) -> bool:
        """Whether any byte is not what upper case would leave alone."""
        lower = (self.data >= ord("a")) & (self.data <= ord("z"))
        return bool(lower.any() or (self.data >= 0x80).any())

    def head(self, count: int) -> "Segments":
        """The first so many segments."""
        found = self.only(slice(0, count))
        if self._groups is not None:  # known already: the same, cut off
            known = ((code, np.searchsorted(at, count)) for code, at in self._groups.items())
            found.__dict__["_groups"] = {code: self._groups[code][:end] for code, end in known}
            for key, codes in self._qualifiers.items():
                found._qualifiers[key] = codes[: len(found.of(key[0]))]  # noqa: SLF001
        return found

    def only(self, part: Positions | slice) -> "Segments":
        """Some of the segments, in order, as if there were no others."""
        context = self.context
        if not isinstance(part, slice):
            context = int(np.searchsorted(part, context))
        return replace(
            self,
            context=context,
            start=self.start[part],
            first=self.first[part],
            width=self.width[part],
            code=self.code[part],
            record_no=self.record_no[part],
            lead=None if self.lead is None else self.lead[part],
            _found={},
            _latest=[],
            _qualifiers={},
        )

    def within(self, inside: Mask) -> "Segments":
        """The same segments, those not inside hidden from `of`."""
        if inside.all():
            return self
        hidden = np.flatnonzero(~inside)
        code = self.code.copy()
        code[hidden] = 0
        found = replace(self, code=code, _found={}, _latest=[], _qualifiers={})
        if self._groups is not None:  # all but those of hidden segments stay as they are
            others = {name: self._groups.get(name) for name in set(self.code[hidden].tolist())}
            shown = {name: rows[inside[rows]] for name, rows in others.items() if rows is not None}
            found.__dict__["_groups"] = self._groups | shown
        return found

    def qualifier(self, rows: Positions, element: int = 1) -> NDArray[np.uint32]:
        """Short codes of up to three bytes as numbers, to compare with `packed`."""
        if element == 1 and self.lead is not None:
            found = self.lead.take(rows, mode="wrap")
            found[rows < 0] = 0
            return found
        if self.fast:
            return self.fast.qualifier(*self.placed, rows, element)
        return self.codes(self.span(rows, element))

    def qualifiers(self, name: str, element: int = 1) -> NDArray[np.uint32]:
        """The same of all segments with this id."""
        key = (name, element)
        if key not in self._qualifiers:
            self._qualifiers[key] = self.qualifier(self.of(name), element)
        return self._qualifiers[key]

    def codes(self, span: Span) -> NDArray[np.uint32]:
        """The codes at these places, to compare with `packed`; 0 where longer than three bytes."""
        return self.fast.codes(self.data, span) if self.fast else codes(self.data, span)

    def text(self, rows: Positions, element: Element, *, upper: bool = False) -> pl.Series:
        """An element of the given segments; null where absent or empty."""
        return pl.Series(values=self.texts(rows, (element,), upper=upper)[0])

    def texts(
        self, rows: Positions, elements: Sequence[Element], *, upper: bool = False
    ) -> list[Column]:
        """Some elements of the given segments; null where one is absent or empty."""
        if self.fast and are_fixed(elements):
            return [read() for read in self._once.texts(rows, elements, upper=upper)]
        return [self._strings(self.span(rows, element), upper=upper) for element in elements]

    def strings(self, span: Span, *, upper: bool = False) -> pl.Series:
        """The strings at these places as a polars series; null where the length is 0."""
        return pl.Series(values=self._strings(span, upper=upper))

    def column(self, span: Span, *, upper: bool = False) -> Column:
        """The strings at these places as a column, with machine code a later one."""
        later = self.plan and Later(self.plan.column(span, upper=upper))
        return later or self._strings(span, upper=upper)

    def _strings(self, span: Span, *, upper: bool) -> Column:
        if self.fast:
            return self._once.column(span, upper=upper)()
        found = texts(self.data, span)
        raised = upper and self._has_lower_case
        return pl.Series(values=found).str.to_uppercase() if raised else found

    def holds(self, span: Span, letter: str) -> bool:
        """Whether a letter stands anywhere in these places."""
        if self.fast:
            return self.fast.holds(self.data, span, ord(letter))
        return strings(self.data, span).str.contains(letter, literal=True).any()

    def numbers(self, span: Span, kind: str) -> Numbers:
        """The amounts, quantities or days at these places."""
        if not self.fast:
            return numbers(self.data, span, kind)
        read: tuple[Integers, Mask, Mask] = self._once.numbers(span, kind)()
        return settled(kind, *read, lambda odd: self.strings(span.where(odd)))

    def amounts(self, rows: Positions, elements: Sequence[Element], kind: str) -> list[Numbers]:
        """Some elements of the given segments as amounts or quantities."""
        if not self.fast or not are_fixed(elements):
            return [self.numbers(self.span(rows, element), kind) for element in elements]
        read = self._once.amounts(rows, elements, kind)
        return [self.settled(kind, rows, of, one()) for of, one in zip(elements, read, strict=True)]

    def days(self, rows: Positions, element: int) -> Numbers:
        """An element of the given segments as days."""
        if not self.fast:
            return self.numbers(self.span(rows, element), "day")
        return self.settled("day", rows, element, self._once.days(rows, element)())

    def settled(
        self, kind: str, rows: Positions, element: Element, read: tuple[Integers, Mask, Mask]
    ) -> Numbers:
        """Numbers of an element, those that machine code left tried by pattern."""
        return settled(kind, *read, lambda odd: self.text(rows[odd], element))

    def records(self, rows: Positions) -> pl.Series:
        """Record numbers of these segments; null where the row is -1."""
        return pl.Series(values=self.numbered(rows))

    def numbered(self, rows: Positions) -> Column:
        """Record numbers of these segments as a column; null where the row is -1."""
        if not len(self.record_no):
            return nulls(len(rows), pl.Int64)
        if self.fast:
            return self.fast.record_column(self.record_no, rows)
        return column(pa.int64(), rows >= 0, self.record_no[rows])
