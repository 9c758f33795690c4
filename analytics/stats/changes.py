"""Where a change of a rate comes from."""

import polars as pl


def mix_and_rate(groups: pl.DataFrame) -> pl.DataFrame:
    """Split the change of a pooled rate into what each group's rate and its weight moved.

    `groups` has, for each group, the sums ``top_before, bottom_before, top_after, bottom_after``,
    0 where a group is in one period only.  Adds the group's rates ``before, after`` (null without
    bottom), its weights ``weight_before, weight_after``, and ``rate_effect`` and ``mix_effect``,
    which add up over the groups to the change of the pooled rate.

    The split is symmetric, with no interaction left over: weights are averaged in the rate effect
    and rates, less the pooled rate, in the mix effect (Marshall-Edgeworth; Das Gupta 1993,
    Standardization and Decomposition of Rates).  A group in one period only moves the mix alone.
    No rows where either period has no bottom.
    """
    top_0, top_1 = pl.col("top_before"), pl.col("top_after")
    low_0, low_1 = pl.col("bottom_before"), pl.col("bottom_after")
    if not groups["bottom_before"].sum() or not groups["bottom_after"].sum():
        groups = groups.clear()
    rated = groups.with_columns(
        before=pl.when(low_0 != 0).then(top_0 / low_0),
        after=pl.when(low_1 != 0).then(top_1 / low_1),
        weight_before=low_0 / low_0.sum(),
        weight_after=low_1 / low_1.sum(),
    )
    w_0, w_1 = pl.col("weight_before"), pl.col("weight_after")
    r_0 = pl.coalesce("before", "after", pl.lit(0.0))
    r_1 = pl.coalesce("after", "before", pl.lit(0.0))
    pooled = (top_0.sum() / low_0.sum() + top_1.sum() / low_1.sum()) / 2
    # A top without a bottom moves the rate and no weight.
    stray = (
        pl.when(low_1 == 0).then(top_1 / low_1.sum()).otherwise(0.0)
        - pl.when(low_0 == 0).then(top_0 / low_0.sum()).otherwise(0.0)
    )  # fmt: skip
    return rated.with_columns(
        rate_effect=(w_0 + w_1) / 2 * (r_1 - r_0) + stray,
        mix_effect=((r_0 + r_1) / 2 - pooled) * (w_1 - w_0),
    )
