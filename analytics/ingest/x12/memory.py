"""Memory that is free given back to the machine, where the C library would keep it."""

import ctypes
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
    """Give free memory back: arrays of changing sizes leave holes that glibc keeps for itself."""
    trim = _trim()
    if trim:
        trim(0)
