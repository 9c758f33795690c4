"""Claims as the editor reads them, and its edits of age, sex and discharge status."""

from collections.abc import Mapping
from typing import TypeAlias

import polars as pl

from analytics.edits.tables import Tables, mce_tables
from analytics.errors import UnknownNameError
from analytics.frames import Frame, FrameError, read_frame, require_flat

_FLAT = ("claim_id", "discharge_date", "age", "sex_code", "discharge_status", "principal")
OLDEST = 124  # years; the editor takes an age outside 0 to 124 for an error
_SEXES = {"M": "M", "1": "M", "F": "F", "2": "F", "U": "U", "0": "U"}


Claims: TypeAlias = Frame


def claim_edits(claims: Claims, tables: Tables | None = None) -> pl.DataFrame:
    """What the editor says of a claim as a whole: ``claim_id, edits, not_checked``, one row each.

    Edits are INVALID_AGE, INVALID_SEX and INVALID_DISCHARGE_STATUS. One is `not_checked` where its
    value is empty or its table is missing.

    Args:
        claims: ``claim_id, discharge_date, age`` (years)``, sex_code`` (M, F, U or 1, 2, 0) and,
            where it is to be checked, ``discharge_status`` (two digits, as number or text).
        tables: As of `mce_tables`.

    Raises:
        MissingReferenceError: There are no tables of the editor.
        UnknownNameError: A column is missing.
        FrameError: The claims are no table, or a column of theirs holds no values.
    """
    held = mce_tables(tables)
    frame = read(claims)
    known = pl.lit(value=False)
    unknown = pl.lit(value=True)
    if held.statuses is not None:
        frame = _with_status(frame, held.statuses)
        known, unknown = pl.col("is_status"), pl.any_horizontal(pl.col("status", "day").is_null())
    broken = {
        "INVALID_AGE": ~is_age(),
        "INVALID_SEX": pl.col("sex") == "?",
        "INVALID_DISCHARGE_STATUS": ~known & ~unknown,
    }
    unread = {
        "INVALID_AGE": pl.col("age").is_null(),
        "INVALID_SEX": pl.col("sex").is_null(),
        "INVALID_DISCHARGE_STATUS": unknown,
    }
    named = with_names(with_names(frame.sort("row"), "edits", broken), "not_checked", unread)
    return named.select("claim_id", "edits", "not_checked")


def read(claims: Claims) -> pl.DataFrame:
    """The claims with their row, ``day``, ``age``, ``sex`` (M, F, U, ? or null) and ``status``."""
    frame = read_frame(claims, "claims")
    for column in ("claim_id", "discharge_date", "age", "sex_code"):
        if column not in frame.columns:
            raise UnknownNameError("column", column, frame.columns)
    require_flat(frame, "claims", _FLAT, FrameError)
    sex = pl.col("sex_code").cast(pl.String).str.strip_chars().str.to_uppercase().replace("", None)
    has_status = "discharge_status" in frame.columns
    status = pl.col("discharge_status") if has_status else pl.lit(None)
    return frame.with_row_index("row").with_columns(
        day=_day(frame.schema["discharge_date"]),
        age=pl.col("age").cast(pl.Int64, strict=False),
        sex=pl.when(sex.is_not_null()).then(sex.replace_strict(_SEXES, default="?")),
        status=status.cast(pl.String).str.strip_chars().replace("", None).str.zfill(2),
    )


def is_age() -> pl.Expr:
    """Whether the age is one; null where it is not given."""
    return pl.col("age").is_between(0, OLDEST)


def with_names(frame: pl.DataFrame, column: str, conditions: Mapping[str, pl.Expr]) -> pl.DataFrame:
    """With a list of the names of the conditions that hold; one that is null does not."""
    bits = [pl.when(holds).then(1 << n).otherwise(0) for n, holds in enumerate(conditions.values())]
    marked = frame.with_columns(pl.sum_horizontal(bits).cast(pl.Int64).alias("_bits"))
    sets = marked["_bits"].unique().to_list()  # few, however many the rows
    lists = [[name for n, name in enumerate(conditions) if bits >> n & 1] for bits in sets]
    kinds = {"_bits": pl.Int64(), column: pl.List(pl.String)}
    named = pl.DataFrame({"_bits": sets, column: lists}, schema=kinds)
    return marked.join(named, on="_bits", how="left", maintain_order="left").drop("_bits")


def _day(kind: pl.DataType) -> pl.Expr:
    """The day of discharge, also where it is written as 20260401 or 2026-04-01."""
    if kind.is_temporal():
        return pl.col("discharge_date").cast(pl.Date)
    text = pl.col("discharge_date").cast(pl.String).str.strip_chars().str.replace_all("-", "")
    return text.str.to_date("%Y%m%d", strict=False)


def _with_status(frame: pl.DataFrame, statuses: pl.DataFrame) -> pl.DataFrame:
    """With ``is_status``: whether the editor accepts the status on that day."""
    pairs = frame.select("status", "day").unique().drop_nulls()
    held = pairs.join(statuses.rename({"code": "status"}), on="status").filter(in_force())
    held = held.select("status", "day", is_status=pl.lit(value=True)).unique()
    joined = frame.join(held, on=["status", "day"], how="left")
    return joined.with_columns(pl.col("is_status").fill_null(value=False))


def in_force() -> pl.Expr:
    """Whether ``day`` is in the span of the row."""
    late = pl.col("end_date").is_not_null() & (pl.col("day") > pl.col("end_date"))
    return (pl.col("day") >= pl.col("start_date")) & ~late
