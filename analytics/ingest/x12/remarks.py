"""Remark codes: of LQ (lines), MIA and MOA (claims)."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from analytics.ingest.x12.packing import packed
from analytics.ingest.x12.spans import Positions, Span, integers
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

_ELEMENTS = {"LQ": (2,), "MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}


def remarks(name: str, found: Segments, segments: Iterable[str]) -> Table:
    """One row per remark code in the segments with these ids."""
    rows, spans, places, sources = (
        list[Positions](),
        list[Span](),
        list[Positions](),
        list[pl.Series](),
    )
    for segment in segments:
        of_kind = found.new(segment)
        if segment == "LQ":  # other lists (RX: NCPDP) use the same codes for other things
            of_kind = of_kind[found.qualifier(of_kind) == packed("HE")]
        for number, element in enumerate(_ELEMENTS[segment] if len(of_kind) else (), 1):
            span = found.span(of_kind, element)
            there = np.flatnonzero(span.length > 0)
            rows.append(of_kind[there])
            spans.append(span.where(there))
            places.append(np.full(len(there), number, np.int64))
            source = pl.Series(values=[segment], dtype=pl.String)
            sources.append(source.new_from_index(0, len(there)))
    table = Table(name, found, np.concatenate([np.zeros(0, np.int64), *rows]))
    if len(table):
        table.columns["position"] = integers(np.concatenate(places))
        table.columns["rarc_code"] = found.column(Span.joined(spans), upper=True)
        table.columns["source"] = pl.concat(sources)
    return table
