"""What a map of prompt-pay rules must hold to beyond the form of its columns."""

import polars as pl

from analytics.cells import LINE as _LINE

_is_state = pl.col("level") == "state"
_NUMBERS = (
    "electronic_days", "paper_days", "interest_rate", "second_after_days", "second_rate",
    "third_after_days", "third_rate",
)  # fmt: skip


def faults(raw: pl.DataFrame) -> list[pl.DataFrame]:
    """The lines of a file, as text with their numbers in `_line`, that break a rule, and why."""
    start, end = (pl.col(n).str.to_date(strict=False) for n in ("effective_from", "effective_to"))
    days = {n: pl.col(n).cast(pl.Decimal(9, 4), strict=False) for n in _NUMBERS}
    rated = pl.col("interest_basis").is_in(["year", "month"])
    rows = raw.with_columns(_start=start, _end=end)
    tests = [
        ("effective_to", pl.col("_end") < pl.col("_start"), "lies before effective_from"),
        ("jurisdiction", _is_state & ~pl.col("jurisdiction").str.contains(r"^[A-Z]{2}$"),
         "is no state: two letters, as in an address"),
        ("interest_rate", rated & days["interest_rate"].is_null(), "is empty: the basis needs one"),
        ("interest_rate", ~rated & days["interest_rate"].is_not_null(), "needs the basis year or "
         "month"),
        *(_tier(n, before) for n, before in (("second", "interest"), ("third", "second"))),
        ("second_after_days", days["second_after_days"] < days["electronic_days"],
         "comes before the last day to answer"),
        ("third_after_days", days["third_after_days"] < days["second_after_days"],
         "comes before second_after_days"),
        *(_typed_days(road) for road in ("electronic", "paper")),
    ]  # fmt: skip
    return [*(_said(rows.filter(test), column, why) for column, test, why in tests),
            _overlapping(rows)]  # fmt: skip


def _tier(name: str, before: str) -> tuple[str, pl.Expr, str]:
    """A later rate without its day, or without the rate before it."""
    rate, day = pl.col(f"{name}_rate"), pl.col(f"{name}_after_days")
    lonely = rate.is_not_null() & pl.col(f"{before}_rate").is_null()
    return (
        f"{name}_rate",
        (rate.is_null() != day.is_null()) | lonely,
        (f"needs {name}_after_days, as that needs it, and {before}_rate"),
    )


def _typed_days(road: str) -> tuple[str, pl.Expr, str]:
    days, kind = pl.col(f"{road}_days"), pl.col(f"{road}_day_type")
    return f"{road}_day_type", days.is_null() != kind.is_null(), f"goes with {road}_days"


def _overlapping(rows: pl.DataFrame) -> pl.DataFrame:
    """Of one jurisdiction and level, the lines that begin before one above them in time ends."""
    first = pl.date(1, 1, 1)
    spans = rows.with_columns(pl.col("_start").fill_null(first)).sort("_start", _LINE)
    last = pl.col("_end").fill_null(pl.date(9999, 12, 31)).cum_max().shift(1)
    before = last.over("jurisdiction", "level")
    # Equal first days are told as a key given twice.
    equal = pl.col("effective_from").eq_missing(
        pl.col("effective_from").shift(1).over("jurisdiction", "level")
    )
    clash = spans.with_columns(_before=before, _equal=equal).filter(
        (pl.col("_start") <= pl.col("_before")) & ~pl.col("_equal")
    )
    return _said(clash, "effective_from", "lies within the span of another line")


def _said(rows: pl.DataFrame, column: str, fault: str) -> pl.DataFrame:
    told = pl.format("line {}, column {}: it {}", _LINE, pl.lit(column), pl.lit(fault))
    return rows.select(_LINE, said=told)
