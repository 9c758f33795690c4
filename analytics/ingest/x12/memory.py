"""How memory is kept between chunks: by glibc (elsewhere nothing is done), and by Python."""

import ctypes
import gc
from collections.abc import Generator
from contextlib import contextmanager
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


@contextmanager
def frozen() -> Generator[None]:
    """Leave what was there before out of Python's search for circles.

    A chunk makes thousands of small objects, none in a circle, and every few hundred of them Python
    looks through all that it holds, every module too: a tenth of the time.
    """
    is_ours = gc.get_freeze_count() == 0  # else someone has a reason of his own
    if is_ours:
        gc.freeze()
    try:
        yield
    finally:
        if is_ours:
            gc.unfreeze()


def _called(name: str, *arguments: int) -> None:
    try:
        function: Any = getattr(ctypes.CDLL(None), name)
    except (AttributeError, OSError, TypeError):
        return  # another C library
    function(*arguments)
