"""Parts of a whole."""

import polars as pl


def shares_of_total(frame: pl.DataFrame, value: str) -> pl.DataFrame:
    """The frame, largest `value` first, with its ``share`` and ``cumulative_share`` of the total.

    Null where the total is 0.
    """
    total = pl.when(pl.col(value).sum() != 0).then(pl.col(value).sum())
    return (
        frame.sort(value, descending=True, maintain_order=True)
        .with_columns(share=pl.col(value) / total)
        .with_columns(cumulative_share=pl.col("share").cum_sum())
    )
