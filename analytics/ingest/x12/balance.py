"""The balances of an 835 (005010X221A1, section 1.10.2.1) and of an 837, to the cent."""

import polars as pl

_ZERO = pl.lit(0).cast(pl.Decimal(14, 2))


def remits(tables: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Claim payments and lines with ``is_balanced``: charge less adjustments is the amount paid."""
    adjustments = tables["adjustment"]
    on_line = adjustments.filter(pl.col("remit_line_id").is_not_null())
    return tables | {
        "remit_claim": _checked(tables["remit_claim"], adjustments, "remit_claim_id"),
        "remit_line": _checked(tables["remit_line"], on_line, "remit_line_id"),
    }


def _checked(frame: pl.DataFrame, adjustments: pl.DataFrame, key: str) -> pl.DataFrame:
    taken = adjustments.group_by(key).agg(pl.col("amount").sum().alias("adjusted"))
    joined = frame.join(taken, on=key, how="left", maintain_order="left")
    due = pl.col("charge_amount") - pl.col("adjusted").fill_null(_ZERO)
    return joined.with_columns(is_balanced=due == pl.col("paid_amount")).drop("adjusted")


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
