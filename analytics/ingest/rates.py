"""What a row of a contract's rates must hold to, and the one form of its modifiers."""

import polars as pl

METHODS = ("FEE", "PERCENT_OF_CHARGE", "PERCENT_OF_MEDICARE")
UNITS = ("UNIT", "LINE")
CLAIM_TYPES = ("professional", "institutional", "dental")
NEEDED = ("payer_name", "method_code", "start_date")
_ALL = (
    "claim_type", "modifier_key", "rate_amount", "rate_percent", "unit_code", "end_date",
)  # fmt: skip


def formed(frame: pl.DataFrame) -> pl.DataFrame:
    """The typed rows with modifiers sorted and joined by commas; NONE, no modifiers, is empty."""
    if "claim_type" in frame.columns:
        frame = frame.with_columns(pl.col("claim_type").str.to_lowercase())
    if "modifier_key" not in frame.columns:
        return frame
    sorted_ones = pl.col("modifier_key").str.to_uppercase().str.extract_all("[A-Z0-9]+")
    key = sorted_ones.list.sort().list.join(",")
    return frame.with_columns(modifier_key=pl.when(key == "NONE").then(pl.lit("")).otherwise(key))


def faults(wanted: list[str]) -> list[pl.Expr]:
    """For each rule the name of it where a row breaks it, or null."""
    cell = {n: pl.col(n) if n in wanted else pl.lit(None) for n in _ALL}
    method, is_fee = pl.col("method_code"), pl.col("method_code") == "FEE"
    rate = pl.when(is_fee).then(cell["rate_amount"]).otherwise(cell["rate_percent"])
    return [
        _rule(~method.is_in(METHODS), "rate_method_unknown"),
        _rule(rate.is_null(), "rate_missing"),
        _rule(rate < 0, "rate_negative"),
        _rule(~cell["unit_code"].is_in(UNITS), "rate_unit_unknown"),
        _rule(~cell["claim_type"].is_in(CLAIM_TYPES), "rate_claim_type_unknown"),
        _rule(cell["end_date"] < pl.col("start_date"), "rate_dates_out_of_order"),
    ]


def _rule(broken: pl.Expr, name: str) -> pl.Expr:
    return pl.when(broken).then(pl.lit(name))
