"""Codes of one kind as a list; of modifiers also one text by which equal lists are equal."""

from typing import Any, cast

import numpy as np
import polars as pl
import pyarrow as pa

from analytics.ingest.x12.spans import Column, Integers, Mask, Span, absent, bitmap, booleans
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

EMPTY = pl.Series(values=[""], dtype=pl.String)


def modifiers(lines: Table, procedures: Span) -> None:
    """Add the columns ``modifiers`` (a list, in order) and ``modifier_key`` (sorted, by commas)."""
    found = lines.found
    if read := found.fast and found.fast.modifiers(*found.composed, procedures):
        lines.columns["modifiers"], lines.columns["modifier_key"] = read
        return
    values, count = _values(found, found.components(procedures, 6)[2:])
    lists = lines.columns["modifiers"] = listed(values, count)
    lines.columns["modifier_key"] = _key(lists, values, count)


def code_lists(found: Segments, spans: list[Span]) -> Column:
    """Lists of the codes at these places, in order; null where there is none."""
    values, count = _values(found, spans)
    return listed(values, count, count > 0)


def _values(found: Segments, spans: list[Span]) -> tuple[Column, Integers]:
    """All codes, row by row, and how many each row has."""
    there = [np.flatnonzero(span.length) for span in spans]
    count = np.zeros(len(spans[0].start), np.int64)
    for rows in there:
        count[rows] += 1
    at = np.cumsum(count) - count
    every = absent(int(count.sum()))
    for rows, span in zip(there, spans, strict=True):
        every.start[at[rows]], every.length[at[rows]] = span.start[rows], span.length[rows]
        at[rows] += 1
    return found.strings(every, upper=True), count


def listed(values: Column, count: Integers, valid: Mask | None = None) -> Column:
    """Lists of so many values each; null where not `valid`."""
    arrow, held = cast("Any", pa), values
    if isinstance(values, pl.Series):
        held = cast("Any", values).to_arrow()
    offsets = np.concatenate((np.zeros(1, np.int64), np.cumsum(count)))
    buffers: list[Any] = [bitmap(valid), pa.py_buffer(offsets)]  # `pa.array` would import pandas
    kind = arrow.large_list(held.type)
    return arrow.Array.from_buffers(kind, len(count), buffers, children=[held])


def _key(lists: Column, values: Column, count: Integers) -> pl.Series:
    """The modifiers sorted and joined; most lines have none or one, which is its own key."""
    if not len(values):
        return EMPTY.new_from_index(0, len(count))
    first = np.cumsum(count) - count
    key = pl.Series(values=values)[np.minimum(first, len(values) - 1)].zip_with(
        booleans(count > 0), EMPTY
    )
    several = np.flatnonzero(count > 1)
    if not len(several):
        return key
    sort = pl.col("codes").list.sort().list.join(",")
    joined = pl.Series(values=lists)[several].to_frame("codes").select(sort)["codes"]
    return key.scatter(several, joined)
