"""Tables under construction: one row per segment, each column said in one call.

Columns stay arrays of numpy until they are final: what cannot be used is sorted out, gaps are
filled and sums are compared without a join.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa

from analytics.ingest.limits import MOST_CENTS
from analytics.ingest.x12.later import amounts, numbers, texts
from analytics.ingest.x12.lazy import Later, now
from analytics.ingest.x12.numbers import Numbers
from analytics.ingest.x12.spans import Column, Integers, Mask, Positions, Span, truths
from analytics.ingest.x12.tokens import Element, Segments

_UNREADABLE = {
    "money": "amount_unreadable",
    "quantity": "quantity_unreadable",
    "rate": "quantity_unreadable",
    "day": "date_unreadable",
}
_DOUBTS = {
    "money": "optional_amount_unreadable",
    "quantity": "optional_quantity_unreadable",
    "rate": "optional_quantity_unreadable",
    "day": "optional_date_unreadable",
}

_ABSURD = {False: "amount_absurd", True: "optional_amount_absurd"}


class Columns(dict[str, Column]):
    """Columns by name: set as whatever they are or will be, looked up as polars series."""

    def __getitem__(self, name: str) -> pl.Series:
        found = now(super().__getitem__(name))
        if not isinstance(found, pl.Series):
            self[name] = found = pl.Series(values=found)
        return found


def frame(columns: Mapping[str, Column]) -> pl.DataFrame:
    """A frame of these columns, the Arrow arrays among them all in one step."""
    made = {name: now(of) for name, of in columns.items()}
    arrays = {name: of for name, of in made.items() if not isinstance(of, pl.Series)}
    batch = cast("Any", pa).RecordBatch.from_arrays(list(arrays.values()), list(arrays))
    found = pl.DataFrame(batch)
    for place, (name, of) in enumerate(made.items()):
        if isinstance(of, pl.Series):
            found.insert_column(place, of.alias(name))
    return found


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Numbers not yet taken in, and how to take them."""

    name: str
    numbers: Numbers | Later[Numbers]
    optional: bool
    most: int = MOST_CENTS
    missing: int | None = None  # what an empty one is taken for


