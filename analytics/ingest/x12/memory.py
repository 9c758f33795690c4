"""How glibc keeps memory that is free; elsewhere nothing is done."""

import ctypes
from functools import cache
from typing import Any

# glibc comes to these by itself once an array of 32 MB was freed.  Before, every few arrays it
# gives memory back and fetches it again, page by page, which took a tenth of the time.
_MAPPED, _KEPT = (-3, 32 << 20), (-1, 64 << 20)  # M_MMAP_THRESHOLD, M_TRIM_THRESHOLD


@cache
def keep() -> None:
    """Let arrays of a chunk be made where those of the last one were."""
    for number, size in (_MAPPED, _KEPT):
        _called("mallopt", number, size)


def give_back() -> None:
    """Give free memory back to the machine: arrays of changing sizes leave holes."""
    _called("malloc_trim", 0)


def _called(name: str, *arguments: int) -> None:
    try:
        function: Any = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return  # another C library
    function(*arguments)
