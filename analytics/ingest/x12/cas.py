"""CAS segments: a group code and up to six triplets of reason, amount and quantity."""

import polars as pl

from analytics.ingest.x12.columns import ZERO, typed, upper
from analytics.ingest.x12.tokens import Positions, Segments

_TRIPLETS = 6


def triplets(found: Segments, rows: Positions, owners: dict[str, pl.Series]) -> pl.DataFrame:
    """One row per triplet of these CAS segments; blank ones, also in the middle, are left out."""
    base = pl.DataFrame(
        {
            "record_no": found.record_no[rows],
            **owners,
            "group_code": found.text(rows, 1).str.to_uppercase(),
        }
    )
    listed = [
        base.with_columns(
            position=pl.lit(k + 1, pl.Int32),
            carc_code=found.text(rows, 2 + 3 * k),
            amount=found.text(rows, 3 + 3 * k),
            quantity=found.text(rows, 4 + 3 * k),
        ).filter(pl.any_horizontal(pl.col("carc_code", "amount").is_not_null()))
        for k in range(found.repeats(rows, first=2, step=3, most=_TRIPLETS))
    ]
    frame = typed(pl.concat(listed), amounts=["amount"], quantities=["quantity"])
    return frame.with_columns(upper("carc_code"), pl.col("amount").fill_null(ZERO))
