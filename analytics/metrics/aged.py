"""How much of the receivables is old."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from analytics.facts import ledger
from analytics.metrics._balance import Aging

_OLD, _CREDIT = (4, 5), 7  # buckets 91-120 and >120; credits are never netted


@dataclass(frozen=True, slots=True, kw_only=True)
class AgedShare(Aging):
    """Dollars open for more than 90 days over all open dollars."""

    def finish(self, parts: pl.DataFrame, by: Sequence[str]) -> pl.DataFrame:
        """Old dollars over all that are owed, for each group."""
        missing = pl.lit(None, dtype=pl.Float64)
        is_old, amount = pl.col("bucket_no").is_in(_OLD), pl.col("amount")
        sums = (pl.col("n").sum(), amount.filter(is_old).sum().alias("old"), amount.sum())
        owed = parts.filter(pl.col("bucket_no") != _CREDIT, pl.col("n") > 0)
        totals = owed.group_by(by, maintain_order=True).agg(sums) if by else owed.select(sums)
        share = pl.col("old").cast(pl.Float64) / pl.col("amount").cast(pl.Float64)
        return totals.select(
            *by,
            pl.col("n").cast(pl.Int64),
            pl.when(pl.col("amount") > 0).then(share).alias("value"),
            missing.alias("low"),
            missing.alias("high"),
            pl.col("old", "amount").cast(pl.Decimal(18, 2)),
        )


aged_ar_share = AgedShare(
    name="aged_ar_share",
    title="A/R over 90 days",
    definition="Of the dollars insurers still owe, the share on claims older than 90 days.",
    unit="share",
    better="lower",
    denominator="dollars of open balances above zero",
    date_basis="balance on a day; age from the last day of service",
    source="HFMA MAP Keys, aged A/R",
    notes="Credit balances are left out.",
    fact=ledger,
    left_out={"tied to no claim": "claim_id IS NULL"},
    period="entry_date",
)
