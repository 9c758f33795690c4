"""What is read only when it is wanted: then all that was asked for is read at once."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar, cast

from analytics.ingest.x12.elements import Element, are_fixed
from analytics.ingest.x12.numbers import Numbers
from analytics.ingest.x12.spans import Column, Positions
from analytics.ingest.x12.tokens import Segments

_T = TypeVar("_T")


class Later(Generic[_T]):
    """A value that is made when it is first wanted."""

    __slots__ = ("_made", "_make")

    def __init__(self, make: Callable[[], _T]) -> None:
        self._make: Callable[[], _T] | None = make
        self._made: Any = None

    def now(self) -> _T:
        """The value."""
        if self._make is not None:
            self._made, self._make = self._make(), None
        return self._made


def now(value: Any) -> Any:
    """The value, which may be one that is not made yet."""
    return cast("Later[Any]", value).now() if isinstance(value, Later) else value


def texts(
    found: Segments, rows: Positions, elements: Sequence[Element], *, upper: bool = False
) -> list[Column]:
    """Some elements of segments as columns of strings, as `Segments.texts`."""
    if found.plan is None or not are_fixed(elements):
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
