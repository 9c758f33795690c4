"""Text columns to typed ones, keeping count of what cannot be read."""

from collections.abc import Iterable

import polars as pl

MONEY = pl.Decimal(14, 2)
QUANTITY = pl.Decimal(14, 3)
RATE = pl.Decimal(14, 6)

# A bare 0 in place of these would widen a column to 38 digits.
ZERO = pl.lit(0).cast(MONEY)
ONE_UNIT = pl.lit(1).cast(QUANTITY)

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


def upper(name: str) -> pl.Expr:
    """A code in upper case."""
    return pl.col(name).str.to_uppercase()


def typed(
    frame: pl.DataFrame,
    *,
    amounts: Iterable[str] = (),
    quantities: Iterable[str] = (),
    dates: Iterable[str] = (),
    optional_dates: Iterable[str] = (),
) -> pl.DataFrame:
    """The frame with these columns typed; ``fault`` and ``doubt`` name the rule a row breaks.

    A fault makes a record unusable; a doubt leaves an optional date empty.
    """
    amounts, quantities, dates = list(amounts), list(quantities), list(dates)
    optional = list(optional_dates)
    made = [
        *(money(name).alias(f"{name} ") for name in amounts),
        *(quantity(name).alias(f"{name} ") for name in quantities),
        *(day(name).alias(f"{name} ") for name in [*dates, *optional]),
    ]
    both = frame.with_columns(made)
    fault = pl.coalesce(
        _rule(amounts, "amount_unreadable"),
        _rule(quantities, "quantity_unreadable"),
        _rule(dates, "date_unreadable"),
    )
    both = both.with_columns(fault=fault, doubt=_rule(optional, "optional_date_unreadable"))
    changed = [*amounts, *quantities, *dates, *optional]
    return both.with_columns(pl.col(f"{name} ").alias(name) for name in changed).drop(
        f"{name} " for name in changed
    )


def first_of(a: pl.Series, b: pl.Series) -> pl.Series:
    """The first series, its gaps filled from the second."""
    return a.zip_with(a.is_not_null(), b) if a.null_count() else a


def modifiers(frame: pl.DataFrame, names: Iterable[str]) -> pl.DataFrame:
    """The frame with the four modifier columns as one list, and its canonical key."""
    names = list(names)
    listed = pl.concat_list(upper(n) for n in names).list.drop_nulls().alias("modifiers")
    return (
        frame.with_columns(listed)
        .drop(names)
        .with_columns(pl.col("modifiers").list.sort().list.join(",").alias("modifier_key"))
    )


def _number(name: str, pattern: str, dtype: pl.Decimal) -> pl.Expr:
    text = pl.col(name)
    return pl.when(text.str.contains(pattern)).then(text).cast(dtype, strict=False).alias(name)


def _rule(names: list[str], rule: str) -> pl.Expr:
    """The rule's name where one of the columns had text that gave no value."""
    if not names:
        return pl.lit(None, pl.String)
    bad = [pl.col(n).is_not_null() & pl.col(f"{n} ").is_null() for n in names]
    return pl.when(pl.any_horizontal(bad)).then(pl.lit(rule))
