"""Values that are made when they are first wanted."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar, cast

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
