"""Amounts and quantities that have no column of their own: one row each, whatever the segment."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from analytics.ingest.x12.spans import Mask, Positions, Span
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

# Segment: the element with the qualifier, and the one with the dollars or the quantity.
_QUALIFIED = {"AMT": (1, 2, True), "QTY": (1, 2, False), "MEA": (2, 3, False)}

# Segment: elements with dollars; elements with other numbers.  Their number is the qualifier.
_FIXED = {
    "CN1": ((2,), (3, 5)),
    "DN1": ((), (1, 2)),
    "HCP": ((2, 3, 7), (5, 12)),
    "MIA": ((2, 4, *range(6, 15), *range(16, 20), 24), (1, 3, 15)),
    "MOA": ((2, 8, 9), (1,)),
    "PS1": ((2,), ()),
    "SV5": ((4, 5), (3,)),
    "TS2": ((*range(1, 7), 8, 9, 15, *range(17, 20)), (7, *range(10, 15), 16)),
    "TS3": ((*range(6, 23), 24), (23,)),
}


@dataclass
class _Pieces:
    """What is gathered, element by element."""

    found: Segments
    rows: list[Positions] = field(default_factory=list[Positions])
    spans: list[Span] = field(default_factory=list[Span])
    dollars: list[Mask] = field(default_factory=list[Mask])
    segments: list[pl.Series] = field(default_factory=list[pl.Series])
    qualifiers: list[pl.Series] = field(default_factory=list[pl.Series])

    def add(
        self, name: str, rows: Positions, span: Span, said: str | pl.Series, *, dollars: bool
    ) -> None:
        """Add an element of these segments, where it is there; `said` is its qualifier."""
        there = np.flatnonzero(span.length)
        if not len(there):
            return
        self.rows.append(rows[there])
        self.spans.append(span.where(there))
        self.dollars.append(np.full(len(there), dollars))
        self.segments.append(_same(name, len(there)))
        same = _same(said, len(there)) if isinstance(said, str) else said[there]
        self.qualifiers.append(same)


def measures(name: str, found: Segments, segments: Mapping[str, Positions]) -> Table:
    """One row per amount or quantity in these segments, given by their ids.

    None of them takes part in a balance: what cannot be read is left empty, with a warning.
    """
    pieces = _Pieces(found)
    for segment, rows in segments.items():
        if segment in _QUALIFIED and len(rows):
            by, element, dollars = _QUALIFIED[segment]
            said = found.text(rows, by, upper=True)
            pieces.add(segment, rows, found.span(rows, element), said, dollars=dollars)
        elif len(rows):
            spans = found.spans(rows, 1, int(found.width[rows].max()) - 1)
            for elements, dollars in zip(_FIXED[segment], (True, False), strict=True):
                for element in (e for e in elements if e <= len(spans)):
                    span = spans[element - 1]
                    pieces.add(segment, rows, span, f"{element:02}", dollars=dollars)
    return _table(name, pieces)


def _table(name: str, pieces: _Pieces) -> Table:
    """The pieces in the order of the file."""
    every = np.concatenate([np.zeros(0, np.int64), *pieces.rows])
    if not len(every):
        return Table(name, pieces.found, every)
    order = np.argsort(every, kind="stable")
    table = Table(name, pieces.found, every[order])
    span, dollars = Span.joined(pieces.spans).where(order), np.concatenate(pieces.dollars)[order]
    table.columns["segment"] = pl.concat(pieces.segments)[order]
    table.columns["qualifier"] = pl.concat(pieces.qualifiers)[order]
    nothing = np.zeros_like(span.length)
    amount = Span(span.start, np.where(dollars, span.length, nothing))
    table.add("amount", amount, "money", optional=True)
    quantity = Span(span.start, np.where(dollars, nothing, span.length))
    table.add("quantity", quantity, "rate", optional=True)
    return table


def _same(text: str, count: int) -> pl.Series:
    return pl.Series(values=[text], dtype=pl.String).new_from_index(0, count)
