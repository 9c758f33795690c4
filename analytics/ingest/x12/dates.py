"""Service dates: ranges to two days, and claims and lines filling each other's gaps."""

import polars as pl

FROM, TO = "service_from_date", "service_to_date"


def days(text: pl.Series) -> tuple[pl.Series, pl.Series]:
    """First and last day of DTP03 texts: ``CCYYMMDD`` or ``CCYYMMDD-CCYYMMDD``, still as text."""
    ranged = (text.str.len_bytes() == 17) & (text.str.slice(8, 1) == "-")
    ranged = ranged.fill_null(value=False)
    if not ranged.any():
        return text, text
    return text.str.head(8).zip_with(ranged, text), text.str.tail(8).zip_with(ranged, text)


def filled(
    claims: pl.DataFrame, lines: pl.DataFrame, key: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """A claim without dates takes them from its lines, a line without dates from its claim."""
    span = lines.group_by(key).agg(
        pl.col(FROM).min().alias("first"), pl.coalesce(TO, FROM).max().alias("last")
    )
    claims = claims.join(span, on=key, how="left", maintain_order="left").with_columns(
        pl.col(FROM).fill_null(pl.col("first")), pl.coalesce(TO, "last", FROM).alias(TO)
    )
    of_claim = claims.select(key, first=FROM, last=TO)
    lines = lines.drop("first", "last", strict=False)
    lines = lines.join(of_claim, on=key, how="left", maintain_order="left")
    own = pl.col(FROM).is_not_null()
    lines = lines.with_columns(
        pl.col(FROM).fill_null(pl.col("first")),
        pl.when(own).then(pl.coalesce(TO, FROM)).otherwise(pl.coalesce(TO, "last")).alias(TO),
    )
    return claims.drop("first", "last"), lines.drop("first", "last")
