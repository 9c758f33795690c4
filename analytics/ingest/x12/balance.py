"""The balances of an 835 (005010X221A1, section 1.10.2.1) and of an 837, to the cent."""

import polars as pl

from analytics.ingest.x12.table import Table, sums


def remits(claims: Table, lines: Table, adjustments: Table) -> None:
    """Add ``is_balanced``: charge less adjustments is the amount paid."""
    amount = adjustments.typed["amount"].values
    for table in (claims, lines):
        taken = sums(adjustments.owners[table.level], amount, len(table))
        due = table.typed["charge_amount"].values - taken
        table.flags["is_balanced"] = due == table.typed["paid_amount"].values


def remit_totals(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Per set (``remit_id``) what its balance needs; adds up over the chunks of a file."""
    claims, lines = tables["remit_claim"], tables["remit_line"]
    of_lines = lines.join(claims.select("remit_claim_id", "remit_id"), on="remit_claim_id")
    return pl.concat(
        [
            claims.group_by("remit_id").agg(
                claim_count=pl.len().cast(pl.Int64),
                counted=pl.col("paid_amount").sum(),
                unbalanced_claim_count=pl.col("is_balanced").not_().sum().cast(pl.Int64),
            ),
            of_lines.group_by("remit_id").agg(
                unbalanced_line_count=pl.col("is_balanced").not_().sum().cast(pl.Int64)
            ),
            tables["provider_adjustment"].group_by("remit_id").agg(taken=pl.col("amount").sum()),
            tables["remit"].select("remit_id", "trace_number", stated=pl.col("payment_amount")),
        ],
        how="diagonal",
    ).rename({"remit_id": "transaction_id", "trace_number": "reference_number"})


def claim_totals(tables: dict[str, pl.DataFrame]) -> pl.DataFrame:
    """Per 837 set its claims and lines; adds up over the chunks of a file."""
    claims, lines = tables["claim"], tables["claim_line"]
    of_lines = lines.join(claims.select("claim_id", "transaction_id"), on="claim_id")
    return pl.concat(
        [
            claims.group_by("transaction_id").agg(
                claim_count=pl.len().cast(pl.Int64),
                counted=pl.col("billed_amount").sum(),
                unbalanced_claim_count=pl.col("is_summed").not_().sum().cast(pl.Int64),
                last_is_balanced=pl.col("is_summed").last(),
                reference_number=pl.col("reference_number").first(),
            ),
            of_lines.group_by("transaction_id").agg(stated=pl.col("billed_amount").sum()),
        ],
        how="diagonal",
    )
