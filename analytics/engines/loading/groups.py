"""What one task is given: things of about a size, in their order."""

from collections.abc import Callable, Iterable
from typing import TypeVar

_Thing = TypeVar("_Thing")


def in_groups(
    things: Iterable[_Thing], size_of: Callable[[_Thing], int], size: int, most: int
) -> list[list[_Thing]]:
    """Groups of about `size` bytes and at most so many; what is larger is a group alone."""
    groups: list[list[_Thing]] = []
    held = 0
    for thing in things:
        own = size_of(thing)
        if not groups or held + own > size or len(groups[-1]) == most:
            groups.append([])
            held = 0
        groups[-1].append(thing)
        held += own
    return groups
