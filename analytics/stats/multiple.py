"""Many tests at once."""

import numpy as np
import polars as pl


def benjamini_hochberg(p: pl.Series) -> pl.Series:
    """The q value of each p value: the least rate of false discoveries at which it is one.

    Nulls stay null and are no tests.  Benjamini & Hochberg (1995), JRSS B 57:289.
    """
    known = p.drop_nulls().to_numpy()
    order = np.argsort(known)[::-1]
    rank = np.arange(len(known), 0, -1)
    q = np.empty(len(known))
    q[order] = np.minimum.accumulate(np.minimum(known[order] * len(known) / rank, 1))
    places = pl.Series(np.flatnonzero(p.is_not_null().to_numpy()), dtype=pl.UInt32)
    return pl.Series(p.name, [None] * len(p), dtype=pl.Float64).scatter(places, pl.Series(q))