@dataclass(slots=True)
class Table:
    """The rows of one table; `rows` are the segments they come from."""

    name: str
    found: Segments
    rows: Positions
    owners: dict[str, Positions] = field(default_factory=dict[str, Positions])  # level -> index
    level: str = ""  # the level that other tables' owners count, where rows of this one are meant
    columns: Columns = field(default_factory=Columns)
    flags: dict[str, Mask] = field(default_factory=dict[str, Mask])
    marks: dict[str, Positions] = field(default_factory=dict[str, Positions])  # for checks alone
    _typed: dict[str, Numbers] = field(default_factory=dict[str, Numbers])
    _faults: dict[str, Mask] = field(default_factory=dict[str, Mask])
    _doubts: dict[str, Mask] = field(default_factory=dict[str, Mask])
    _waiting: list["_Waiting"] = field(default_factory=list["_Waiting"])

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def typed(self) -> dict[str, Numbers]:
        """Columns of numbers."""
        self._read()
        return self._typed

    @property
    def faults(self) -> dict[str, Mask]:
        """By rule, which rows are not usable."""
        self._read()
        return self._faults

    @property
    def doubts(self) -> dict[str, Mask]:
        """By rule, which rows get a warning."""
        self._read()
        return self._doubts

    @property
    def record_no(self) -> Integers:
        """Positions in the file, plus those of the files before."""
        return self.found.record_no[self.rows]

    def text(
        self, of: Positions | None = None, /, *, upper: bool = False, **elements: Element
    ) -> None:
        """Add elements, of the rows themselves or of other segments, -1 where there is none."""
        rows = self.rows if of is None else of
        found = texts(self.found, rows, list(elements.values()), upper=upper)
        self.columns |= dict(zip(elements, found, strict=True))

    def sparse(self, of: Positions | None = None, /, **elements: Element) -> None:
        """Add elements that few rows have; those that none has are left out."""
        rows = self.rows if of is None else of
        longest = self.found.width.take(rows[rows >= 0]).max(initial=0)
        there = {name: of for name, of in elements.items() if np.less(of, longest).any()}
        found = self.found.texts(rows, list(there.values())) if there else []
        for name, text in zip(there, found, strict=True):
            if text.null_count < len(text):
                self.columns[name] = text

    def parts(self, whole: Span, names: Iterable[str], *, upper: bool = False) -> None:
        """Add the components of composite elements, in order; an empty name leaves one out."""
        listed = list(names)
        for name, span in zip(listed, self.found.components(whole, len(listed)), strict=True):
            if name:
                self.columns[name] = self.found.column(span, upper=upper)

    def money(
        self,
        of: Positions | None = None,
        /,
        *,
        missing: int | None = None,
        most: int = MOST_CENTS,
        optional: bool = False,
        **elements: Element,
    ) -> None:
        """Add amounts of dollars; `missing` is what an empty one is taken for, in cents."""
        self._amounts(of, elements, "money", optional=optional, most=most, missing=missing)

    def quantity(
        self, of: Positions | None = None, /, *, optional: bool = False, **elements: Element
    ) -> None:
        """Add numbers of units."""
        self._amounts(of, elements, "quantity", optional=optional)

    def _amounts(
        self,
        of: Positions | None,
        elements: Mapping[str, Element],
        kind: str,
        *,
        optional: bool,
        most: int = MOST_CENTS,
        missing: int | None = None,
    ) -> None:
        rows = self.rows if of is None else of
        read = amounts(self.found, rows, list(elements.values()), kind)
        for name, one in zip(elements, read, strict=True):
            self._wait(_Waiting(name, one, optional, most, missing))

    def rate(self, of: Positions | None = None, /, **elements: Element) -> None:
        """Add weights, fractions and fine quantities that few rows have, where any has one."""
        rows = self.rows if of is None else of
        longest = self.found.width.take(rows[rows >= 0]).max(initial=0)
        for name, element in elements.items():
            if element < longest and (span := self.found.span(rows, element)).length.any():
                self.add(name, span, "rate", optional=True)

    def day(self, *, optional: bool = False, **dates: Span | Numbers | Later[Numbers]) -> None:
        """Add dates.  One that cannot be read is a fault, or where `optional` left empty."""
        read: dict[
            int, Numbers | Later[Numbers]
        ] = {}  # the same places may stand for the first and the last day
        for name, date in dates.items():
            if isinstance(date, Span) and id(date) not in read:
                read[id(date)] = numbers(self.found, date, "day")
            self._wait(_Waiting(name, read.get(id(date)) or cast("Numbers", date), optional))

    def add(
        self,
        name: str,
        span: Span,
        kind: str,
        *,
        optional: bool = False,
        missing: int | None = None,
    ) -> None:
        """Add a column of numbers that stand at these places; `missing` is what an empty one is.

        One that cannot be read is a fault, or where `optional` left empty with a warning.
        """
        read = numbers(self.found, span, kind)
        self._wait(_Waiting(name, read, optional, missing=missing))

    def _wait(self, waiting: "_Waiting") -> None:
        self._waiting.append(waiting)

    def _read(self) -> None:
        """Take in what is waiting, in the order in which it was said."""
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            self._take(one, now(one.numbers))

    def _take(self, one: "_Waiting", found: Numbers) -> None:
        broken = self._doubts if one.optional else self._faults
        if found.kind == "money" and (absurd := found.beyond(one.most)).any():
            note(broken, _ABSURD[one.optional], absurd)
            found = found.without(absurd)
        self._typed[one.name] = found if one.missing is None else found.filled(one.missing)
        if found.unread.any():
            note(broken, (_DOUBTS if one.optional else _UNREADABLE)[found.kind], found.unread)

    def keep(self, kept: Mask) -> None:
        """Leave out all other rows."""
        if kept.all():
            return
        self._read()
        self.rows = self.rows[kept]
        filtered = pl.Series(values=kept)
        self.columns = Columns({name: self.columns[name].filter(filtered) for name in self.columns})
        self._typed = {name: numbers.where(kept) for name, numbers in self._typed.items()}
        for masks in (self.flags, self._faults, self._doubts):
            for name, mask in masks.items():
                masks[name] = mask[kept]
        self.owners = {name: owner[kept] for name, owner in self.owners.items()}
        self.marks = {name: mark[kept] for name, mark in self.marks.items()}

    def frame(self, ids: Mapping[str, Positions] | None = None) -> pl.DataFrame:
        """All columns; `ids` are the segments that further columns name by their record number."""
        named = {name: self.found.numbered(rows) for name, rows in (ids or {}).items()}
        typed = {name: of.column(self.found.fast) for name, of in self.typed.items()}
        flags = {name: truths(mask) for name, mask in self.flags.items()}
        record = {"record_no": self.found.numbered(self.rows)}
        return frame(record | named | self.columns | typed | flags)


def add(tables: dict[str, pl.DataFrame], name: str, frame: pl.DataFrame) -> None:
    """Add rows to one of the tables."""
    known = [tables[name]] if name in tables else []
    tables[name] = pl.concat([*known, frame], how="diagonal")


def note(rules: dict[str, Mask], rule: str, broken: Mask) -> None:
    """Note in `rules` that these rows broke a rule."""
    if broken.any():
        rules[rule] = rules[rule] | broken if rule in rules else broken


def sums(owner: Positions, values: Integers, count: int) -> Integers:
    """Per owner the sum of its values; rows of no owner (-1) are left out."""
    total = np.zeros(count + 1, np.int64)
    np.add.at(total, owner, values)
    return total[:count]
