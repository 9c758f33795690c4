"""Cases of a series of which `make test` runs the first ones, and `make test-long` the others."""

from collections.abc import Iterable
from typing import Any

import pytest


def seldom(values: Iterable[Any], usual: int) -> list[Any]:
    """The values as parameters, all but the `usual` first ones marked `long`."""
    return [
        pytest.param(value, marks=[pytest.mark.long] if number >= usual else [])
        for number, value in enumerate(values)
    ]
