"""Ranks that admit what is not known."""

import numpy as np
import polars as pl


def rank_ranges(
    value: pl.Series, low: pl.Series, high: pl.Series, *, lowest: bool = True
) -> pl.DataFrame:
    """Ranks ``rank, rank_low, rank_high`` of values with their intervals; null for null values.

    Rank 1 is the lowest value, or the highest where not `lowest`; equal values share the better
    rank.  At best a value stands after all whose interval lies wholly on its better side, at worst
    before all whose interval lies wholly on the worse; an end that is null is open.
    Klein, Wright & Wieczorek (2020), JRSS A 183:589.
    """
    sign = 1 if lowest else -1
    ends = (low, high) if lowest else (high, low)
    known = value.is_not_null().to_numpy()
    middle = value.fill_null(0).to_numpy() * sign
    first = ends[0].cast(pl.Float64).to_numpy() * sign
    last = ends[1].cast(pl.Float64).to_numpy() * sign
    # Not a number is before nothing and after nothing: an open end decides no pair.
    both = known[:, None] & known[None, :]
    after = (last[None, :] < first[:, None]) & both  # row stands surely after column
    ranks = pl.DataFrame(
        {
            "rank": 1 + ((middle[None, :] < middle[:, None]) & both).sum(axis=1, dtype=np.int64),
            "rank_low": 1 + after.sum(axis=1, dtype=np.int64),
            "rank_high": known.sum(dtype=np.int64) - after.sum(axis=0, dtype=np.int64),
        }
    )
    return ranks.select(pl.when(pl.Series(known)).then(pl.all()))
