"""What each column of a code map may hold: the test of a cell, and the same in words.

docs/code-maps.md is made of these words, and a test holds it to them.
"""

import datetime as dt
from decimal import Decimal

import polars as pl

from analytics import schema
from analytics.codes.shipped import CodeMap, categories, typed

FIRST_DAY, LAST_DAY = dt.date(1900, 1, 1), dt.date(9999, 12, 31)
_NAME, _PROSE = 100, 1000  # letters
_TRUE_FALSE = ("true", "false")


def allowed(one: CodeMap, column: str) -> tuple[str, ...]:
    """The words a column is held to; none where it is held to something else."""
    if column == "category":
        return categories()
    if schema.polars_schema(one.name)[column] == pl.Boolean:
        return _TRUE_FALSE
    return one.choices.get(column, ())


def wrong(one: CodeMap, column: str) -> tuple[pl.Expr, str]:
    """SQL-like boolean of the cell's text, null where it is empty, and what is then said of it."""
    cell, kind = pl.col(column), schema.polars_schema(one.name)[column]
    if words := allowed(one, column):
        return ~cell.is_in(words), f"is none of {', '.join(words)}"
    if kind == pl.Date:
        day = typed(column, kind)
        fits = cell.str.contains(r"^\d{4}-\d\d-\d\d$") & day.is_between(FIRST_DAY, LAST_DAY)
        return _not(fits), f"is no {_told(one, column)}"
    if kind != pl.String:
        low, high = one.ranges[column]
        # A wider number than the table holds is compared, not lost.
        number = cell.cast(pl.Decimal(18, 4), strict=False)
        whole = pl.lit(value=True) if isinstance(low, Decimal) else cell.str.contains(r"^[+-]?\d+$")
        fits = whole & _exact(cell, column, kind) & number.is_between(low, high)
        return _not(fits), f"is no {_told(one, column)}"
    if column == one.key[0] and not one.names_words:
        return ~cell.str.contains(r"^[A-Z0-9]{1,10}$"), f"is no code: {_told(one, column)}"
    if column in one.single_words:
        return ~cell.str.contains(r"^[a-z0-9_]{1,40}$"), f"is not {_told(one, column)}"
    return cell.str.len_chars() > _longest(one, column), f"is longer than {_told(one, column)}"


def told(one: CodeMap, column: str) -> str:
    """What the column may hold, in words."""
    words = allowed(one, column)
    said = ", ".join(words) if words else _told(one, column)
    return said + ("; may be empty" if column in one.optional else "")


def _told(one: CodeMap, column: str) -> str:
    kind = schema.polars_schema(one.name)[column]
    if kind == pl.Date:
        return f"day written CCYY-MM-DD from {FIRST_DAY} to {LAST_DAY}"
    if kind != pl.String:
        low, high = one.ranges[column]
        form = "number of at most four decimals" if isinstance(low, Decimal) else "whole number"
        return f"{form} from {low} to {high}"
    if column == one.key[0] and not one.names_words:
        return "letters and digits only, at most 10"
    if column in one.single_words:
        return "one word of at most 40 letters, digits and underscores"
    return f"{_longest(one, column)} letters of text"


def _longest(one: CodeMap, column: str) -> int:
    return _PROSE if column in one.prose else _NAME


def _exact(cell: pl.Expr, column: str, kind: pl.DataType) -> pl.Expr:
    """Whether the table holds the number as it is written, no digit rounded away."""
    if not kind.is_decimal():
        return typed(column, kind).is_not_null()
    return cell.str.contains(r"^[+-]?\d{0,12}\.?\d{0,4}0*$")


def _not(fits: pl.Expr) -> pl.Expr:
    return ~fits.fill_null(value=False)
