"""Memory that is free given back to the machine, where the C library would keep it."""

import ctypes
import gc
from functools import cache
from typing import Any


@cache
def _trim() -> Any:
    """``malloc_trim`` of glibc; None elsewhere."""
    try:
        return ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None


def give_back() -> None:
    """Give free memory back: arrays of changing sizes leave holes that glibc keeps for itself.

    What a chunk's loops remember of one another refers in circles, and holds the chunk.
    """
    gc.collect()
    trim = _trim()
    if trim:
        trim(0)
