"""Columns that are asked for now and read later, all in one pass by machine code.

Each pass over a chunk fetches its text from memory again.  So elements are only noted down until
the first of them is wanted; then all that were noted are read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import numpy as np

from analytics.ingest.x12.compiled_columns import text_column
from analytics.ingest.x12.kernels_plan import AMOUNT, DAY, NPI, TEXT, UPPER, run
from analytics.ingest.x12.numbers import CALENDAR, SCALES
from analytics.ingest.x12.spans import Column, Integers, Mask, Positions, Span

_WORD = 64  # rows whose gaps are told in one word


@dataclass(slots=True)
class _Asked:
    """One element of some rows: what it is, and once it was read what it holds."""

    kind: int
    element: int  # 0: of places
    scale: int
    count: int
    plan: "Plan | None"
    holds: tuple[Any, ...] = ()

    @property
    def is_text(self) -> bool:
        return self.kind <= NPI

    def __call__(self) -> tuple[Any, ...]:
        """What it holds; all else that is asked for is read, too."""
        if self.plan is not None:
            self.plan.read()
        return self.holds


@dataclass(slots=True)
class _Group:
    """What is asked of the same rows, or of the same places."""

    rows: Positions  # or where each place begins
    lengths: Positions | None  # of places
    columns: list[_Asked]


@dataclass(slots=True)
class Plan:
    """What is asked for of a chunk, by the rows that it is asked of."""

    where: tuple[Any, ...]  # text, cuts, first cuts, widths, `bare` and blanks
    groups: list[_Group] = field(default_factory=list[_Group])
    kinds: tuple[str, ...] = ("money", "quantity", "day")  # of numbers

    def texts(
        self, rows: Positions, elements: Sequence[int], *, upper: bool
    ) -> list[Callable[[], Column]]:
        """Some elements as columns of strings."""
        asked = self._ask(rows, elements, UPPER if upper else TEXT)
        return [partial(_text, self.where[0], of) for of in asked]

    def amounts(
        self, rows: Positions, elements: Sequence[int], kind: str
    ) -> list[Callable[[], tuple[Integers, Mask, Mask]]]:
        """Some elements as whole numbers of their smallest unit, as `compiled.amounts`."""
        return [*self._ask(rows, elements, AMOUNT, SCALES[kind])]

    def days(self, rows: Positions, element: int) -> Callable[[], tuple[Integers, Mask, Mask]]:
        """An element as dates, as `compiled.days_of`."""
        return self._ask(rows, (element,), DAY)[0]

    def npis(self, rows: Positions) -> Callable[[], Column]:
        """NM109 as a column of strings, where NM108 says that it is an NPI."""
        return partial(_text, self.where[0], self._ask(rows, (9,), NPI)[0])

    def column(self, span: Span, *, upper: bool) -> Callable[[], Column]:
        """The strings at these places as a column."""
        asked = self._ask_places(span, UPPER if upper else TEXT)
        return partial(_text, self.where[0], asked)

    def numbers(self, span: Span, kind: str) -> Callable[[], tuple[Integers, Mask, Mask]]:
        """The amounts or dates at these places, as for elements."""
        if kind == "day":
            return self._ask_places(span, DAY)
        return self._ask_places(span, AMOUNT, SCALES[kind])

    def _ask_places(self, span: Span, kind: int, scale: int = 0) -> _Asked:
        start, length = (np.ascontiguousarray(part, np.int64) for part in (span.start, span.length))
        asked = _Asked(kind, 0, scale, len(start), self)
        self.groups.append(_Group(start, length, [asked]))
        return asked

    def _ask(
        self, rows: Positions, elements: Sequence[int], kind: int, scale: int = 0
    ) -> list[_Asked]:
        rows = np.ascontiguousarray(rows, np.int64)  # machine code is told where they stand
        asked = [_Asked(kind, element, scale, len(rows), self) for element in elements]
        if self.groups and self.groups[-1].rows is rows:
            self.groups[-1].columns.extend(asked)
        else:
            self.groups.append(_Group(rows, None, asked))
        return asked

    def read(self) -> None:
        """Read all that is asked for."""
        asked = [of for group in self.groups for of in group.columns]
        texts = [of for of in asked if of.is_text]
        others = [of for of in asked if not of.is_text]
        rows, words = _places(texts, 1), _places(texts, _WORD)
        targets = _places(others, 1)
        views, bits = np.empty((rows[-1], 2), np.uint64), np.empty(words[-1], np.uint64)
        found = np.zeros((len(texts), 3), np.int64)  # as in `compiled_columns.texts`
        values = np.empty(targets[-1], np.int64)
        valid, there = (np.empty(targets[-1], np.bool_) for _ in range(2))
        for number, of in enumerate(texts):
            at, word = rows[number], words[number]
            gaps = bits[word : words[number + 1]]
            of.holds = (number, at, word, views[at : rows[number + 1]], gaps)
        for number, of in enumerate(others):
            here = slice(targets[number], targets[number + 1])
            of.holds = (of.scale, here.start, 0, values[here], valid[here], there[here])
        columns = [(of.kind, of.element, *of.holds[:3]) for of in asked]
        asked_of = _groups(self.groups), np.array(columns, np.int64).reshape(-1, 5)
        cast("Any", run)(
            *self.where, *asked_of, views, bits, found, values, valid, there, *CALENDAR
        )
        for of, said in zip(texts, found.tolist(), strict=True):
            of.holds = (*of.holds[3:], *said)
        for of in others:
            of.holds = of.holds[3:]
        for of in asked:
            of.plan = None
        self.groups = []


def _text(data: Any, asked: _Asked) -> Column:
    return text_column(data, *asked())


def _places(asked: list[_Asked], share: int) -> list[int]:
    """Where each begins behind those before, and where the last ends."""
    lengths = [0, *(-(-of.count // share) for of in asked)]
    return np.cumsum(lengths).tolist()


def _groups(groups: list[_Group]) -> Integers:
    """What machine code must know of each: see `kernels_plan`."""
    first, found = 0, list[tuple[int, int, int, int, int]]()
    for group in groups:
        lengths = 0 if group.lengths is None else group.lengths.ctypes.data
        count = len(group.columns)
        found.append((group.rows.ctypes.data, len(group.rows), count, first, lengths))
        first += count
    return np.array(found, np.int64).reshape(-1, 5)
