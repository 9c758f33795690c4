"""What a row of a coder review must hold to, and the one form of its codes."""

import polars as pl

KINDS = ("DIAGNOSIS", "PROCEDURE", "MODIFIER", "DRG", "APC")
NEEDED = ("patient_control_number", "audit_date", "kind")
_CODES = ("coded_code", "correct_code")


def formed(frame: pl.DataFrame) -> pl.DataFrame:
    """The typed rows with kinds in upper case and codes without dots; of a DRG three digits."""
    frame = frame.with_columns(pl.col("kind").str.to_uppercase())
    return frame.with_columns(_code(n) for n in _CODES if n in frame.columns)


def _code(name: str) -> pl.Expr:
    """A spreadsheet may have taken a DRG or APC for a number: 39, 291.0."""
    code, kind = pl.col(name), pl.col("kind")
    number = code.str.replace(r"\.0+$", "").str.strip_chars_start("0")
    grouping = pl.when(kind == "DRG").then(number.str.zfill(3)).otherwise(number)
    plain = code.str.replace_all(".", "", literal=True)
    return pl.when(kind.is_in(["DRG", "APC"])).then(grouping).otherwise(plain).alias(name)


def faults(wanted: list[str]) -> list[pl.Expr]:
    """For each rule the name of it where a row breaks it, or null."""
    coded, correct = (pl.col(n) if n in wanted else pl.lit(None, pl.String) for n in _CODES)
    return [
        pl.when(~pl.col("kind").is_in(KINDS)).then(pl.lit("audit_kind_unknown")),
        pl.when(coded.is_null() & correct.is_null()).then(pl.lit("audit_code_missing")),
    ]
