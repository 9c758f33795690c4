"""Elements that are read only when one is wanted: then all that were asked for are, at once."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from analytics.ingest.x12.elements import Element, are_fixed
from analytics.ingest.x12.lazy import Later, now
from analytics.ingest.x12.numbers import Numbers, settled
from analytics.ingest.x12.spans import Column, Mask, Positions, Span
from analytics.ingest.x12.tokens import Segments


def texts(
    found: Segments, rows: Positions, elements: Sequence[Element], *, upper: bool = False
) -> list[Column]:
    """Some elements of segments as columns of strings, as `Segments.texts`."""
    if not are_fixed(elements):
        return [found.column(found.span(rows, element), upper=upper) for element in elements]
    if found.plan is None:
        return found.texts(rows, elements, upper=upper)
    return list(map(Later, found.plan.texts(rows, elements, upper=upper)))


def amounts(
    found: Segments, rows: Positions, elements: Sequence[Element], kind: str
) -> list[Numbers | Later[Numbers]]:
    """Some elements of segments as amounts or quantities, as `Segments.amounts`."""
    if found.plan is None or not are_fixed(elements):
        return [*found.amounts(rows, elements, kind)]
    read = found.plan.amounts(rows, elements, kind)
    return [_settled(found, kind, rows, *of) for of in zip(elements, read, strict=True)]


def days(found: Segments, rows: Positions, element: int) -> Numbers | Later[Numbers]:
    """An element of segments as days, as `Segments.days`."""
    if found.plan is None:
        return found.days(rows, element)
    return _settled(found, "day", rows, element, found.plan.days(rows, element))


def _settled(
    found: Segments, kind: str, rows: Positions, element: Element, read: Callable[[], Any]
) -> Later[Numbers]:
    return Later(lambda: found.settled(kind, rows, element, read()))


def unless_said(
    own: Numbers | Later[Numbers], other: Numbers | Later[Numbers]
) -> Numbers | Later[Numbers]:
    """A column of numbers; where nothing was written, another."""
    return Later(lambda: now(own).unless_said(now(other)))


def numbers(found: Segments, span: Span, kind: str) -> Numbers | Later[Numbers]:
    """The amounts, quantities or days at these places, as `Segments.numbers`."""
    if found.plan is None or kind not in found.plan.kinds:
        return found.numbers(span, kind)
    read, there = found.plan.numbers(span, kind), span.length > 0

    def settled_() -> Numbers:
        values, valid, _ = read()
        return settled(kind, values, valid, there, lambda odd: found.strings(span.where(odd)))

    return Later(settled_)


def npis(found: Segments, rows: Positions, are: Callable[[], Mask]) -> Column:
    """NM109 of these NM1 where NM108 says that it is an NPI; `are` is told without machine code."""
    if found.plan is None:
        return found.texts(np.where(are(), rows, -1), (9,))[0]
    return Later(found.plan.npis(rows))
