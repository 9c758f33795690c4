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
    """Columns by name: set as whatever they are, looked up as polars series."""

    def __getitem__(self, name: str) -> pl.Series:
        found = super().__getitem__(name)
        if not isinstance(found, pl.Series):
            self[name] = found = pl.Series(values=found)
        return found


def frame(columns: Mapping[str, Column]) -> pl.DataFrame:
    """A frame of these columns, the Arrow arrays among them all in one step."""
    arrays = {name: of for name, of in columns.items() if not isinstance(of, pl.Series)}
    batch = cast("Any", pa).RecordBatch.from_arrays(list(arrays.values()), list(arrays))
    found = pl.DataFrame(batch)
    for place, (name, of) in enumerate(columns.items()):
        if isinstance(of, pl.Series):
            found.insert_column(place, of.alias(name))
    return found


@dataclass(slots=True)
class Table:
    """The rows of one table; `rows` are the segments they come from."""

    name: str
    found: Segments
    rows: Positions
    owners: dict[str, Positions] = field(default_factory=dict[str, Positions])  # level -> index
    level: str = ""  # the level that other tables' owners count, where rows of this one are meant
    columns: Columns = field(default_factory=Columns)
    typed: dict[str, Numbers] = field(default_factory=dict[str, Numbers])
    flags: dict[str, Mask] = field(default_factory=dict[str, Mask])
    faults: dict[str, Mask] = field(default_factory=dict[str, Mask])  # rule -> rows not usable
    doubts: dict[str, Mask] = field(default_factory=dict[str, Mask])  # rule -> rows with a warning
    marks: dict[str, Positions] = field(default_factory=dict[str, Positions])  # for checks alone

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def record_no(self) -> Integers:
        """Positions in the file, plus those of the files before."""
        return self.found.record_no[self.rows]

    def text(
        self, of: Positions | None = None, /, *, upper: bool = False, **elements: Element
    ) -> None:
        """Add elements, of the rows themselves or of other segments, -1 where there is none."""
        rows = self.rows if of is None else of
        texts = self.found.texts(rows, list(elements.values()), upper=upper)
        self.columns |= dict(zip(elements, texts, strict=True))

    def sparse(self, of: Positions | None = None, /, **elements: Element) -> None:
        """Add elements that few rows have; those that none has are left out."""
        rows = self.rows if of is None else of
        longest = self.found.width.take(rows[rows >= 0]).max(initial=0)
        there = {name: of for name, of in elements.items() if np.less(of, longest).any()}
        texts = self.found.texts(rows, list(there.values())) if there else []
        for name, text in zip(there, texts, strict=True):
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
        self._amounts(of, elements, "money", optional=optional, most=most)
        if missing is not None:
            for name in elements:
                self.typed[name] = self.typed[name].filled(missing)

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
    ) -> None:
        rows = self.rows if of is None else of
        read = self.found.amounts(rows, list(elements.values()), kind)
        for name, numbers in zip(elements, read, strict=True):
            self._take(name, numbers, optional=optional, most=most)

    def rate(self, of: Positions | None = None, /, **elements: Element) -> None:
        """Add weights, fractions and fine quantities that few rows have, where any has one."""
        rows = self.rows if of is None else of
        longest = self.found.width.take(rows[rows >= 0]).max(initial=0)
        for name, element in elements.items():
            if element < longest and (span := self.found.span(rows, element)).length.any():
                self.add(name, span, "rate", optional=True)

    def day(self, *, optional: bool = False, **dates: Span | Numbers) -> None:
        """Add dates.  One that cannot be read is a fault, or where `optional` left empty."""
        read: dict[int, Numbers] = {}  # the same places may stand for the first and the last day
        for name, date in dates.items():
            if isinstance(date, Span) and id(date) not in read:
                read[id(date)] = self.found.numbers(date, "day")
            self._take(name, read.get(id(date)) or cast("Numbers", date), optional=optional)

    def add(self, name: str, span: Span, kind: str, *, optional: bool = False) -> None:
        """Add a column of numbers that stand at these places.

        One that cannot be read is a fault, or where `optional` left empty with a warning.
        """
        self._take(name, self.found.numbers(span, kind), optional=optional)

    def _take(self, name: str, found: Numbers, *, optional: bool, most: int = MOST_CENTS) -> None:
        if found.kind == "money" and (absurd := found.beyond(most)).any():
            note(self.doubts if optional else self.faults, _ABSURD[optional], absurd)
            found = found.without(absurd)
        self.typed[name] = found
        if found.unread.any():
            rule = (_DOUBTS if optional else _UNREADABLE)[found.kind]
            note(self.doubts if optional else self.faults, rule, found.unread)

    def keep(self, kept: Mask) -> None:
        """Leave out all other rows."""
        if kept.all():
            return
        self.rows = self.rows[kept]
        filtered = pl.Series(values=kept)
        self.columns = Columns({name: self.columns[name].filter(filtered) for name in self.columns})
        self.typed = {name: numbers.where(kept) for name, numbers in self.typed.items()}
        for masks in (self.flags, self.faults, self.doubts):
            for name, mask in masks.items():
                masks[name] = mask[kept]
        self.owners = {name: owner[kept] for name, owner in self.owners.items()}
        self.marks = {name: mark[kept] for name, mark in self.marks.items()}

    def frame(self, ids: Mapping[str, Positions] | None = None) -> pl.DataFrame:
        """All columns; `ids` are the segments that further columns name by their record number."""
        named = {name: self.found.numbered(rows) for name, rows in (ids or {}).items()}
        numbers = {name: column.column(self.found.fast) for name, column in self.typed.items()}
        flags = {name: truths(mask) for name, mask in self.flags.items()}
        record = {"record_no": self.found.numbered(self.rows)}
        return frame(record | named | self.columns | numbers | flags)


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
