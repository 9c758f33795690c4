"""Modifiers of a procedure: a list, and one text by which equal lists are equal."""

from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa

from analytics.ingest.x12.spans import Span, booleans
from analytics.ingest.x12.table import Table

EMPTY = pl.Series(values=[""], dtype=pl.String)


def modifiers(lines: Table, spans: list[Span]) -> None:
    """Add the columns ``modifiers`` (a list, in order) and ``modifier_key`` (sorted, by commas)."""
    start = np.stack([span.start for span in spans], axis=1).ravel()
    length = np.stack([span.length for span in spans], axis=1).ravel()
    there = length > 0
    count = there.reshape(len(lines), len(spans)).sum(axis=1)
    values = lines.found.strings(Span(start[there], length[there]), upper=True)
    lines.columns["modifiers"] = listed(values, count)
    lines.columns["modifier_key"] = _key(lines.columns["modifiers"], values, count)


def listed(values: pl.Series, count: np.ndarray[tuple[int], np.dtype[np.int64]]) -> pl.Series:
    """Lists of so many values each."""
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
    if not len(values):
        return pl.Series(values=[[]], dtype=pl.List(values.dtype)).new_from_index(0, len(count))
    arrow = cast("Any", pa).LargeListArray.from_arrays(pa.array(offsets), values.to_arrow())
    return pl.Series(values=arrow)


def _key(
    listed: pl.Series, values: pl.Series, count: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> pl.Series:
    """The modifiers sorted and joined; most lines have none or one, which is its own key."""
    if not len(values):
        return EMPTY.new_from_index(0, len(count))
    first = np.cumsum(count) - count
    key = values.gather(np.minimum(first, len(values) - 1)).zip_with(booleans(count > 0), EMPTY)
    several = np.flatnonzero(count > 1)
    return key.scatter(several, listed.gather(several).list.sort().list.join(","))
