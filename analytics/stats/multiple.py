"""Many tests at once."""

import numpy as np
import polars as pl


def benjamini_hochberg(p: pl.Series, tests: int | None = None) -> pl.Series:
    """The q value of each p value: the least rate of false discoveries at which it is one.

    Nulls stay null and are no tests.  Of more `tests` than p values the others count as 1: so the
    least of many can be handed over alone.  Benjamini & Hochberg (1995), JRSS B 57:289.
    """
    known = p.drop_nulls().to_numpy()
    count = max(len(known), tests or 0)
    order = np.argsort(known)[::-1]
    rank = np.arange(len(known), 0, -1)
    q = np.empty(len(known))
    q[order] = np.minimum.accumulate(np.minimum(known[order] * count / rank, 1))
    places = pl.Series(np.flatnonzero(p.is_not_null().to_numpy()), dtype=pl.UInt32)
    return pl.Series(p.name, [None] * len(p), dtype=pl.Float64).scatter(places, pl.Series(q))
