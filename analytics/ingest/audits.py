"""What a row of a coder review must hold to, and the one form of its codes."""

import polars as pl

KINDS = ("DIAGNOSIS", "PROCEDURE", "MODIFIER", "DRG", "APC")
NEEDED = ("patient_control_number", "audit_date", "kind")
_CODES = ("coded_code", "correct_code")


def formed(frame: pl.DataFrame) -> pl.DataFrame:
    """The typed rows with kinds in upper case and codes without dots; of a DRG three digits."""
    plain = [pl.col(n).str.replace_all(".", "", literal=True) for n in _CODES if n in frame.columns]
    frame = frame.with_columns(pl.col("kind").str.to_uppercase(), *plain)
    of_three = [
        pl.when(pl.col("kind") == "DRG")
        .then(pl.col(n).str.strip_chars_start("0").str.zfill(3))
        .otherwise(n)
        .alias(n)
        for n in _CODES
        if n in frame.columns
    ]
    return frame.with_columns(of_three)


def faults(wanted: list[str]) -> list[pl.Expr]:
    """For each rule the name of it where a row breaks it, or null."""
    coded, correct = (pl.col(n) if n in wanted else pl.lit(None, pl.String) for n in _CODES)
    return [
        pl.when(~pl.col("kind").is_in(KINDS)).then(pl.lit("audit_kind_unknown")),
        pl.when(coded.is_null() & correct.is_null()).then(pl.lit("audit_code_missing")),
    ]
