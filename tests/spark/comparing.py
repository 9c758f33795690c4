"""Whether two engines gave the same."""

import polars as pl
from polars.testing import assert_frame_equal

from analytics.metrics import CATALOGUE

# The whole, and by month and a dimension that all metrics have.
SLICES = [{}, {"by": "line_of_business", "every": "month"}]
CLOSE = 1e-9


def assert_same(found: pl.DataFrame, wanted: pl.DataFrame) -> None:
    """Equal in names, types, rows and their order; doubles within 1e-9, all else exactly."""
    assert_frame_equal(found, wanted, check_exact=False, abs_tol=CLOSE, rel_tol=0)


def differing(one, other, names=CATALOGUE) -> list[str]:
    """The metrics that two databases answer differently, and how."""
    told = []
    for name in names:
        for asked in SLICES:
            try:
                assert_same(CATALOGUE[name](one, **asked), CATALOGUE[name](other, **asked))
            except AssertionError as error:
                told.append(f"{name} {asked}: {error}")
    return told
