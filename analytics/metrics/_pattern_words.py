"""A coding pattern in one sentence."""

import polars as pl

_OTHERS = {
    "other_procedure_code": "with {}",
    "diagnosis_category": "with diagnosis {}",
    "diagnosis_chapter": "with a diagnosis of {}",
    "place_of_service_code": "at place of service {}",
    "rendering_provider": "by {}",
    "denial_carc": "for CARC {}",
}


def sentence(months: int) -> pl.Expr:
    """``payer X denies 99213-25 with G0439 at 41% where 9% is expected; ...`` of each row."""
    payer, procedure, modifier = (
        pl.col(name) for name in ("payer_name", "procedure_code", "modifier_key")
    )
    who = pl.when(payer.is_null()).then(pl.lit("Payers deny")).otherwise(
        pl.concat_str(payer, pl.lit(" denies"))
    )  # fmt: skip
    what = (
        pl.when(procedure.is_null() & modifier.is_null()).then(pl.lit("lines"))
        .when(procedure.is_null()).then(pl.concat_str(pl.lit("lines with modifier "), modifier))
        .when(modifier.is_null()).then(procedure)
        .otherwise(pl.concat_str(procedure, pl.lit("-"), modifier))
    )  # fmt: skip
    where = [pl.format(text, pl.col(name)) for name, text in _OTHERS.items()]
    spoken = pl.concat_str([who, what, *where], separator=" ", ignore_nulls=True)
    expected = pl.col("expected") / pl.col("n")
    return pl.format(
        "{} at {} where {} is expected; {} lines, {} in {}",
        spoken, _percent(pl.col("value")), _percent(expected),
        _thousands(pl.col("denied")), pl.format("${}", _thousands(pl.col("denied_amount"))),
        pl.lit("1 month" if months == 1 else f"{months} months"),
    )  # fmt: skip


def _percent(share: pl.Expr) -> pl.Expr:
    digits = pl.when(share < 0.01).then((share * 100).round(1).cast(pl.String)).otherwise(
        (share * 100).round().cast(pl.Int64).cast(pl.String)
    )  # fmt: skip
    return pl.concat_str(digits, pl.lit("%"))


def _thousands(number: pl.Expr) -> pl.Expr:
    """A whole number with commas."""
    digits = number.cast(pl.Float64).round().cast(pl.Int64).cast(pl.String).str.reverse()
    return digits.str.replace_all(r"(\d{3})", "${1},").str.reverse().str.strip_chars(",")
