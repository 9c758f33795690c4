"""Spans of cover from a beneficiary's record of a year, which says them by month.

Buy-in indicators: 1 and A part A, 2 and B part B, 3 and C both; an HMO indicator of 1, 2, A, B or C
is part C; a contract other than N, 0 and X is part D (CCW data dictionary).  Months that follow one
another with the same Medicaid status are one span.  Without a year or a month covered, the days on
which parts began and ended count.
"""

import polars as pl

_MONTHS = range(1, 13)
_KEPT = (
    "record_no", "member_id", "payer_name", "line_of_business", "medicare_status_code",
    "entitlement_code",
)  # fmt: skip
_MEANS = {
    "PART_A": ("buyin", ["1", "3", "A", "C"]),
    "PART_B": ("buyin", ["2", "3", "B", "C"]),
    "PART_C": ("hmo", ["1", "2", "A", "B", "C"]),
}
_NO_DRUGS = ["0", "N", "X", "*"]


def spans(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Spans of cover, in the order of the file, and the records that say none."""
    monthly = pl.concat([_by_month(frame, part) for part in (*_MEANS, "PART_D")])
    by_day = frame.join(monthly.select("record_no").unique(), on="record_no", how="anti")
    daily = pl.concat([_by_day(by_day, part) for part in ("PART_A", "PART_B", "PART_D")])
    said = pl.concat([monthly, daily])
    none = frame.join(said.select("record_no").unique(), on="record_no", how="anti")
    empty = none.select(_KEPT)
    every = pl.concat([said, empty], how="diagonal")
    return every.sort("record_no", "coverage_code", "start_date", maintain_order=True), none


def _by_month(frame: pl.DataFrame, part: str) -> pl.DataFrame:
    """One row per run of months covered of a year that the record names."""
    dated = frame.filter(pl.col("year").is_between(1966, 2199))
    months = pl.concat([_month(dated, part, n) for n in _MONTHS]).sort("record_no", "month")
    covered = months.filter("is_covered")
    run = pl.col("month") - pl.int_range(pl.len()).over("record_no", "dual_status_code")
    return (
        covered.with_columns(run=run)
        .group_by(*_KEPT, "year", "dual_status_code", "run", maintain_order=True)
        .agg(first=pl.col("month").min(), last=pl.col("month").max())
        .select(
            *_KEPT,
            "dual_status_code",
            coverage_code=pl.lit(part),
            start_date=pl.date("year", "first", 1),
            end_date=pl.date("year", "last", 1).dt.month_end(),
        )
    )


def _month(frame: pl.DataFrame, part: str, month: int) -> pl.DataFrame:
    if part in _MEANS:
        column, codes = _MEANS[part]
        covered = pl.col(f"{column}_{month}").is_in(codes)
    else:
        covered = ~pl.col(f"drug_{month}").is_in(_NO_DRUGS)
    return frame.select(
        *_KEPT,
        "year",
        month=pl.lit(month, pl.Int64),
        dual_status_code=_dual(month),
        is_covered=covered.fill_null(value=False),
    )


def _dual(month: int) -> pl.Expr:
    """Medicaid status, two digits; NA and ** (none) as they are said."""
    return pl.col(f"dual_{month}").str.replace(r"^(\d)$", "0${1}")


def _by_day(frame: pl.DataFrame, part: str) -> pl.DataFrame:
    """One row per part that a first day is said of; an end before the start is none."""
    name = part.lower()
    start, end = pl.col(f"{name}_start"), pl.col(f"{name}_end")
    return frame.filter(start.is_not_null()).select(
        *_KEPT,
        dual_status_code=pl.lit(None, pl.String),
        coverage_code=pl.lit(part),
        start_date=start,
        end_date=end,
    )
