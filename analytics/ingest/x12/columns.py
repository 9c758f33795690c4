"""Text columns to typed ones, by pattern; what cannot be read is null."""

import polars as pl

MONEY = pl.Decimal(14, 2)
QUANTITY = pl.Decimal(14, 3)
RATE = pl.Decimal(14, 6)

# polars would read "1e3" as 1000 and cut "12.345" to 12.34: neither is what was sent.
_MONEY = r"^[+-]?(\d+\.?\d{0,2}0*|\.\d{1,2}0*)$"
# Nor is "2026 1 1" a date, and a year like 0001 is a slip of the pen.
_DAY = r"^(18|19|20|21)[0-9]{6}([0-9]{4}|[0-9]{6})?$"
_RATE = r"^[+-]?(\d+\.?\d{0,6}0*|\.\d{1,6}0*)$"
_QUANTITY = r"^[+-]?(\d+\.?\d{0,3}0*|\.\d{1,3}0*)$"


def money(name: str) -> pl.Expr:
    """Dollars; null where empty or unreadable."""
    return _number(name, _MONEY, MONEY)


def quantity(name: str) -> pl.Expr:
    """A number with up to three decimals; null where empty or unreadable."""
    return _number(name, _QUANTITY, QUANTITY)


def rate(name: str) -> pl.Expr:
    """A number with up to six decimals; null where empty or unreadable."""
    return _number(name, _RATE, RATE)


def day(name: str) -> pl.Expr:
    """A date from CCYYMMDD; a longer text with a time (CCYYMMDDHHMM) gives its day."""
    text = pl.col(name)
    whole = text.str.contains(_DAY)
    return pl.when(whole).then(text.str.head(8)).str.to_date("%Y%m%d", strict=False).alias(name)


def first_of(a: pl.Series, b: pl.Series) -> pl.Series:
    """The first series, its gaps filled from the second."""
    return a.zip_with(a.is_not_null(), b) if a.null_count() else a


def _number(name: str, pattern: str, dtype: pl.Decimal) -> pl.Expr:
    text = pl.col(name)
    return pl.when(text.str.contains(pattern)).then(text).cast(dtype, strict=False).alias(name)
