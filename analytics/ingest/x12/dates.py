"""Service dates: ranges to two days, and claims and lines filling each other's gaps."""

import numpy as np

from analytics.ingest.x12.numbers import Numbers
from analytics.ingest.x12.spans import Positions, Span
from analytics.ingest.x12.table import Table
from analytics.ingest.x12.tokens import Segments

FROM, TO = "service_from_date", "service_to_date"

_RANGE = 17  # CCYYMMDD-CCYYMMDD
_DAY = 8
_LATE, _EARLY = np.iinfo(np.int32).max, np.iinfo(np.int32).min


def days(found: Segments, span: Span) -> tuple[Span, Span]:
    """First and last day of DTP03: ``CCYYMMDD`` or ``CCYYMMDD-CCYYMMDD``."""
    dash = found.data[np.minimum(span.start + _DAY, len(found.data) - 1)] == ord("-")
    ranged = (span.length == _RANGE) & dash
    if not ranged.any():
        return span, span
    return span.part(0, _DAY, ranged), span.part(_DAY + 1, _DAY, ranged)


def filled(claims: Table, lines: Table) -> None:
    """A claim without dates takes them from its lines, a line without dates from its claim."""
    first, last = claims.typed[FROM], claims.typed[TO]
    begins, ends = lines.typed[FROM], lines.typed[TO]
    owner = lines.owners["claim"]
    if not (first.valid.all() and last.valid.all()):
        earliest = _extreme(owner, begins, len(claims), np.minimum, _LATE)
        latest = _extreme(owner, ends.otherwise(begins), len(claims), np.maximum, _EARLY)
        claims.typed[FROM] = first = first.otherwise(earliest)
        claims.typed[TO] = last = last.otherwise(latest).otherwise(first)
    if not (begins.valid.all() and ends.valid.all()):
        lines.typed[FROM] = begins.otherwise(_of(first, owner))
        own = ends.otherwise(begins)
        lines.typed[TO] = _either(begins.valid, own, ends.otherwise(_of(last, owner)))


def _extreme(owner: Positions, days: Numbers, count: int, pick: np.ufunc, neutral: int) -> Numbers:
    """Per claim the earliest or latest day of its lines."""
    values = np.full(count, neutral, np.int64)
    pick.at(values, owner[days.valid], days.values[days.valid])
    return Numbers("day", values, values != neutral, np.zeros(count, np.bool_))


def _of(days: Numbers, owner: Positions) -> Numbers:
    return Numbers("day", days.values[owner], days.valid[owner], days.unread[owner])


def _either(
    condition: np.ndarray[tuple[int], np.dtype[np.bool_]], a: Numbers, b: Numbers
) -> Numbers:
    return Numbers(
        "day",
        np.where(condition, a.values, b.values),
        np.where(condition, a.valid, b.valid),
        a.unread,
    )
